"""A page's drawing as a forger sees it: runs of characters with their places, in an uncompressed file.

`qpdf --qdf` writes the file so that it can be edited as text; `fix-qdf` mends its offsets afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

import pikepdf

from tools.tamper_bench.programs import ProgramFailed, run, workshop

Matrix = tuple[float, float, float, float, float, float]
UNIT: Matrix = (1, 0, 0, 1, 0, 0)
_CONTENTS = re.compile(
    rb"%% Contents for page (\d+)\n(?:%% Original object ID[^\n]*\n)?(\d+) 0 obj\n<<.*?>>\nstream\n"
    rb"(.*?)\nendstream",
    re.DOTALL,
)
_TOKEN = re.compile(
    rb"\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\)|<[0-9A-Fa-f\s]*>|/[^\s()<>\[\]{}/%]*|[\[\]]|<<|>>"
    rb"|[-+]?(?:\d+\.?\d*|\.\d+)|[A-Za-z'\"*]+[0-9]?",
    re.DOTALL,
)
_NUMBER = re.compile(rb"[-+]?(?:\d+\.?\d*|\.\d+)$")
_ESCAPES = {b"n": 10, b"r": 13, b"t": 9, b"b": 8, b"f": 12}


@dataclass(frozen=True)
class Glyph:
    """A character: the string it stands in (a span of the content), its place there, and on the page."""

    char: str
    span: tuple[int, int]
    index: int
    font: str


@dataclass
class Run:
    """Characters of one line, drawn one after the other. `x`, `y`: where it begins, in points of the page."""

    page: int
    x: float
    y: float
    size: float
    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(glyph.char for glyph in self.glyphs)


@dataclass
class Font:
    """How a font's codes become characters."""

    width: int
    chars: dict[int, str]

    def code_of(self, char: str) -> int | None:
        """Return a code of a character; `None`, if the font has none."""
        return next((code for code, text in self.chars.items() if text == char), None)


class Drawing:
    """The pages of a file, to be changed and written again."""

    def __init__(self, pdf: bytes) -> None:
        self.original = pdf
        with workshop() as folder:
            (folder / "in.pdf").write_bytes(pdf)
            run(
                "qpdf",
                "--qdf",
                "--normalize-content=n",
                "--object-streams=disable",
                "in.pdf",
                "out.qdf",
                folder=folder,
                allowed=(0, 3),
            )
            self.qdf = (folder / "out.qdf").read_bytes()
        found = {int(match[1]): match for match in _CONTENTS.finditer(self.qdf)}
        if not found:
            raise ProgramFailed("no page has one content stream")
        self._places = {page: match.span(3) for page, match in found.items()}
        self.contents = {page: match[3] for page, match in found.items()}
        self.fonts = _fonts(self.qdf)
        self._others: list[Callable[[bytes], bytes]] = []

    def runs(self) -> list[Run]:
        """Return the runs of all pages, as drawn."""
        return [
            run
            for page in sorted(self.contents)
            for run in _runs(page, self.contents[page], self.fonts[page])
        ]

    def rewrite(self, changes: dict[tuple[int, tuple[int, int], int], tuple[str, str]]) -> None:
        """Change characters in place: (page, span, index) to (font, new character), one for one."""
        by_page: dict[int, dict[tuple[int, int], dict[int, tuple[str, str]]]] = {}
        for (page, span, index), change in changes.items():
            by_page.setdefault(page, {}).setdefault(span, {})[index] = change
        for page, spans in by_page.items():
            content = self.contents[page]
            for span in sorted(spans, reverse=True):
                token = content[span[0] : span[1]]
                fonts = self.fonts[page]
                font = fonts[next(iter(spans[span].values()))[0]]
                codes = _codes(token, font.width)
                for index, (_, char) in spans[span].items():
                    code = font.code_of(char)
                    if code is None:
                        raise ProgramFailed("the font lacks a character")
                    codes[index] = code
                content = content[: span[0]] + _written(token, codes, font.width) + content[span[1] :]
            self.contents[page] = content

    def remove(self, page: int, spans: set[tuple[int, int]]) -> None:
        """Take strings away: what they drew is gone, the room stays."""
        content = self.contents[page]
        for begin, end in sorted(spans, reverse=True):
            content = content[:begin] + b"()" + content[end:]
        self.contents[page] = content

    def append(self, page: int, drawing: bytes) -> None:
        """Draw more at the end of a page, in points of the page."""
        self.contents[page] = b"q\n" + self.contents[page] + b"\nQ\n" + drawing

    def elsewhere(self, change: Callable[[bytes], bytes]) -> None:
        """Change something outside of the drawings, in the uncompressed file."""
        self._others.append(change)

    def changed_qdf(self) -> bytes:
        """Return the uncompressed file with all changes, before its offsets are mended."""
        qdf = self.qdf
        for page in sorted(self._places, key=lambda one: self._places[one], reverse=True):
            begin, end = self._places[page]
            qdf = qdf[:begin] + self.contents[page] + qdf[end:]
        for change in self._others:
            qdf = change(qdf)
        return qdf

    def saved(self, *, compress: bool = True) -> bytes:
        """Write the changed file with qpdf."""
        with workshop() as folder:
            (folder / "changed.qdf").write_bytes(self.changed_qdf())
            mended = run("fix-qdf", "changed.qdf", folder=folder)
            if not compress:
                return mended
            (folder / "mended.pdf").write_bytes(mended)
            run("qpdf", "mended.pdf", "out.pdf", folder=folder, allowed=(0, 3))
            return (folder / "out.pdf").read_bytes()


