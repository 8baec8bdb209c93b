"""What content streams show as text, read apart from pdfium: which codes of which font, by which operators.

qpdf unpacks the streams; this reads them. As a second opinion it has to say when it cannot follow.
"""

from __future__ import annotations

import re

import msgspec
import pikepdf

from kontora.statements.extraction.naming import plain

FontKey = tuple[int, int] | bytes
"""A font: its number and generation, or all of it where it has none."""

MAX_DEPTH = 12
MAX_FORMS = 2000

# Every alternative begins with a plain character: only then does `re` skip quickly to the next one.
_TOKEN = re.compile(
    rb"""
    \(([^()\\]*+(?:(?:\\.|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+\))[^()\\]*+)*+)\)  # a string, three deep
  | <<
  | <([0-9A-Fa-f\s]*+)>                                        # a string in hexadecimal
  | /([^\s()<>\[\]{}/%]*+)(?:\s++[-+.\d]++\s++(Tf)\b|\s++(Do)\b)?  # a name, perhaps of a font or a form
  | T([jJ])(?<=[\s\])>}]T[jJ])(?![^\s\[(<{/%])
  | '()(?<=[\s\])>}]')(?![^\s\[(<{/%])
  | "()(?<=[\s\])>}]")(?![^\s\[(<{/%])
  | q()(?<=[\s\])>}]q)(?![^\s\[(<{/%])
  | Q()(?<=[\s\])>}]Q)(?![^\s\[(<{/%])
  | B(I)(?<=[\s\])>}]BI)(?![^\s\[(<{/%])
  | B(DC)(?<=[\s\])>}]BDC)(?![^\s\[(<{/%])
  | D(P)(?<=[\s\])>}]DP)(?![^\s\[(<{/%])
  | %[^\r\n]*+
  | \(()                                                        # a string that is deeper, or has no end
    """,
    re.VERBOSE | re.DOTALL,
)
_STRING, _HEXADECIMAL, _NAME, _FONT, _FORM, _SHOW, _NEXT_LINE = range(1, 8)
_SPACED, _KEEP, _RESTORE, _PICTURE, _MARK, _POINT, _BROKEN = range(8, 15)
"""The groups of an alternative, of which the last that matched tells what was found."""
_ESCAPE = re.compile(rb"\\(?:[0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPED = (
    {b"\\" + bytes((code,)): bytes((code,)) for code in range(256)}
    | {f"\\{code:0{digits}o}".encode(): bytes((code & 255,)) for code in range(512) for digits in (1, 2, 3)}
    | {b"\\n": b"\n", b"\\r": b"\r", b"\\t": b"\t", b"\\b": b"\b", b"\\f": b"\f"}
    | {b"\\\r\n": b"", b"\\\r": b"", b"\\\n": b""}
)
_NOTHING = b"\\\n"
"""An end of line that is escaped is nothing: so strings can be joined before they are read."""
_OPERATORS = {_SHOW: "", _NEXT_LINE: "'", _SPACED: '"'}
_HASH = re.compile(rb"#([0-9A-Fa-f]{2})")


class ShownText(msgspec.Struct):
    """The text of a page as codes.

    `codes`: by font, of all its strings. `repeated`: of those that follow themselves, as in bold made by
    painting twice. `operators`: that show text. `fonts`: every font that the page or its forms name, used or
    not, with the names. `is_whole`: whether all of it was followed.
    """

    codes: dict[FontKey, bytes]
    repeated: dict[FontKey, bytes]
    operators: set[str]
    fonts: dict[FontKey, tuple[str, pikepdf.Object]]
    is_whole: bool


def shown_text(page: pikepdf.Object, resources: pikepdf.Object | None) -> ShownText:
    """Read the content streams of a page and of the forms that it paints."""
    reader = _Reader()
    reader.read(_content(page), resources, None, 0)
    return reader.shown()


