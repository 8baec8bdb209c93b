"""Boxes under transformations, and the box that clips an object."""

from __future__ import annotations

from ctypes import byref, c_float

from kontora.statements.document import Box
from kontora.statements.extraction import pdfium

Frame = tuple[float, float, float, float, float, float]
"""A transformation: x' = a x + c y + e; y' = b x + d y + f."""

MAX_SEGMENTS = 200
"""Clips of more segments are no boxes; they are taken as not clipping."""

_X, _Y = c_float(), c_float()


def joined(first: Frame, then: Frame | None) -> Frame:
    """Make one transformation of two."""
    if then is None:
        return first
    a, b, c, d, e, f = first
    ta, tb, tc, td, te, tf = then
    return (
        a * ta + b * tc,
        a * tb + b * td,
        c * ta + d * tc,
        c * tb + d * td,
        e * ta + f * tc + te,
        e * tb + f * td + tf,
    )


def placed(box: Box, frame: Frame | None) -> Box:
    """Transform a box; of a turned one, the box around it."""
    if frame is None:
        return box
    a, b, c, d, e, f = frame
    x0, y0, x1, y1 = box
    xs = (a * x0 + c * y0, a * x0 + c * y1, a * x1 + c * y0, a * x1 + c * y1)
    ys = (b * x0 + d * y0, b * x0 + d * y1, b * x1 + d * y0, b * x1 + d * y1)
    return (min(xs) + e, min(ys) + f, max(xs) + e, max(ys) + f)


def overlap(box: Box, other: Box | None) -> Box:
    """Return what two boxes share; where they share nothing, a box without width or height."""
    if other is None:
        return box
    x0, y0 = max(box[0], other[0]), max(box[1], other[1])
    return (x0, y0, max(x0, min(box[2], other[2])), max(y0, min(box[3], other[3])))


def clip_box(handle: int) -> Box | None:
    """Return the box around what a clip leaves of an object, in its own coordinates; `None` without one."""
    clip = pdfium.object_clip(handle)
    if not clip:
        return None
    found: Box | None = None
    for path in range(pdfium.clip_paths(clip)):
        box = _path_box(clip, path)
        if box is not None:
            found = box if found is None else overlap(found, box)
    return found


def _path_box(clip: int, path: int) -> Box | None:
    count = pdfium.clip_segments(clip, path)
    if not 0 < count <= MAX_SEGMENTS:
        return None
    xs, ys = [], []
    for index in range(count):
        segment = pdfium.clip_segment(clip, path, index)
        if segment and pdfium.segment_point(segment, byref(_X), byref(_Y)):
            xs.append(_X.value)
            ys.append(_Y.value)
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None
