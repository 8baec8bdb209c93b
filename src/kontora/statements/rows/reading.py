"""Rows of a table whose columns have no known place: read from the words of each line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from kontora.statements.document import Word
from kontora.statements.forms.dates import read_date
from kontora.statements.forms.patterns import compiled
from kontora.statements.layout import Layout
from kontora.statements.layout_table import HeadedColumn, NumbersAt, Reading, Table, TextName
from kontora.statements.rows.cut import Asides, CutRow, CutTable, DateCell, NumberCell
from kontora.statements.rows.failing import not_understood
from kontora.statements.rows.frame import Region
from kontora.statements.rows.lines import Line
from kontora.statements.rows.marks import fold, mark
from kontora.statements.rows.numbers import number_at_start, numbers_at_end

# Rows begin below each other; a date elsewhere belongs to a description.
SAME_START_POINTS = 3.0
# `28 wrz 2026` has three words.
MAX_DATE_WORDS = 3
HEADER_SLACK_POINTS = 2.0
MAX_LABEL_WORDS = 6


def read_table(layout: Layout, table: Table, reading: Reading, regions: Sequence[Region]) -> CutTable:
    """Read a table's rows.

    Raises: PdfNotReadable, with page, row and field, if a date or amount is not understood.
    """
    reader = _Reader(layout, table, reading)
    for region in regions:
        reader.read(region)
    for number, row in enumerate(reader.rows, start=1):
        reader.check(row, number)
    return CutTable(reader.rows, reader.asides.carries)


class _Reader:
    def __init__(self, layout: Layout, table: Table, reading: Reading) -> None:
        self.layout = layout
        self.table = table
        self.reading = reading
        self.asides = Asides(table, layout.amounts)
        starts = (reading.start_label,) if reading.start_label is not None else ()
        self.labels = [mark(label) for label in (*reading.date_labels, *starts)]
        self.rows: list[CutRow] = []
        self.left: float | None = None
        self.columns: tuple[list[float], tuple[HeadedColumn, ...]] = ([], ())

    def read(self, region: Region) -> None:
        """Read the rows of a page; what stands above the first of a page without a header is left out."""
        if region.header and self.reading.columns:
            self.columns = _measured(self.reading.columns, region.header)
        is_inside = bool(region.header)
        for line in region.lines:
            if self.asides.takes(line, len(self.rows)):
                continue
            if self._begin(line):
                is_inside = True
            elif is_inside and self.rows:
                self._go_on(self.rows[-1], line)

    def _begin(self, line: Line) -> bool:
        """Begin a row, if this line does."""
        words = line.words
        if self.reading.start_label is not None:
            if not mark(self.reading.start_label).begins(line.folded):
                return False
            row = CutRow(line.page, list(words))
            self.rows.append(row)
            self._line(row, line)
            return True
        if self.reading.row_number and words and words[0].text.isdigit():
            words = words[1:]
        if self.rows and self._wants_date(self.rows[-1]):
            return False
        first = self._date(words)
        if first is None or (self.left is not None and abs(words[0].x0 - self.left) > SAME_START_POINTS):
            return False
        row = CutRow(line.page, list(line.words))
        rest = self._reference(row, self._dates(row, words))
        left = self._numbers(row, rest) if rest is not None else None
        if left is None and self.reading.any_line and not self._wants_date(row):
            left = rest
        if left is None:
            raise not_understood("amount", page=line.page, row=len(self.rows) + 1)
        self.left = words[0].x0 if self.left is None else self.left
        self.rows.append(row)
        self._text(row, left)
        return True

    def _go_on(self, row: CutRow, line: Line) -> None:
        if line.page == row.page:
            row.words += line.words
        self._line(row, line)

    def _line(self, row: CutRow, line: Line) -> None:
        """Read a line of a row that has begun: dates that are still to come, amounts, text."""
        rest = self._dates(row, self._without_labels(line.words))
        if self.reading.any_line and not row.numbers:
            left = self._numbers(row, rest)
            rest = rest if left is None else left
        self._text(row, rest)

    def check(self, row: CutRow, number: int) -> None:
        for name in self.reading.dates:
            if name not in row.dates:
                raise not_understood(name, page=row.page, row=number)
        for number_name in self.reading.numbers:
            if number_name not in row.numbers:
                raise not_understood(number_name, page=row.page, row=number)

    def _wants_date(self, row: CutRow) -> bool:
        return len(row.dates) < len(self.reading.dates)

    def _without_labels(self, words: list[Word]) -> list[Word]:
        """Leave out the label that a line begins with, if it is one that stands before dates."""
        if not words or words[0].text[0].isdigit():
            return words
        for label in self.labels:
            # Most lines begin with another letter: they need no more than a look at it.
            if fold(words[0].text[0]) != label.tight[0]:
                continue
            line = Line(0, 0.0, words[:MAX_LABEL_WORDS])
            number, inside = line.word_at(end := label.begins(line.folded))
            if end and not inside:
                return words[number:]
        return words

    def _dates(self, row: CutRow, words: list[Word]) -> list[Word]:
        """Take the dates that a line begins with, as far as the row still wants some."""
        while self._wants_date(row):
            words = self._without_labels(words)
            found = self._date(words)
            if found is None:
                return words
            cell, count = found
            row.dates[self.reading.dates[len(row.dates)]] = cell
            words = words[count:]
            if self.reading.reference is not None and self._wants_date(row):
                return words
        return words

    def _date(self, words: Sequence[Word]) -> tuple[DateCell, int] | None:
        if not words or not words[0].text[0].isdigit():
            return None
        for count in (1, MAX_DATE_WORDS):
            read = read_date(" ".join([word.text for word in words[:count]]), self.layout.dates)
            if read is not None:
                return DateCell(read.day, list(words[:count])), count
        return None

    def _reference(self, row: CutRow, words: list[Word]) -> list[Word] | None:
        """Take the reference after the first date; `None` where the layout has one and the line does not."""
        if self.reading.reference is None:
            return words
        if not words or not compiled(self.reading.reference).fullmatch(words[0].text):
            return None
        row.add_text(TextName.REFERENCE, words[0].text)
        return words[1:]

    def _numbers(self, row: CutRow, words: list[Word]) -> list[Word] | None:
        """Take the amounts of a line; return the other words, or `None` where the amounts are not there."""
        names = self.reading.numbers
        found: list[NumberCell]
        if self.reading.numbers_at is NumbersAt.AFTER_DATES:
            found, rest = [], words
            for _ in names:
                number = number_at_start(rest, self.layout.amounts)
                if number is None:
                    return None
                found.append(number[0])
                rest = number[1]
        else:
            ending = numbers_at_end(words, len(names), self.layout.amounts, self.table.pending)
            if ending is None:
                return None
            found, rest = ending.numbers, ending.rest
        row.numbers.update(zip(names, found, strict=True))
        return rest

    def _text(self, row: CutRow, words: list[Word]) -> None:
        """Keep the text of a line, by the columns of the header; a line without text counts, too."""
        lefts, columns = self.columns
        if not columns:
            row.add_text(TextName.DESCRIPTION, " ".join([word.text for word in words]))
            return
        by_column: dict[str, list[str]] = {}
        for word in words:
            place = max(0, bisect_right(lefts, word.x0 + HEADER_SLACK_POINTS) - 1)
            by_column.setdefault(columns[place].name, []).append(word.text)
        for name, texts in by_column.items():
            row.add_text(name, " ".join(texts))


def _measured(
    columns: tuple[HeadedColumn, ...], header: Sequence[Line]
) -> tuple[list[float], tuple[HeadedColumn, ...]]:
    """Return where columns begin: at the left edges of their headers; only those that the header has."""
    found = []
    for column in columns:
        for line in header:
            place = mark(column.header).find(line.folded)
            if place is not None:
                found.append((line.words[line.word_at(place[0])[0]].x0, column))
                break
    found.sort(key=lambda item: item[0])
    return [left for left, _ in found], tuple(column for _, column in found)
