"""Amounts as documents print them: read, and printed again in the same form."""

from __future__ import annotations

import re
from decimal import Decimal

_AMOUNT = re.compile(r"([-+−]?\s?)(\d{1,3}(?:[ \u00a0.]\d{3})+|\d+)([,.])(\d{2})(-?)((?:\s?[A-Z]{3})?)$")


def value_of(text: str) -> Decimal | None:
    """Read an amount that fills a whole run of text; `None` for anything else."""
    match = _AMOUNT.match(text.strip())
    if match is None:
        return None
    sign, whole, _, cents, trailing, _ = match.groups()
    value = Decimal(re.sub(r"\D", "", whole) + "." + cents)
    return -value if sign.strip() or trailing else value


def in_the_form_of(text: str, value: Decimal) -> str:
    """Print another value as `text` prints its own.

    "1 234,50 PLN" and 99.10 -> "99,10 PLN"; "12,50-" and -3 -> "3,00-".
    """
    match = _AMOUNT.match(text.strip())
    if match is None:
        raise ValueError("not an amount")
    sign, whole, point, _, trailing, currency = match.groups()
    separator = next((char for char in whole if not char.isdigit()), "" if len(whole) > 3 else " ")
    digits, cents = f"{abs(value):.2f}".split(".")
    grouped = f"{int(digits):,}".replace(",", separator)
    before = (sign if sign.strip() else "-") if value < 0 and not trailing else ""
    return f"{before}{grouped}{point}{cents}{'-' if value < 0 and trailing else ''}{currency}"
