"""The fonts of a file: what they are, what their codes say, and whether that is what their glyphs show."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

import msgspec
import pikepdf

from kontora.statements.document import FontFile
from kontora.statements.extraction.content import FontKey, ShownText
from kontora.statements.extraction.encodings import built_in_names, character, glyph_names
from kontora.statements.extraction.glyph_programs import GlyphProgram, open_program, told
from kontora.statements.extraction.glyph_words import (
    Pair,
    broken_runs,
    contradictions,
    differences,
    joined,
    twins,
)
from kontora.statements.extraction.naming import name_of
from kontora.statements.extraction.to_unicode import ToUnicode, parse_to_unicode
from kontora.statements.extraction.widths import stated_widths

PROGRAMS = ("/FontFile2", "/FontFile3", "/FontFile")
WIDTH_TOLERANCE = 10
"""Thousandths of the font's size; writers round."""

_SUBSET = re.compile(r"[A-Z]{6}\+")


class Font(msgspec.Struct):
    """A font while it is read. `codes`: those that pages show.

    `names`: of the glyphs of a simple font's codes. `code_bytes`: how long a code is, 0 where it is unknown.
    """

    key: FontKey
    resource: str
    font: pikepdf.Object
    pages: list[int]
    code_bytes: int
    table: ToUnicode | None
    names: dict[int, str]
    descendant: pikepdf.Object | None
    sha256: str | None
    program: GlyphProgram | None
    codes: set[int] = msgspec.field(default_factory=set)

    @property
    def said(self) -> dict[int, str]:
        """What the shown codes stand for; those that the file says nothing of are missing."""
        return {code: text for code in self.codes if (text := self.text_of(code))}

    def text_of(self, code: int) -> str | None:
        """Return what a code stands for, or `None`."""
        if self.table is not None and code in self.table.characters:
            return self.table.characters[code]
        return character(self.names.get(code, "")) or None


def fonts_of(pages: Iterable[ShownText]) -> dict[FontKey, Font]:
    """Gather the fonts of all pages and the codes that they show."""
    fonts: dict[FontKey, Font] = {}
    for number, shown in enumerate(pages, 1):
        for key, (resource, font) in shown.fonts.items():
            if key not in fonts:
                fonts[key] = _font(key, resource, font)
            fonts[key].pages.append(number)
        for key, text in shown.codes.items():
            fonts[key].codes.update(codes_in(text, fonts[key].code_bytes) or ())
    return fonts


def codes_in(text: bytes, code_bytes: int) -> Iterable[int] | None:
    """Return the codes in text, repeats included; `None` where they cannot be told apart."""
    if code_bytes == 1:
        return text
    if code_bytes != 2 or len(text) % 2:
        return None
    return [high << 8 | low for high, low in zip(text[::2], text[1::2], strict=True)]


def font_files(fonts: Mapping[FontKey, Font]) -> tuple[FontFile, ...]:
    """Describe the fonts, in the order of the pages that name them."""
    known: dict[str, dict[bytes, str]] = {}
    files = []
    for font in sorted(fonts.values(), key=lambda font: -len(font.codes)):
        name = name_of(font.font.get("/BaseFont"))
        outlines = _outlines(font)
        said = font.said
        plain_name = _SUBSET.sub("", name, count=1)
        others = known.setdefault(plain_name, {})
        wrong = joined([*_contradictions(font, said), differences(said, outlines, others)])
        if not wrong:
            others.update((outline, said[code]) for code, outline in outlines.items() if code in said)
        files.append((font, _font_file(font, name, wrong, twins(said, outlines))))
    order = {key: place for place, key in enumerate(fonts)}
    return tuple(file for font, file in sorted(files, key=lambda found: order[found[0].key]))


def _font(key: FontKey, resource: str, font: pikepdf.Object) -> Font:
    descendant = _descendant(font)
    descriptor = (font if descendant is None else descendant).get("/FontDescriptor")
    stream = font.get("/ToUnicode")
    table = parse_to_unicode(stream.read_bytes()) if isinstance(stream, pikepdf.Stream) else None
    data = _program_bytes(descriptor)
    program = open_program(data) if data is not None else None
    names: dict[int, str] = {}
    if descendant is None:
        built_in = dict(program.codes) if program is not None else built_in_names(data or b"")
        names = glyph_names(font, is_embedded=data is not None, built_in=built_in)
    return Font(
        key=key,
        resource=resource,
        font=font,
        pages=[],
        code_bytes=_code_bytes(font, descendant),
        table=table,
        names=names,
        descendant=descendant,
        sha256=None if data is None else hashlib.sha256(data).hexdigest(),
        program=program,
    )


def _descendant(font: pikepdf.Object) -> pikepdf.Object | None:
    descendants = font.get("/DescendantFonts")
    if font.get("/Subtype") != "/Type0" or not isinstance(descendants, pikepdf.Array) or not len(descendants):
        return None
    found = descendants[0]
    return found if isinstance(found, pikepdf.Dictionary) else None


def _code_bytes(font: pikepdf.Object, descendant: pikepdf.Object | None) -> int:
    if descendant is None:
        return 0 if font.get("/Subtype") == "/Type0" else 1
    return 2 if name_of(font.get("/Encoding")) in {"Identity-H", "Identity-V"} else 0


def _program_bytes(descriptor: pikepdf.Object | None) -> bytes | None:
    if not isinstance(descriptor, pikepdf.Dictionary):
        return None
    for key in PROGRAMS:
        stream = descriptor.get(key)
        if isinstance(stream, pikepdf.Stream):
            return stream.read_bytes()
    return None


def _glyphs(font: Font) -> dict[int, int]:
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


def _outlines(font: Font) -> dict[int, bytes]:
    if font.program is None:
        return {}
    found = {code: font.program.outline(glyph) for code, glyph in _glyphs(font).items()}
    return {code: outline for code, outline in found.items() if outline}


def _contradictions(font: Font, said: Mapping[int, str]) -> Iterable[tuple[Pair, ...]]:
    """Compare what is said with every witness: the encoding, the program, the order of codes."""
    if font.table is None:
        return
    named = {code: {text} for code, name in font.names.items() if (text := character(name))}
    yield contradictions(said, named)
    program = font.program
    if program is not None:
        yield contradictions(said, {code: told(program, glyph) for code, glyph in _glyphs(font).items()})
    yield broken_runs(said)


def _font_file(font: Font, name: str, wrong: tuple[Pair, ...], same: tuple[Pair, ...]) -> FontFile:
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
        twins=same,
        wrong_widths=_wrong_widths(font),
    )


def _wrong_widths(font: Font) -> int:
    program = font.program
    if program is None or not font.codes:
        return 0
    stated = stated_widths(font.font, font.descendant, font.codes)
    count = 0
    for code, glyph in _glyphs(font).items():
        real, said = program.width(glyph), stated.get(code)
        if real is not None and said is not None and abs(real - said) > WIDTH_TOLERANCE:
            count += 1
    return count
