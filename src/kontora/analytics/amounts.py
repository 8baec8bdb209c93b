"""Money added up exactly: counts, totals and averages, all in and out."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TypeVar

import msgspec

from kontora.analytics.sources import Entry

Number = TypeVar("Number", int, Decimal)

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# Twelve places more than the largest total of accounts, so that only `cents` rounds.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


def cents(amount: Decimal) -> Decimal:
    """Round to two places, halves away from zero; never minus zero."""
    return _EXACT.add(_EXACT.quantize(amount, CENT), ZERO)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Add up exactly."""
    result = ZERO
    for amount in amounts:
        result = _EXACT.add(result, amount)
    return result


def average(whole: Decimal, count: int) -> Decimal | None:
    """Divide, rounded half up to cents; `None` for a count of 0."""
    return cents(_EXACT.divide(whole, Decimal(count))) if count else None


class Sums(msgspec.Struct, frozen=True):
    """How many, how much and how much each. `average`: `None` where there is none."""

    count: int
    total: Decimal
    average: Decimal | None

    @classmethod
    def of(cls, amounts: Iterable[Decimal]) -> Sums:
        """Add up."""
        found = tuple(amounts)
        whole = total(found)
        return cls(len(found), cents(whole), average(whole, len(found)))


class Flows(msgspec.Struct, frozen=True):
    """What moved, and of it what came in and what went out; outgoing totals are negative."""

    all: Sums
    incoming: Sums
    outgoing: Sums

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Flows:
        """Add up; a movement of nothing counts as incoming, so that in and out are always all."""
        amounts = tuple(entry.amount for entry in entries)
        return cls(
            all=Sums.of(amounts),
            incoming=Sums.of(amount for amount in amounts if amount >= 0),
            outgoing=Sums.of(amount for amount in amounts if amount < 0),
        )
