"""A page's picture with frames and numbers where something was found, and below it what that is."""

from __future__ import annotations

from collections.abc import Sequence

from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from kontora.statements.document import Box
from kontora.statements.evidence.legend import BOLD, PLAIN, chip, chip_width
from kontora.statements.evidence.numbering import COLOURS, INK, Numbered, Said, put_together, runs
from kontora.statements.evidence.pictures import Picture

MARGIN = 24.0
HEAD = 34.0
PADDING = 2.5
SMALLEST = 11.0
CHIP_HEIGHT = 10.0
LINE = 12.0
MAX_SAID = 12


def draw_page(canvas: Canvas, picture: Picture, image: ImageReader, marked: Sequence[Numbered]) -> None:
    """Draw a page of its own: the picture, frames with numbers, and the sentences below."""
    said = put_together(marked)[:MAX_SAID]
    width = picture.width + 2 * MARGIN
    indent = 12 + max(pdfmetrics.stringWidth(_short(runs(each.numbers)), BOLD, 9) for each in said)
    notes = [(each, simpleSplit(each.finding.message, PLAIN, 9, picture.width - indent)) for each in said]
    foot = MARGIN + sum(len(lines) * LINE + 4 for _, lines in notes)
    height = HEAD + picture.height + foot + 10
    canvas.setPageSize((width, height))
    bottom = foot + 10
    canvas.setFillColorRGB(*INK)
    canvas.setFont(BOLD, 11)
    canvas.drawString(MARGIN, height - 22, f"Page {picture.number}")
    canvas.drawImage(image, MARGIN, bottom, picture.width, picture.height)
    canvas.setStrokeColorRGB(0.8, 0.82, 0.85)
    canvas.setLineWidth(0.75)
    canvas.rect(MARGIN, bottom, picture.width, picture.height)
    _frames(canvas, picture, marked, bottom)
    _notes(canvas, notes, indent, foot - 4)
    canvas.showPage()


def _frames(canvas: Canvas, picture: Picture, marked: Sequence[Numbered], bottom: float) -> None:
    taken: list[Box] = []
    for each in marked:
        colour = COLOURS[each.finding.severity]
        if each.finding.box is None:
            frame = None
            spot = (MARGIN + 4, bottom + picture.height - 4 - CHIP_HEIGHT)
        else:
            frame = _framed(picture, each.finding.box, bottom)
            spot = (frame[0] - chip_width(str(each.number)) - 1.5, frame[3] - CHIP_HEIGHT)
        if frame is not None:
            _frame(canvas, frame, colour)
        x, y = _free(spot, chip_width(str(each.number)), taken, picture, bottom)
        chip(canvas, x, y, str(each.number), colour)


def _frame(canvas: Canvas, frame: Box, colour: tuple[float, float, float]) -> None:
    x0, y0, x1, y1 = frame
    canvas.saveState()
    canvas.setStrokeColorRGB(*colour)
    canvas.setFillColorRGB(*colour)
    canvas.setFillAlpha(0.09)
    canvas.setLineWidth(1.2)
    canvas.roundRect(x0, y0, x1 - x0, y1 - y0, 2, stroke=1, fill=1)
    canvas.restoreState()


def _framed(picture: Picture, box: Box, bottom: float) -> Box:
    """Return the frame around a box: with room to breathe, not too small to see, and on the picture."""
    x0, y0, x1, y1 = picture.place(box)
    across, along = max(0.0, SMALLEST - (x1 - x0)) / 2, max(0.0, SMALLEST - (y1 - y0)) / 2
    wide, high = max(PADDING, across), max(PADDING, along)
    left, right = (min(max(x, 0.0), picture.width) for x in (x0 - wide, x1 + wide))
    low, top = (min(max(y, 0.0), picture.height) for y in (y0 - high, y1 + high))
    return MARGIN + left, bottom + low, MARGIN + right, bottom + top


def _free(
    spot: tuple[float, float], width: float, taken: list[Box], picture: Picture, bottom: float
) -> tuple[float, float]:
    """Return the next place, to the left and then downwards, where a number covers no other."""
    x, y = max(1.0, spot[0]), spot[1]
    for _ in range(200):
        box = (x, y, x + width, y + CHIP_HEIGHT)
        if not any(_touch(box, other) for other in taken):
            break
        x -= width + 1
        if x < 1:
            x, y = max(1.0, spot[0]), y - CHIP_HEIGHT - 1
        if y < bottom:
            x, y = MARGIN + picture.width - width, bottom + picture.height - CHIP_HEIGHT
    taken.append((x, y, x + width, y + CHIP_HEIGHT))
    return x, y


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _notes(canvas: Canvas, notes: Sequence[tuple[Said, list[str]]], indent: float, top: float) -> None:
    y = top
    for said, lines in notes:
        canvas.setFont(BOLD, 9)
        canvas.setFillColorRGB(*COLOURS[said.finding.severity])
        canvas.drawString(MARGIN, y - 9, _short(runs(said.numbers)))
        canvas.setFont(PLAIN, 9)
        canvas.setFillColorRGB(*INK)
        for line in lines:
            canvas.drawString(MARGIN + indent, y - 9, line)
            y -= LINE
        y -= 4


def _short(numbers: str) -> str:
    return numbers if len(numbers) <= 16 else f"{numbers[:13].rstrip(', ')} \u2026"
