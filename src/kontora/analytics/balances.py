"""Balances over days: at the end of each day the last one known, of one account or of several together."""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from kontora.analytics.amounts import average, cents, total
from kontora.analytics.periods import Period
from kontora.analytics.sources import Source

_DAY = timedelta(days=1)


class Step(msgspec.Struct, frozen=True, gc=False):
    """A balance from a day on, until the next step."""

    on: date
    balance: Decimal


class Balances:
    """How the balances of accounts in one currency stood, added up. `current`: `None` where none is told.

    A balance is known from the first money transaction that tells one, to the last day that was read. Before
    its own first one, an account beside another holds what that started from.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        held = [(source, steps) for source in sources if (steps := _steps(source))]
        told = [balance for source in sources if (balance := _current(source)) is not None]
        self.current = cents(total(told)) if told else None
        self._steps = tuple(_together([steps for _, steps in held], [_opening(source) for source, _ in held]))
        self._days = [step.on for step in self._steps]
        self._until = max((source.known_until for source, _ in held), default=date.min)
        if self._days:
            self._until = max(self._until, self._days[-1])

    def at_end(self, period: Period) -> Decimal | None:
        """Return the balance at the end of the last day of the period that is known."""
        last = bisect_right(self._days, period.end)
        return cents(self._steps[last - 1].balance) if last and period.start <= self._until else None

    def over(self, period: Period) -> Decimal | None:
        """Return the average of the balances at the ends of the days that are known, in the period."""
        end = min(period.end, self._until)
        if end < period.start:
            return None
        first = max(bisect_right(self._days, period.start) - 1, 0)
        weighted, days = [], 0
        for place in range(first, bisect_right(self._days, end)):
            step = self._steps[place]
            following = self._days[place + 1] if place + 1 < len(self._days) else date.max
            lasted = (min(following, end + _DAY) - max(step.on, period.start)).days
            weighted.append(step.balance * lasted)
            days += lasted
        return average(total(weighted), days)

    def per_transaction(self, period: Period) -> Decimal | None:
        """Return the average of the balances after each money transaction of the period that tells one."""
        first, end = bisect_left(self._days, period.start), bisect_right(self._days, period.end)
        after = [step.balance for step in self._steps[first:end]]
        return average(total(after), len(after))


def _current(source: Source) -> Decimal | None:
    """Return the account's balance; where the bank tells none, that after the newest money transaction."""
    if source.balance is not None:
        return source.balance
    return next((one.balance for one in reversed(source.entries) if one.balance is not None), None)


def _opening(source: Source) -> Decimal:
    first = next(one for one in source.entries if one.balance is not None)
    assert first.balance is not None
    return first.balance - first.amount


def _steps(source: Source) -> list[Step]:
    """Return the balances after each money transaction that tells one.

    Banks chain them by booking day where that differs from the day of the money transaction: such a one takes
    effect with those before it.
    """
    found, day = [], date.min
    for entry in source.entries:
        if entry.balance is not None:
            day = max(day, entry.on)
            found.append(Step(day, entry.balance))
    return found


def _together(series: Sequence[Sequence[Step]], openings: Sequence[Decimal]) -> Iterator[Step]:
    """Add the accounts up after each step of any."""
    held = list(openings)
    whole = total(held)
    marked = [[(step.on, place, step.balance) for step in steps] for place, steps in enumerate(series)]
    for on, place, balance in heapq.merge(*marked, key=lambda one: one[:2]):
        whole += balance - held[place]
        held[place] = balance
        yield Step(on, whole)
