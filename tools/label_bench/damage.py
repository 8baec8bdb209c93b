"""Damage as it happens on the way from a shop to a statement: the same for a row whenever it is made."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from zlib import crc32

import msgspec

from kontora.model import MoneyTransaction

LINE = 35
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "ß": "ss"})


def clean(_row: str, item: MoneyTransaction) -> MoneyTransaction:
    """Leave a money transaction as it is."""
    return item


def damaged(row: str, item: MoneyTransaction) -> MoneyTransaction:
    """Take the diacritics away, and do one more harm that the row's id picks."""
    harm = _HARMS[crc32(row.encode()) % len(_HARMS)]

    def changed(text: str | None) -> str | None:
        return None if text is None else harm(_without_diacritics(text)).strip() or None

    return msgspec.structs.replace(
        item, title=changed(item.title), party=changed(item.party), kind=changed(item.kind)
    )


def _without_diacritics(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return "".join(char for char in parts if not unicodedata.combining(char))


def _cut(text: str) -> str:
    """Lose what stands behind the first line."""
    return text[:LINE]


def _wrapped(text: str) -> str:
    """Break lines inside words."""
    return " ".join(text[begin : begin + LINE] for begin in range(0, len(text), LINE))


def _glued(text: str) -> str:
    """Lose the space before a number."""
    return "".join(
        "" if char == " " and before.isalpha() and after.isdigit() else char
        for before, char, after in zip(f" {text}", text, f"{text[1:]} ", strict=False)
    )


def _shouted(text: str) -> str:
    """Write capitals, and set fields apart with runs of spaces, as terminals do."""
    return text.upper().replace(" ", "   ", 2)


def _muttered(text: str) -> str:
    """Lose capitals and punctuation."""
    return "".join(char if char.isalnum() or char in " +" else " " for char in text.lower())


_HARMS: tuple[Callable[[str], str], ...] = (_cut, _wrapped, _glued, _shouted, _muttered)
