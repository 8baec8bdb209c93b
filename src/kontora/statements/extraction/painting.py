"""What a page paints, in painting order, and what of its text nobody sees."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterable
from ctypes import byref, c_float, c_int, c_uint
from itertools import repeat

import msgspec

from kontora.errors import PdfTooLarge
from kontora.statements.document import Box, Colour, Painted, PaintedKind
from kontora.statements.extraction import pdfium
from kontora.statements.extraction.clipping import Frame, clip_box, clipped, joined, overlap, placed
from kontora.statements.extraction.pdfium import passed

MAX_FORM_DEPTH = 12
OPAQUE = 255
KINDS = {
    pdfium.PATH: PaintedKind.PATH,
    pdfium.IMAGE: PaintedKind.IMAGE,
    pdfium.SHADING: PaintedKind.SHADING,
    pdfium.TEXT: PaintedKind.TEXT,
}

_FLOATS, _FLOAT_PLACES = pdfium.places(c_float, 4)
_NUMBERS, _NUMBER_PLACES = pdfium.places(c_uint, 4)
_MODE, _IS_STROKED = c_int(), c_int()
_MATRIX = pdfium.Matrix()
_UNMOVED: Frame = (1, 0, 0, 1, 0, 0)


class PaintingOrder(msgspec.Struct):
    """The objects of a page as painted, those of forms in their place.

    `frames`, `alphas`: by place, of what a form moves or fades, with the box that clips the form.
    """

    handles: list[int]
    kinds: list[int]
    frames: dict[int, Frame]
    alphas: dict[int, int]
    clips: dict[int, Box | None]


def painting_order(page: int, limit: int) -> PaintingOrder:
    """List the objects of a page as they are painted.

    Raises: PdfTooLarge, if there are more than `limit`.
    """
    count = pdfium.object_count(page)
    if count > limit:
        raise PdfTooLarge
    handles = list(map(pdfium.page_object, repeat(passed(page)), range(count)))
    kinds = list(map(pdfium.object_kind, handles))
    order = PaintingOrder(handles, kinds, {}, {}, {})
    if pdfium.FORM in kinds:
        order = PaintingOrder([], [], {}, {}, {})
        _walk(handles, _Inside(), order, limit)
    return order


class _Inside(msgspec.Struct, frozen=True):
    """What forms do to the objects in them: move, fade and clip. On the page itself, nothing."""

    frame: Frame | None = None
    alpha: int = OPAQUE
    clip: Box | None = None
    depth: int = 0


def _walk(handles: Iterable[int], inside: _Inside, order: PaintingOrder, limit: int) -> None:
    for handle in handles:
        kind = pdfium.object_kind(handle)
        if kind == pdfium.FORM:
            if inside.depth < MAX_FORM_DEPTH:
                _enter_form(handle, inside, order, limit)
            continue
        if inside.frame is not None:
            place = len(order.handles)
            order.frames[place] = inside.frame
            order.alphas[place] = inside.alpha
            order.clips[place] = inside.clip
        order.handles.append(handle)
        order.kinds.append(kind)
    if len(order.handles) > limit:
        raise PdfTooLarge


def _enter_form(form: int, inside: _Inside, order: PaintingOrder, limit: int) -> None:
    count = max(0, pdfium.form_object_count(form))
    inner = list(map(pdfium.form_object, repeat(form), range(count)))
    own = _frame(_MATRIX) if pdfium.object_matrix(form, byref(_MATRIX)) else _UNMOVED
    colour = _colour(pdfium.fill_colour, form)
    clip, own_clip = inside.clip, clip_box(form)
    if own_clip is not None:
        clip = overlap(placed(own_clip, inside.frame), clip)
    moved = _Inside(
        frame=joined(own, inside.frame),
        alpha=inside.alpha if colour is None else min(inside.alpha, colour[3]),
        clip=clip,
        depth=inside.depth + 1,
    )
    _walk(inner, moved, order, limit)


def painted_objects(order: PaintingOrder, hidden: dict[int, tuple[Colour, int]]) -> tuple[Painted, ...]:
    """Describe every object that is not text, and the text that is not plainly visible.

    `hidden`: text that its style hides, by handle, with its colour and mode. Text that a clip leaves nothing
    of is given, too: its box has no width or no height.
    """
    texts = [handle for handle, kind in zip(order.handles, order.kinds, strict=True) if kind == pdfium.TEXT]
    # A form's clip is not an object's own: then all text is looked at.
    suspects = set(texts if order.clips else clipped(texts)) | hidden.keys()
    objects = []
    for place, kind in enumerate(order.kinds):
        if kind == pdfium.TEXT:
            handle = order.handles[place]
            if handle in suspects:
                box = _box(order, place)
                # Text of spaces alone has no box to begin with.
                if handle in hidden or (_is_empty(box) and not _is_empty(_bounds(handle))):
                    fill, mode = hidden.get(handle, (None, 0))
                    objects.append(Painted(PaintedKind.TEXT, box, place, fill=fill, render_mode=mode))
        elif kind in KINDS:
            objects.append(_painted(order, place, KINDS[kind]))
    return tuple(objects)


def _painted(order: PaintingOrder, place: int, kind: PaintedKind) -> Painted:
    handle = order.handles[place]
    box = _box(order, place)
    if kind is PaintedKind.IMAGE:
        return Painted(kind, box, place, image_sha256=_image_sha256(handle))
    if kind is PaintedKind.SHADING:
        return Painted(kind, box, place)
    pdfium.path_draw_mode(handle, byref(_MODE), byref(_IS_STROKED))
    alpha = order.alphas.get(place, OPAQUE)
    fill = _faded(_colour(pdfium.fill_colour, handle), alpha) if _MODE.value else None
    stroke = _faded(_colour(pdfium.stroke_colour, handle), alpha) if _IS_STROKED.value else None
    return Painted(kind, box, place, fill, stroke)


def _is_empty(box: Box) -> bool:
    return box[2] <= box[0] or box[3] <= box[1]


def _faded(colour: Colour | None, alpha: int) -> Colour:
    """Apply a form's alpha; a colour that is not set is black.

    Objects of a form that is no group have its alpha already, so that the lesser one holds.
    """
    red, green, blue, own = colour or (0, 0, 0, OPAQUE)
    return (red, green, blue, min(own, alpha))


def _box(order: PaintingOrder, place: int) -> Box:
    handle = order.handles[place]
    frame = order.frames.get(place)
    box = placed(_bounds(handle), frame)
    clip = clip_box(handle)
    if clip is not None:
        box = overlap(box, placed(clip, frame))
    return overlap(box, order.clips.get(place))


def _bounds(handle: int) -> Box:
    pdfium.object_bounds(handle, *_FLOAT_PLACES)
    x0, y0, x1, y1 = _FLOATS
    return (x0, y0, x1, y1)


def _colour(function: pdfium.Function, handle: int) -> Colour | None:
    if not function(handle, *_NUMBER_PLACES):
        return None
    red, green, blue, alpha = _NUMBERS
    return (red, green, blue, alpha)


def _image_sha256(handle: int) -> str | None:
    size = pdfium.image_raw(handle, None, 0)
    if not size:
        return None
    raw = ctypes.create_string_buffer(size)
    pdfium.image_raw(handle, raw, size)
    return hashlib.sha256(raw.raw).hexdigest()


def _frame(matrix: pdfium.Matrix) -> Frame:
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
