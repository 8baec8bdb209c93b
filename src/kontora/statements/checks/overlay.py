"""Overlay: what was painted over text, or put over the page as an annotation."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator
from operator import attrgetter

from kontora.statements.checks.subject import Subject, boxes_of
from kontora.statements.checks.thresholds import (
    COVER_ALPHA,
    COVER_SHARE,
    NEAR_WHITE,
    RULE_POINTS,
    WRITTEN_OVER_FROM,
    WRITTEN_OVER_SHARE,
)
from kontora.statements.document import Annotation, Box, Page, Painted, PaintedKind, Word
from kontora.statements.findings import FailedVerification, Severity, Verification

STRIP_POINTS = 4.0
"""Less than from one line of the smallest text to the next."""

_left = attrgetter("x0")

SILENT = frozenset({"Link", "Popup"})
"""Annotations that draw nothing over the page."""


def check_overlay(subject: Subject) -> Iterator[FailedVerification]:
    """Find text under shapes, pictures, annotations and other text that came later."""
    own_images = frozenset(subject.profile.images or ())
    for page in subject.document.pages:
        words = _Words(page)
        for painted in page.painted:
            if not _covers(painted) or painted.image_sha256 in own_images:
                continue
            yield from _covered(page, words.under(painted.box, painted.order), _sentence(painted))
        yield from _over_text(page)
        for annotation in page.annotations:
            yield from _annotation(page, words, annotation)


def _over_text(page: Page) -> Iterator[FailedVerification]:
    """Find words that lie on others. Bold that is made by painting twice has the same words twice."""
    found: dict[Word, None] = {}
    for shift in (0.0, 0.5):  # two that lie on each other are in one strip for one of these
        strips: defaultdict[int, list[Word]] = defaultdict(list)
        for word in page.words:
            strips[int(word.baseline / STRIP_POINTS + shift)].append(word)
        for strip in strips.values():
            found |= dict.fromkeys(_over_each_other(strip))
    yield from _covered(page, list(found), "Text was written over other text.")


def _over_each_other(strip: list[Word]) -> Iterator[Word]:
    """Return the later of two words that lie on each other, of those that are about as high on the page."""
    widest: Word | None = None
    for word in sorted(strip, key=_left):
        if widest is not None and word.x0 < widest.x1 and _lies_on(word, widest):
            yield max(word, widest, key=lambda each: each.order)
        if widest is None or word.x1 > widest.x1:
            widest = word


def _lies_on(one: Word, other: Word) -> bool:
    if one.text == other.text or min(len(one.text), len(other.text)) < WRITTEN_OVER_FROM:
        return False
    wide = min(one.x1, other.x1) - max(one.x0, other.x0)
    high = min(one.y1, other.y1) - max(one.y0, other.y0)
    return wide >= WRITTEN_OVER_SHARE * min(
        one.x1 - one.x0, other.x1 - other.x0
    ) and high >= WRITTEN_OVER_SHARE * min(one.y1 - one.y0, other.y1 - other.y0)


def _annotation(page: Page, words: _Words, annotation: Annotation) -> Iterator[FailedVerification]:
    if annotation.has_appearance and annotation.subtype not in SILENT:
        under = words.under(annotation.box, None)
        yield from _covered(page, under, "An annotation was put over this text.")


def _covered(page: Page, words: list[Word], message: str) -> Iterator[FailedVerification]:
    for box in boxes_of(words):
        yield FailedVerification(Verification.OVERLAY, Severity.HIGH, message, page.number, box)


def _sentence(painted: Painted) -> str:
    if painted.kind is PaintedKind.PATH:
        return "A filled shape was painted over this text."
    return "A picture was painted over this text."


def _covers(painted: Painted) -> bool:
    """Say whether an object hides what is beneath it: a filled shape, but no thin rule, or a picture."""
    x0, y0, x1, y1 = painted.box
    if painted.kind is PaintedKind.TEXT or x1 <= x0 or y1 <= y0:
        return False
    if painted.kind is not PaintedKind.PATH:
        return True
    fill = painted.fill
    if fill is None or fill[3] < COVER_ALPHA:
        return False
    return min(x1 - x0, y1 - y0) >= RULE_POINTS or min(fill[:3]) >= NEAR_WHITE


class _Words:
    """The words of a page by height, so that a shape is compared only with those beside it."""

    def __init__(self, page: Page) -> None:
        self._words = sorted(page.words, key=lambda word: word.y0)
        self._lows = [word.y0 for word in self._words]
        self._tallest = max((word.y1 - word.y0 for word in self._words), default=0.0)

    def under(self, box: Box, order: int | None) -> list[Word]:
        """Return the words under a box that were painted before `order`, as they stand in lines."""
        first = bisect_left(self._lows, box[1] - self._tallest)
        last = bisect_right(self._lows, box[3])
        found = [
            word
            for word in self._words[first:last]
            if (order is None or word.order < order) and _is_under(word, box)
        ]
        return sorted(found, key=lambda word: (-word.baseline, word.x0))


def _is_under(word: Word, box: Box) -> bool:
    """Say whether a box covers a tenth or more of any character of a word, all taken as equally wide."""
    height = word.y1 - word.y0
    high = min(word.y1, box[3]) - max(word.y0, box[1])
    wide = min(word.x1, box[2]) - max(word.x0, box[0])
    if high <= 0 or wide <= 0 or height <= 0:
        return False
    character = (word.x1 - word.x0) / max(1, len(word.text))
    return high / height * min(1.0, wide / character) >= COVER_SHARE
