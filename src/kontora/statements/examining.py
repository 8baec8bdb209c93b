"""What an opened document says, and everything about it that does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from kontora.errors import PdfNotReadable
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
    """A document that was recognised: a statement or confirmations, never both, and what failed.

    `not_understood`: why an altered document could not be parsed; it has neither then.
    """

    layout: Layout
    statement: Statement | None
    confirmations: tuple[Confirmation, ...]
    failed: tuple[FailedVerification, ...]
    not_understood: PdfNotReadable | None = None

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
    page and field, where a row is not understood and nothing tells that the document was altered.
    """
    layout = recognise(document, layouts, confirmations=confirmations)
    profile = profiles.of(layout.name)
    try:
        statement, several = _parsed(document, layout)
    except PdfNotReadable as error:
        # What covers a row also keeps it from being read: then that is what has to be told.
        altered = Examined(layout, None, (), verify(document, layout, profile, None, (), today=today), error)
        if altered.refuses:
            return altered
        raise
    amounts = () if statement is None else check_arithmetic(statement, layout)
    others = verify(document, layout, profile, statement, several, today=today)
    return Examined(layout, statement, several, (*amounts, *others))


def _parsed(document: Document, layout: Layout) -> tuple[Statement | None, tuple[Confirmation, ...]]:
    if layout.is_confirmation:
        return None, parse_confirmations(document, layout)
    return parse_statement(document, layout), ()
