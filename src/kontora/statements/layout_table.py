"""The types of a layout's table: where it begins and ends, its columns, how rows are cut, what cells mean."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise

import msgspec

from kontora.statements.forms.patterns import check_labels, check_pattern


class DateName(StrEnum):
    """What a date of a row is."""

    TRANSACTION_ON = "transaction_on"
    BOOKED_ON = "booked_on"


class NumberName(StrEnum):
    """What an amount of a row is; `original`: in another currency, perhaps, and not kept."""

    AMOUNT = "amount"
    BALANCE = "balance"
    ORIGINAL = "original"


class TextName(StrEnum):
    """What a text of a row is.

    `description` is taken apart by `[description]`; a `party` may have its label and account in it;
    `details` hold the kind and the reference, if they are known; `ignored` is not kept.
    """

    DESCRIPTION = "description"
    KIND = "kind"
    PARTY = "party"
    TITLE = "title"
    REFERENCE = "reference"
    DETAILS = "details"
    IGNORED = "ignored"


ColumnName = DateName | NumberName | TextName


class RowCut(StrEnum):
    """What begins a row: a line with a date in the column `starts_in`, or a rule drawn between rows."""

    LINES = "lines"
    BANDS = "bands"


class Align(StrEnum):
    """To which edge of its column text stands."""

    LEFT = "left"
    RIGHT = "right"
    CENTRE = "centre"


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column between two x, in points."""

    name: str
    x0: float
    x1: float
    align: Align = Align.LEFT

    def __post_init__(self) -> None:
        _check_name(self.name)
        if self.x1 <= self.x0:
            raise ValueError("a column ends right of where it begins")


class HeadedColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of text that begins where its header on the same page does."""

    name: TextName
    header: str


class Grid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns whose place is known. `starts_in`: the column whose date begins a row.

    `drawn_edges`: the edges are those of the header's filled cells, which may be off by `tolerance_points`.
    """

    columns: tuple[Column, ...]
    cut: RowCut
    starts_in: DateName
    drawn_edges: bool = False
    tolerance_points: float = 2.0

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)) or self.starts_in not in names:
            raise ValueError("columns have different names, one of them is starts_in")
        if any(left.x1 > right.x0 for left, right in pairwise(self.columns)):
            raise ValueError("columns stand from left to right and do not overlap")


class NumbersAt(StrEnum):
    """Where the amounts of a row stand on its line: at the end, or after the dates."""

    END = "end"
    AFTER_DATES = "after-dates"


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rows whose columns have no known place: read as text, dates from the left and amounts from the right.

    `dates`: in the order in which they begin the row's lines. `numbers`: in their order on the line.
    `any_line`: the amounts may stand on any line of the row; then all its dates or `start_label` begin it,
    not a date and amounts. `start_label`: what begins a row. `date_labels`: words before dates.
    `reference`: pattern of the word after the first date. `columns`: texts by their headers; without any, all
    text is the description.
    """

    dates: tuple[DateName, ...]
    numbers: tuple[NumberName, ...]
    numbers_at: NumbersAt = NumbersAt.END
    any_line: bool = False
    start_label: str | None = None
    date_labels: tuple[str, ...] = ()
    row_number: bool = False
    reference: str | None = None
    columns: tuple[HeadedColumn, ...] = ()

    def __post_init__(self) -> None:
        if not self.dates or NumberName.AMOUNT not in self.numbers:
            raise ValueError("a row has a date and an amount")
        check_labels(self.start_label, self.date_labels, tuple(column.header for column in self.columns))
        if self.start_label is not None and not self.any_line:
            raise ValueError("a label that begins the row leaves the amounts to any line")
        if self.reference is not None:
            check_pattern(self.reference)


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The table: by a `grid` or by a `reading`, one of them.

    `header`: its labels, from left to right; `header_more`: words that it may have besides.
    `end`: lines that begin so end it for good, the first that the document has. `foot`: lines that begin so
    end it on their page. `skip`: lines that begin so are no part of a row.
    `brought_forward`, `carried_forward`: labels of balances carried between pages.
    `pending`: what stands for the booking date and the balance of what is not booked yet.
    `one_date`: the only date printed is that of the money transaction and of its booking.
    """

    header: tuple[str, ...]
    header_more: tuple[str, ...] = ()
    grid: Grid | None = None
    reading: Reading | None = None
    end: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    brought_forward: str | None = None
    carried_forward: str | None = None
    pending: str | None = None
    one_date: bool = False

    def __post_init__(self) -> None:
        if (self.grid is None) == (self.reading is None):
            raise ValueError("a table has either a grid or a reading")
        if not self.header:
            raise ValueError("a table has a header")
        check_labels(self.header, self.header_more, self.end, self.foot, self.skip)
        check_labels(self.brought_forward, self.carried_forward)
        if not self.has(NumberName.AMOUNT):
            raise ValueError("a table needs the column amount")
        if self.one_date and self.has(DateName.BOOKED_ON):
            raise ValueError("one_date is for tables without the column booked_on")

    def has(self, name: str) -> bool:
        """Say whether rows have this cell."""
        if self.grid is not None:
            return any(column.name == name for column in self.grid.columns)
        reading = self.reading
        assert reading is not None
        if name in {*reading.dates, *reading.numbers}:
            return True
        texts = {column.name.value for column in reading.columns} or {TextName.DESCRIPTION.value}
        return name in texts


