"""Read the fields that only this standard has: calendar days, account numbers, lines of names."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from kontora.connectors.standards.json_fields import Json, a_date, a_list, a_text, an_optional_object
from kontora.errors import BankChanged

_OFFSET = re.compile(r"([Zz]|[+-]\d\d:?\d\d)$", re.ASCII)
_NRB = re.compile(r"\d{26}", re.ASCII)
_PAN = re.compile(r"\d{13,19}", re.ASCII)


def a_day(value: Any, name: str) -> date | None:
    """Return the calendar day in Poland of a date-time; `None` for an absent one.

    2026-01-31T00:00:00.000     the standard's form: local time
    2026-01-30T23:00:00Z        the same day, told in UTC
    Raises: BankChanged, if it is no real day.
    """
    day = a_date(value, name)
    if day is None or not isinstance(value, str) or not _OFFSET.search(value[10:]):
        return day
    try:
        at = datetime.fromisoformat(value)
        return (at.astimezone(UTC) + polish_offset(at)).date()
    except (ValueError, OverflowError) as error:
        raise BankChanged(f"{name} is not a date") from error


def polish_offset(at: datetime) -> timedelta:
    """Return how far Polish time is ahead of UTC at a moment.

    Source: Directive 2000/84/EC: summer time from the last Sunday of March to that of October, 01:00 UTC.
    """
    starts, ends = _last_sunday(at.year, 3), _last_sunday(at.year, 10)
    return timedelta(hours=2 if starts <= at.astimezone(UTC) < ends else 1)


def _last_sunday(year: int, month: int) -> datetime:
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def account_number(text: str) -> str:
    """Return an account number without blanks, and a Polish one without country as the IBAN that it is."""
    number = "".join(text.split()).upper()
    if _NRB.fullmatch(number) and int(f"{number[2:]}2521{number[:2]}") % 97 == 1:
        return f"PL{number}"
    return number


def masked_card_number(text: str) -> str:
    """Return a card number with its middle hidden, also where the bank shows it."""
    number = "".join(text.split())
    if _PAN.fullmatch(number):
        return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
    return number


def lines_of(value: Any, name: str) -> list[str]:
    """Return the lines of a `nameAddress` that hold something. Raises: BankChanged."""
    address: Json = an_optional_object(value, name)
    lines = (a_text(line, f"{name}.value") for line in a_list(address.get("value"), f"{name}.value"))
    return [line for line in lines if line]