def _fonts(qdf: bytes) -> dict[int, dict[str, Font]]:
    found = {}
    with pikepdf.open(BytesIO(qdf)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            fonts = page.get("/Resources", {}).get("/Font", {})
            found[number] = {name: _font(font) for name, font in fonts.items()}
    return found


def _font(font: pikepdf.Object) -> Font:
    width = 2 if font.get("/Subtype") == "/Type0" else 1
    mapping = font.get("/ToUnicode")
    if mapping is None:
        return Font(width, {code: bytes([code]).decode("cp1252", "replace") for code in range(32, 256)})
    return Font(width, _to_unicode(mapping.read_bytes()))


def _to_unicode(cmap: bytes) -> dict[int, str]:
    chars: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, char in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            chars[int(code, 16)] = bytes.fromhex(char.decode()).decode("utf-16-be", "replace")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, start in re.findall(
            rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block
        ):
            for step in range(int(last, 16) - int(first, 16) + 1):
                chars[int(first, 16) + step] = chr(int(start, 16) + step)
        for first, _, many in re.findall(
            rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*\[(.*?)\]", block, re.DOTALL
        ):
            for step, char in enumerate(re.findall(rb"<([0-9A-Fa-f]+)>", many)):
                chars[int(first, 16) + step] = bytes.fromhex(char.decode()).decode("utf-16-be", "replace")
    return chars


def _codes(token: bytes, width: int) -> list[int]:
    if token.startswith(b"<"):
        digits = re.sub(rb"\s", b"", token[1:-1])
        data = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    else:
        data = _literal(token[1:-1])
    return [int.from_bytes(data[place : place + width], "big") for place in range(0, len(data), width)]


def _literal(body: bytes) -> bytes:
    out, place = bytearray(), 0
    while place < len(body):
        byte = body[place : place + 1]
        if byte != b"\\":
            out += byte
            place += 1
            continue
        octal = re.match(rb"[0-7]{1,3}", body[place + 1 : place + 4])
        after = body[place + 1 : place + 2]
        if octal:
            out.append(int(octal[0], 8) & 255)
            place += 1 + len(octal[0])
        elif after == b"\n":
            place += 2
        else:
            out.append(_ESCAPES.get(after, after[0] if after else 92))
            place += 2
    return bytes(out)


def _written(token: bytes, codes: list[int], width: int) -> bytes:
    data = b"".join(code.to_bytes(width, "big") for code in codes)
    if token.startswith(b"<"):
        return b"<" + data.hex().encode() + b">"
    escaped = b"".join(
        b"\\" + bytes([byte]) if byte in b"()\\" else bytes([byte]) if 32 <= byte < 127 else b"\\%03o" % byte
        for byte in data
    )
    return b"(" + escaped + b")"


def times(one: Matrix, other: Matrix) -> Matrix:
    """Multiply two matrices of a PDF: first `one`, then `other`."""
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


@dataclass
class _State:
    ctm: Matrix = UNIT
    line: Matrix = UNIT
    font: str = ""
    size: float = 0.0
    leading: float = 0.0


def _runs(page: int, content: bytes, fonts: dict[str, Font]) -> list[Run]:
    runs: list[Run] = []
    state, kept, operands = _State(), [], []
    current: Run | None = None
    for match in _TOKEN.finditer(content):
        token = match[0]
        if token[:1] in b"(<[]/" or token == b">>" or _NUMBER.match(token):
            operands.append((token, match.span()))
            continue
        numbers = [float(text) for text, _ in operands if _NUMBER.match(text)]
        if token == b"q":
            kept.append(_State(state.ctm, state.line, state.font, state.size, state.leading))
        elif token == b"Q" and kept:
            state = kept.pop()
        elif token == b"cm" and len(numbers) == 6:
            state.ctm = times(tuple(numbers), state.ctm)  # type: ignore[arg-type]  # six numbers
        elif token == b"BT":
            state.line, current = UNIT, None
        elif token == b"Tf" and operands:
            state.font, state.size = operands[0][0].decode(), numbers[-1]
        elif token == b"TL" and numbers:
            state.leading = numbers[-1]
        elif token == b"Tm" and len(numbers) == 6:
            state.line, current = tuple(numbers), None  # type: ignore[assignment]  # six numbers
        elif token in {b"Td", b"TD"} and len(numbers) == 2:
            state.line = times((1, 0, 0, 1, numbers[0], numbers[1]), state.line)
            if numbers[1] != 0:
                current = None
        elif token == b"T*":
            state.line, current = times((1, 0, 0, 1, 0, -state.leading), state.line), None
        elif token in {b"Tj", b"TJ", b"'"} and state.font in fonts:
            if current is None:
                current = _begun(page, state)
                runs.append(current)
            font = fonts[state.font]
            for text, span in operands:
                if text[:1] in b"(<" and text not in {b"<<"}:
                    for index, code in enumerate(_codes(text, font.width)):
                        current.glyphs.append(Glyph(font.chars.get(code, "?"), span, index, state.font))
        operands = []
    return runs


def _begun(page: int, state: _State) -> Run:
    whole = times(state.line, state.ctm)
    return Run(page, whole[4], whole[5], abs(state.size * whole[3]) or abs(state.size * whole[1]))
