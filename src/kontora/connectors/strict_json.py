"""JSON from outside, read strictly: one meaning for every body, and no float on the way to money."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

from kontora.errors import BankChanged

_LONGEST_NUMBER = 40
_LARGEST_EXPONENT = 30


def parse_json(body: bytes) -> Any:
    """Return the value of a JSON body: numbers as `int` or `Decimal`, never `float`.

    Raises: BankChanged, on anything but one well-formed UTF-8 value: duplicate keys, NaN, Infinity,
        lone surrogates, numbers of over 40 characters, nesting beyond what the parser can follow.
    """
    try:
        text = body.decode("utf-8-sig")
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole_number,
            parse_float=_number,
            parse_constant=_constant,
        )
        if "\\ud" in text or "\\uD" in text:
            json.dumps(value, ensure_ascii=False, default=str).encode()
    except UnicodeError as error:
        raise BankChanged("the body is not UTF-8 text") from error
    except RecursionError as error:
        raise BankChanged("the body is nested too deeply") from error
    except ValueError as error:
        raise BankChanged("the body is not JSON") from error
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BankChanged("a JSON object has a key twice")
    return found


def _whole_number(text: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise BankChanged("a JSON number is too long")
    return int(text)


def _number(text: str) -> Decimal:
    if len(text) > _LONGEST_NUMBER:
        raise BankChanged("a JSON number is too long")
    value = Decimal(text)
    if value and abs(value.adjusted()) > _LARGEST_EXPONENT:
        raise BankChanged("a JSON number is out of range")
    return value


def _constant(_: str) -> NoReturn:
    raise BankChanged("the body holds NaN or Infinity")
