"""Which days a statement tells of: a month that is over, or days that the owner chose. Pure."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTH = re.compile(r"(\d{4})-(\d{2})")


class NotIssued(Exception):
    """The bank does not issue what was asked for; the message says why and what it does issue."""


@dataclass(frozen=True, slots=True)
class Period:
    """Booking days, both included, and when the document about them is made.

    `number`: as printed. Those of months count the months of a year (5/2026); one of chosen days has the day
    of the year that it was made on (292/2026/Z).
    """

    first: date
    last: date
    issued_on: date
    number: str


def kept_since(today: date, window_days: int) -> date:
    """Return the first booking day that the bank keeps."""
    return today - timedelta(days=window_days - 1)


def months(today: date, window_days: int) -> list[str]:
    """List the months that have statements, the newest first: those that are over and kept whole."""
    since, found = kept_since(today, window_days), []
    day = today.replace(day=1) - timedelta(days=1)
    while day.replace(day=1) >= since:
        found.append(f"{day:%Y-%m}")
        day = day.replace(day=1) - timedelta(days=1)
    return found


def of_month(text: str | None, today: date, window_days: int) -> Period:
    """Return the period of a month such as 2026-10; of the newest one for `None`.

    Raises: NotIssued, where the month is not over, not kept any more, or no month.
    """
    offered = months(today, window_days)
    wanted = text if text is not None else next(iter(offered), "")
    found = _MONTH.fullmatch(wanted)
    if found is None or wanted not in offered:
        named = ", ".join(offered) or "none"
        raise NotIssued(f"There is no statement of this month. Statements are issued for: {named}.")
    year, month = int(found[1]), int(found[2])
    last = date(year, month, calendar.monthrange(year, month)[1])
    return Period(last.replace(day=1), last, last + timedelta(days=1), f"{month}/{year}")


def of_days(first: date, last: date | None, today: date, window_days: int) -> Period:
    """Return the period of chosen days; up to today for `None`.

    Raises: NotIssued, where days are in the wrong order, still to come, or not kept any more.
    """
    since, last = kept_since(today, window_days), last or today
    if not since <= first <= last <= today:
        raise NotIssued(
            f"Days of a statement lie between {since} and {today}, the first one before the last."
        )
    return Period(first, last, today, f"{today.timetuple().tm_yday}/{today.year}/Z")
