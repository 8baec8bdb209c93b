"""The functions of pdfium that reading a page needs, called as cheaply as ctypes allows.

pypdfium2 loads and starts the library; its objects are not used, they cost more than the calls themselves.
Nothing here is safe for threads, and neither is pdfium: one process reads one file at a time.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import byref, c_char_p, c_double, c_float, c_int, c_size_t, c_uint, c_ulong, c_void_p
from typing import Any, NewType

import pypdfium2  # noqa: F401 - importing it starts the library
from pypdfium2_raw import bindings

from kontora.errors import PdfEncrypted, PdfNotReadable

Function = Callable[..., Any]

_LIBRARY: Any = bindings._libs["pdfium"]
_QUICK: Any = ctypes.PyDLL(_LIBRARY._name)
"""The same library, called without letting other threads run meanwhile: these calls take no time."""

TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5
"""Kinds of page objects."""
PASSWORD_ERROR, SECURITY_ERROR = 4, 5


class Matrix(ctypes.Structure):
    """A transformation: x' = a x + c y + e; y' = b x + d y + f."""

    _fields_ = tuple((name, c_float) for name in "abcdef")


class Rectangle(ctypes.Structure):
    """A box as pdfium orders it."""

    _fields_ = (("left", c_float), ("top", c_float), ("right", c_float), ("bottom", c_float))


Passed = NewType("Passed", object)
"""A handle as ctypes passes it: made once, it is not converted again in every call."""
passed: Callable[[int], Any] = c_void_p.from_param


def _checked(name: str, result: Any, *arguments: Any) -> Function:
    function: Any = _LIBRARY[name]
    function.restype, function.argtypes = result, arguments
    return function  # type: ignore[no-any-return] # ctypes' functions are made at run time


def _bare(name: str, result: Any = c_int) -> Function:
    """Take a function without prototypes: half the time a call, for those called for every word.

    Handles must be `Passed`, places for results made by `byref`; plain numbers become C's int.
    """
    function: Any = _QUICK[name]
    function.restype = result
    return function  # type: ignore[no-any-return] # ctypes' functions are made at run time


_load_document = _checked("FPDF_LoadMemDocument64", c_void_p, c_void_p, c_size_t, c_char_p)
_close_document = _checked("FPDF_CloseDocument", None, c_void_p)
_last_error = _checked("FPDF_GetLastError", c_ulong)
page_count = _checked("FPDF_GetPageCount", c_int, c_void_p)
_load_page = _checked("FPDF_LoadPage", c_void_p, c_void_p, c_int)
_close_page = _checked("FPDF_ClosePage", None, c_void_p)
_load_text = _checked("FPDFText_LoadPage", c_void_p, c_void_p)
_close_text = _checked("FPDFText_ClosePage", None, c_void_p)

page_rotation = _checked("FPDFPage_GetRotation", c_int, c_void_p)
shown_box = _checked("FPDF_GetPageBoundingBox", c_int, c_void_p, c_void_p)

character_count = _checked("FPDFText_CountChars", c_int, c_void_p)
page_text = _checked("FPDFText_GetText", c_int, c_void_p, c_int, c_int, c_void_p)
character_code = _bare("FPDFText_GetUnicode", c_uint)
character_box = _bare("FPDFText_GetCharBox")
character_loose_box = _bare("FPDFText_GetLooseCharBox")
character_origin = _bare("FPDFText_GetCharOrigin")
character_matrix = _bare("FPDFText_GetMatrix")
character_object = _bare("FPDFText_GetTextObject", c_void_p)

text_font = _bare("FPDFTextObj_GetFont", c_void_p)
text_size = _bare("FPDFTextObj_GetFontSize")
text_render_mode = _bare("FPDFTextObj_GetTextRenderMode")
fill_colour_bare = _bare("FPDFPageObj_GetFillColor")
font_name = _checked("FPDFFont_GetBaseFontName", c_size_t, c_void_p, c_void_p, c_size_t)

object_count = _checked("FPDFPage_CountObjects", c_int, c_void_p)
page_object = _bare("FPDFPage_GetObject", c_void_p)
form_object_count = _checked("FPDFFormObj_CountObjects", c_int, c_void_p)
form_object = _checked("FPDFFormObj_GetObject", c_void_p, c_void_p, c_ulong)
object_kind = _checked("FPDFPageObj_GetType", c_int, c_void_p)
object_bounds = _checked("FPDFPageObj_GetBounds", c_int, c_void_p, *[c_void_p] * 4)
object_matrix = _checked("FPDFPageObj_GetMatrix", c_int, c_void_p, c_void_p)
fill_colour = _checked("FPDFPageObj_GetFillColor", c_int, c_void_p, *[c_void_p] * 4)
stroke_colour = _checked("FPDFPageObj_GetStrokeColor", c_int, c_void_p, *[c_void_p] * 4)
path_draw_mode = _checked("FPDFPath_GetDrawMode", c_int, c_void_p, c_void_p, c_void_p)
image_raw = _checked("FPDFImageObj_GetImageDataRaw", c_ulong, c_void_p, c_void_p, c_ulong)

object_clip = _bare("FPDFPageObj_GetClipPath", c_void_p)
clip_paths = _bare("FPDFClipPath_CountPaths")
clip_segments = _bare("FPDFClipPath_CountPathSegments")
clip_segment = _bare("FPDFClipPath_GetPathSegment", c_void_p)
segment_point = _bare("FPDFPathSegment_GetPoint")

annotation_count = _checked("FPDFPage_GetAnnotCount", c_int, c_void_p)
page_annotation = _checked("FPDFPage_GetAnnot", c_void_p, c_void_p, c_int)
close_annotation = _checked("FPDFPage_CloseAnnot", None, c_void_p)
annotation_subtype = _checked("FPDFAnnot_GetSubtype", c_int, c_void_p)
annotation_box = _checked("FPDFAnnot_GetRect", c_int, c_void_p, c_void_p)
annotation_has = _checked("FPDFAnnot_HasKey", c_int, c_void_p, c_char_p)


@contextmanager
def opened_document(pdf: bytes, secret: bytes | None) -> Iterator[int]:
    """Open a file, with the bytes of its password, and close it again.

    Raises: PdfEncrypted, PdfNotReadable.
    """
    document = _load_document(pdf, len(pdf), secret)
    if not document:
        error = _last_error()
        if error in {PASSWORD_ERROR, SECURITY_ERROR}:
            raise PdfEncrypted
        raise PdfNotReadable
    try:
        yield document
    finally:
        _close_document(document)


@contextmanager
def opened_page(document: int, index: int) -> Iterator[tuple[int, int]]:
    """Open a page, counted from 0, and its text.

    Raises: PdfNotReadable.
    """
    page = _load_page(document, index)
    if not page:
        raise PdfNotReadable
    try:
        text = _load_text(page)
        if not text:
            raise PdfNotReadable
        try:
            yield page, text
        finally:
            _close_text(text)
    finally:
        _close_page(page)


def places(kind: type[c_float | c_double | c_uint], count: int) -> tuple[Any, list[Any]]:
    """Make an array for results and the places in it, to be given to functions."""
    array = (kind * count)()
    return array, [byref(array, index * ctypes.sizeof(kind)) for index in range(count)]
