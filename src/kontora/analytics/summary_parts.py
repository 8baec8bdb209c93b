"""What both summaries are made of: balances, flows by category, and the same for each month."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

import msgspec
from msgspec import UNSET, UnsetType

from kontora.analytics.amounts import Flows, Sums
from kontora.analytics.balances import Balances
from kontora.analytics.categories import Category, Special
from kontora.analytics.periods import Period, months_of
from kontora.analytics.sources import Entry

Counts = Callable[[Category, Entry], bool]
"""Tells whether a money transaction counts into a category."""


class Question(msgspec.Struct, frozen=True):
    """What is asked for. `with_months`: each calendar month as well."""

    period: Period
    categories: tuple[Category, ...]
    with_months: bool = False

    def asks_for(self, special: Special) -> bool:
        """Tell whether a special is among the categories."""
        return any(category.special is special for category in self.categories)

    @property
    def counted(self) -> tuple[Category, ...]:
        """The categories that count money transactions, in the order asked."""
        return tuple(one for one in self.categories if one.special in {None, Special.ALL})


class Balance(msgspec.Struct, frozen=True, rename="camel"):
    """Balances of a whole period; `None` where the bank gave none."""

    current: Decimal | None
    average_over_period: Decimal | None
    average_per_transaction: Decimal | None


class MonthBalance(msgspec.Struct, frozen=True, rename="camel"):
    """Balances of a month."""

    at_end: Decimal | None
    average_over_period: Decimal | None
    average_per_transaction: Decimal | None


class CategoryFlows(msgspec.Struct, frozen=True):
    """What moved in a category."""

    category: str
    all: Sums
    incoming: Sums
    outgoing: Sums


class MonthSummary(msgspec.Struct, frozen=True, rename="camel"):
    """A calendar month, cut to the period."""

    month: str
    start: date
    end: date
    active_days: int
    categories: tuple[CategoryFlows, ...]
    balance: MonthBalance | UnsetType = UNSET


class Parts(msgspec.Struct, frozen=True):
    """What a summary tells of an account, or of a currency."""

    first_active_on: date | None
    active_days: int
    balance: Balance | UnsetType
    categories: tuple[CategoryFlows, ...]
    months: tuple[MonthSummary, ...] | UnsetType


def parts_of(
    question: Question, entries: Sequence[Entry], balances: Balances, counts: Counts | None = None
) -> Parts:
    """Add up what was booked in the period. `entries`: of the period, in any order; `counts`: what counts
    into a category, all that it holds by default.
    """
    days = {entry.on for entry in entries}
    wants_balance = question.asks_for(Special.BALANCE)
    counted = counts or _holds
    return Parts(
        first_active_on=min(days, default=None),
        active_days=len(days),
        balance=_balance(balances, question.period) if wants_balance else UNSET,
        categories=_flows(question, entries, counted),
        months=_months(question, entries, balances, counted) if question.with_months else UNSET,
    )


def _holds(category: Category, entry: Entry) -> bool:
    return category.holds(entry.labels)


def _balance(balances: Balances, period: Period) -> Balance:
    return Balance(balances.current, balances.over(period), balances.per_transaction(period))


def _flows(question: Question, entries: Iterable[Entry], counts: Counts) -> tuple[CategoryFlows, ...]:
    found = []
    for category in question.counted:
        flows = Flows.of(entry for entry in entries if counts(category, entry))
        found.append(CategoryFlows(category.text, flows.all, flows.incoming, flows.outgoing))
    return tuple(found)


def _months(
    question: Question, entries: Iterable[Entry], balances: Balances, counts: Counts
) -> tuple[MonthSummary, ...]:
    by_month: dict[str, list[Entry]] = {}
    for entry in entries:
        by_month.setdefault(f"{entry.on:%Y-%m}", []).append(entry)
    wants_balance = question.asks_for(Special.BALANCE)
    found = []
    for month in months_of(question.period):
        period, booked = month.period, by_month.get(month.name, [])
        balance = MonthBalance(
            balances.at_end(period), balances.over(period), balances.per_transaction(period)
        )
        found.append(
            MonthSummary(
                month=month.name,
                start=period.start,
                end=period.end,
                active_days=len({entry.on for entry in booked}),
                categories=_flows(question, booked, counts),
                balance=balance if wants_balance else UNSET,
            )
        )
    return tuple(found)
