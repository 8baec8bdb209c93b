"""The annotations of a page: what lies over it and is not part of it."""

from __future__ import annotations

from ctypes import byref

from kontora.statements.document import Annotation
from kontora.statements.extraction import pdfium

MAX_ANNOTATIONS = 10_000

SUBTYPES = (
    *("Unknown", "Text", "Link", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight"),
    *("Underline", "Squiggly", "StrikeOut", "Stamp", "Caret", "Ink", "Popup", "FileAttachment", "Sound"),
    *("Movie", "Widget", "Screen", "PrinterMark", "TrapNet", "Watermark", "3D", "RichMedia", "XFAWidget"),
    "Redact",
)
"""By pdfium's number."""

_RECTANGLE = pdfium.Rectangle()


def page_annotations(page: int) -> tuple[Annotation, ...]:
    """List the annotations of a page in the order of the file."""
    found = []
    for index in range(min(MAX_ANNOTATIONS, pdfium.annotation_count(page))):
        handle = pdfium.page_annotation(page, index)
        if not handle:
            continue
        try:
            found.append(_annotation(handle))
        finally:
            pdfium.close_annotation(handle)
    return tuple(found)


def _annotation(handle: int) -> Annotation:
    pdfium.annotation_box(handle, byref(_RECTANGLE))
    box = (_RECTANGLE.left, _RECTANGLE.bottom, _RECTANGLE.right, _RECTANGLE.top)
    kind = pdfium.annotation_subtype(handle)
    subtype = SUBTYPES[kind] if 0 <= kind < len(SUBTYPES) else SUBTYPES[0]
    return Annotation(subtype, box, bool(pdfium.annotation_has(handle, b"AP")))
