"""Paper to print on: pages measured in points from the top left, written by reportlab."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(__file__).parent / "fonts"
HARD_SPACE = "\u00a0"
# reportlab turns hard spaces into plain ones; the sample fonts have a second space at a private place.
PRIVATE_SPACE = "\ue0a0"
# What reportlab says of itself, and what stands there instead: as many bytes, so that offsets hold.
OWN_MARKS = (
    (
        b"\n%\x93\x8c\x8b\x9e ReportLab Generated PDF document (opensource)\n",
        b"\n%\xe2\xe3\xcf\xd3                                              \n",
    ),
    (
        b"\n% ReportLab generated PDF document -- digest (opensource)\n",
        b"                                                           ",
    ),
)


@dataclass(frozen=True)
class Writer:
    """The program that a bank prints with, as its files name it. Empty fields are not written."""

    producer: str = ""
    creator: str = ""
    title: str = ""
    author: str = ""
    subject: str = ""
    keywords: str = ""
    font: str = "Arial"
    bold_font: str = "Arial-Bold"
    version: tuple[int, int] = (1, 4)


class _Font(TTFont):
    """A sample font under the name that the file gives it."""

    def __init__(self, file: str, name: str) -> None:
        super().__init__(name, str(FONTS / file), asciiReadable=0)
        self.face.name = name.encode()

    def addObjects(self, doc):  # reportlab's name
        # The private space is read as a hard space; both have the glyph of a space.
        state = self.state.get(doc)
        for subset in state.subsets if state else ():
            subset[:] = [ord(HARD_SPACE) if code == ord(PRIVATE_SPACE) else code for code in subset]
        super().addObjects(doc)


@cache
def _font(file: str, name: str) -> str:
    pdfmetrics.registerFont(_Font(file, name))
    return name


class _Info(pdfdoc.PDFInfo):
    """Document information with the fields that the writer fills, and one date."""

    def __init__(self, writer: Writer, made_at: tuple[int, ...]) -> None:
        super().__init__()
        self.writer = writer
        self.made_at = made_at

    def format(self, document):
        said = {
            "Title": self.writer.title,
            "Author": self.writer.author,
            "Subject": self.writer.subject,
            "Keywords": self.writer.keywords,
            "Creator": self.writer.creator,
            "Producer": self.writer.producer,
        }
        fields = {key: pdfdoc.PDFString(value) for key, value in said.items() if value}
        stamp = "D:{:04d}{:02d}{:02d}{:02d}{:02d}{:02d}+01'00'".format(*self.made_at)
        fields["CreationDate"] = pdfdoc.PDFString(stamp)
        return pdfdoc.PDFDictionary(fields).format(document)

    def digest(self, md5object):
        md5object.update(repr((self.writer, self.made_at)).encode())


@dataclass
class Paper:
    """A document in the making. `x` from the left, `y` from the top: of a baseline for text."""

    writer: Writer
    width: float
    height: float
    issued_on: date
    size: float = 8
    password: str | None = None
    canvas: Canvas = field(init=False)
    buffer: BytesIO = field(init=False)
    page: int = field(init=False, default=1)

    def __post_init__(self) -> None:
        self.buffer = BytesIO()
        self.canvas = Canvas(
            self.buffer,
            pagesize=(self.width, self.height),
            pageCompression=1,
            invariant=1,
            encrypt=self.password and StandardEncryption(self.password, f"{self.password} of the bank"),
            pdfVersion=self.writer.version,
        )
        made_at = (self.issued_on.year, self.issued_on.month, self.issued_on.day, 7, self.issued_on.day, 12)
        self.canvas._doc.info = _Info(self.writer, made_at)

    def font(self, *, bold: bool = False) -> str:
        """Return the name of the font, ready to use."""
        if bold:
            return _font("SampleSans-Bold.ttf", self.writer.bold_font)
        return _font("SampleSans-Regular.ttf", self.writer.font)

    def text(self, x: float, y: float, text: str, size: float | None = None, *, bold: bool = False) -> None:
        """Write from `x` on."""
        self.canvas.setFont(self.font(bold=bold), size or self.size)
        self.canvas.drawString(x, self.height - y, text.replace(HARD_SPACE, PRIVATE_SPACE))

    def right(self, x: float, y: float, text: str, size: float | None = None, *, bold: bool = False) -> None:
        """Write so that the text ends at `x`."""
        self.text(x - self.measure(text, size, bold=bold), y, text, size, bold=bold)

    def centre(self, x: float, y: float, text: str, size: float | None = None, *, bold: bool = False) -> None:
        """Write so that the middle of the text is at `x`."""
        self.text(x - self.measure(text, size, bold=bold) / 2, y, text, size, bold=bold)

    def measure(self, text: str, size: float | None = None, *, bold: bool = False) -> float:
        """Return the width of the text in points."""
        return pdfmetrics.stringWidth(text, self.font(bold=bold), size or self.size)

    def wrap(self, text: str, width: float, size: float | None = None) -> list[str]:
        """Break at spaces; a word that is wider than the column is broken where the column ends."""
        lines: list[str] = []
        for word in text.split(" "):
            joined = f"{lines[-1]} {word}" if lines else word
            if lines and self.measure(joined, size) <= width:
                lines[-1] = joined
                continue
            rest = word
            while self.measure(rest, size) > width:
                cut = len(rest)
                while self.measure(rest[:cut], size) > width:
                    cut -= 1
                lines.append(rest[:cut])
                rest = rest[cut:]
            lines.append(rest)
        return lines

    def fill(self, x0: float, y0: float, x1: float, y1: float, grey: float | tuple[int, int, int]) -> None:
        """Fill a rectangle. `grey`: 0 black to 1 white, or red, green, blue of 255 each."""
        colour = (grey,) * 3 if isinstance(grey, float | int) else tuple(part / 255 for part in grey)
        self.canvas.setFillColorRGB(*colour)
        self.canvas.rect(x0, self.height - y1, x1 - x0, y1 - y0, stroke=0, fill=1)
        self.canvas.setFillColorRGB(0, 0, 0)

    def grid(self, xs: tuple[float, ...], y0: float, y1: float, *, grey: float, width: float = 0.5) -> None:
        """Stroke a row of cells."""
        self.canvas.setLineWidth(width)
        self.canvas.setStrokeColorRGB(grey, grey, grey)
        for x in xs:
            self.canvas.line(x, self.height - y0, x, self.height - y1)
        for y in (y0, y1):
            self.canvas.line(xs[0], self.height - y, xs[-1], self.height - y)

    def line(self, x0: float, y: float, x1: float, *, grey: float = 0, width: float = 0.5) -> None:
        """Stroke a level line."""
        self.canvas.setLineWidth(width)
        self.canvas.setStrokeColorRGB(grey, grey, grey)
        self.canvas.line(x0, self.height - y, x1, self.height - y)

    def turn(self) -> None:
        """Begin the next page."""
        self.canvas.showPage()
        self.page += 1

    def finish(self) -> bytes:
        """Return the file."""
        self.canvas.showPage()
        self.canvas.save()
        data = self.buffer.getvalue()
        for mark, instead in OWN_MARKS:
            data = data.replace(mark, instead[: len(mark)].ljust(len(mark)))
        return data
