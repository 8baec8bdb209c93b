"""Amounts among the words of a line: put together from words, and taken apart where columns are glued."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

import msgspec

from kontora.statements.document import Word
from kontora.statements.forms.amounts import MINUSES, Amount, AmountForm, read_amount
from kontora.statements.rows.cut import NumberCell

# `-1 234 567,89 PLN` has four words, and a fifth where the minus stands apart.
MAX_NUMBER_WORDS = 6
MAX_LINE_END_WORDS = 2 * MAX_NUMBER_WORDS
# A space within an amount is about a third of the letters' height wide; the next column is farther away.
MAX_SPACE_POINTS = 4.5
# An amount ends after two decimals, whatever follows without a space; letters end where it begins, also with
# the first of its groups of digits alone: `PLN10 326,62`.
_GLUED = re.compile(
    r"(?<=[,.][0-9]{2})(?=[-\u2212]?[0-9])"
    r"|(?<=[^\W\d_])(?=[-\u2212]?[0-9][0-9.]*,[0-9]{2}|[-\u2212]?[0-9]{1,3}$)"
)


class Ending(NamedTuple):
    """What a line ends with: the amounts in their order, and the words left of them."""

    numbers: list[NumberCell]
    rest: list[Word]


def numbers_at_end(words: Sequence[Word], count: int, form: AmountForm, pending: str | None) -> Ending | None:
    """Read as many amounts as asked from the right end of a line; `None` where they are not there.

    The digits of an account number left of an amount stay where they are: they are no group of three.
    """
    found = _at_end(list(words), count, form, pending)
    if found is None and any(_GLUED.search(word.text) for word in words[-MAX_LINE_END_WORDS:]):
        found = _at_end(_unglued(words), count, form, pending)
    return found


def number_at_start(words: Sequence[Word], form: AmountForm) -> tuple[NumberCell, list[Word]] | None:
    """Read the amount that words begin with; return it and the words after it."""
    for end in range(min(MAX_NUMBER_WORDS, len(words)), 0, -1):
        part = list(words[:end])
        amount = _read(part, form)
        if amount is not None:
            return NumberCell(amount.value, amount.currency, part), list(words[end:])
    return None


def pieces(word: Word) -> list[Word]:
    """Cut a word in which columns are glued where an amount begins or ends; boxes by the letters' widths."""
    cuts = [found.start() for found in _GLUED.finditer(word.text)]
    if not cuts:
        return [word]
    ends = [0.0, *accumulate(_width(character) for character in word.text)]
    step = (word.x1 - word.x0) / ends[-1]
    return [
        msgspec.structs.replace(
            word,
            text=word.text[begin:end],
            x0=word.x0 + ends[begin] * step,
            x1=word.x0 + ends[end] * step,
        )
        for begin, end in pairwise([0, *cuts, len(word.text)])
    ]


def _width(character: str) -> float:
    """Say how wide a character is against a digit, in most fonts without serifs."""
    if character in ",.":
        return 0.5
    if character in MINUSES:
        return 0.6
    return 1.2 if character.isupper() else 1.0


def _unglued(words: Sequence[Word]) -> list[Word]:
    kept = list(words[:-MAX_LINE_END_WORDS])
    return kept + [piece for word in words[-MAX_LINE_END_WORDS:] for piece in pieces(word)]


def _at_end(words: list[Word], count: int, form: AmountForm, pending: str | None) -> Ending | None:
    numbers: list[NumberCell] = []
    for _ in range(count):
        if not words:
            return None
        if pending is not None and words[-1].text == pending and not numbers and count > 1:
            numbers.append(NumberCell(None, None, [words.pop()]))
            continue
        cell = _last(words, form)
        if cell is None:
            return None
        del words[len(words) - len(cell.words) :]
        numbers.append(cell)
    numbers.reverse()
    return Ending(numbers, words)


def _last(words: list[Word], form: AmountForm) -> NumberCell | None:
    """Read the longest amount that words end with."""
    for begin in range(max(0, len(words) - MAX_NUMBER_WORDS), len(words)):
        part = words[begin:]
        amount = _read(part, form)
        if amount is not None:
            return NumberCell(amount.value, amount.currency, part)
    return None


def _read(words: Sequence[Word], form: AmountForm) -> Amount | None:
    for left, right in pairwise(words):
        if right.x0 - left.x1 > MAX_SPACE_POINTS:
            return None
    return read_amount(" ".join([word.text for word in words]), form)
