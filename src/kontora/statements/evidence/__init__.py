"""Evidence: the pages of a file with the suspicious places framed and numbered, behind a legend, as a PDF.

Pages are pictures: nothing of the file itself gets into the evidence, and nothing in it is run or followed.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from kontora.statements.evidence.frames import draw_page
from kontora.statements.evidence.legend import draw_legend
from kontora.statements.evidence.numbering import Numbered, numbered
from kontora.statements.evidence.pictures import opened_pictures
from kontora.statements.findings import FailedVerification

__all__ = ["draw_evidence"]

MAX_PAGES = 20


def draw_evidence(pdf: bytes, findings: Sequence[FailedVerification], password: str | None = None) -> bytes:
    """Draw a legend of all findings, then the pages that have any, up to 20. The same in, the same out.

    Raises: PdfNotReadable, if a page cannot be drawn; PdfEncrypted.
    """
    marked = numbered(findings)
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1, pageCompression=1)
    canvas.setTitle("What was found in the file")
    canvas.setProducer("Kontora")
    canvas.setCreator("Kontora")
    with opened_pictures(pdf, password) as pictures:
        shown = _pages(marked, pictures.count)
        draw_legend(canvas, marked, shown)
        for number in shown:
            picture = pictures.of(number)
            image = ImageReader(io.BytesIO(picture.jpeg))
            draw_page(canvas, picture, image, [each for each in marked if each.finding.page == number])
    canvas.save()
    return target.getvalue()


def _pages(marked: Sequence[Numbered], count: int) -> list[int]:
    """Return the pages to show: those with findings, the first of them, in order."""
    pages = sorted({each.finding.page for each in marked if each.finding.page is not None})
    return [page for page in pages if 1 <= page <= count][:MAX_PAGES]
