"""How words are written: the style of each text object of a page, asked for once an object."""

from __future__ import annotations

import ctypes
import re
from ctypes import c_float, c_uint, c_void_p
from itertools import repeat
from typing import Any

import msgspec

from kontora.statements.document import Colour, Style
from kontora.statements.extraction import pdfium
from kontora.statements.extraction.painting import OPAQUE, PaintingOrder

INVISIBLE_MODES = {3, 7}
BATCH = 512

_SUBSET = re.compile(r"[A-Z]{6}\+")

_FLOATS, _FLOAT_PLACES = pdfium.places(c_float, 7 * BATCH)
_SIZES, _MATRICES = _FLOAT_PLACES[:BATCH], _FLOAT_PLACES[BATCH::6]
_FLOAT_VIEW: Any = memoryview(_FLOATS).cast("B").cast("f")
_NUMBERS, _NUMBER_PLACES = pdfium.places(c_uint, 4 * BATCH)
_COLOURS = [_NUMBER_PLACES[start : start + BATCH] for start in range(0, 4 * BATCH, BATCH)]
_NUMBER_VIEW = memoryview(_NUMBERS).cast("B").cast("I")

_Raw = tuple[int | None, float, float, float, int, int, int, int, int, int]
"""Font, size, the matrix's c and d, red, green, blue, alpha, render mode, alpha of the form."""


class FontNames:
    """The names of a file's fonts without the prefix of a subset, asked for once each."""

    def __init__(self) -> None:
        self._by_handle: dict[int | None, str] = {None: ""}

    def of(self, font: int | None) -> str:
        """Return the name of a font; empty, if there is none."""
        name = self._by_handle.get(font)
        if name is None and font is not None:
            name = self._by_handle[font] = _SUBSET.sub("", _font_name(font), count=1)
        return name or ""


class PageStyles(msgspec.Struct):
    """The styles of a page, which of them an object has, and the objects that nobody sees.

    `baselines`: of objects that are written level, so that all their characters have one.
    """

    styles: list[Style]
    by_object: dict[int | None, int]
    baselines: dict[int | None, float]
    hidden: dict[int, tuple[Colour, int]]


def page_styles(
    text: c_void_p,
    firsts: dict[int | None, int],
    order: PaintingOrder,
    places: dict[int, int],
    fonts: FontNames,
) -> PageStyles:
    """Read the styles of objects, given with one of their characters each."""
    found = PageStyles([], {}, {}, {})
    numbers: dict[_Raw, int] = {}
    if None in firsts:
        found.by_object[None] = _number((None, 0, 0, 0, 0, 0, 0, OPAQUE, 0, OPAQUE), numbers, found, fonts)
    handles = [handle for handle in reversed(firsts) if handle is not None]
    for start in range(0, len(handles), BATCH):
        part = handles[start : start + BATCH]
        raws = _raws(text, part, [firsts[handle] for handle in part], order, places)
        slopes, heights = _column(1, len(part)), _column(5, len(part))
        for handle, raw, slope, height in zip(part, raws, slopes, heights, strict=True):
            if not slope:
                found.baselines[handle] = height
            number = numbers.get(raw)
            if number is None:
                number = _number(raw, numbers, found, fonts)
            found.by_object[handle] = number
    invisible = {number for number, style in enumerate(found.styles) if _is_invisible(style)}
    if invisible:
        for handle in handles:
            number = found.by_object[handle]
            if number in invisible:
                found.hidden[handle] = (found.styles[number].fill, found.styles[number].render_mode)
    return found


def _raws(
    text: c_void_p, handles: list[int], firsts: list[int], order: PaintingOrder, places: dict[int, int]
) -> zip[_Raw]:
    count = len(handles)
    objects = list(map(c_void_p, handles))
    all(map(pdfium.text_size, objects, _SIZES))
    all(map(pdfium.character_matrix, repeat(text), firsts, _MATRICES))
    coloured = list(map(pdfium.fill_colour_bare, objects, *_COLOURS))
    colours: list[list[int]] = [
        _NUMBER_VIEW[index * BATCH : index * BATCH + count].tolist() for index in range(4)
    ]
    if not all(coloured):
        for index, is_coloured in enumerate(coloured):
            if not is_coloured:  # the colour was never set: black
                for column, part in zip(colours, (0, 0, 0, OPAQUE), strict=True):
                    column[index] = part
    faded = [order.alphas.get(places.get(handle, -1), OPAQUE) for handle in handles] if order.alphas else None
    return zip(
        map(pdfium.text_font, objects),
        _FLOAT_VIEW[:count].tolist(),
        _column(2, count),
        _column(3, count),
        *colours,
        map(pdfium.text_render_mode, objects),
        faded or repeat(OPAQUE, count),
        strict=True,
    )


def _column(part: int, count: int) -> list[float]:
    """Return one of the six numbers of each matrix."""
    column: list[float] = _FLOAT_VIEW[BATCH + part : BATCH + 6 * count : 6].tolist()
    return column


def _number(raw: _Raw, numbers: dict[_Raw, int], found: PageStyles, fonts: FontNames) -> int:
    """Number the style of an object; styles that look the same have one number."""
    font, size, c, d, red, green, blue, alpha, mode, faded = raw
    style = Style(
        fonts.of(font),
        round(size * (c * c + d * d) ** 0.5, 2),
        (red, green, blue, alpha * faded // OPAQUE),
        mode,
    )
    if style in found.styles:
        number = found.styles.index(style)
    else:
        number = len(found.styles)
        found.styles.append(style)
    numbers[raw] = number
    return number


def _is_invisible(style: Style) -> bool:
    return style.render_mode in INVISIBLE_MODES or not style.fill[3]


def _font_name(font: int) -> str:
    size = pdfium.font_name(font, None, 0)
    buffer = ctypes.create_string_buffer(max(1, size))
    pdfium.font_name(font, buffer, size)
    return buffer.value.decode(errors="replace")
