"""A document of a known layout as a statement: its facts, and its rows as printed."""

from __future__ import annotations

from typing import NamedTuple

from kontora.errors import PdfNotReadable
from kontora.model import MoneyTransaction, TransactionStatus
from kontora.statements.document import Document
from kontora.statements.forms.patterns import compiled
from kontora.statements.layout import Layout
from kontora.statements.layout_table import DateName, NumberName, Table
from kontora.statements.readings import Statement, StatementRow
from kontora.statements.rows.cut import CutRow, CutTable, NumberCell
from kontora.statements.rows.description import Meaning, meaning_of
from kontora.statements.rows.failing import not_understood
from kontora.statements.rows.fields import decimal_or_none
from kontora.statements.rows.frame import Frame, frame_of
from kontora.statements.rows.grid import cut_grid
from kontora.statements.rows.head import Head
from kontora.statements.rows.lines import PageLines, pages_of, place_of
from kontora.statements.rows.reading import read_table


def parse_statement(document: Document, layout: Layout) -> Statement:
    """Read a statement or history: every row as printed, with the places of its cells.

    Raises: PdfNotReadable, with page, row and field, if something is not understood; ValueError, for a
    layout of confirmations.
    """
    fields, table = layout.fields, layout.table
    if fields is None or table is None:
        raise ValueError(f"{layout.name} is no statement")
    frame = frame_of(pages_of(document), table, layout.page_number)
    if frame is None:
        raise PdfNotReadable("The header of the table was not found.")
    cut = _cut_table(layout, table, frame)
    return _statement(Head(layout, fields, frame), cut, layout, table)


def _cut_table(layout: Layout, table: Table, frame: Frame) -> CutTable:
    if table.grid is not None:
        return cut_grid(layout, table, table.grid, frame.regions)
    assert table.reading is not None
    return read_table(layout, table, table.reading, frame.regions)


def _statement(head: Head, cut: CutTable, layout: Layout, table: Table) -> Statement:
    iban, iban_place = head.iban()
    opening, closing = head.amount("opening_balance"), head.amount("closing_balance")
    period = head.period()
    balances = [found[0].currency for found in (opening, closing) if found is not None]
    account = _Account(iban, _currency(head, cut, balances))
    return Statement(
        iban=iban,
        iban_place=iban_place,
        currency=account.currency,
        account_name=head.text("account_name"),
        owners=head.owners(),
        period_start=period[0][0] if period else None,
        period_end=period[0][1] if period else None,
        period_place=period[1] if period else None,
        opening_balance=decimal_or_none(opening),
        opening_place=opening[1] if opening else None,
        closing_balance=decimal_or_none(closing),
        closing_place=closing[1] if closing else None,
        rows=tuple(_row(row, order, layout, table, account) for order, row in enumerate(cut.rows)),
        carries=tuple(cut.carries),
        totals=head.totals(),
        issued_on=head.day("issued_on"),
        number=head.text("number"),
        pages_said=tuple(_page_said(page, layout.page_number) for page in head.frame.pages),
    )


class _Account(NamedTuple):
    """What rows need to know of their account."""

    iban: str
    currency: str


def _currency(head: Head, cut: CutTable, of_balances: list[str | None]) -> str:
    """Return the account's currency: the one that is stated, and that no amount contradicts."""
    printed = [
        (cell.currency, row.page, number)
        for number, row in enumerate(cut.rows, start=1)
        for name, cell in row.numbers.items()
        if cell.currency is not None and name != NumberName.ORIGINAL
    ]
    currency = head.currency()
    for found in (*of_balances, *(item[0] for item in printed)):
        currency = currency or found
    if currency is None and not cut.rows:
        currency = head.fields.currency_if_empty
    if currency is None:
        raise not_understood("currency")
    for found, page, number in printed:
        if found != currency:
            raise not_understood("currency", page=page, row=number)
    return currency


def _row(row: CutRow, order: int, layout: Layout, table: Table, account: _Account) -> StatementRow:
    amount = row.numbers[NumberName.AMOUNT]
    balance = row.numbers.get(NumberName.BALANCE)
    if amount.value is None:
        raise not_understood("amount", page=row.page, row=order + 1)
    meaning = meaning_of(row.texts, layout, account.iban, is_debit=amount.value < 0)
    in_text = meaning.amount_in_text
    has_balance = balance is not None and balance.value is not None
    return StatementRow(
        money_transaction=_money_transaction(row, order, meaning, table, balance),
        order=order,
        place=place_of(row.page, row.words),
        amount_place=place_of(row.page, amount.words),
        date_place=place_of(row.page, next(iter(row.dates.values())).words),
        balance_place=place_of(row.page, balance.words) if balance is not None and has_balance else None,
        amount_in_text=in_text.value if in_text and in_text.currency in {None, account.currency} else None,
        reference=meaning.reference,
    )


def _money_transaction(
    row: CutRow, order: int, meaning: Meaning, table: Table, balance: NumberCell | None
) -> MoneyTransaction:
    amount = row.numbers[NumberName.AMOUNT].value
    booked_on = row.dates.get(DateName.BOOKED_ON)
    is_pending = booked_on is not None and booked_on.day is None
    if balance is not None and is_pending != (balance.value is None):
        # Booked rows have a balance, pending ones have none; anything else was not understood.
        raise not_understood("balance", page=row.page, row=order + 1)
    dated = row.dates.get(DateName.TRANSACTION_ON)
    transaction_on = dated.day if dated else meaning.transaction_on
    if transaction_on is None or amount is None:
        raise not_understood("transaction_on", page=row.page, row=order + 1)
    booked_day = booked_on.day if booked_on is not None else None
    return MoneyTransaction(
        transaction_on=transaction_on,
        currency_amount=amount,
        status=TransactionStatus.PENDING if is_pending else TransactionStatus.DONE,
        booked_on=transaction_on if table.one_date else booked_day,
        currency_balance=balance.value if balance is not None else None,
        title=meaning.title,
        party=meaning.party,
        party_iban=meaning.party_iban,
        kind=meaning.kind,
    )


def _page_said(page: PageLines, pattern: str | None) -> tuple[int, int | None] | None:
    """Return what the lowest line of a page that has its number says."""
    if pattern is None:
        return None
    search = compiled(pattern).search
    found = next(filter(None, (search(line.folded) for line in reversed(page.lines))), None)
    if found is None:
        return None
    count = found[2] if found.re.groups > 1 else None
    return int(found[1]), int(count) if count is not None else None
