"""The words of a value: what follows a label on its line, or stands below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from kontora.statements.document import Word
from kontora.statements.layout_fields import FieldForm
from kontora.statements.readings import Place
from kontora.statements.rows.frame import Span
from kontora.statements.rows.lines import Line, place_of
from kontora.statements.rows.marks import mark

# Between words of one value; what is farther away belongs to the next column.
VALUE_GAP_POINTS = 24.0
# A label inside a line begins a cell if it is this far from what stands left of it.
CELL_GAP_POINTS = 5.0
# Lines of one value begin below each other, the next perhaps a little indented.
INDENT_POINTS = 8.0
LINE_STEP_POINTS = 26.0
EDGE_POINTS = 2.0


class Value(NamedTuple):
    """A value as found: its lines of text, and where it stands."""

    lines: tuple[str, ...]
    place: Place

    @property
    def text(self) -> str:
        """Its lines with a space between them."""
        return " ".join(self.lines)


def values_of(form: FieldForm, spans: Iterable[Span], known: tuple[str, ...]) -> Iterator[Value]:
    """Find a field's values, label by label: first where the label begins a cell, then inside of sentences.

    `known`: all labels of the layout; where one begins a cell, a value has ended.
    """
    spans = tuple(spans)
    for label in form.labels:
        found = [
            hit for place, span in enumerate(_narrowed(spans, form)) for hit in _hits(label, span, place)
        ]
        for hit in sorted(found, key=_Hit.rank):
            value = _value(form, hit, known)
            if value is not None:
                yield value


def _narrowed(spans: tuple[Span, ...], form: FieldForm) -> tuple[Span, ...]:
    """Return the lines after and before the labels that the field is to stand between."""
    if form.after is not None:
        place, line = next(_label_lines(spans, form.after), (len(spans), 0))
        spans = (*(span._replace(first=line + 1) for span in spans[place : place + 1]), *spans[place + 1 :])
    if form.before is not None:
        place, line = next(_label_lines(spans, form.before), (len(spans), 0))
        spans = (*spans[:place], *(span._replace(last=line) for span in spans[place : place + 1]))
    return spans


def _label_lines(spans: tuple[Span, ...], label: str) -> Iterator[tuple[int, int]]:
    """Return where a label begins a cell: the number of the span, and that of the line on its page."""
    for place, span in enumerate(spans):
        for hit in _hits(label, span):
            if hit.begins_cell:
                yield place, hit.number


class _Hit(NamedTuple):
    """A label: its line, its first word, and the word and character after it."""

    span: Span
    number: int
    first: int
    word: int
    character: int
    begins_cell: bool
    place: int

    def rank(self) -> tuple[bool, int, int]:
        """Say which label goes first: one that begins a cell, and of several the one farthest left.

        The value of another field may begin with the same word; its column is the second.
        """
        return not self.begins_cell, self.place, round(self.line.words[self.first].x0 / INDENT_POINTS)

    @property
    def line(self) -> Line:
        return self.span.page.lines[self.number]


def _hits(label: str, span: Span, place: int = 0) -> Iterator[_Hit]:
    sought = mark(label)
    for begin, end in sought.all(span.page.folded):
        number, offset = span.page.line_at(begin)
        if not span.first <= number < span.last:
            continue
        line = span.page.lines[number]
        first, inside = line.word_at(offset)
        word, character = line.word_at(offset + end - begin)
        if inside or (character and _goes_on(line.words[word].text, character)):
            continue
        begins = first == 0 or line.words[first].x0 - line.words[first - 1].x1 >= CELL_GAP_POINTS
        yield _Hit(span, number, first, word, character, begins, place)


def _goes_on(text: str, place: int) -> bool:
    """Say whether the label ends inside of a longer word: `Tytuł` in `Tytułem`."""
    return text[place - 1].isalpha() and text[place].isalpha()


def _value(form: FieldForm, hit: _Hit, known: tuple[str, ...]) -> Value | None:
    words = [] if form.below else _after(form, hit, known)
    label = hit.line.words[hit.first : max(hit.word, hit.first + 1)]
    if not words:
        return _below(form, hit, label, known)
    texts = [" ".join([word.text for word in words])]
    placed = list(words)
    for more in _more_lines(hit, form.lines - 1, (label[0].x0, label[-1].x1, words[0].x0), known):
        texts.append(" ".join([word.text for word in more]))
        placed += more
    return _shown(form, texts, placed, hit)


def _more_lines(
    hit: _Hit, count: int, edges: tuple[float, float, float], known: tuple[str, ...]
) -> Iterator[list[Word]]:
    """Return the next lines of a value. `edges`: where its label begins and ends, and where it begins itself.

    Where values have a column of their own, a word in the column of labels is the next label.
    """
    begin, end, left = edges
    if left - end < CELL_GAP_POINTS:
        yield from _lines_below(hit, count, (left, begin), known)
        return
    yield from _lines_below(hit, count, (left,), (), stop_from=begin)


def _after(form: FieldForm, hit: _Hit, known: tuple[str, ...]) -> list[Word]:
    """Return the words after a label up to the next label, a wide gap, or the words that end the value."""
    words = hit.line.words[hit.word :]
    if hit.character:
        rest = words[0].text[hit.character :]
        words = [msgspec.structs.replace(words[0], text=rest), *words[1:]]
    if words:
        # What follows a colon is the value, also where it was glued to the label.
        words = [msgspec.structs.replace(words[0], text=words[0].text.lstrip(":")), *words[1:]]
        words = words if words[0].text else words[1:]
    if form.between is not None:
        x0, x1 = form.between
        words = [word for word in words if x0 <= (word.x0 + word.x1) / 2 < x1]
    kept: list[Word] = []
    for place, word in enumerate(words):
        gap = word.x0 - words[place - 1].x1 if place else 0.0
        if (gap > VALUE_GAP_POINTS and not form.across_gaps) or (
            gap >= CELL_GAP_POINTS and _begins_label(words[place:], known)
        ):
            break
        kept.append(word)
    return kept


def _begins_label(words: Sequence[Word], labels: tuple[str, ...]) -> bool:
    if not labels:
        return False
    folded = Line(0, 0.0, list(words[:6])).folded
    return any(mark(label).begins(folded) for label in labels)


def _below(form: FieldForm, hit: _Hit, label: Sequence[Word], known: tuple[str, ...]) -> Value | None:
    found = list(_lines_below(hit, form.lines, (label[0].x0,), known))
    if not found:
        return None
    texts = [" ".join([word.text for word in words]) for words in found]
    return _shown(form, texts, [word for words in found for word in words], hit)


def _lines_below(
    hit: _Hit, count: int, lefts: tuple[float, ...], known: tuple[str, ...], stop_from: float | None = None
) -> Iterator[list[Word]]:
    """Return the words of the next lines that begin at a left edge, until a label or a wide step.

    `stop_from`: a word between here and the left edge is a label.
    """
    lines = hit.span.page.lines
    last = hit.line.baseline
    for number in range(hit.number + 1, hit.span.last):
        line = lines[number]
        if count <= 0 or last - line.baseline > LINE_STEP_POINTS:
            return
        if stop_from is not None and any(
            stop_from - EDGE_POINTS <= word.x0 < lefts[0] - EDGE_POINTS for word in line.words
        ):
            return
        words = _column(line.words, lefts)
        if not words:
            continue
        if _begins_label(words, known):
            return
        last = line.baseline
        count -= 1
        yield words


def _column(words: Sequence[Word], lefts: tuple[float, ...]) -> list[Word]:
    begin = next(
        (
            place
            for place, word in enumerate(words)
            if any(-EDGE_POINTS <= word.x0 - left <= INDENT_POINTS for left in lefts)
            and (place == 0 or word.x0 - words[place - 1].x1 >= CELL_GAP_POINTS)
        ),
        None,
    )
    if begin is None:
        return []
    kept = [words[begin]]
    for left, right in pairwise(words[begin:]):
        if right.x0 - left.x1 > VALUE_GAP_POINTS:
            break
        kept.append(right)
    return kept


def _shown(form: FieldForm, texts: list[str], words: Sequence[Word], hit: _Hit) -> Value | None:
    kept = tuple(text for text in texts[form.skip_lines :] if text)
    return Value(kept, place_of(hit.line.page, words)) if kept and words else None
