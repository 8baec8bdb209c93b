"""The types of a layout: what is known of a bank's document, as data that is decoded strictly.

A layout is one TOML file. It is decoded into these frozen types: an unknown key, a missing one, or facts
that do not fit together cannot be built. Labels and marks are written as the bank prints them; they are
found without regard to case, spaces and lost diacritics.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kontora.statements.forms.amounts import AmountForm
from kontora.statements.forms.dates import DateForm
from kontora.statements.forms.patterns import check_labels, check_pattern
from kontora.statements.layout_confirmation import ConfirmationForm
from kontora.statements.layout_fields import StatementFields
from kontora.statements.layout_table import DateName, Description, Table, TextName
from kontora.statements.readings import DocumentType, EvidenceGrade, Recognised

COMPLETE_PAIRS = (("sums", ("credits", "debits")), ("counts", ("credit_count", "debit_count")))


class Institution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bank's facts, in `institution.toml`. `target`, `institution`: names of the wire.

    `sort_codes`: what the sort code of its accounts may begin with, four digits each.
    """

    target: str
    institution: str
    official_name: str
    country: str
    sort_codes: tuple[str, ...] = ()
    practice: bool = False


class Recognition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to tell that a document is of this layout.

    `all`: marks that the first page must show. `any`: marks of which the document must show one; empty asks
    for none. `none`: marks that the first page must not show. `foreign`: marks of the same document in
    another language, each sufficient. `company`: marks of a document for companies only.
    """

    all: tuple[str, ...]
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    company: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.all:
            raise ValueError("a layout needs a mark that it is recognised by")
        check_labels(self.all, self.any, self.none, self.foreign, self.company)


class Order(StrEnum):
    """How rows follow each other. `unordered`: not by booking, so that balances do not chain."""

    OLDEST_FIRST = "oldest-first"
    NEWEST_FIRST = "newest-first"
    UNORDERED = "unordered"


class Running(StrEnum):
    """What the balances of rows prove. `multiset`: each balance before a row is one after another."""

    CHAIN = "chain"
    MULTISET = "multiset"
    NONE = "none"


class Arithmetic(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which arithmetic the document carries; all that it carries is checked.

    `opening_and_closing`: opening plus rows is closing. `sums`, `counts`: those of credits and debits are
    stated. `carry`: a balance is carried from page to page. `amount_in_text`: descriptions repeat amounts.
    """

    running: Running
    opening_and_closing: bool
    sums: bool = False
    counts: bool = False
    carry: bool = False
    amount_in_text: bool = False


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A layout of one bank: a statement or history (`fields`, `table`, …), or a `confirmation`.

    `source`: how it is known, a sentence. `keywords`: words that every document of it shows (title, header
    of the table, notice). `page_number`: pattern of the page's number and, if printed, of how many, on text
    without case, spaces and diacritics, such as `strona([0-9]+)z([0-9]+)`. `reference`: pattern of the
    bank's reference numbers.
    """

    name: str
    title: str
    institution: Institution
    document_type: DocumentType
    grade: EvidenceGrade
    source: str
    recognise: Recognition
    amounts: AmountForm
    dates: tuple[DateForm, ...]
    keywords: tuple[str, ...] = ()
    page_number: str | None = None
    reference: str | None = None
    order: Order | None = None
    arithmetic: Arithmetic | None = None
    fields: StatementFields | None = None
    table: Table | None = None
    description: Description | None = None
    confirmation: ConfirmationForm | None = None

    def __post_init__(self) -> None:
        for pattern in (self.page_number, self.reference):
            if pattern is not None:
                check_pattern(pattern)
        check_labels(self.keywords)
        if not self.dates:
            raise ValueError("a layout says how dates are written")
        statement = (self.order, self.arithmetic, self.fields, self.table, self.description)
        if self.document_type is DocumentType.CONFIRMATION:
            if self.confirmation is None or any(part is not None for part in statement):
                raise ValueError("a confirmation has `confirmation` and nothing of a statement")
            return
        if self.confirmation is not None or any(part is None for part in statement):
            raise ValueError("a statement has order, arithmetic, fields, table, description; no confirmation")
        self._check_arithmetic()

    def _check_arithmetic(self) -> None:
        arithmetic, fields, table = self.arithmetic, self.fields, self.table
        assert arithmetic is not None and fields is not None and table is not None
        has_balance = table.has("balance")
        if (arithmetic.running is not Running.NONE) != has_balance:
            raise ValueError("a running balance needs a column `balance`, and such a column is checked")
        both = fields.opening_balance is not None and fields.closing_balance is not None
        if arithmetic.opening_and_closing and not both:
            raise ValueError("opening_and_closing needs the fields opening_balance and closing_balance")
        for fact, names in COMPLETE_PAIRS:
            if getattr(arithmetic, fact) and any(getattr(fields, name) is None for name in names):
                raise ValueError(f"{fact} needs the fields {' and '.join(names)}")
        if arithmetic.carry != (table.brought_forward is not None or table.carried_forward is not None):
            raise ValueError("carry needs its labels in the table, and such labels are checked")
        texts = self.description is not None and self.description.amount_in_text is not None
        if arithmetic.amount_in_text != texts:
            raise ValueError("amount_in_text needs its pattern in the description, and the other way round")
        if self.order is Order.UNORDERED and arithmetic.running is Running.CHAIN:
            raise ValueError("rows without an order do not chain")
        assert self.description is not None
        if table.has(DateName.TRANSACTION_ON) == (self.description.transaction_on is not None):
            raise ValueError("the day of a row is a column, or has a label in the description")
        if not any(table.has(name) for name in TextName):
            raise ValueError("the table needs a column of text")

    @property
    def has_balances(self) -> bool:
        """Whether its arithmetic proves that a document is whole."""
        return self.arithmetic is not None and (
            self.arithmetic.running is not Running.NONE or self.arithmetic.opening_and_closing
        )

    @property
    def is_confirmation(self) -> bool:
        """Whether it holds confirmations."""
        return self.document_type is DocumentType.CONFIRMATION

    def recognised(self) -> Recognised:
        """Say which layout this is, as a reading tells it."""
        return Recognised(
            layout=self.name,
            target=self.institution.target,
            institution=self.institution.institution,
            official_name=self.institution.official_name,
            country=self.institution.country,
            document_type=self.document_type,
            grade=self.grade,
            has_balances=self.has_balances,
        )
