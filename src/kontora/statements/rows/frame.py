"""Where the table of a document lies: its header on each page, where it ends, and what is around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kontora.statements.forms.patterns import compiled
from kontora.statements.layout_table import Table
from kontora.statements.rows.lines import Line, PageLines
from kontora.statements.rows.marks import Mark, mark, tolerant_source

MAX_HEADER_LINE = 240


class Span(NamedTuple):
    """Lines of a page: from `first` up to, not including, `last`."""

    page: PageLines
    first: int
    last: int

    @property
    def lines(self) -> Sequence[Line]:
        """The lines, from the top."""
        return self.page.lines[self.first : self.last]


class Region(NamedTuple):
    """The part of a table on one page: its lines without headers, and the lines of its first header.

    `first`, `last`: the numbers of its first line and of the one after its last. `tops`: the baselines of
    the last line of each header.
    """

    page: PageLines
    first: int
    last: int
    lines: tuple[Line, ...]
    header: tuple[Line, ...]
    tops: tuple[float, ...]


class Frame(NamedTuple):
    """A document around its table. `head`: above it, on the page where it begins and those before; `foot`:
    from the line that ends it; without such a line all that is not `head`."""

    pages: tuple[PageLines, ...]
    head: tuple[Span, ...]
    foot: tuple[Span, ...]
    regions: tuple[Region, ...]

    def outside(self) -> tuple[Span, ...]:
        """Return all lines that are not in the table, the last page first, its foot first."""
        spans: list[Span] = []
        regions = {region.page.number: region for region in self.regions}
        for page in reversed(self.pages):
            region = regions.get(page.number)
            if region is None:
                spans.append(Span(page, 0, len(page.lines)))
            else:
                spans += [Span(page, region.last, len(page.lines)), Span(page, 0, region.first)]
        return tuple(spans)


def frame_of(pages: tuple[PageLines, ...], table: Table, page_number: str | None) -> Frame | None:
    """Find the table; `None` where no page has its header. `page_number`: the layout's pattern."""
    headers = [_headers(page, table) for page in pages]
    start = next((place for place, found in enumerate(headers) if found), None)
    if start is None:
        return None
    first_line = headers[start][0][0]
    end = _end(pages, table, start, first_line)
    head = tuple(
        Span(page, 0, first_line if place == start else len(page.lines))
        for place, page in enumerate(pages[: start + 1])
    )
    if end is None:
        foot = tuple(
            Span(page, first_line if place == 0 else 0, len(page.lines))
            for place, page in enumerate(pages[start:])
        )
    else:
        foot = tuple(
            Span(page, end[1] if place == 0 else 0, len(page.lines))
            for place, page in enumerate(pages[end[0] :])
        )
    regions = []
    for place in range(start, len(pages) if end is None else end[0] + 1):
        last = end[1] if end is not None and place == end[0] else len(pages[place].lines)
        regions.append(
            _region(
                pages[place],
                headers[place],
                Span(pages[place], first_line if place == start else 0, last),
                table,
                page_number,
            )
        )
    return Frame(pages, head, foot, tuple(regions))


def _region(
    page: PageLines, headers: list[tuple[int, int]], span: Span, table: Table, page_number: str | None
) -> Region:
    first, last = span.first, min(span.last, _foot(page, table, span.last))
    headers = [header for header in headers if first <= header[0] and header[1] <= last]
    if headers:
        first = headers[0][0]
    skipped = {number for begin, end in headers for number in range(begin, end)}
    if page_number is not None:
        says = compiled(page_number).fullmatch
        skipped |= {number for number in range(first, last) if says(page.lines[number].folded)}
    lines = tuple(page.lines[number] for number in range(first, last) if number not in skipped)
    header = tuple(page.lines[headers[0][0] : headers[0][1]]) if headers else ()
    tops = tuple(page.lines[end - 1].baseline for _, end in headers)
    return Region(page, first, last, lines, header, tops)


def _foot(page: PageLines, table: Table, last: int) -> int:
    """Return the first line of the page's foot: the topmost of the last places of its marks."""
    found = [lines[-1] for label in table.foot if (lines := page.lines_with(mark(label)))]
    return min(found, default=last)


def _end(pages: tuple[PageLines, ...], table: Table, start: int, first_line: int) -> tuple[int, int] | None:
    """Return page and line where the table ends: the last place of the first mark that the document has."""
    for label in table.end:
        for place in range(len(pages) - 1, start - 1, -1):
            lines = pages[place].lines_with(mark(label))
            if lines and (place > start or lines[-1] > first_line):
                return place, lines[-1]
    return None


def _headers(page: PageLines, table: Table) -> list[tuple[int, int]]:
    """Find headers: lines of nothing but the labels' words, one below the other, that together have all.

    Headers of two lines are read line by line, so that labels come in pieces.
    """
    words = _header_words(table.header, table.header_more)
    folded = [line.folded for line in page.lines]
    is_header = [words.are_all_of(line) for line in page.lines]
    found = []
    number = 0
    while number < len(folded):
        begin = number
        while number < len(folded) and is_header[number]:
            number += 1
        if number > begin and words.are_all_in("\n".join(folded[begin:number])):
            found.append((begin, number))
        number = max(number, begin + 1)
    return found


class _HeaderWords(NamedTuple):
    """The words of a header: patterns of one and of several glued, and each with how often it is there."""

    word: re.Pattern[str]
    glued: re.Pattern[str]
    times: tuple[tuple[Mark, int], ...]

    def are_all_of(self, line: Line) -> bool:
        """Say whether a line has no other words, though some may be glued to each other."""
        text = line.folded
        if len(text) > MAX_HEADER_LINE:
            return False
        begin = 0
        for word in line.words:
            end = begin + len(word.text)
            if not self.word.fullmatch(text, begin, end) and not self.glued.fullmatch(text, begin, end):
                return False
            begin = end
        return True

    def are_all_in(self, text: str) -> bool:
        return all(sum(1 for _ in word.all(text)) >= times for word, times in self.times)


@lru_cache(maxsize=128)
def _header_words(labels: tuple[str, ...], more: tuple[str, ...]) -> _HeaderWords:
    counted = Counter(_words(labels))
    sources = sorted({tolerant_source(word) for word in (*counted, *_words(more))}, key=len, reverse=True)
    # Possessive, so that no text can make it try every division into words.
    return _HeaderWords(
        re.compile("|".join(sources)),
        re.compile("(?:" + "|".join(sources) + ")++"),
        tuple((mark(word), times) for word, times in counted.items()),
    )


def _words(labels: tuple[str, ...]) -> list[str]:
    return [word for label in labels for word in label.split()]
