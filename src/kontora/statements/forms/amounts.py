"""How a layout writes amounts, and reading them; what does not match is not an amount."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

import msgspec

SPACES = " \u00a0\u202f"
MINUSES = "-\u2212\u2013"


class Minus(StrEnum):
    """Where the minus of a debit stands.

    `before`: `-12,34`; `before-spaced`: also `- 12,34`; `after`: `12,34-`.
    """

    BEFORE = "before"
    BEFORE_SPACED = "before-spaced"
    AFTER = "after"


class CurrencyAt(StrEnum):
    """Whether a currency follows an amount in the table: `-12,34 PLN`."""

    NEVER = "never"
    AFTER = "after"
    OPTIONAL = "optional"


class AmountForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How amounts are written. `thousands`: what stands between groups of three digits, `space` or `.`.

    Example: `thousands = "space", minus = "before"` reads `-1 234,56`.
    """

    minus: Minus
    thousands: str = "space"
    decimal: str = ","
    currency: CurrencyAt = CurrencyAt.NEVER
    plus: bool = False

    def __post_init__(self) -> None:
        if self.thousands not in {"space", ".", ",", "none"} or self.decimal not in {",", "."}:
            raise ValueError("thousands is one of space . , none and decimal one of , .")
        if self.thousands == self.decimal:
            raise ValueError("thousands and decimal are the same sign")


class Amount(NamedTuple):
    """An amount as read; `currency` where it was printed."""

    value: Decimal
    currency: str | None


def read_amount(text: str, form: AmountForm) -> Amount | None:
    """Read a whole text as an amount of the table; `None` where it is not one."""
    found = _table_pattern(form).fullmatch(text)
    return _amount(found) if found else None


def read_stated_amount(text: str, form: AmountForm) -> Amount | None:
    """Read the amount that a text begins with, with or without a currency; `None` where there is none.

    Example: `1 234,56 PLN na dzień`.
    """
    found = _stated_pattern(form).match(text)
    return _amount(found) if found else None


def _amount(found: re.Match[str]) -> Amount:
    digits = "".join(character for character in found["digits"] if "0" <= character <= "9")
    value = Decimal(f"{digits}.{found['cents']}")
    # Zero has no sign: an amount of -0,00 equals one of 0,00.
    return Amount(-value if found["minus"] and value else value, found["currency"] or None)


@lru_cache(maxsize=64)
def _table_pattern(form: AmountForm) -> re.Pattern[str]:
    currency = {
        CurrencyAt.NEVER: "(?P<currency>)",
        CurrencyAt.AFTER: f"[{SPACES}]?(?P<currency>[A-Z]{{3}})",
        CurrencyAt.OPTIONAL: f"(?:[{SPACES}]?(?P<currency>[A-Z]{{3}}))?",
    }[form.currency]
    return re.compile(_number(form) + currency)


@lru_cache(maxsize=64)
def _stated_pattern(form: AmountForm) -> re.Pattern[str]:
    return re.compile(_number(form) + f"(?:[{SPACES}]?(?P<currency>[A-Z]{{3}})\\b|(?![0-9]))")


def _number(form: AmountForm) -> str:
    """Groups of three digits, or digits without groups; exactly two decimals."""
    separator = f"[{SPACES}]" if form.thousands == "space" else re.escape(form.thousands)
    groups = "" if form.thousands == "none" else f"[0-9]{{1,3}}(?:{separator}[0-9]{{3}})+|"
    number = f"(?P<digits>{groups}[0-9]{{1,15}}){re.escape(form.decimal)}(?P<cents>[0-9]{{2}})"
    plus = r"\+?" if form.plus else ""
    if form.minus is Minus.AFTER:
        return f"{plus}{number}[{SPACES}]?(?P<minus>[{MINUSES}])?"
    gap = f"[{SPACES}]?" if form.minus is Minus.BEFORE_SPACED else ""
    return f"(?:(?P<minus>[{MINUSES}]){gap}|{plus}){number}"
