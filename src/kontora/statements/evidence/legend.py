"""The legend: every finding with its number, how bad it is, where it is, and a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from kontora.statements.evidence.numbering import (
    COLOURS,
    INK,
    PALE,
    TITLES,
    Numbered,
    Said,
    Shade,
    put_together,
    runs,
)
from kontora.statements.findings import Severity

PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
WIDTH, HEIGHT = A4
MARGIN = 48.0
TEXT_X = MARGIN + 118
TEXT_WIDTH = WIDTH - TEXT_X - MARGIN
BOTTOM = 60.0
WORDS = {Severity.HIGH: "high", Severity.MEDIUM: "medium", Severity.LOW: "low"}

# A child that draws has no way to load fonts or encodings any more.
for _font in (PLAIN, BOLD):
    pdfmetrics.stringWidth("legend", _font, 9)


def draw_legend(canvas: Canvas, marked: Sequence[Numbered], shown: Sequence[int]) -> None:
    """Draw the legend on as many pages as it needs. `shown`: the pages that follow it."""
    canvas.setPageSize(A4)
    y = _head(canvas, marked, shown)
    for said in put_together(marked):
        lines = simpleSplit(said.finding.message, PLAIN, 10, TEXT_WIDTH)
        height = 18 + 13 * len(lines) + 14
        if y - height < BOTTOM:
            canvas.showPage()
            canvas.setPageSize(A4)
            y = HEIGHT - MARGIN
        _entry(canvas, said, lines, y)
        y -= height
        canvas.setStrokeColorRGB(0.9, 0.91, 0.93)
        canvas.setLineWidth(0.6)
        canvas.line(MARGIN, y + 4, WIDTH - MARGIN, y + 4)
    canvas.showPage()


def _head(canvas: Canvas, marked: Sequence[Numbered], shown: Sequence[int]) -> float:
    canvas.setFillColorRGB(*INK)
    canvas.setFont(BOLD, 20)
    canvas.drawString(MARGIN, HEIGHT - 74, "What was found in the file")
    canvas.setFont(PLAIN, 10)
    canvas.setFillColorRGB(*PALE)
    pages = f"Page {shown[0]} follows" if len(shown) == 1 else f"Pages {runs(shown)} follow"
    where = f"{pages}, with the places framed and numbered." if shown else "No place on a page is concerned."
    canvas.drawString(MARGIN, HEIGHT - 94, where)
    counted = Counter(each.finding.severity for each in marked)
    x = MARGIN
    for severity in Severity:
        if counted[severity]:
            x += (
                pill(canvas, x, HEIGHT - 122, f"{counted[severity]} {WORDS[severity]}", COLOURS[severity]) + 6
            )
    canvas.setFillColorRGB(*PALE)
    canvas.setFont(PLAIN, 8.5)
    canvas.drawString(
        MARGIN, HEIGHT - 142, "High and medium findings refuse a file in standard mode; low ones only inform."
    )
    canvas.setStrokeColorRGB(*INK)
    canvas.setLineWidth(1)
    canvas.line(MARGIN, HEIGHT - 154, WIDTH - MARGIN, HEIGHT - 154)
    return float(HEIGHT - 166)


def _entry(canvas: Canvas, said: Said, lines: Sequence[str], top: float) -> None:
    colour = COLOURS[said.finding.severity]
    for place, line in enumerate(simpleSplit(runs(said.numbers), BOLD, 10, 60)[:3]):
        canvas.setFont(BOLD, 10)
        canvas.setFillColorRGB(*colour)
        canvas.drawString(MARGIN, top - 14 - 12 * place, line)
    pill(canvas, MARGIN + 62, top - 17, WORDS[said.finding.severity], colour)
    canvas.setFillColorRGB(*INK)
    canvas.setFont(BOLD, 10.5)
    title = TITLES[said.finding.name]
    canvas.drawString(TEXT_X, top - 14, title)
    canvas.setFont(PLAIN, 9)
    canvas.setFillColorRGB(*PALE)
    canvas.drawRightString(WIDTH - MARGIN, top - 14, _where(said))
    canvas.setFont(PLAIN, 10)
    canvas.setFillColorRGB(*INK)
    for place, line in enumerate(lines):
        canvas.drawString(TEXT_X, top - 29 - 13 * place, line)


def _where(said: Said) -> str:
    if not said.pages:
        return "whole file"
    return f"page {said.pages[0]}" if len(said.pages) == 1 else f"pages {runs(said.pages)}"


def pill(canvas: Canvas, x: float, y: float, text: str, colour: Shade) -> float:
    """Draw a word on a coloured ground and return how wide it is."""
    width = pdfmetrics.stringWidth(text, BOLD, 8) + 12
    canvas.setFillColorRGB(*colour)
    canvas.roundRect(x, y, width, 13, 6.5, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.setFont(BOLD, 8)
    canvas.drawString(x + 6, y + 3.7, text)
    return float(width)


def chip(canvas: Canvas, x: float, y: float, text: str, colour: Shade) -> None:
    """Draw the number of a frame, ten points high."""
    width = chip_width(text)
    canvas.setFillColorRGB(*colour)
    canvas.roundRect(x, y, width, 10, 2, stroke=0, fill=1)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.setFont(BOLD, 7.5)
    canvas.drawCentredString(x + width / 2, y + 2.4, text)


def chip_width(text: str) -> float:
    """Return how wide the number of a frame is."""
    return float(max(10.0, pdfmetrics.stringWidth(text, BOLD, 7.5) + 5))