class KindAt(StrEnum):
    """Where the kind of a money transaction stands in its description.

    `first-lines`: its first `kind_lines` lines. `last-line`: its last, if it has two or more. `known`: what
    it begins with, one of `kinds`. `none`: it does not.
    """

    FIRST_LINES = "first-lines"
    LAST_LINE = "last-line"
    KNOWN = "known"
    NONE = "none"


class AccountLine(StrEnum):
    """Where an account number without a label stands.

    `after-party`: on a line of its own, below the party, above the title. `before-party`: above the party;
    what stands before it is the title. `before-party-line`: above the party, which is one line; then the
    title.
    """

    AFTER_PARTY = "after-party"
    BEFORE_PARTY = "before-party"
    BEFORE_PARTY_LINE = "before-party-line"


class Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the text of a row means. `party`, `party_iban`, `title`, …: labels of the text that follows.

    `sender`, `recipient`: labels of both sides; the party is the one that the account's holder is not.
    `transaction_on`: label of the date that the table has no column for.
    `dropped`: labels whose text is not kept. `after_party`: such labels, before which the party stands.
    `account_line`: where an account number without a label stands. `party_iban`: of several, the one that is
    not the account's own. `rest`: what other text without a label is, `title` or `party`.
    `party_pattern`: in such text, its first group is the party and nothing else of it is kept.
    `amount_in_text`: pattern of the amount that the description repeats, with its currency, if printed;
    compared where that is the account's.
    Example: `na kwotę ([0-9 ]+,[0-9]{2} [A-Z]{3})` finds 27,00 PLN.
    """

    kind: KindAt
    rest: TextName
    kinds: tuple[str, ...] = ()
    kind_lines: int = 1
    party: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()
    transaction_on: str | None = None
    party_iban: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    reference: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    after_party: tuple[str, ...] = ()
    account_line: AccountLine | None = None
    party_pattern: str | None = None
    amount_in_text: str | None = None

    def __post_init__(self) -> None:
        check_labels(self.kinds, self.party, self.party_iban, self.title, self.reference, self.dropped)
        check_labels(self.sender, self.recipient, self.after_party, self.transaction_on)
        if self.rest not in {TextName.TITLE, TextName.PARTY}:
            raise ValueError("rest is title or party")
        if (self.kind is KindAt.KNOWN) != bool(self.kinds):
            raise ValueError("known kinds are listed, and none else")
        for pattern in (self.amount_in_text, self.party_pattern):
            if pattern is not None:
                check_pattern(pattern)


def _check_name(name: str) -> None:
    known = {*DateName, *NumberName, *TextName}
    if name not in known:
        raise ValueError(f"a column is one of {', '.join(sorted(known))}")
