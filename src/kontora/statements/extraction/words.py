"""Words of a page with their places: one call for the text, then the first and last character of each word.

The results of a thousand calls land in one array and are read at once; that, and calling through `map`, is
what makes it fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ctypes import c_double, c_ushort
from itertools import pairwise, repeat
from operator import le
from typing import cast

import msgspec

from kontora.errors import PdfNotReadable
from kontora.statements.document import Colour, Style, Word
from kontora.statements.extraction import pdfium
from kontora.statements.extraction.glue import unglued
from kontora.statements.extraction.painting import PaintingOrder
from kontora.statements.extraction.pdfium import Passed, passed
from kontora.statements.extraction.styling import FontNames, page_styles

HYPHEN = "\ufffe"
"""What pdfium makes of a hyphen at the end of a line; the next line follows it without a space."""
UNKNOWN = "\ufffd"
BATCH = 1024

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_HYPHENATED = re.compile(f"[^\\s{HYPHEN}]+{HYPHEN}?|{HYPHEN}")
_RESULTS, _PLACES = pdfium.places(c_double, 8 * BATCH)
_COLUMNS = [_PLACES[start : start + BATCH] for start in range(0, 8 * BATCH, BATCH)]
_VIEW = memoryview(_RESULTS).cast("B").cast("d")


class PageWords(msgspec.Struct):
    """The words of a page, their styles, how many characters there are, and the objects nobody sees."""

    words: tuple[Word, ...]
    styles: tuple[Style, ...]
    characters: int
    hidden: dict[int, tuple[Colour, int]]


def page_words(text: int, order: PaintingOrder, fonts: FontNames) -> PageWords:
    """Read the words of a page, in the order of the file."""
    count = pdfium.character_count(text)
    if count <= 0:
        return PageWords((), (), 0, {})
    handle = passed(text)
    content = _text(text, handle, count)
    texts, firsts, lasts = _tokens(content)
    objects = list(map(pdfium.character_object, repeat(handle), firsts))
    begins = unglued(handle, firsts, lasts, objects)
    if begins:
        texts, firsts, lasts = _split(texts, firsts, lasts, begins)
        objects = list(map(pdfium.character_object, repeat(handle), firsts))
    places = dict(zip(order.handles, range(len(order.handles)), strict=True))
    one_each = dict(zip(reversed(objects), reversed(firsts), strict=True))  # the first of each wins
    styles = page_styles(handle, one_each, order, places, fonts)
    numbers = list(map(styles.by_object.__getitem__, objects))
    orders = list(map(places.get, objects, repeat(-1)))
    baselines = list(map(styles.baselines.get, objects))
    words = _words(handle, texts, firsts, lasts, baselines, numbers, orders)
    return PageWords(words, tuple(styles.styles), count, styles.hidden)


def _tokens(content: str) -> tuple[list[str], list[int], list[int]]:
    """Split text at spaces of every kind; return the words, and where each begins and ends (its last)."""
    if HYPHEN in content:
        spans = [match.span() for match in _HYPHENATED.finditer(content)]
        texts = [content[first:end].replace(HYPHEN, "-") for first, end in spans]
        return texts, [first for first, _ in spans], [end - 1 for _, end in spans]
    texts, firsts, lasts, end = content.split(), [], [], 0
    find = content.find
    for word, length in zip(texts, map(len, texts), strict=True):
        first = find(word, end)
        end = first + length
        firsts.append(first)
        lasts.append(end - 1)
    return texts, firsts, lasts


def _split(
    texts: list[str], firsts: list[int], lasts: list[int], begins: dict[int, list[int]]
) -> tuple[list[str], list[int], list[int]]:
    """Cut words where parts of them begin."""
    cut: tuple[list[str], list[int], list[int]] = ([], [], [])
    for place, (text, first, last) in enumerate(zip(texts, firsts, lasts, strict=True)):
        starts = [first, *begins.get(place, ())]
        for start, end in pairwise([*starts, last + 1]):
            cut[0].append(text[start - first : end - first])
            cut[1].append(start)
            cut[2].append(end - 1)
    return cut


def _words(
    text: Passed,
    texts: list[str],
    firsts: list[int],
    lasts: list[int],
    baselines: list[float | None],
    styles: list[int],
    orders: list[int],
) -> tuple[Word, ...]:
    words: list[Word] = []
    for start in range(0, len(texts), BATCH):
        part = slice(start, start + BATCH)
        edges = _edges(text, firsts[part], lasts[part])
        levels = _levels(text, firsts[part], baselines[part])
        words += map(Word, texts[part], *edges, levels, styles[part], orders[part])
    return tuple(words)


def _edges(text: Passed, firsts: list[int], lasts: list[int]) -> tuple[Iterable[float], ...]:
    """Return the left, lower, right and upper edges of words."""
    column = _COLUMNS
    box = pdfium.character_box
    if not (
        all(map(box, repeat(text), firsts, column[0], column[1], column[2], column[3]))
        and all(map(box, repeat(text), lasts, column[4], column[5], column[6], column[7]))
    ):
        raise PdfNotReadable
    count = len(firsts)
    left, right, low, high, left2, right2, low2, high2 = [
        _VIEW[index * BATCH : index * BATCH + count].tolist() for index in range(8)
    ]
    lower, upper = map(min, low, low2), map(max, high, high2)
    if all(map(le, left, left2)):  # so it is but for turned pages and writing from the right
        return left, lower, right2, upper
    return map(min, left, left2), lower, map(max, right, right2), upper


def _levels(text: Passed, firsts: list[int], baselines: list[float | None]) -> Iterable[float]:
    """Return the baselines of words, asking for those that no object tells."""
    if None not in baselines:
        return cast("list[float]", baselines)
    if not all(map(pdfium.character_origin, repeat(text), firsts, _COLUMNS[0], _COLUMNS[1])):
        raise PdfNotReadable
    return _VIEW[BATCH : BATCH + len(firsts)].tolist()


def _text(text: int, handle: Passed, count: int) -> str:
    """Return one character for each of pdfium's, so that places in it are pdfium's numbers."""
    buffer = (c_ushort * (count + 1))()
    written = pdfium.page_text(text, 0, count, buffer)
    if written == count + 1:
        try:
            content = bytes(buffer)[:-2].decode("utf-16-le")
        except UnicodeDecodeError:
            content = ""
        is_plain = content.replace("\r\n", "").isprintable() or not _CONTROL.search(content)
        if len(content) == count and is_plain:
            return content
    # Some characters are left out of the text, those beyond 16 bits are two: take them one by one.
    return "".join(map(_character, map(pdfium.character_code, repeat(handle), range(count))))


def _character(code: int) -> str:
    if code == 2:
        return HYPHEN
    if code < 32:
        return chr(code) if code in {9, 10, 13} else UNKNOWN
    if 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return UNKNOWN
    return chr(code)
