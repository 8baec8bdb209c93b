"""Rows of a table whose columns have a known place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from kontora.statements.document import Page, PaintedKind, Word
from kontora.statements.forms.amounts import read_amount
from kontora.statements.forms.dates import read_date
from kontora.statements.layout import Layout
from kontora.statements.layout_table import DateName, Grid, NumberName, RowCut, Table
from kontora.statements.rows.cut import Asides, CutRow, CutTable, DateCell, NumberCell
from kontora.statements.rows.failing import not_understood
from kontora.statements.rows.frame import Region
from kontora.statements.rows.lines import Line
from kontora.statements.rows.numbers import pieces

# A word that reaches farther than this over the edge of a column, on both sides, may be two that are glued.
CROSSING_POINTS = 3.0
# A rule between rows is thin, and as wide as a cell at least.
RULE_HEIGHT_POINTS = 2.5
RULE_WIDTH_POINTS = 30.0

Cells = list[list[Word]]


def cut_grid(layout: Layout, table: Table, grid: Grid, regions: Sequence[Region]) -> CutTable:
    """Cut a table into rows.

    Raises: PdfNotReadable, with page, row and field, if a date or amount is not understood.
    """
    cutter = _Cutter(layout, table, grid)
    for region in regions:
        if grid.cut is RowCut.BANDS:
            cutter.cut_bands(region)
        else:
            cutter.cut_lines(region)
    return CutTable(cutter.rows(), cutter.asides.carries)


class _Raw:
    """A row's lines, each as words by column, and the page where it begins."""

    __slots__ = ("lines", "on_first_page", "page")

    def __init__(self, page: int) -> None:
        self.page = page
        self.lines: list[Cells] = []
        self.on_first_page = 0


class _Cutter:
    def __init__(self, layout: Layout, table: Table, grid: Grid) -> None:
        self.layout = layout
        self.table = table
        self.grid = grid
        self.asides = Asides(table, layout.amounts)
        self.names = [column.name for column in grid.columns]
        self.start = self.names.index(grid.starts_in)
        self.raw: list[_Raw] = []

    def cut_lines(self, region: Region) -> None:
        """Begin a row where the first column has a date."""
        cells_of = _Edges(self.grid, region)
        is_inside = bool(region.header)
        for line in region.lines:
            if self.asides.takes(line, len(self.raw)):
                continue
            cells = cells_of.cells(line)
            if self._begins_row(cells):
                self.raw.append(_Raw(region.page.number))
                is_inside = True
            if is_inside and self.raw:
                self._add(self.raw[-1], cells, region.page.number)

    def cut_bands(self, region: Region) -> None:
        """Take the lines between two rules as a row if they have a date; else the row before goes on."""
        cells_of = _Edges(self.grid, region)
        for band in _bands(region):
            lines = [line for line in band if not self.asides.takes(line, len(self.raw))]
            all_cells = [cells_of.cells(line) for line in lines]
            if any(self._begins_row(cells) for cells in all_cells):
                self.raw.append(_Raw(region.page.number))
            elif any(self._has_number(cells) for cells in all_cells):
                raise not_understood(self.grid.starts_in, page=region.page.number, row=len(self.raw) + 1)
            elif not self.raw or not region.header:
                continue
            for cells in all_cells:
                self._add(self.raw[-1], cells, region.page.number)

    def rows(self) -> list[CutRow]:
        return [self._row(raw, number) for number, raw in enumerate(self.raw, start=1)]

    def _add(self, raw: _Raw, cells: Cells, page: int) -> None:
        raw.lines.append(cells)
        if page == raw.page:
            raw.on_first_page += 1

    def _begins_row(self, cells: Cells) -> bool:
        words = cells[self.start]
        return bool(words) and read_date(_joined(words), self.layout.dates) is not None

    def _has_number(self, cells: Cells) -> bool:
        return any(cells[place] for place, name in enumerate(self.names) if name in _NUMBERS)

    def _row(self, raw: _Raw, number: int) -> CutRow:
        words = [word for cells in raw.lines[: raw.on_first_page] for cell in cells for word in cell]
        row = CutRow(raw.page, words)
        for place, name in enumerate(self.names):
            lines = [cells[place] for cells in raw.lines if cells[place]]
            if name in _DATES:
                row.dates[name] = self._date(lines, name, raw.page, number)
            elif name in _NUMBERS:
                row.numbers[name] = self._number(lines, name, raw.page, number)
            else:
                row.texts[name] = [_joined(line) for line in lines]
        return row

    def _date(self, lines: list[list[Word]], name: str, page: int, number: int) -> DateCell:
        text = _joined(lines[0]) if lines else ""
        if text and text == self.table.pending and name == DateName.BOOKED_ON:
            return DateCell(None, lines[0])
        read = read_date(text, self.layout.dates)
        if read is None:
            raise not_understood(name, page=page, row=number)
        return DateCell(read.day, lines[0])

    def _number(self, lines: list[list[Word]], name: str, page: int, number: int) -> NumberCell:
        words = [word for line in lines for word in line]
        text = _joined(words)
        if text and text == self.table.pending and name == NumberName.BALANCE:
            return NumberCell(None, None, words)
        read = read_amount(text, self.layout.amounts)
        if read is None:
            raise not_understood(name, page=page, row=number)
        return NumberCell(read.value, read.currency, words)


