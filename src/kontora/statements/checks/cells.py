"""The cells of a table that hold dates and money, with the words that stand in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kontora.statements.document import Document, Page, Style, Word
from kontora.statements.readings import Place, Statement, StatementRow

AMOUNT, BALANCE, DATE = "amount", "balance", "date"
TOUCHING_POINTS = 0.2
REACH_POINTS = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a column. `words`: from left to right; empty, where columns are glued to one word.

    `styles`: of its words. `is_negative`: whether its amount is; some banks print debits in red.
    """

    column: str
    row: StatementRow
    place: Place
    words: tuple[Word, ...]
    styles: frozenset[Style]
    is_negative: bool

    @property
    def is_pending(self) -> bool:
        """Whether its row is not booked yet; some banks print these in grey."""
        return self.row.money_transaction.booked_on is None


def cells_of(document: Document, statement: Statement) -> tuple[Cell, ...]:
    """Return the cells of dates, amounts and balances, row by row."""
    finders = {page.number: _Finder(page) for page in document.pages}
    return tuple(cell for row in statement.rows for cell in _row(row, finders))


def styled_words(document: Document, places: Iterable[Place]) -> Iterator[tuple[Place, tuple[Style, ...]]]:
    """Return the styles of the words in each place."""
    finders = {page.number: _Finder(page) for page in document.pages}
    for place in places:
        finder = finders.get(place.page)
        if finder is not None:
            yield place, tuple(finder.page.styles[word.style] for word in finder.words_in(place))


def _row(row: StatementRow, finders: dict[int, _Finder]) -> Iterator[Cell]:
    item = row.money_transaction
    balance = item.currency_balance
    yield _cell(DATE, row, row.date_place, finders, is_negative=False)
    yield _cell(AMOUNT, row, row.amount_place, finders, is_negative=item.currency_amount < 0)
    if row.balance_place is not None and balance is not None:
        yield _cell(BALANCE, row, row.balance_place, finders, is_negative=balance < 0)


def _cell(
    column: str, row: StatementRow, place: Place, finders: dict[int, _Finder], *, is_negative: bool
) -> Cell:
    finder = finders.get(place.page)
    words = finder.words_in(place) if finder is not None else ()
    styles = (
        frozenset(finder.page.styles[word.style] for word in words) if finder is not None else frozenset()
    )
    return Cell(column, row, place, words, styles, is_negative)


class _Finder:
    """Finds the words of a page by their place."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._by_height: defaultdict[int, list[Word]] = defaultdict(list)
        for word in page.words:
            self._by_height[int(word.baseline)].append(word)

    def words_in(self, place: Place) -> tuple[Word, ...]:
        """Return the words that stand in a place as a whole, from left to right."""
        x0, y0, x1, y1 = place.box
        found = [
            word
            for height in range(int(y0) - REACH_POINTS, int(y1) + REACH_POINTS)
            for word in self._by_height.get(height, ())
            if word.x0 >= x0 - TOUCHING_POINTS
            and word.x1 <= x1 + TOUCHING_POINTS
            and word.y0 >= y0 - TOUCHING_POINTS
            and word.y1 <= y1 + TOUCHING_POINTS
        ]
        return tuple(sorted(found, key=lambda word: word.x0))
