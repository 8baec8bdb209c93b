"""What an opened document says, and everything about it that does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from kontora.statements.arithmetic import check_arithmetic
from kontora.statements.checks import verify
from kontora.statements.document import Document
from kontora.statements.findings import FailedVerification, Verification
from kontora.statements.layout import Layout
from kontora.statements.profiles import Profiles
from kontora.statements.readings import Confirmation, Statement
from kontora.statements.recognising import recognise
from kontora.statements.rows import parse_confirmations, parse_statement


class Examined(msgspec.Struct, frozen=True):
    """A document that was recognised: a statement or confirmations, never both, and what failed."""

    layout: Layout
    statement: Statement | None
    confirmations: tuple[Confirmation, ...]
    failed: tuple[FailedVerification, ...]

    @property
    def refuses(self) -> bool:
        """Whether standard mode refuses it."""
        return any(one.severity.refuses for one in self.failed)

    @property
    def is_consistent(self) -> bool:
        """Whether its arithmetic proves that it is whole."""
        adds_up = all(one.name is not Verification.AMOUNTS for one in self.failed)
        return self.statement is not None and self.layout.has_balances and adds_up


def examine(
    document: Document, layouts: Sequence[Layout], profiles: Profiles, *, confirmations: bool, today: date
) -> Examined:
    """Recognise a document, parse it, check its arithmetic, and verify how it is made.

    Raises: PdfIsScan, PdfLayoutNotSupported, PdfLanguageNotSupported, PdfCompanyAccount; PdfNotReadable, with
    page and field, where a row is not understood.
    """
    layout = recognise(document, layouts, confirmations=confirmations)
    statement, several = _parsed(document, layout)
    amounts = () if statement is None else check_arithmetic(statement, layout)
    others = verify(document, layout, profiles.of(layout.name), statement, several, today=today)
    return Examined(layout, statement, several, (*amounts, *others))


def _parsed(document: Document, layout: Layout) -> tuple[Statement | None, tuple[Confirmation, ...]]:
    if layout.is_confirmation:
        return None, parse_confirmations(document, layout)
    return parse_statement(document, layout), ()
