"""Boxes under transformations, and the box that clips an object."""

from __future__ import annotations

from ctypes import c_float
from itertools import repeat

from kontora.statements.document import Box
from kontora.statements.extraction import pdfium
from kontora.statements.extraction.pdfium import Passed, passed

Frame = tuple[float, float, float, float, float, float]
"""A transformation: x' = a x + c y + e; y' = b x + d y + f."""

MAX_SEGMENTS = 200
"""Clips of more segments are no boxes; they are taken as not clipping."""

_XS, _X_PLACES = pdfium.places(c_float, MAX_SEGMENTS)
_YS, _Y_PLACES = pdfium.places(c_float, MAX_SEGMENTS)


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
    clip = pdfium.object_clip(passed(handle))
    return _clip_box(passed(clip)) if clip else None


def clipped(handles: list[int]) -> list[int]:
    """Return those of the objects that have a clip."""
    clips = map(pdfium.object_clip, map(passed, handles))
    counts = map(pdfium.clip_paths, map(passed, clips))
    return [handle for handle, count in zip(handles, counts, strict=True) if count > 0]


def _clip_box(clip: Passed) -> Box | None:
    found: Box | None = None
    for path in range(pdfium.clip_paths(clip)):
        box = _path_box(clip, path)
        if box is not None:
            found = box if found is None else overlap(found, box)
    return found


def _path_box(clip: Passed, path: int) -> Box | None:
    count = pdfium.clip_segments(clip, path)
    if not 0 < count <= MAX_SEGMENTS:
        return None
    segments = map(pdfium.clip_segment, repeat(clip), repeat(path), range(count))
    if not all(map(pdfium.segment_point, map(passed, segments), _X_PLACES, _Y_PLACES)):
        return None
    xs, ys = _XS[:count], _YS[:count]
    return (min(xs), min(ys), max(xs), max(ys))
