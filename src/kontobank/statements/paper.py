"""The bank's paper: an A4 page with its band, its logo and its foot, and the two fonts to write with."""

from __future__ import annotations

import io
from datetime import date
from functools import cache
from pathlib import Path

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.276, 841.89
LEFT, RIGHT = 40.0, 555.0
TOP, BOTTOM = 778.0, 50.0
REGULAR, BOLD = "KontoBank", "KontoBank-Bold"
INK, TINT, RULE = (HexColor(code) for code in ("#16233b", "#e6edf6", "#c9d3e0"))
_NAVY = HexColor("#1f4e8c")
_FOLDER = Path(__file__).parent
_FOOT = 34.0


@cache
def register_fonts() -> None:
    """Make the two fonts known to the drawing library, once for the process."""
    for name, file in ((REGULAR, "DejaVuSansCondensed"), (BOLD, "DejaVuSansCondensed-Bold")):
        pdfmetrics.registerFont(TTFont(name, _FOLDER / "fonts" / f"{file}.ttf"))


def width(text: str, font: str, size: float) -> float:
    """Return how wide a text is, in points."""
    register_fonts()
    return float(pdfmetrics.stringWidth(text, font, size))


class Paper:
    """A document being drawn, page by page. The same calls make the same bytes."""

    def __init__(self, title: str, made_on: date, pages: int) -> None:
        register_fonts()
        self._file = io.BytesIO()
        self._canvas = Canvas(
            self._file,
            pagesize=(WIDTH, HEIGHT),
            invariant=1,
            pageCompression=1,
            lang="pl",
            initialFontName=REGULAR,
        )
        self._canvas.setTitle(title)
        self._canvas.setAuthor("KontoBank S.A.")
        self._canvas.setSubject("Dokument bankowy")
        self._canvas.setCreator("KontoBank")
        self._canvas.setProducer("KontoBank Dokumenty 1.0")
        self._canvas.setDateFormatter(lambda *_: f"D:{made_on:%Y%m%d}000000+00'00'")
        self._logo = ImageReader(_FOLDER / "logo.png")
        self._pages = pages
        self._page = 0

    def turn(self) -> None:
        """Start the next page, the first one too."""
        if self._page:
            self._canvas.showPage()
        self._page += 1
        self._band()
        self._foot()

    def text(self, x: float, y: float, text: str, *, font: str = REGULAR, size: float = 8.0) -> None:
        """Write from `x` on."""
        self._canvas.setFillColor(INK)
        self._canvas.setFont(font, size)
        self._canvas.drawString(x, y, text)

    def text_up_to(self, x: float, y: float, text: str, *, font: str = REGULAR, size: float = 8.0) -> None:
        """Write so that it ends at `x`."""
        self.text(x - width(text, font, size), y, text, font=font, size=size)

    def fill(self, x: float, y: float, across: float, up: float, colour: Color = TINT) -> None:
        """Fill a rectangle; before what is written on it."""
        self._canvas.setFillColor(colour)
        self._canvas.rect(x, y, across, up, stroke=0, fill=1)

    def rule(self, y: float, colour: Color = RULE, thickness: float = 0.4) -> None:
        """Draw a line from margin to margin."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(thickness)
        self._canvas.line(LEFT, y, RIGHT, y)

    def pdf(self) -> bytes:
        """End the document."""
        self._canvas.save()
        return self._file.getvalue()

    def _band(self) -> None:
        self.fill(0, HEIGHT - 46, WIDTH, 46)
        self.fill(0, HEIGHT - 48, WIDTH, 2, _NAVY)
        self._canvas.drawImage(self._logo, LEFT, HEIGHT - 39, 30, 30)
        self.text(LEFT + 40, HEIGHT - 29, "KontoBank", font=BOLD, size=15)

    def _foot(self) -> None:
        self.rule(_FOOT + 12)
        self.text_up_to(RIGHT, _FOOT, f"Strona {self._page} z {self._pages}", size=7)
