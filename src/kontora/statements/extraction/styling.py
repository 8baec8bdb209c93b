"""How words are written: the style of each text object of a page, asked for once an object."""

from __future__ import annotations

import ctypes
import re
import struct
from ctypes import byref
from itertools import repeat
from typing import Any

import msgspec

from kontora.statements.document import Colour, Style
from kontora.statements.extraction import pdfium
from kontora.statements.extraction.painting import OPAQUE, PaintingOrder
from kontora.statements.extraction.pdfium import Passed, passed

INVISIBLE_MODES = {3, 7}
BATCH = 512
ROW = 48
"""Bytes of what is asked for one object: size and padding, the six numbers of the matrix, four of colour."""

_SUBSET = re.compile(r"[A-Z]{6}\+")

_ROWS = ctypes.create_string_buffer(ROW * BATCH)
_SIZES, _MATRICES, *_COLOURS = (
    [byref(_ROWS, offset + ROW * row) for row in range(BATCH)] for offset in (0, 8, 32, 36, 40, 44)
)
_WORDS: Any = memoryview(_ROWS).cast("B").cast("Q")
_NUMBERS: Any = memoryview(_ROWS).cast("B").cast("f")
_BLACK = struct.pack("4I", 0, 0, 0, OPAQUE)

_Raw = tuple[int | None, int, int, int, int, int, int]
"""What tells a style: font, size, the matrix's c and d, two of colour, render mode, alpha of the form.

Numbers are taken as the bits they are: only those of a new style are read."""


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
    text: Passed,
    firsts: dict[int | None, int],
    order: PaintingOrder,
    places: dict[int, int],
    fonts: FontNames,
) -> PageStyles:
    """Read the styles of objects, given with one of their characters each, the last object first."""
    found = PageStyles([], {}, {}, {})
    numbers: dict[_Raw, int] = {}
    if None in firsts:
        found.by_object[None] = _number(Style("", 0.0, (0, 0, 0, OPAQUE)), found)
    handles = [handle for handle in reversed(firsts) if handle is not None]
    for start in range(0, len(handles), BATCH):
        part = handles[start : start + BATCH]
        faded = (
            [order.alphas.get(places.get(handle, -1), OPAQUE) for handle in part] if order.alphas else None
        )
        raws = _raws(text, part, [firsts[handle] for handle in part], faded)
        for handle, raw in zip(part, raws, strict=True):
            number = numbers.get(raw)
            if number is None:
                number = numbers[raw] = _number(_style(raw, fonts), found)
            found.by_object[handle] = number
        found.baselines.update(_baselines(part))
    invisible = {number for number, style in enumerate(found.styles) if _is_invisible(style)}
    if invisible:
        for handle in handles:
            number = found.by_object[handle]
            if number in invisible:
                found.hidden[handle] = (found.styles[number].fill, found.styles[number].render_mode)
    return found


def _raws(text: Passed, handles: list[int], firsts: list[int], faded: list[int] | None) -> zip[_Raw]:
    """Ask for all that tells the style of objects; their matrices are left in the rows."""
    count = len(handles)
    objects = list(map(passed, handles))
    all(map(pdfium.text_size, objects, _SIZES))
    all(map(pdfium.character_matrix, repeat(text), firsts, _MATRICES))
    coloured = list(map(pdfium.fill_colour_bare, objects, *_COLOURS))
    if not all(coloured):
        for row, is_coloured in enumerate(coloured):
            if not is_coloured:  # the colour was never set
                ctypes.memmove(_COLOURS[0][row], _BLACK, len(_BLACK))
    size, slant, colour, colour2 = (_WORDS[column : 6 * count : 6].tolist() for column in (0, 2, 4, 5))
    fonts, modes = map(pdfium.text_font, objects), map(pdfium.text_render_mode, objects)
    return zip(fonts, size, slant, colour, colour2, modes, faded or repeat(OPAQUE, count), strict=True)


def _baselines(handles: list[int]) -> zip[tuple[int, float]] | list[tuple[int, float]]:
    """Return the baselines of the objects in the rows that are written level."""
    count = 12 * len(handles)
    slopes, heights = _NUMBERS[3:count:12].tolist(), _NUMBERS[7:count:12].tolist()
    if not any(slopes):
        return zip(handles, heights, strict=True)
    return [
        (handle, height) for handle, slope, height in zip(handles, slopes, heights, strict=True) if not slope
    ]


def _style(raw: _Raw, fonts: FontNames) -> Style:
    font, size, slant, colour, colour2, mode, faded = raw
    points, _, c, d, red, green, blue, alpha = struct.unpack(
        "4f4I", struct.pack("4Q", size, slant, colour, colour2)
    )
    on_page = round(points * (c * c + d * d) ** 0.5, 2)
    return Style(fonts.of(font), on_page, (red, green, blue, min(alpha, faded)), mode)


def _number(style: Style, found: PageStyles) -> int:
    """Number a style; those that look the same have one number."""
    if style not in found.styles:
        found.styles.append(style)
    return found.styles.index(style)


def _is_invisible(style: Style) -> bool:
    return style.render_mode in INVISIBLE_MODES or not style.fill[3]


def _font_name(font: int) -> str:
    size = pdfium.font_name(font, None, 0)
    buffer = ctypes.create_string_buffer(max(1, size))
    pdfium.font_name(font, buffer, size)
    return buffer.value.decode(errors="replace")
