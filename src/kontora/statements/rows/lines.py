"""Words of a page as lines, from top to bottom, with their text in the form in which marks are found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter

from kontora.statements.document import Box, Document, Page, Word
from kontora.statements.readings import Place
from kontora.statements.rows.marks import Mark, fold

# A line of the smallest text is 5.8 points from the next; words of one line differ by less than one.
SAME_LINE_POINTS = 1.5

_by_baseline = attrgetter("baseline")
_by_left = attrgetter("x0")


class Line:
    """Words on one baseline, from left to right."""

    __slots__ = ("baseline", "folded", "page", "words")

    def __init__(self, page: int, baseline: float, words: list[Word]) -> None:
        self.page = page
        self.baseline = baseline
        self.words = words
        self.folded = fold("".join([word.text for word in words]))

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join([word.text for word in self.words])

    def word_at(self, place: int) -> tuple[int, int]:
        """Return the word at a place of the folded text: its number and the place within it.

        At the end of the text: the number of words, and 0.
        """
        for number, word in enumerate(self.words):
            if place < len(word.text):
                return number, place
            place -= len(word.text)
        return len(self.words), 0


class PageLines:
    """A page as lines, and all of its folded text at once: lines joined by a line end."""

    __slots__ = ("_starts", "folded", "lines", "number", "page")

    def __init__(self, page: Page) -> None:
        self.page = page
        self.number = page.number
        self.lines = lines_of(page.words, page.number)
        self.folded = "\n".join([line.folded for line in self.lines])
        starts: list[int] = []
        place = 0
        for line in self.lines:
            starts.append(place)
            place += len(line.folded) + 1
        self._starts = starts

    def line_at(self, place: int) -> tuple[int, int]:
        """Return the line at a place of the folded text: its number and the place within it."""
        number = bisect_right(self._starts, place) - 1
        return number, place - self._starts[number]

    def lines_with(self, mark: Mark) -> list[int]:
        """Return the numbers of the lines that begin with a mark, from the top."""
        found = []
        for begin, _ in mark.all(self.folded):
            number, place = self.line_at(begin)
            if place == 0:
                found.append(number)
        return found


def pages_of(document: Document) -> tuple[PageLines, ...]:
    """Return the pages of a document as lines."""
    return tuple(PageLines(page) for page in document.pages)


def lines_of(words: Sequence[Word], page: int) -> list[Line]:
    """Group words into lines by their baselines, from top to bottom."""
    lines: list[Line] = []
    current: list[Word] = []
    first = 0.0
    for word in sorted([word for word in words if word.text], key=_by_baseline, reverse=True):
        if current and first - word.baseline > SAME_LINE_POINTS:
            lines.append(Line(page, first, sorted(current, key=_by_left)))
            current = []
        if not current:
            first = word.baseline
        current.append(word)
    if current:
        lines.append(Line(page, first, sorted(current, key=_by_left)))
    return lines


def box_of(words: Iterable[Word]) -> Box:
    """Return the smallest box around words; there must be one at least."""
    x0, y0, x1, y1 = zip(*[(word.x0, word.y0, word.x1, word.y1) for word in words], strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def place_of(page: int, words: Iterable[Word]) -> Place:
    """Return where words stand."""
    return Place(page, box_of(words))
