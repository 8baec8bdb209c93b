"""The description of a money transaction in a statement: lines of labelled facts. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from kontobank.ledger import Item
from kontobank.statements import writing
from kontobank.statements.paper import REGULAR, width

SIZE, INDENT = 8.0, 6.0


@dataclass(frozen=True, slots=True)
class Line:
    """A line. `is_kind`: the bank's words for what it is, which come first and without a label."""

    text: str
    indent: float = 0.0
    is_kind: bool = False


def description(item: Item, room: float) -> tuple[Line, ...]:
    """Describe a money transaction: kind, party, account of the party, title; what is unknown is left out.

    Lines after the first of one fact are indented by 6 points. `room`: how wide a line may be, in points.
    """
    kind = [Line(item.entry.kind, is_kind=True)] if item.entry.kind else []
    side = "Odbiorca" if item.cents <= 0 else "Nadawca"
    number = writing.number(item.entry.party_iban) if item.entry.party_iban else None
    facts = ((side, item.party), ("Rachunek", number), ("Tytuł", item.title or None))
    return (*kind, *(line for label, value in facts if value for line in _fact(label, value, room)))


def _fact(label: str, value: str, room: float) -> Iterator[Line]:
    measure = partial(width, font=REGULAR, size=SIZE)
    first, *others = writing.lines(f"{label}: {value}", measure, room, room - INDENT)
    yield Line(first)
    yield from (Line(line, INDENT) for line in others)
