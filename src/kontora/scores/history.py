"""What features look at: an owner's rows, and the part of them that lies before the day of the decision."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property

import msgspec

from kontora.scores.balances import Period, periods

MONTH_DAYS = 30
QUARTER_DAYS = 90
YEAR_DAYS = 365
# Money of one's own, lent, or given back is no income; money that stays the owner's is not spent. Names that
# clients use stand beside ours (labels.md, 9).
NOT_EARNED = frozenset(
    {
        "own transfer",
        "internal",
        "savings",
        "refund",
        "chargeback",
        "currency exchange",
        "loan",
        "loan payout",
        "payday loan payout",
        "pawnshop",
        "verification",
        "gambling",
        "failed payment",
    }
)
NOT_SPENT = frozenset(
    {"own transfer", "internal", "savings", "investment", "currency exchange", "verification"}
)
# Lenders, collectors and bookmakers are no company that speaks for an owner.
TROUBLE = frozenset(
    {
        "loan",
        "loan payout",
        "loan repayment",
        "repayment",
        "payday loan payout",
        "payday loan repayment",
        "buy now pay later",
        "pawnshop",
        "debt collection",
        "bailiff",
        "late payment",
        "failed payment",
        "gambling",
    }
)


class Row(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One booked money transaction. `day`: as an ordinal; `balance`: of the account after it.

    `party`: whatever tells one counterparty from another; `account`: the place of its account.
    """

    day: int
    amount: float
    balance: float | None = None
    labels: tuple[str, ...] = ()
    party: str | None = None
    account: int = 0


class Loan(msgspec.Struct, frozen=True, array_like=True):
    """What is asked for: the amount, what a month costs, and for how many months; `None` where unknown."""

    amount: float | None = None
    instalment: float | None = None
    months: float | None = None


class History:
    """All rows of an owner, also later ones, oldest first; features ask for what lies `before` a day.

    `loan`: `None`, where no loan is asked for. `is_labelled`: whether a row without labels means that nothing
    was found, not that nobody looked.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        loan: Loan | None = None,
        *,
        is_labelled: bool = True,
        currency_name: str | None = None,
    ) -> None:
        self.rows = tuple(sorted(rows, key=lambda row: row.day))
        self.loan = loan
        self.is_labelled = is_labelled
        self.currency_name = currency_name
        self._past: Past | None = None

    def before(self, day: date) -> Past:
        """Return what was known on the morning of that day: rows of earlier days only."""
        ordinal = day.toordinal()
        if self._past is None or self._past.day != ordinal:
            known = self.rows[: bisect_left(self.rows, ordinal, key=_day)]
            self._past = Past(known, ordinal, self.loan, is_labelled=self.is_labelled)
        return self._past

    def changed(self, rows: Sequence[Row] | None = None, loan: Loan | None = None) -> History:
        """Return the same owner with other rows, or another loan."""
        return History(
            self.rows if rows is None else rows,
            self.loan if loan is None else loan,
            is_labelled=self.is_labelled,
            currency_name=self.currency_name,
        )


class Past:
    """Rows before a day, and what several features need of them. `day`: the first that is not known."""

    def __init__(self, rows: tuple[Row, ...], day: int, loan: Loan | None, *, is_labelled: bool) -> None:
        self.rows = rows
        self.day = day
        self.loan = loan or Loan()
        self.is_labelled = is_labelled
        self._windows: dict[int, tuple[Row, ...]] = {}
        self._balances: dict[int, tuple[Period, ...]] = {}

    @cached_property
    def days_known(self) -> int:
        """How many days the rows span, up to the day; 0 without rows."""
        return self.day - self.rows[0].day if self.rows else 0

    def last(self, days: int) -> tuple[Row, ...]:
        """Return the rows of the last `days`, oldest first."""
        if days not in self._windows:
            self._windows[days] = self.since(self.rows, days)
        return self._windows[days]

    def since(self, rows: tuple[Row, ...], days: int) -> tuple[Row, ...]:
        """Return those of the rows, oldest first, that are not older than `days`."""
        return rows[bisect_left(rows, self.day - days, key=_day) :]

    def labelled(self, days: int, names: Collection[str]) -> tuple[Row, ...] | None:
        """Return the rows of the last `days` with one of these labels; `None`, where nobody looked."""
        if not self.is_labelled:
            return None
        wanted = frozenset(names)
        return tuple(row for row in self.last(days) if row.labels and not wanted.isdisjoint(row.labels))

    def balances(self, days: int) -> tuple[Period, ...]:
        """Return the balances at the end of each of the last `days`, oldest first; empty if unknown."""
        if days not in self._balances:
            self._balances[days] = tuple(periods(self.rows, self.day - days, self.day))
        return self._balances[days]

    @cached_property
    def earned(self) -> tuple[Row, ...]:
        """Credits of the last year that are income: no money of one's own, lent or given back."""
        return tuple(
            row
            for row in self.last(YEAR_DAYS)
            if row.amount > 0 and (not row.labels or NOT_EARNED.isdisjoint(row.labels))
        )

    @cached_property
    def spent(self) -> tuple[Row, ...]:
        """Debits of the last year that left the owner."""
        return tuple(
            row
            for row in self.last(YEAR_DAYS)
            if row.amount < 0 and (not row.labels or NOT_SPENT.isdisjoint(row.labels))
        )

    @cached_property
    def income(self) -> float | None:
        """The average income of a month over the last 90 days; `None` for less than a month of rows."""
        return self.monthly(self.earned)

    @cached_property
    def outgoing(self) -> float | None:
        """The average outgoing of a month over the last 90 days, not below 0."""
        found = self.monthly(self.spent)
        return None if found is None else abs(found)

    def monthly(self, rows: tuple[Row, ...] | None) -> float | None:
        """Return the average of a month over the last 90 days of these rows; `None` for less than a month."""
        known = min(QUARTER_DAYS, self.days_known)
        if rows is None or known < MONTH_DAYS:
            return None
        return sum(row.amount for row in self.since(rows, QUARTER_DAYS)) / (known / MONTH_DAYS)

    @cached_property
    def monthly_incomes(self) -> tuple[float, ...]:
        """The income of each whole month of the last six, latest first; months of 30 days."""
        sums = [0.0] * min(6, self.days_known // MONTH_DAYS)
        for row in self.since(self.earned, len(sums) * MONTH_DAYS):
            sums[(self.day - 1 - row.day) // MONTH_DAYS] += row.amount
        return tuple(sums)


def _day(row: Row) -> int:
    return row.day
