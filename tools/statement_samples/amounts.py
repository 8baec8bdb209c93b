"""Money as Polish banks print it."""

from __future__ import annotations

from decimal import Decimal

from tools.statement_samples.story import Difficulty


def plain(amount: Decimal, difficulty: Difficulty | None = None) -> str:
    """Write `-1 234,56`; the spaces are hard ones where the difficulty asks for them."""
    space = "\u00a0" if difficulty is not None and difficulty.hard_spaces else " "
    return f"{amount:,.2f}".replace(",", space).replace(".", ",")


def dotted(amount: Decimal) -> str:
    """Write `-1.234,56`."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def trailing(amount: Decimal, difficulty: Difficulty | None = None) -> str:
    """Write `1 234,56-`."""
    return plain(abs(amount), difficulty) + ("-" if amount < 0 else "")


def without_diacritics(text: str, lost: str = "") -> str:
    """Drop the letters that some files lose; `lost`: pairs of a letter and what stands for it."""
    for letter in "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ":
        place = lost.find(letter)
        text = text.replace(letter, lost[place + 1] if place >= 0 else "")
    return text
