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

Counts = Callable[[Category, frozenset[str]], bool]
"""Tells whether a money transaction with these labels counts into a category."""


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
    sorter = _Sorter(question.counted, counts or Category.holds)
    return Parts(
        first_active_on=min(days, default=None),
        active_days=len(days),
        balance=_balance(balances, question.period) if wants_balance else UNSET,
        categories=sorter.flows(entries),
        months=_months(question, entries, balances, sorter) if question.with_months else UNSET,
    )


class _Sorter:
    """Tells which of the counted categories money transactions go into, by their places.

    It asks once for each set of labels: there are few, on many money transactions.
    """

    def __init__(self, categories: Sequence[Category], counts: Counts) -> None:
        self.categories = categories
        self._counts = counts
        self._known: dict[frozenset[str], tuple[int, ...]] = {}

    def places(self, labels: frozenset[str]) -> tuple[int, ...]:
        """Return the places of the categories."""
        if labels not in self._known:
            self._known[labels] = tuple(
                place for place, category in enumerate(self.categories) if self._counts(category, labels)
            )
        return self._known[labels]

    def flows(self, entries: Iterable[Entry]) -> tuple[CategoryFlows, ...]:
        """Add up what goes into each category."""
        found: list[list[Entry]] = [[] for _ in self.categories]
        for entry in entries:
            for place in self.places(entry.labels):
                found[place].append(entry)
        told = zip(self.categories, map(Flows.of, found), strict=True)
        return tuple(
            CategoryFlows(one.text, flows.all, flows.incoming, flows.outgoing) for one, flows in told
        )


def _balance(balances: Balances, period: Period) -> Balance:
    return Balance(balances.current, balances.over(period), balances.per_transaction(period))


def _months(
    question: Question, entries: Iterable[Entry], balances: Balances, sorter: _Sorter
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
                categories=sorter.flows(booked),
                balance=balance if wants_balance else UNSET,
            )
        )
    return tuple(found)
