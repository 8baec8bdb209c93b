"""What features are computed from: sums, counts and shares of the rows before a day. Every one is pure."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise

from kontora.scores.history import QUARTER_DAYS, TROUBLE, YEAR_DAYS, Past, Row

# Ratios end here: beyond it more says nothing more, and a division by almost nothing would.
MOST = 100.0
LOW_BALANCE_MONTHS = 0.25

COMPENSATION = ("compensation",)
REPAYMENT = ("loan repayment", "repayment", "payday loan repayment", "mortgage", "leasing")
PAYOUT = ("loan payout", "payday loan payout")
GAMBLING = ("gambling",)
CASH_WITHDRAWAL = ("cash withdrawal",)
FAILED = ("failed payment",)
LATE = ("late payment",)
COLLECTION = ("debt collection", "bailiff")


def ratio(above: float | None, below: float | None) -> float | None:
    """Divide, within +-MOST; by nothing or less than nothing it is the end of the side of `above`."""
    if above is None or below is None:
        return None
    if below <= 0:
        return math.copysign(MOST, above) if above else 0.0
    return max(-MOST, min(MOST, above / below))


def count(rows: tuple[Row, ...] | None) -> float | None:
    """Count rows; `None`, where nobody looked for them."""
    return None if rows is None else float(len(rows))


def debits(past: Past, days: int, names: tuple[str, ...]) -> tuple[Row, ...] | None:
    """Return the labelled rows by which money left."""
    rows = past.labelled(days, names)
    return None if rows is None else tuple(row for row in rows if row.amount < 0)


def credits(past: Past, days: int, names: tuple[str, ...]) -> tuple[Row, ...] | None:
    """Return the labelled rows by which money came."""
    rows = past.labelled(days, names)
    return None if rows is None else tuple(row for row in rows if row.amount > 0)


def monthly_debits(past: Past, names: tuple[str, ...]) -> float | None:
    """Return how much leaves in a month under these labels, over 90 days, not below 0."""
    found = past.monthly(debits(past, QUARTER_DAYS, names))
    return None if found is None else abs(found)


def share_of_outgoing(past: Past, names: tuple[str, ...]) -> float | None:
    """Return the part of what left in 90 days that left under these labels."""
    part, whole = monthly_debits(past, names), past.outgoing
    return None if part is None or not whole else min(1.0, part / whole)


def average_balance(past: Past, days: int) -> float | None:
    """Return the average of the balances at the ends of the days."""
    found = past.balances(days)
    whole = sum(one.days for one in found)
    return sum(one.total * one.days for one in found) / whole if whole else None


def lowest_balance(past: Past, days: int) -> float | None:
    """Return the lowest of the balances at the ends of the days."""
    found = past.balances(days)
    return min(one.total for one in found) if found else None


def negative_days(past: Past, days: int) -> float | None:
    """Count the days that ended with an account below zero."""
    found = past.balances(days)
    return float(sum(one.days for one in found if one.lowest < 0)) if found else None


def share_of_days_with_little(past: Past) -> float | None:
    """Return the part of a year's days that ended with less than a quarter of a month's income."""
    found = past.balances(YEAR_DAYS)
    whole = sum(one.days for one in found)
    if not whole or past.income is None:
        return None
    little = LOW_BALANCE_MONTHS * past.income
    return sum(one.days for one in found if one.total < little) / whole


def variation(values: tuple[float, ...]) -> float | None:
    """Return the standard deviation over the mean; `None` for fewer than two values, or a mean of 0."""
    if len(values) < 2:
        return None
    mean = statistics.fmean(values)
    return min(MOST, statistics.pstdev(values, mean) / mean) if mean > 0 else None


def largest_debit(past: Past) -> float | None:
    """Return the largest single debit of a year, above 0; 0 without one."""
    return max((-row.amount for row in past.spent), default=0.0) if past.rows else None


def counterparties(past: Past) -> float | None:
    """Count whom the owner dealt with in 90 days; collectors, bookmakers and the like are not counted."""
    if not past.rows:
        return None
    found = {
        row.party
        for row in past.last(QUARTER_DAYS)
        if row.party is not None and (not row.labels or TROUBLE.isdisjoint(row.labels))
    }
    return float(len(found))


def days_between(rows: tuple[Row, ...] | None) -> float | None:
    """Return the median of the days from one row to the next; `None` for fewer than two."""
    if rows is None or len(rows) < 2:
        return None
    return float(statistics.median(later.day - row.day for row, later in pairwise(rows)))


def active_share(past: Past) -> float | None:
    """Return the part of the last 90 days, or of those known, on which something was booked."""
    known = min(QUARTER_DAYS, past.days_known)
    return len({row.day for row in past.last(QUARTER_DAYS)}) / known if known else None
