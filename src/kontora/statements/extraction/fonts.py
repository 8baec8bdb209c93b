"""The fonts of a file: which codes of them pages show, and what these stand for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec
import pikepdf

from kontora.statements.extraction.content import FontKey, ShownText
from kontora.statements.extraction.encodings import built_in_names, character, glyph_names
from kontora.statements.extraction.glyph_programs import GlyphProgram, open_program
from kontora.statements.extraction.naming import name_of
from kontora.statements.extraction.to_unicode import ToUnicode, parse_to_unicode

PROGRAMS = ("/FontFile2", "/FontFile3", "/FontFile")


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