_DATES = frozenset(name.value for name in DateName)
_NUMBERS = frozenset(name.value for name in NumberName)


def _joined(words: Iterable[Word]) -> str:
    return " ".join([word.text for word in words])


class _Edges:
    """The edges of columns on a page; measured again at each header where the layout says so."""

    def __init__(self, grid: Grid, region: Region) -> None:
        self.lefts = [column.x0 for column in grid.columns]
        self.right = grid.columns[-1].x1
        self.count = len(self.lefts)
        self.numbers = [column.name in _NUMBERS or column.name in _DATES for column in grid.columns]
        self.measured = (
            [(top, _snapped(self.lefts, _header_edges(region.page.page, top), grid)) for top in region.tops]
            if grid.drawn_edges
            else []
        )

    def cells(self, line: Line) -> Cells:
        """Return the words of a line by column; what is outside of the table is left out."""
        lefts = self.lefts
        for top, measured in self.measured:
            if line.baseline < top:
                lefts = measured
        cells: Cells = [[] for _ in range(self.count)]
        for word in line.words:
            place = bisect_right(lefts, (word.x0 + word.x1) / 2) - 1
            if place < 0 or word.x0 >= self.right:
                continue
            if self._crosses(word, lefts):
                for piece in pieces(word):
                    cells[max(0, bisect_right(lefts, (piece.x0 + piece.x1) / 2) - 1)].append(piece)
            else:
                cells[place].append(word)
        return cells

    def _crosses(self, word: Word, lefts: list[float]) -> bool:
        first = bisect_right(lefts, word.x0 + CROSSING_POINTS)
        return first < self.count and lefts[first] < word.x1 - CROSSING_POINTS


def _snapped(lefts: list[float], drawn: list[float], grid: Grid) -> list[float]:
    """Move each edge to the nearest drawn one, if that is near enough."""
    near = grid.tolerance_points
    nearest = [min(((abs(edge - left), edge) for edge in drawn), default=(near, left)) for left in lefts]
    return [edge if off < near else left for left, (off, edge) in zip(lefts, nearest, strict=True)]


def _header_edges(page: Page, top: float) -> list[float]:
    """Return the left edges of the filled cells in which a header's line stands."""
    return [
        painted.box[0]
        for painted in page.painted
        if painted.kind is PaintedKind.PATH
        and painted.fill is not None
        and painted.box[1] <= top <= painted.box[3]
        and painted.box[3] - painted.box[1] > RULE_HEIGHT_POINTS
    ]


def _bands(region: Region) -> Iterator[list[Line]]:
    """Return the lines between rules, from the top; a header divides like a rule."""
    rules = sorted({*_rules(region.page.page), *region.tops}, reverse=True)
    band: list[Line] = []
    place = 0
    for line in region.lines:
        passed = False
        while place < len(rules) and rules[place] > line.baseline:
            place += 1
            passed = True
        if passed and band:
            yield band
            band = []
        band.append(line)
    if band:
        yield band


def _rules(page: Page) -> Iterator[float]:
    for painted in page.painted:
        x0, y0, x1, y1 = painted.box
        if (
            painted.kind is PaintedKind.PATH
            and y1 - y0 <= RULE_HEIGHT_POINTS
            and x1 - x0 >= RULE_WIDTH_POINTS
        ):
            yield (y0 + y1) / 2
