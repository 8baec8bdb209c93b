"""Words that stand side by side without a space: columns that a file writes without one between them."""

from __future__ import annotations

from ctypes import byref, c_double, c_float
from itertools import compress, pairwise, repeat
from operator import ne

from kontora.statements.extraction import pdfium
from kontora.statements.extraction.pdfium import Passed, passed

GAP = 0.08
"""A gap of this part of the font's size parts words that two objects write; letters are closer than that."""
STEP = 0.3
"""So much higher or lower, in the font's size, is another line."""
BACK = -0.5
"""So far back is another place; kerned letters overlap less."""

_RECTANGLE = pdfium.Rectangle()
_X, _Y = c_double(), c_double()
_MATRIX = pdfium.Matrix()
_SIZE = c_float()


def unglued(text: Passed, firsts: list[int], lasts: list[int], objects: list[int]) -> dict[int, list[int]]:
    """Find words whose characters are of several objects with a gap between them.

    `firsts`, `lasts`: the first and last character of each word; `objects`: of the first. The answer is where
    parts begin after the first part, by the word's place; empty where no word is to be split.
    """
    # A word that the same object goes on writing after it is of that object alone.
    left = list(compress(range(len(objects)), map(ne, objects, [*objects[1:], 0])))
    ends = map(pdfium.character_object, repeat(text), [lasts[place] for place in left])
    found = {}
    for place, end in zip(left, ends, strict=True):
        if end != objects[place]:
            begins = _begins(text, firsts[place], lasts[place] + 1)
            if begins:
                found[place] = begins
    return found


def _begins(text: Passed, start: int, end: int) -> list[int]:
    handles = list(map(pdfium.character_object, repeat(text), range(start, end)))
    return [
        start + index
        for index, (before, after) in enumerate(pairwise(handles), 1)
        if before != after and before and after and _are_apart(text, start + index, after)
    ]


def _are_apart(text: Passed, index: int, handle: int) -> bool:
    """Tell whether a character stands apart from the one before it."""
    pdfium.text_size(passed(handle), byref(_SIZE))
    pdfium.character_matrix(text, index, byref(_MATRIX))
    size = abs(_SIZE.value * _MATRIX.d)
    if not size or _MATRIX.b or _MATRIX.c:
        return False
    pdfium.character_origin(text, index - 1, byref(_X), byref(_Y))
    line = _Y.value
    pdfium.character_origin(text, index, byref(_X), byref(_Y))
    if abs(_Y.value - line) > STEP * size:
        return True
    pdfium.character_loose_box(text, index - 1, byref(_RECTANGLE))
    gap: float = _X.value - _RECTANGLE.right
    is_apart: bool = gap > GAP * size or gap < BACK * size
    return is_apart
