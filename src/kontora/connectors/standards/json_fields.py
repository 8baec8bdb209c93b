"""Read single fields of a bank's JSON: present and sound, absent, or a failure that names the field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from kontora.errors import BankChanged

Json = Mapping[str, Any]

_AMOUNT = re.compile(r"[+-]?\d{1,18}(\.\d{1,6})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?", re.ASCII)
_NOISE = frozenset({"", "NOTPROVIDED", "NOT PROVIDED"})


def an_object(value: Any, name: str) -> Json:
    """Return a JSON object. Raises: BankChanged, if it is anything else."""
    if not isinstance(value, dict):
        raise BankChanged(f"{name} is not an object")
    return cast(Json, value)


def an_optional_object(value: Any, name: str) -> Json:
    """Return a JSON object, empty for an absent one. Raises: BankChanged, if it is anything else."""
    return {} if value is None else an_object(value, name)


def a_list(value: Any, name: str) -> Sequence[Any]:
    """Return a JSON array, empty for an absent one. Raises: BankChanged, if it is anything else."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise BankChanged(f"{name} is not an array")
    return value


def a_list_of(body: Json, key: str) -> Sequence[Any]:
    """Return the JSON array that the standard promises under this key.

    Raises: BankChanged, if there is none.
    """
    if body.get(key) is None:
        raise BankChanged(f"{key} is missing")
    return a_list(body[key], key)


def a_text(value: Any, name: str) -> str | None:
    """Return text without blanks around it; `None` for absent, blank and `NOTPROVIDED`.

    Numbers are accepted where text is expected: some banks send account numbers so.
    Raises: BankChanged, if it is anything else.
    """
    if isinstance(value, str):
        stripped = value.strip()
        return None if stripped in _NOISE else stripped
    if value is None:
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise BankChanged(f"{name} is not text")


def a_flag(value: Any, name: str) -> bool:
    """Return a JSON boolean, false for an absent one. Raises: BankChanged, if it is anything else."""
    if value is None:
        return False
    if not isinstance(value, bool):
        raise BankChanged(f"{name} is not true or false")
    return value


def a_date(value: Any, name: str) -> date | None:
    """Return the day of a date or date-time; `None` for an absent one.

    Raises: BankChanged, if it is no real day.
    """
    if value is None or value == "":
        return None
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            pass
    raise BankChanged(f"{name} is not a date")


def a_decimal(value: Any, name: str) -> Decimal:
    """Return a decimal, written as text or as a JSON number. Raises: BankChanged, if it is anything else."""
    if isinstance(value, str):
        text = value.strip()
        if _AMOUNT.fullmatch(text):
            return Decimal(text)
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = Decimal(value)
        if _AMOUNT.fullmatch(text := format(number, "f")):
            return Decimal(text)
    raise BankChanged(f"{name} is not a decimal number")
