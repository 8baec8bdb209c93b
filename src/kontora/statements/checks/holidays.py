"""Days on which Polish banks do not clear payments between them."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

FIXED = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))
CHRISTMAS_EVE_FROM = 2025
EPIPHANY_FROM = 2011
SATURDAY = 5


def is_banking_day(day: date) -> bool:
    """Say whether payments between Polish banks are cleared on a day."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year in Poland.

    Source: the Act of 18 January 1951 on days free from work, with its changes of 2010 and 2024.
    """
    easter = easter_sunday(year)
    movable = {easter + timedelta(days=days) for days in (0, 1, 49, 60)}
    fixed = {
        date(year, month, day) for month, day in FIXED if (month, day) != (1, 6) or year >= EPIPHANY_FROM
    }
    eve = {date(year, 12, 24)} if year >= CHRISTMAS_EVE_FROM else set()
    return frozenset(movable | fixed | eve)


def easter_sunday(year: int) -> date:
    """Return the date of Easter in the Gregorian calendar.

    Source: the algorithm that was printed without a name in Nature, 20 April 1876.
    """
    golden, century, years = year % 19, year // 100, year % 100
    leaps, rest = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leaps - shift + 15) % 30
    week = (32 + 2 * rest + 2 * (years // 4) - moon - years % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, month, day + 1)
