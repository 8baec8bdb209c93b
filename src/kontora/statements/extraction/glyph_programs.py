"""Embedded font programs: which glyph is what, by the program's own tables, and its outline and width.

fontTools opens them; of long tables only what is asked for is read.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from fontTools.cffLib import CFFFontSet
from fontTools.ttLib import TTFont

from kontora.statements.extraction.encodings import NOTHING, character
from kontora.statements.extraction.glyph_shapes import cells_of, cells_of_true_type

MAX_PROGRAM_BYTES = 4 << 20
MAX_GLYPHS = 30_000
COMPOSITE = 0x80
UNICODE, SYMBOLS, PLAIN = "unicode", "symbols", "plain"
"""Kinds of a program's tables from codes to glyphs."""


class GlyphProgram(msgspec.Struct):
    """A font program. Glyphs are numbers; what it cannot tell of one is `None` or missing.

    `cells`: of a glyph's outline, if it draws a digit. `characters`: by glyph, from its Unicode table.
    `names`: by glyph. `symbols`: code to glyph of its table for signs of its own; `plain`: of the Macintosh
    one; `unicode`: of the Unicode one. `codes`: code to glyph name of a CFF program. `cids`: to glyphs, where
    it is keyed by them.
    """

    characters: Mapping[int, set[str]]
    names: Mapping[int, str]
    outline: Callable[[int], bytes | None]
    width: Callable[[int], float | None]
    cells: Callable[[int], int | None]
    symbols: Mapping[int, int] = {}
    plain: Mapping[int, int] = {}
    unicode: Mapping[int, int] = {}
    codes: Mapping[int, str] = {}
    cids: Mapping[int, int] | None = None


def open_program(data: bytes) -> GlyphProgram | None:
    """Open a TrueType, OpenType or bare CFF program; `None` for any other, or a broken one."""
    if len(data) > MAX_PROGRAM_BYTES:
        return None
    try:
        if data[:4] in {b"\0\1\0\0", b"true", b"OTTO"}:
            font = TTFont(io.BytesIO(data), lazy=True)
            return _compact(font.reader["CFF "]) if "CFF " in font else _true_type(font)
        return _compact(data) if data[:1] == b"\1" else None
    except Exception:  # noqa: BLE001 - fontTools throws whatever a broken table leads to
        return None


def _true_type(font: Any) -> GlyphProgram | None:
    glyphs = font["maxp"].numGlyphs
    if glyphs > MAX_GLYPHS:
        return None
    by_kind: dict[str, dict[int, int]] = {UNICODE: {}, SYMBOLS: {}, PLAIN: {}}
    for table in font["cmap"].tables if "cmap" in font else ():
        kind = _table_kind(table.platformID, table.platEncID)
        if kind and not by_kind[kind]:
            by_kind[kind] = {code: font.getGlyphID(name) for code, name in table.cmap.items()}
    characters: dict[int, set[str]] = {}
    for code, glyph in by_kind[UNICODE].items():
        characters.setdefault(glyph, set()).add(chr(code))
    outline = _outlines(font, glyphs)
    has_names = "post" in font and font["post"].formatType in {1.0, 2.0}
    return GlyphProgram(
        characters=characters,
        names=dict(enumerate(font.getGlyphOrder())) if has_names else {},
        outline=outline,
        width=_widths(font),
        cells=lambda glyph: cells_of_true_type(drawn) if (drawn := outline(glyph)) else None,
        symbols=by_kind[SYMBOLS],
        plain=by_kind[PLAIN],
        unicode=by_kind[UNICODE],
    )


def _table_kind(platform: int, encoding: int) -> str | None:
    if platform == 0 or (platform == 3 and encoding in {1, 10}):
        return UNICODE
    return {(3, 0): SYMBOLS, (1, 0): PLAIN}.get((platform, encoding))


def _outlines(font: Any, glyphs: int) -> Callable[[int], bytes | None]:
    places, data = font.reader["loca"], font.reader["glyf"]
    form, factor = (">2I", 1) if font["head"].indexToLocFormat else (">2H", 2)
    size = struct.calcsize(form) // 2

    def outline(glyph: int) -> bytes | None:
        if not 0 <= glyph < glyphs or (glyph + 2) * size > len(places):
            return None
        start, end = struct.unpack_from(form, places, glyph * size)
        written = data[start * factor : end * factor]
        # A glyph put together from others says only their numbers, which every subset counts anew.
        is_composite = bool(written) and written[0] >= COMPOSITE
        return None if not written or is_composite else written

    return outline


def _widths(font: Any) -> Callable[[int], float | None]:
    measured, count = font.reader["hmtx"], font["hhea"].numberOfHMetrics
    scale = 1000 / font["head"].unitsPerEm

    def width(glyph: int) -> float | None:
        place = 4 * min(glyph, count - 1)
        if not 0 <= place <= len(measured) - 2:
            return None
        (units,) = struct.unpack_from(">H", measured, place)
        return float(units * scale)

    return width


def _compact(data: bytes) -> GlyphProgram | None:
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    top = fonts[0]
    order, strings = top.charset, top.CharStrings
    if len(order) > MAX_GLYPHS:
        return None
    by_cid = hasattr(top, "ROS")
    index = strings.charStringsIndex

    def outline(glyph: int) -> bytes | None:
        if not 0 <= glyph < len(order):
            return None
        return index[glyph].bytecode or None

    return GlyphProgram(
        characters={},
        names={} if by_cid else dict(enumerate(order)),
        outline=outline,
        width=lambda glyph: None,
        cells=lambda glyph: cells_of(strings[order[glyph]].draw) if 0 <= glyph < len(order) else None,
        codes={} if by_cid else _codes(top),
        cids={int(name[3:]): glyph for glyph, name in enumerate(order) if name[:3] == "cid"}
        if by_cid
        else None,
    )


def _codes(top: Any) -> dict[int, str]:
    encoding = getattr(top, "Encoding", None)
    if not isinstance(encoding, list):
        return {}
    return {code: name for code, name in enumerate(encoding) if name != NOTHING}


def told(program: GlyphProgram, glyph: int) -> set[str]:
    """Return what a glyph shows by the program's own word; empty where it does not tell."""
    found = program.characters.get(glyph)
    if found:
        return found
    name = program.names.get(glyph)
    text = character(name) if name else ""
    return {text} if text else set()
