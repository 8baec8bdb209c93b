"""Periods of days: both ends included, and cut into calendar months."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import msgspec

YEARS = 5


class Period(msgspec.Struct, frozen=True):
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.end - self.start).days + 1


class Month(msgspec.Struct, frozen=True):
    """A calendar month, cut to a period. `name`: such as `2026-05`."""

    name: str
    period: Period


def months_of(period: Period) -> Iterator[Month]:
    """Return every calendar month that the period touches, oldest first, cut to the period."""
    start = period.start
    while start <= period.end:
        following = first_of_next_month(start)
        end = min(period.end, following - timedelta(days=1))
        yield Month(f"{start:%Y-%m}", Period(start, end))
        start = following


def first_of_next_month(day: date) -> date:
    """Return the first day of the month after that of `day`."""
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def latest_end(start: date) -> date:
    """Return the last day that a period from `start` may have: five years later, 28 February for the 29th."""
    year = min(start.year + YEARS, date.max.year)
    try:
        return start.replace(year=year)
    except ValueError:
        return start.replace(year=year, day=28)
