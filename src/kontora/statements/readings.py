"""What reading a PDF brings: the data of a statement or of confirmations, with where each of it stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from kontora.model import AccountOwner, MoneyTransaction, Vendor
from kontora.statements.document import Box
from kontora.statements.findings import FailedVerification


class DocumentType(StrEnum):
    """What kind of document a layout is, by its name on the wire."""

    STATEMENT = "STATEMENT"
    HISTORY = "HISTORY"
    CONFIRMATION = "CONFIRMATION"


class EvidenceGrade(StrEnum):
    """How a layout is known. Only `measured` was seen on a real export; nothing `assumed` is advertised.

    `measured`: geometry and writer of a real export were written down. `parsers`: from patterns of programs
    that read real files. `assumed`: from descriptions alone.
    """

    MEASURED = "measured"
    PARSERS = "parsers"
    ASSUMED = "assumed"


class Place(msgspec.Struct, frozen=True):
    """Where something stands in the file."""

    page: int
    box: Box


class StatementRow(msgspec.Struct, frozen=True):
    """A money transaction as a row, with the places of its cells; `order` counts from 0 as printed.

    `balance_place` is `None` where the row has no balance.
    """

    money_transaction: MoneyTransaction
    order: int
    place: Place
    amount_place: Place
    date_place: Place
    balance_place: Place | None = None
    amount_in_text: Decimal | None = None
    reference: str | None = None


class PageCarry(msgspec.Struct, frozen=True):
    """A balance carried from page to page. `row`: how many rows were printed before it."""

    balance: Decimal
    row: int
    place: Place
    is_brought_forward: bool


class Totals(msgspec.Struct, frozen=True):
    """Sums and counts as the document states them; debits are negative. Unknown is `None`."""

    credits: Decimal | None = None
    debits: Decimal | None = None
    total: Decimal | None = None
    credit_count: int | None = None
    debit_count: int | None = None
    total_count: int | None = None
    place: Place | None = None


class Statement(msgspec.Struct, frozen=True):
    """A statement or history of one account. `rows` as printed.

    `issued_on`: when it was made; `number`: as printed; `pages_said`: pairs of (page, of how many) as
    printed, by page; an entry is `None` where nothing is printed.
    """

    iban: str
    iban_place: Place
    currency: str
    account_name: str | None
    owners: tuple[AccountOwner, ...]
    period_start: date | None
    period_end: date | None
    period_place: Place | None
    opening_balance: Decimal | None
    opening_place: Place | None
    closing_balance: Decimal | None
    closing_place: Place | None
    rows: tuple[StatementRow, ...]
    carries: tuple[PageCarry, ...] = ()
    totals: Totals = Totals()
    issued_on: date | None = None
    number: str | None = None
    pages_said: tuple[tuple[int, int | None] | None, ...] = ()


class ConfirmationParty(msgspec.Struct, frozen=True):
    """Who sends or receives."""

    name: str | None = None
    iban: str | None = None
    address: str | None = None


class BookingStatus(StrEnum):
    """Whether a confirmed money transaction was booked; `unknown` where both look the same."""

    BOOKED = "booked"
    UNBOOKED = "unbooked"
    UNKNOWN = "unknown"


class Confirmation(msgspec.Struct, frozen=True):
    """The confirmation of one money transaction; debit negative, as seen from the holder of the account.

    `status`: `DONE` or `None` where the document does not tell. `generated_by`: `BANK`, `OWNER` or `None`.
    `labels` and `vendors` do not stand on the document: they are given later.
    """

    currency_amount: Decimal
    currency: str
    transaction_on: date
    booking_status: BookingStatus
    place: Place
    amount_place: Place
    booked_on: date | None = None
    issued_on: date | None = None
    status: str | None = None
    generated_by: str | None = None
    title: str | None = None
    kind: str | None = None
    reference: str | None = None
    sender: ConfirmationParty = ConfirmationParty()
    recipient: ConfirmationParty = ConfirmationParty()
    labels: tuple[str, ...] = ()
    vendors: tuple[Vendor, ...] = ()


class Recognised(msgspec.Struct, frozen=True):
    """Which layout a document is of."""

    layout: str
    target: str
    institution: str
    official_name: str
    country: str
    document_type: DocumentType
    grade: EvidenceGrade
    has_balances: bool


class StatementReading(msgspec.Struct, frozen=True):
    """All that reading one PDF brought; of a statement or of confirmations, never both.

    `is_consistent`: its arithmetic proves that it is whole; a layout without balances never is.
    `evidence_pdf`: the pages with the suspicious places framed, where it was asked for and there are any.
    """

    recognised: Recognised
    statement: Statement | None
    confirmations: tuple[Confirmation, ...]
    failed_verifications: tuple[FailedVerification, ...]
    is_consistent: bool
    pages: int
    evidence_pdf: bytes | None = None


class ReadingOptions(msgspec.Struct, frozen=True):
    """How to read.

    `trusted`: failed verifications do not refuse. `accept_inconsistent`: missing balances do not.
    `confirmations`: the file must hold confirmations; otherwise it must be a statement or history.
    """

    trusted: bool = False
    accept_inconsistent: bool = False
    confirmations: bool = False
    evidence: bool = False
    password: str | None = None
    today: date | None = None
