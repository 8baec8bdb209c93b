"""Hidden text: text that a program reads and nobody sees."""

from __future__ import annotations

from collections.abc import Iterator

from kontora.statements.checks.subject import Subject, boxes_of
from kontora.statements.checks.thresholds import (
    COVER_ALPHA,
    GROUND_POINTS,
    SAME_COLOUR,
    VISIBLE_ALPHA,
    VISIBLE_SIZE_POINTS,
)
from kontora.statements.document import Colour, Page, Painted, PaintedKind, Style, Word
from kontora.statements.findings import FailedVerification, Severity, Verification

INVISIBLE_MODES = frozenset({3, 7})
PAPER: Colour = (255, 255, 255, 255)

INVISIBLE = "Text is here that is not drawn."
TRANSPARENT = "Text is here that is transparent."
TINY = "Text is here that is too small to be seen."
SAME_AS_GROUND = "Text is here in the colour of what lies behind it."
OUTSIDE = "Text stands outside of the page that is shown."
CLIPPED = "Text is here that is cut away."


def check_hidden_text(subject: Subject) -> Iterator[FailedVerification]:
    """Find text that is drawn invisibly, in the colour of its ground, tiny, or outside of the page."""
    for page in subject.document.pages:
        for message, words in _hidden(page).items():
            for box in boxes_of(words):
                yield FailedVerification(Verification.HIDDEN_TEXT, Severity.HIGH, message, page.number, box)


def _hidden(page: Page) -> dict[str, list[Word]]:
    reasons = [_reason(style) for style in page.styles]
    grounds = _Grounds(page)
    pale = [
        reason is None and grounds.may_hide(style) for reason, style in zip(reasons, page.styles, strict=True)
    ]
    clipped = {
        painted.order
        for painted in page.painted
        if painted.kind is PaintedKind.TEXT
        and (painted.box[2] <= painted.box[0] or painted.box[3] <= painted.box[1])
    }
    found: dict[str, list[Word]] = {}
    x0, y0, x1, y1 = page.box
    for word in page.words:
        reason = reasons[word.style]
        if reason is None:
            if word.x1 <= x0 or word.x0 >= x1 or word.y1 <= y0 or word.y0 >= y1:
                reason = OUTSIDE
            elif word.order in clipped:
                reason = CLIPPED
            elif pale[word.style] and grounds.hide(word, page.styles[word.style]):
                reason = SAME_AS_GROUND
        if reason is not None:
            found.setdefault(reason, []).append(word)
    return found


def _reason(style: Style) -> str | None:
    if style.render_mode in INVISIBLE_MODES:
        return INVISIBLE
    if style.fill[3] < VISIBLE_ALPHA:
        return TRANSPARENT
    return TINY if style.size < VISIBLE_SIZE_POINTS else None


class _Grounds:
    """What lies behind the words of a page: filled shapes, pictures, or paper."""

    def __init__(self, page: Page) -> None:
        self._painted = [painted for painted in reversed(page.painted) if _is_ground(painted)]
        self._colours = {PAPER, *(painted.fill for painted in self._painted if painted.fill is not None)}

    def may_hide(self, style: Style) -> bool:
        """Say whether the page has a ground of a style's colour at all."""
        return any(_are_alike(style.fill, colour) for colour in self._colours)

    def hide(self, word: Word, style: Style) -> bool:
        """Say whether a word has the colour of what is directly behind it; over pictures it has not."""
        ground = next((painted for painted in self._painted if _is_behind(painted, word)), None)
        if ground is None:
            return _are_alike(style.fill, PAPER)
        return ground.fill is not None and _are_alike(style.fill, ground.fill)


def _is_ground(painted: Painted) -> bool:
    x0, y0, x1, y1 = painted.box
    if painted.kind is PaintedKind.TEXT or min(x1 - x0, y1 - y0) < GROUND_POINTS:
        return False
    filled = painted.fill is not None and painted.fill[3] >= COVER_ALPHA
    return filled or painted.kind is not PaintedKind.PATH


def _is_behind(painted: Painted, word: Word) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    x0, y0, x1, y1 = painted.box
    return painted.order < word.order and x0 <= x <= x1 and y0 <= y <= y1


def _are_alike(one: Colour, other: Colour) -> bool:
    return all(abs(left - right) <= SAME_COLOUR for left, right in zip(one[:3], other[:3], strict=True))
