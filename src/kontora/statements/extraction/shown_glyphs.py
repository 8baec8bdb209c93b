"""Which glyph of an embedded program each code of a font shows."""

from __future__ import annotations

import pikepdf

from kontora.statements.extraction.encodings import character
from kontora.statements.extraction.fonts import Font
from kontora.statements.extraction.glyph_programs import GlyphProgram


def shown_glyphs(font: Font) -> dict[int, int]:
    """Return the glyph of each shown code, as far as it can be told."""
    program = font.program
    if program is None:
        return {}
    if font.descendant is not None:
        to_glyph = font.descendant.get("/CIDToGIDMap")
        if isinstance(to_glyph, pikepdf.Stream):
            table = to_glyph.read_bytes()
            return {
                code: table[2 * code] << 8 | table[2 * code + 1]
                for code in font.codes
                if 2 * code + 1 < len(table)
            }
        if program.cids is not None:
            return {code: program.cids[code] for code in font.codes if code in program.cids}
        return {code: code for code in font.codes}
    return {code: glyph for code in font.codes if (glyph := _simple_glyph(font, program, code)) is not None}


def _simple_glyph(font: Font, program: GlyphProgram, code: int) -> int | None:
    name = font.names.get(code)
    if name and program.names and not program.unicode:
        for glyph, own in program.names.items():
            if own == name:
                return glyph
    if name and program.unicode and (text := character(name)):
        return program.unicode.get(ord(text[0]))
    for table, key in ((program.symbols, code), (program.symbols, 0xF000 + code), (program.plain, code)):
        if key in table:
            return table[key]
    return None
