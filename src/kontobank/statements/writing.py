"""How the documents write amounts and account numbers, and break lines. Pure."""

from __future__ import annotations

from collections.abc import Callable

Width = Callable[[str], float]


def amount(cents: int) -> str:
    """Write an amount. Example: -1 234,56"""
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole:,}".replace(",", " ") + f",{rest:02d}"


def number(value: str) -> str:
    """Write an account number in groups. Examples: PL 61 1090 1014 ..., 1840 0017 ... (without IBAN)"""
    country, digits = (value[:2], value[2:]) if value[:2].isalpha() else ("", value)
    first = len(digits) % 4
    groups = [digits[:first]] if first else []
    groups += [digits[start : start + 4] for start in range(first, len(digits), 4)]
    return " ".join([country, *groups] if country else groups)


def lines(text: str, width: Width, most: float, most_after: float) -> list[str]:
    """Break a text at its blanks into lines that are not wider than allowed; a longer word is cut.

    `most` is for the first line, `most_after` for the others. An empty text is one empty line.
    """
    found: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if width(longer) <= (most_after if found else most):
            line = longer
            continue
        if line:
            found.append(line)
        line = word
        while width(line) > (allowed := most_after if found else most):
            fitting = max(1, _fitting(line, width, allowed))
            found.append(line[:fitting])
            line = line[fitting:]
    return [*found, line]


def _fitting(word: str, width: Width, most: float) -> int:
    """Return how many letters from the start fit."""
    return next(count for count in range(len(word), -1, -1) if width(word[:count]) <= most)
