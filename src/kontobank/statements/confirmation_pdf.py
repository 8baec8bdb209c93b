"""Confirmations as PDF: one money transaction a page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from kontobank.statements import writing
from kontobank.statements.facts import Confirmation, Party
from kontobank.statements.notice import BANK, NOTICE, SEALED
from kontobank.statements.paper import BOLD, LEFT, RIGHT, TOP, Paper, width

TITLE = "Potwierdzenie wykonania operacji"
_VALUES, _SIZE, _STEP, _GAP = 165.0, 9.0, 12.0, 7.0


def draw_confirmations(confirmations: Sequence[Confirmation], *, is_sealed: bool = False) -> bytes:
    """Draw confirmations, one a page. `is_sealed`: their notice says that a seal is on the document.

    There is at least one, and all were issued on one day.
    """
    first = confirmations[0]
    numbers = first.reference if len(confirmations) == 1 else f"{first.reference} ({len(confirmations)})"
    paper = Paper(f"{TITLE} {numbers}", first.issued_on, len(confirmations))
    for confirmation in confirmations:
        paper.turn()
        paper.text(LEFT, TOP - 10, TITLE, font=BOLD, size=15)
        paper.text(LEFT, TOP - 25, BANK, size=_SIZE)
        y = TOP - 44.0
        for label, value in _facts(confirmation):
            y = _draw_fact(paper, y, label, value)
        paper.text(LEFT, y - 16, NOTICE, size=7)
        if is_sealed:
            paper.text(LEFT, y - 26, SEALED, size=7)
    return paper.pdf()


def _facts(confirmation: Confirmation) -> list[tuple[str, str]]:
    item = confirmation.item
    facts = (
        ("Status:", "niezaksięgowana" if item.booked_on is None else "zaksięgowana"),
        ("Data operacji:", str(item.value_on)),
        ("Data księgowania:", str(item.booked_on) if item.booked_on else None),
        ("Kwota:", f"{writing.amount(item.cents)} {confirmation.currency}"),
        ("Rodzaj operacji:", item.entry.kind),
        ("Tytuł:", item.title or None),
        ("Nadawca:", confirmation.sender.name),
        ("Rachunek nadawcy:", _number(confirmation.sender)),
        ("Odbiorca:", confirmation.recipient.name),
        ("Rachunek odbiorcy:", _number(confirmation.recipient)),
        ("Numer referencyjny:", confirmation.reference),
        ("Data wystawienia:", str(confirmation.issued_on)),
    )
    return [(label, value) for label, value in facts if value]


def _number(party: Party) -> str | None:
    return writing.number(party.number) if party.number else None


def _draw_fact(paper: Paper, y: float, label: str, value: str) -> float:
    room = RIGHT - _VALUES
    lines = writing.lines(value, partial(width, font=BOLD, size=_SIZE), room, room)
    paper.text(LEFT, y - 10, label, size=_SIZE)
    for turn, line in enumerate(lines):
        paper.text(_VALUES, y - 10 - turn * _STEP, line, font=BOLD, size=_SIZE)
    y -= len(lines) * _STEP + _GAP
    paper.rule(y + 2)
    return y
