"""A statement as PDF: what it is about, the balances, and the table of money transactions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kontobank.countries.pl import POLAND
from kontobank.ledger import Item
from kontobank.statements import writing
from kontobank.statements.description import SIZE, Line, description
from kontobank.statements.facts import Statement, Total, holders
from kontobank.statements.notice import BANK, NOTICE, SEALED
from kontobank.statements.paper import BOLD, BOTTOM, LEFT, REGULAR, RIGHT, TOP, Paper
from kontobank.web.persons import identity

TITLE = "Wyciąg z rachunku bankowego"
_EDGES = (40.0, 100.0, 160.0, 430.0, 495.0, 555.0)
_HEADS = ("Data księgowania", "Data operacji", "Opis operacji", "Kwota", "Saldo po operacji")
_PAD, _STEP, _ROW_PAD = 4.0, 10.0, 7.0
_HEAD_HEIGHT, _CARRY_HEIGHT, _END_HEIGHT = 26.0, 16.0, 34.0
_VALUES, _FACT_STEP, _FACT_SIZE = 150.0, 13.0, 8.5
_FACTS_TOP = TOP - 42


@dataclass(frozen=True, slots=True)
class _Row:
    item: Item
    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        return len(self.lines) * _STEP + _ROW_PAD


def draw_statement(statement: Statement, *, is_sealed: bool = False) -> bytes:
    """Draw a statement. `is_sealed`: its notice says that a seal is on it."""
    facts = _facts(statement)
    table_top = _FACTS_TOP - len(facts) * _FACT_STEP - 10
    room = _EDGES[3] - _EDGES[2] - 2 * _PAD
    pages = _pages([_Row(item, description(item, room)) for item in statement.items], table_top)
    paper = Paper(f"{TITLE} {statement.period.number}", statement.period.issued_on, len(pages))
    balance = statement.opening_cents
    for turn, rows in enumerate(pages):
        paper.turn()
        if turn == 0:
            _draw_facts(paper, facts)
            y = _draw_heads(paper, table_top)
        else:
            y = _draw_carry(paper, _draw_heads(paper, TOP), "Saldo z przeniesienia", balance)
        for row in rows:
            y = _draw_row(paper, y, row)
            balance = balance if row.item.balance_cents is None else row.item.balance_cents
        if turn < len(pages) - 1:
            _draw_carry(paper, y, "Saldo do przeniesienia", balance)
        else:
            _draw_end(paper, y, is_sealed=is_sealed)
    return paper.pdf()


def _facts(statement: Statement) -> list[tuple[str, str]]:
    account, period, holder = statement.account, statement.period, statement.account.owners[0]
    nip = identity(holder, POLAND).nip
    return [
        ("Nr wyciągu:", period.number),
        ("Za okres", f"od {period.first} do {period.last}"),
        ("Data wygenerowania:", str(period.issued_on)),
        ("Posiadacz rachunku:", holders(account)),
        ("Adres:", holder.address),
        *((("NIP:", nip),) if nip else ()),
        ("Numer rachunku:", writing.number(account.number)),
        ("Rodzaj rachunku:", account.name),
        ("Waluta:", account.currency),
        ("Saldo początkowe:", writing.amount(statement.opening_cents)),
        ("Saldo końcowe:", writing.amount(statement.closing_cents)),
        _total("Suma uznań", statement.credits),
        _total("Suma obciążeń", statement.debits),
    ]


def _total(label: str, total: Total) -> tuple[str, str]:
    return f"{label} ({total.count}):", writing.amount(total.cents)


def _pages(rows: Iterable[_Row], table_top: float) -> list[list[_Row]]:
    """Deal the rows to pages; a row is never split, and each page keeps room for what closes it."""
    pages: list[list[_Row]] = [[]]
    left = table_top - _HEAD_HEIGHT - BOTTOM - _END_HEIGHT
    for row in rows:
        if row.height > left:
            pages.append([])
            left = TOP - _HEAD_HEIGHT - _CARRY_HEIGHT - BOTTOM - _END_HEIGHT
        pages[-1].append(row)
        left -= row.height
    return pages


def _draw_facts(paper: Paper, facts: list[tuple[str, str]]) -> None:
    paper.text(LEFT, TOP - 10, TITLE, font=BOLD, size=15)
    paper.text(LEFT, TOP - 25, BANK, size=_FACT_SIZE)
    for turn, (label, value) in enumerate(facts):
        y = _FACTS_TOP - 9 - turn * _FACT_STEP
        paper.text(LEFT, y, label, size=_FACT_SIZE)
        paper.text(_VALUES, y, value, font=BOLD, size=_FACT_SIZE)


def _draw_heads(paper: Paper, y: float) -> float:
    paper.fill(LEFT, y - _HEAD_HEIGHT, RIGHT - LEFT, _HEAD_HEIGHT)
    for column, head in enumerate(_HEADS):
        for turn, line in enumerate(_in_two(head) if column in (0, 1, 4) else (head,)):
            _cell(paper, column, y - 11 - turn * _STEP, line, font=BOLD)
    return y - _HEAD_HEIGHT


def _in_two(head: str) -> tuple[str, str]:
    first, _, last = head.rpartition(" ")
    return first, last


def _draw_row(paper: Paper, y: float, row: _Row) -> float:
    item, baseline = row.item, y - 11
    _cell(paper, 0, baseline, str(item.booked_on or "-"))
    _cell(paper, 1, baseline, str(item.value_on))
    for turn, line in enumerate(row.lines):
        font = BOLD if line.is_kind else REGULAR
        paper.text(_EDGES[2] + _PAD + line.indent, baseline - turn * _STEP, line.text, font=font, size=SIZE)
    _cell(paper, 3, baseline, writing.amount(item.cents))
    _cell(paper, 4, baseline, "-" if item.balance_cents is None else writing.amount(item.balance_cents))
    paper.rule(y - row.height)
    return y - row.height


def _draw_carry(paper: Paper, y: float, label: str, cents: int) -> float:
    _cell(paper, 2, y - 11, label, font=BOLD)
    _cell(paper, 4, y - 11, writing.amount(cents), font=BOLD)
    paper.rule(y - _CARRY_HEIGHT)
    return y - _CARRY_HEIGHT


def _draw_end(paper: Paper, y: float, *, is_sealed: bool) -> None:
    paper.text(LEFT, y - 16, NOTICE, size=7)
    if is_sealed:
        paper.text(LEFT, y - 26, SEALED, size=7)


def _cell(paper: Paper, column: int, y: float, text: str, *, font: str = REGULAR) -> None:
    """Write a cell; amounts and balances end at the right edge of their column."""
    if column >= 3:
        paper.text_up_to(_EDGES[column + 1] - _PAD, y, text, font=font, size=SIZE)
    else:
        paper.text(_EDGES[column] + _PAD, y, text, font=font, size=SIZE)
