"""The pages of a file by pdfium: words, what is painted, annotations."""

from __future__ import annotations

from ctypes import byref

from kontora.errors import PdfTooLarge
from kontora.statements.document import Box, Page
from kontora.statements.extraction import pdfium
from kontora.statements.extraction.annotations import page_annotations
from kontora.statements.extraction.limits import ExtractionLimits
from kontora.statements.extraction.painting import PaintingOrder, painted_objects, painting_order
from kontora.statements.extraction.styling import FontNames
from kontora.statements.extraction.words import page_words

_RECTANGLE = pdfium.Rectangle()


def read_pages(
    pdf: bytes, secret: bytes | None, media_boxes: tuple[Box, ...], limits: ExtractionLimits
) -> tuple[tuple[Page, ...], int]:
    """Read the pages; the number is how many pdfium counts. `media_boxes` are as the other parser reads them.

    Raises: PdfEncrypted, PdfNotReadable, PdfTooLarge.
    """
    pages = []
    painted = characters = 0
    fonts = FontNames()
    with pdfium.opened_document(pdf, secret) as document:
        count = pdfium.page_count(document)
        if count > limits.pages:
            raise PdfTooLarge
        for index in range(count):
            with pdfium.opened_page(document, index) as (handle, text):
                order = painting_order(handle, limits.painted - painted)
                page = _page(index, handle, text, order, fonts, media_boxes)
                pages.append(page)
                painted += len(order.handles)
                characters += page.characters
                if characters > limits.characters:
                    raise PdfTooLarge
    return tuple(pages), count


def _page(
    index: int, handle: int, text: int, order: PaintingOrder, fonts: FontNames, media_boxes: tuple[Box, ...]
) -> Page:
    found = page_words(text, order, fonts)
    pdfium.shown_box(handle, byref(_RECTANGLE))
    box = (_RECTANGLE.left, _RECTANGLE.bottom, _RECTANGLE.right, _RECTANGLE.top)
    return Page(
        number=index + 1,
        box=box,
        media_box=media_boxes[index] if index < len(media_boxes) else box,
        rotation=90 * max(0, pdfium.page_rotation(handle)),
        words=found.words,
        styles=found.styles,
        painted=painted_objects(order, found.hidden),
        annotations=page_annotations(handle),
        characters=found.characters,
    )
