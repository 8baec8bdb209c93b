"""How the balance of all accounts stood at the end of each day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from kontora.scores.history import Row


class Period(msgspec.Struct, frozen=True, gc=False):
    """Days on which no balance changed. `total`: of all accounts; `lowest`: of the one with the least."""

    days: int
    total: float
    lowest: float


def periods(rows: Sequence[Row], start: int, end: int) -> Iterator[Period]:
    """Follow the balances from `start`, or from the first row if that is later, to the day before `end`.

    Nothing, where no balance is known. Rows without a balance are passed over. Before its first row an
    account holds what that row started from.
    """
    known = [row for row in rows if row.balance is not None]
    if not known:
        return
    held: dict[int, float] = {}
    for row in known:
        if row.account not in held:
            held[row.account] = (row.balance or 0.0) - row.amount
    begin = max(start, known[0].day)
    for row in known:
        if row.day > begin:
            yield _period(row.day - begin, held)
            begin = row.day
        held[row.account] = row.balance or 0.0
    yield _period(end - begin, held)


def _period(days: int, held: dict[int, float]) -> Period:
    if len(held) == 1:
        only = next(iter(held.values()))
        return Period(days, only, only)
    return Period(days, sum(held.values()), min(held.values()))
