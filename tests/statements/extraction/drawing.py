"""Small PDFs for the tests, drawn by reportlab with a font of its wheel."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

A4 = (595.276, 841.89)
FONT = "Vera"

pdfmetrics.registerFont(TTFont(FONT, str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf")))


def drawn(*pages: Callable[[Canvas], None], **options: object) -> bytes:
    """Draw one page by each function; text is 8 points unless it says otherwise."""
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=True, **options)
    for draw in pages:
        canvas.setFont(FONT, 8)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def written(*lines: str, x: float = 40, y: float = 800, step: float = 12) -> Callable[[Canvas], None]:
    """Write lines, the first at `y`."""

    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(lines):
            canvas.drawString(x, y - number * step, line)

    return draw


def width(text: str, size: float = 8) -> float:
    """How wide text is."""
    return float(pdfmetrics.stringWidth(text, FONT, size))


def edited(pdf: bytes, edit: Callable[[pikepdf.Pdf], None], **options: object) -> bytes:
    """Change a file by pikepdf."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        edit(file)
        file.save(target, **options)
    return target.getvalue()
