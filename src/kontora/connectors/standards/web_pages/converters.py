"""From the text on a page to a value. All raise ValueError for text of another form, and never repair it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

_MINUS = "\N{MINUS SIGN}"
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Money:
    """An amount with its currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Writing:
    """How a bank writes numbers and dates. `day`: a pattern with the groups day, month and year."""

    thousands: str
    decimal: str
    day: str

    def money(self, text: str) -> Money:
        """Read an amount. Examples: -1 234,56 PLN; −1.234,56 EUR"""
        found = re.fullmatch(
            rf"([{_MINUS}+-]?)(\d{{1,3}}(?:{re.escape(self.thousands)}\d{{3}}){{0,5}}){re.escape(self.decimal)}"
            r"(\d\d) ([A-Z]{3})",
            text,
            re.ASCII,
        )
        if found is None:
            raise ValueError("not an amount")
        sign, whole, rest, currency = found.groups()
        amount = Decimal(f"{whole.replace(self.thousands, '')}.{rest}")
        return Money(-amount if sign in ("-", _MINUS) else amount, currency)

    def date(self, text: str) -> date:
        """Read a date. Examples: 31.01.2026; 31. 1. 2026; 31/01/2026"""
        found = re.fullmatch(self.day, text, re.ASCII)
        if found is None:
            raise ValueError("not a date")
        return date(int(found["year"]), int(found["month"]), int(found["day"]))


def percent(text: str) -> Decimal:
    """Read a rate. Example: 18,50 %"""
    if not re.fullmatch(r"\d{1,3}(,\d{1,4})? ?%", text, re.ASCII):
        raise ValueError("not a rate")
    return Decimal(text.rstrip("% ").replace(",", "."))


def number(text: str) -> str:
    """Read an account or card number written in groups. Raises: ValueError."""
    plain = "".join(text.split()).upper()
    if not re.fullmatch(r"[A-Z0-9*]{4,40}", plain, re.ASCII):
        raise ValueError("not a number of an account")
    return plain


def polish_number(text: str) -> str:
    """Read an account number; 26 digits, as Poland writes them, become an IBAN.

    Example: 61 1090 1014 0000 0712 1981 2874
    """
    plain = number(text)
    return f"PL{plain}" if plain.isdigit() and len(plain) == 26 else plain


def count(text: str) -> int:
    """Read a small whole number."""
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII):
        raise ValueError("not a number")
    return int(text)


def moment(text: str) -> datetime:
    """Read a time with its zone, as UTC. Example: 2026-01-31T12:03:00+00:00"""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without zone")
    return found.astimezone(UTC)


def one_of(words: Mapping[str, _Value]) -> Callable[[str], _Value]:
    """Return a converter for a few known words."""

    def convert(text: str) -> _Value:
        if text not in words:
            raise ValueError("not one of the known words")
        return words[text]

    return convert
