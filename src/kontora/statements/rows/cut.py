"""What cutting a table into rows brings, before anybody asks what the texts mean."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kontora.statements.document import Word
from kontora.statements.forms.amounts import AmountForm, read_stated_amount
from kontora.statements.layout_table import Table
from kontora.statements.readings import PageCarry
from kontora.statements.rows.failing import not_understood
from kontora.statements.rows.lines import Line, place_of
from kontora.statements.rows.marks import tolerant_source


class DateCell(NamedTuple):
    """A date as printed; `day` is `None` where the layout's sign for "not yet" stands."""

    day: date | None
    words: list[Word]


class NumberCell(NamedTuple):
    """An amount as printed; `value` is `None` where the layout's sign for "not yet" stands."""

    value: Decimal | None
    currency: str | None
    words: list[Word]


@dataclass(slots=True)
class CutRow:
    """A row: typed cells by the names of their columns, and texts line by line.

    `words`: of the page on which it begins.
    """

    page: int
    words: list[Word]
    dates: dict[str, DateCell] = field(default_factory=dict)
    numbers: dict[str, NumberCell] = field(default_factory=dict)
    texts: dict[str, list[str]] = field(default_factory=dict)

    def add_text(self, column: str, text: str) -> None:
        """Add a line of text to a column."""
        self.texts.setdefault(column, []).append(text)


class CutTable(NamedTuple):
    """All rows as printed, and the balances that are carried between pages."""

    rows: list[CutRow]
    carries: list[PageCarry]


class Asides:
    """Lines inside of a table that are no rows: balances carried between pages, and what the layout skips."""

    def __init__(self, table: Table, amounts: AmountForm) -> None:
        self._pattern = _asides(table)
        self._amounts = amounts
        self.carries: list[PageCarry] = []

    def takes(self, line: Line, rows: int) -> bool:
        """Say whether a line is none of a row, and keep the balance that it may carry.

        `rows`: how many were printed before it.
        Raises: PdfNotReadable, if a carried balance is not an amount.
        """
        found = self._pattern.match(line.folded) if self._pattern else None
        if found is None:
            return False
        if found.lastgroup != "skip":
            self.carries.append(self._carry(line, found.end(), rows, found.lastgroup == "brought"))
        return True

    def _carry(self, line: Line, end: int, rows: int, is_brought: bool) -> PageCarry:
        number, character = line.word_at(end)
        words = line.words[number:]
        text = " ".join([word.text for word in words])[character:].lstrip(": ")
        amount = read_stated_amount(text, self._amounts)
        if amount is None:
            raise not_understood("carried balance", page=line.page)
        return PageCarry(amount.value, rows, place_of(line.page, words), is_brought)


@lru_cache(maxsize=128)
def _asides(table: Table) -> re.Pattern[str] | None:
    groups = (
        ("brought", (table.brought_forward,)),
        ("carried", (table.carried_forward,)),
        ("skip", table.skip),
    )
    sources = [
        f"(?P<{name}>" + "|".join(tolerant_source("".join(label.split())) for label in labels if label) + ")"
        for name, labels in groups
        if any(labels)
    ]
    return re.compile("|".join(sources)) if sources else None
