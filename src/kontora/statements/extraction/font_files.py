"""What the fonts of a file are, and whether their codes say what their glyphs show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from kontora.statements.document import FontFile
from kontora.statements.extraction.content import FontKey
from kontora.statements.extraction.encodings import character
from kontora.statements.extraction.fonts import Font
from kontora.statements.extraction.glyph_programs import told
from kontora.statements.extraction.glyph_shapes import misshapen
from kontora.statements.extraction.glyph_words import (
    DIGITS,
    Pair,
    broken_runs,
    contradictions,
    differences,
    joined,
    twins,
)
from kontora.statements.extraction.naming import name_of
from kontora.statements.extraction.shown_glyphs import shown_glyphs
from kontora.statements.extraction.widths import stated_widths

WIDTH_TOLERANCE = 10
"""Thousandths of the font's size; writers round."""

_SUBSET = re.compile(r"[A-Z]{6}\+")


def font_files(fonts: Mapping[FontKey, Font]) -> tuple[FontFile, ...]:
    """Describe the fonts, in the order of the pages that name them."""
    known: dict[str, dict[bytes, str]] = {}
    files: dict[FontKey, FontFile] = {}
    # A font is compared with those of its name that show more: what is added to a file is mostly little.
    for font in sorted(fonts.values(), key=lambda font: -len(font.codes)):
        name = name_of(font.font.get("/BaseFont"))
        files[font.key] = _font_file(font, name, known.setdefault(_SUBSET.sub("", name, count=1), {}))
    return tuple(files[key] for key in fonts)


def _font_file(font: Font, name: str, known: dict[bytes, str]) -> FontFile:
    """Describe a font. `known`: what the outlines of other files of this font say; its own are added."""
    said, glyphs = font.said, shown_glyphs(font)
    outlines = _outlines(font, glyphs)
    wrong = joined([*_contradictions(font, said, glyphs), differences(said, outlines, known)])
    if not wrong:
        known.update((outline, said[code]) for code, outline in outlines.items() if code in said)
    return FontFile(
        name=name,
        subtype=name_of((font.font if font.descendant is None else font.descendant).get("/Subtype")),
        resource=font.resource,
        pages=tuple(font.pages),
        is_embedded=font.sha256 is not None,
        file_sha256=font.sha256,
        has_to_unicode="/ToUnicode" in font.font,
        encoding=name_of(font.font.get("/Encoding")) or None,
        mislabelled=wrong,
        twins=twins(said, outlines),
        wrong_widths=_wrong_widths(font, glyphs),
    )


def _outlines(font: Font, glyphs: Mapping[int, int]) -> dict[int, bytes]:
    if font.program is None:
        return {}
    found = {code: font.program.outline(glyph) for code, glyph in glyphs.items()}
    return {code: outline for code, outline in found.items() if outline}


def _contradictions(
    font: Font, said: Mapping[int, str], glyphs: Mapping[int, int]
) -> Iterator[tuple[Pair, ...]]:
    """Compare what is said with every witness: the encoding, the program, the order of codes, the shapes."""
    program = font.program
    if font.table is not None:
        named = {code: {text} for code, name in font.names.items() if (text := character(name))}
        yield contradictions(said, named)
        yield broken_runs(said)
    if program is not None:
        yield contradictions(said, {code: told(program, glyph) for code, glyph in glyphs.items()})
        digits = {code: glyph for code, glyph in glyphs.items() if said.get(code, "-") in DIGITS}
        cells = {code: program.cells(glyph) for code, glyph in digits.items()}
        yield misshapen(said, {code: filled for code, filled in cells.items() if filled is not None})


def _wrong_widths(font: Font, glyphs: Mapping[int, int]) -> int:
    program = font.program
    if program is None or not font.codes:
        return 0
    stated = stated_widths(font.font, font.descendant, font.codes)
    count = 0
    for code, glyph in glyphs.items():
        real, said = program.width(glyph), stated.get(code)
        if real is not None and said is not None and abs(real - said) > WIDTH_TOLERANCE:
            count += 1
    return count
