"""What checks look at: a document, what it was read as, and what is known of its layout and its writer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from kontora.statements.checks.cells import Cell, cells_of
from kontora.statements.document import Box, Document, Word
from kontora.statements.fingerprint import Facts, fingerprint
from kontora.statements.layout import Layout
from kontora.statements.profiles import Profile
from kontora.statements.readings import Confirmation, DocumentType, Place, Statement

SAME_LINE_POINTS = 0.5
SAME_TEXT_POINTS = 12.0


@dataclass(frozen=True)
class Subject:
    """A document under verification. `statement` is `None` for confirmations, `today` the day it came."""

    document: Document
    layout: Layout
    profile: Profile
    statement: Statement | None
    confirmations: tuple[Confirmation, ...]
    today: date

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of dates and money, row by row; none for confirmations."""
        return cells_of(self.document, self.statement) if self.statement is not None else ()

    @cached_property
    def values(self) -> tuple[Place, ...]:
        """Where single facts stand that somebody may want to change, each once."""
        places: list[Place | None] = [confirmation.amount_place for confirmation in self.confirmations]
        said = self.statement
        if said is not None:
            places += [said.iban_place, said.period_place, said.opening_place, said.closing_place]
            places += [said.totals.place, *(cell.place for cell in self.cells)]
        return tuple(dict.fromkeys(place for place in places if place is not None))

    @cached_property
    def facts(self) -> Facts:
        """What the file tells of its writer."""
        return fingerprint(self.document)

    @property
    def is_history(self) -> bool:
        """Whether it is a history, whose period is what somebody asked for."""
        return self.layout.document_type is DocumentType.HISTORY

    @cached_property
    def last_day(self) -> date | None:
        """The last day of which the document tells something that has happened; `None` without any.

        That is the end of a statement's period; histories may be asked for days to come.
        """
        days = [confirmation.booked_on or confirmation.transaction_on for confirmation in self.confirmations]
        if self.statement is not None:
            if self.statement.period_end is not None and not self.is_history:
                days.append(self.statement.period_end)
            moved = [row.money_transaction for row in self.statement.rows]
            days += [item.booked_on for item in moved if item.booked_on is not None]
        return max(days, default=None)


def boxes_of(words: Sequence[Word]) -> list[Box]:
    """Return the places of words, those that stand beside each other as one, in their order."""
    boxes: list[Box] = []
    last: Word | None = None
    for word in words:
        if last is not None and _are_neighbours(last, word):
            x0, y0, x1, y1 = boxes[-1]
            boxes[-1] = (min(x0, word.x0), min(y0, word.y0), max(x1, word.x1), max(y1, word.y1))
        else:
            boxes.append((word.x0, word.y0, word.x1, word.y1))
        last = word
    return boxes


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around boxes; there must be one at least."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def _are_neighbours(left: Word, right: Word) -> bool:
    return (
        abs(left.baseline - right.baseline) <= SAME_LINE_POINTS
        and -SAME_TEXT_POINTS < right.x0 - left.x1 < SAME_TEXT_POINTS
    )
