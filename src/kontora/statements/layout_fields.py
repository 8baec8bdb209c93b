"""The types of a layout's single facts: where an account number, a balance, a period stands."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kontora.statements.forms.patterns import check_labels, check_pattern


class Where(StrEnum):
    """Where a label is looked for: above the table, below its last row, or anywhere outside of it.

    `anywhere`: the last page first.
    """

    HEAD = "head"
    FOOT = "foot"
    ANYWHERE = "anywhere"


class FieldForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where one fact stands: after a label, or below it.

    `labels`: the first that is found. `below`: the value stands under the label, not after it (without it,
    the value is under the label only where nothing follows on the line). `lines`: of how many lines it may
    be; `skip_lines`: how many of them are passed over. `pattern`: its first group is the value. `between`:
    the value's words lie between these x, in points. `separator`: what stands between several owners.
    `absent`: what is printed for nothing, such as `-`. `across_gaps`: its words may stand far from each
    other. `after`, `before`: labels of lines between which it is looked for. `optional`: a document may lack
    it.
    Example: `labels = ["Saldo początkowe:"]` reads `Saldo początkowe: 1 234,56 PLN`.
    """

    labels: tuple[str, ...]
    where: Where = Where.HEAD
    below: bool = False
    lines: int = 1
    skip_lines: int = 0
    pattern: str | None = None
    between: tuple[float, float] | None = None
    separator: str | None = None
    absent: str | None = None
    across_gaps: bool = False
    after: str | None = None
    before: str | None = None
    optional: bool = False

    def __post_init__(self) -> None:
        if not self.labels:
            raise ValueError("a field needs a label")
        check_labels(self.labels, self.after, self.before)
        if self.lines < 1 or self.skip_lines < 0:
            raise ValueError("a field has a line or more")
        if self.pattern is not None:
            check_pattern(self.pattern)


class StatementFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The facts of a statement. `None`: the layout does not print it.

    `currency_of_amounts`: the currency is that which follows the amounts. `currency_if_empty`: the account's
    currency where no row, and so no amount, is printed. `other_labels`: further words that begin a cell.
    """

    iban: FieldForm
    owners: FieldForm | None = None
    address: FieldForm | None = None
    account_name: FieldForm | None = None
    currency: FieldForm | None = None
    currency_of_amounts: bool = False
    currency_if_empty: str | None = None
    period: FieldForm | None = None
    issued_on: FieldForm | None = None
    number: FieldForm | None = None
    opening_balance: FieldForm | None = None
    closing_balance: FieldForm | None = None
    credits: FieldForm | None = None
    debits: FieldForm | None = None
    total: FieldForm | None = None
    credit_count: FieldForm | None = None
    debit_count: FieldForm | None = None
    total_count: FieldForm | None = None
    other_labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_labels(self.other_labels)
        if (self.currency is None) != self.currency_of_amounts:
            raise ValueError("the currency is a field or stands after the amounts")
        if self.currency_if_empty is not None and not self.currency_of_amounts:
            raise ValueError("currency_if_empty is for a currency that stands after the amounts")