class _Reader:
    def __init__(self) -> None:
        self._strings: dict[FontKey, list[bytes]] = {}
        self._repeated: dict[FontKey, list[bytes]] = {}
        self._operators: set[str] = set()
        self._fonts: dict[FontKey, tuple[str, pikepdf.Object]] = {}
        self._is_whole = True
        self._forms = 0
        self._last: list[bytes] = []

    def shown(self) -> ShownText:
        """Return what was read."""
        codes = {font: _unescaped(strings) for font, strings in self._strings.items()}
        repeated = {font: _unescaped(strings) for font, strings in self._repeated.items()}
        return ShownText(codes, repeated, self._operators, self._fonts, self._is_whole)

    def read(
        self, content: bytes, resources: pikepdf.Object | None, font: FontKey | None, depth: int
    ) -> None:
        fonts = self._named(resources)
        if b"/ActualText" in content:  # then what is meant is not what the codes are
            self._is_whole = False
        stack: list[FontKey | None] = []
        strings: list[bytes] = []
        for match in _TOKEN.finditer(content):
            kind = match.lastindex
            if kind == _STRING:
                strings.append(match[_STRING])
            elif kind == _HEXADECIMAL:
                strings.append(_hexadecimal(match[_HEXADECIMAL]))
            elif kind in _OPERATORS:
                self._show(font, strings, _OPERATORS[kind] or "T" + match[_SHOW].decode())
                strings = []
            elif kind == _FONT:
                font = fonts.get(_name(match[_NAME]))
                strings = []
            elif kind == _KEEP:
                stack.append(font)
            elif kind == _RESTORE:
                font = stack.pop() if stack else font
            elif kind == _FORM:
                self._form(match[_NAME], resources, font, depth)
            elif kind == _PICTURE:  # what an inline picture holds may look like anything
                self._is_whole = False
                break
            elif kind in {_MARK, _POINT}:  # their strings are not shown
                strings = []
            elif kind == _BROKEN:
                self._is_whole = False

    def _show(self, font: FontKey | None, strings: list[bytes], operator: str) -> None:
        self._operators.add(operator)
        if font is None:
            self._is_whole = False
            return
        known = self._strings.get(font)
        if known is None:
            known = self._strings[font] = []
        known += strings
        if strings == self._last:
            self._repeated.setdefault(font, []).extend(strings)
        self._last = strings

    def _named(self, resources: pikepdf.Object | None) -> dict[str, FontKey]:
        named = resources.get("/Font") if isinstance(resources, pikepdf.Dictionary) else None
        if not isinstance(named, pikepdf.Dictionary):
            return {}
        found = {}
        for name, font in named.items():
            if isinstance(font, pikepdf.Dictionary):
                key = font_key(font)
                found[name[1:]] = key
                self._fonts.setdefault(key, (plain(name)[1:], font))
        return found

    def _form(self, name: bytes, resources: pikepdf.Object | None, font: FontKey | None, depth: int) -> None:
        objects = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
        form = objects.get("/" + _name(name)) if isinstance(objects, pikepdf.Dictionary) else None
        if not isinstance(form, pikepdf.Stream) or form.get("/Subtype") != "/Form":
            return
        self._forms += 1
        if depth >= MAX_DEPTH or self._forms > MAX_FORMS:
            self._is_whole = False
            return
        self.read(form.read_bytes(), form.get("/Resources", resources), font, depth + 1)


def font_key(font: pikepdf.Object) -> FontKey:
    """Return what tells a font from the others of the file."""
    return font.objgen if font.is_indirect else font.unparse()


def _content(page: pikepdf.Object) -> bytes:
    contents = page.get("/Contents")
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    return b"\n" + b"\n".join(stream.read_bytes() for stream in streams if isinstance(stream, pikepdf.Stream))


def _name(written: bytes) -> str:
    if b"#" in written:
        written = _HASH.sub(lambda match: bytes.fromhex(match[1].decode()), written)
    return written.decode("utf-8", "surrogateescape")


def _hexadecimal(written: bytes) -> bytes:
    """Read a string of digits, and write it as those in parentheses are."""
    digits = b"".join(written.split()).decode()
    return bytes.fromhex(digits + "0" * (len(digits) % 2)).replace(b"\\", b"\\\\")


def _unescaped(strings: list[bytes]) -> bytes:
    text = _NOTHING.join(strings)
    return _ESCAPE.sub(lambda match: _ESCAPED[match[0]], text) if b"\\" in text else text
