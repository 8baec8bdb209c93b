"""Pictures of pages, drawn by pdfium: annotations as they look, actions and forms never."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pikepdf
import pypdfium2
from PIL import Image
from pypdfium2_raw import bindings

from kontora.errors import PdfEncrypted, PdfNotReadable
from kontora.statements.document import Box
from kontora.statements.extraction.passwords import decrypted

DPI = 110
POINTS_PER_INCH = 72
MAX_PIXELS = 2400
QUALITY = 80
PASSWORD_ERROR = 4
FINE = 1000
"""Parts of a point: pdfium says places in whole numbers."""

# A child that draws has no way to load the writer of JPEGs any more.
Image.preinit()


@dataclass(frozen=True)
class Picture:
    """A page as a JPEG. `width`, `height`: of the page as shown, in points.

    `corner`, `right`, `up`: where a page's origin lies on the picture and how far one point leads, in points
    from the bottom left; pages may be turned and cropped.
    """

    number: int
    jpeg: bytes
    width: float
    height: float
    corner: tuple[float, float]
    right: tuple[float, float]
    up: tuple[float, float]

    def place(self, box: Box) -> Box:
        """Return where a box of the page lies on the picture."""
        x0, y0, x1, y1 = box
        corners = [self._point(x, y) for x, y in ((x0, y0), (x1, y1))]
        xs, ys = zip(*corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        return (
            self.corner[0] + x * self.right[0] + y * self.up[0],
            self.corner[1] + x * self.right[1] + y * self.up[1],
        )


class Pictures:
    """The pages of an opened file."""

    def __init__(self, file: pypdfium2.PdfDocument) -> None:
        self._file = file
        self.count = len(file)

    def of(self, number: int) -> Picture:
        """Draw a page, counted from 1."""
        page = self._file[number - 1]
        try:
            width, height = page.get_size()
            scale = min(DPI / POINTS_PER_INCH, MAX_PIXELS / max(width, height, 1))
            image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
            corner, *ends = (_shown(page, width, height, *point) for point in ((0, 0), (1, 0), (0, 1)))
            right, up = ((end[0] - corner[0], end[1] - corner[1]) for end in ends)
            return Picture(number, _jpeg(image), width, height, corner, right, up)
        finally:
            page.close()


@contextmanager
def opened_pictures(pdf: bytes, password: str | None) -> Iterator[Pictures]:
    """Open a file to draw its pages.

    Raises: PdfEncrypted, PdfNotReadable.
    """
    file = _opened(pdf, password)
    try:
        yield Pictures(file)
    except pypdfium2.PdfiumError as error:
        raise PdfNotReadable from error
    finally:
        file.close()


def _opened(pdf: bytes, password: str | None) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf, password=password)
    except pypdfium2.PdfiumError as error:
        if error.err_code != PASSWORD_ERROR:
            raise PdfNotReadable from error
    try:  # pdfium takes a password in one spelling only, as reading does not
        return pypdfium2.PdfDocument(decrypted(pdf, password))
    except pikepdf.PasswordError as error:
        raise PdfEncrypted from error


def _shown(page: pypdfium2.PdfPage, width: float, height: float, x: float, y: float) -> tuple[float, float]:
    """Return where a point of the page is shown, in points from the bottom left."""
    left, top = ctypes.c_int(), ctypes.c_int()
    size = round(width * FINE), round(height * FINE)
    if not bindings.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, left, top):
        raise PdfNotReadable
    return left.value / FINE, height - top.value / FINE


def _jpeg(image: Image.Image) -> bytes:
    target = io.BytesIO()
    image.save(target, "JPEG", quality=QUALITY)
    return target.getvalue()
