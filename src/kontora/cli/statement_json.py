"""What came of PDFs as JSON, in the shape of the API: one object a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from kontora.cli.output import show
from kontora.statements.findings import FailedVerification
from kontora.statements.imports import to_import
from kontora.statements.library import layout_of
from kontora.wire.statement_json import render_confirmations, render_refusal, render_statement

if TYPE_CHECKING:
    from kontora.cli.statement_files import Came
    from kontora.statements.readings import Statement, StatementReading


@dataclass(frozen=True)
class _Facts:
    layout: str
    target: str
    official_name: str
    document_type: str
    period_start: date | None
    period_end: date | None
    is_consistent: bool
    failed_verifications: tuple[FailedVerification, ...]


def tell(came: Came, *, with_name: bool) -> None:
    """Print a line; `with_name`: with the name of the file, where there are several."""
    show(rendered(came, {"fileName": came.file.name} if with_name else {}).decode())


def rendered(came: Came, more: dict[str, object]) -> bytes:
    """Return a reading as the API answers it, or a refusal; `more`: further fields."""
    if came.reading is None:
        assert came.refusal is not None
        refusal = came.refusal
        return render_refusal(refusal.name, refusal.message, came.failed_verifications, more=more)
    if came.reading.statement is None:
        reading = came.reading
        return render_confirmations(
            reading.recognised, reading.confirmations, reading.failed_verifications, more=more
        )
    return _statement(came.reading, came.reading.statement, more)


def _statement(reading: StatementReading, statement: Statement, more: dict[str, object]) -> bytes:
    layout = layout_of(reading.recognised.layout)
    assert layout is not None
    facts = _Facts(
        layout=layout.name,
        target=reading.recognised.target,
        official_name=reading.recognised.official_name,
        document_type=reading.recognised.document_type,
        period_start=statement.period_start,
        period_end=statement.period_end,
        is_consistent=reading.is_consistent,
        failed_verifications=reading.failed_verifications,
    )
    # When it was read is not part of this answer.
    imported = to_import(statement, layout, datetime.now(UTC))
    return render_statement(facts, imported, more=more)
