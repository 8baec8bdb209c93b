"""A document of a known layout as a statement: its facts, and its rows as printed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import msgspec

from kontora.errors import PdfNotReadable
from kontora.model import AccountOwner, MoneyTransaction, OwnerKind, TransactionStatus
from kontora.statements.document import Document
from kontora.statements.forms.patterns import compiled
from kontora.statements.layout import Layout
from kontora.statements.layout_confirmation import ConfirmationFields
from kontora.statements.layout_fields import FieldForm, StatementFields, Where
from kontora.statements.layout_table import DateName, NumberName, Table
from kontora.statements.readings import Statement, StatementRow, Totals
from kontora.statements.rows.cut import CutRow, CutTable
from kontora.statements.rows.description import meaning_of
from kontora.statements.rows.failing import not_understood
from kontora.statements.rows.fields import Facts, decimal_or_none, value_or_none
from kontora.statements.rows.frame import Frame, Span, frame_of
from kontora.statements.rows.grid import cut_grid
from kontora.statements.rows.lines import PageLines, pages_of, place_of
from kontora.statements.rows.reading import read_table
from kontora.statements.rows.values import values_of


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
    cut = cut_table(layout, table, frame)
    return _statement(_Head(layout, fields, frame), cut, table)


def owner_names(first: PageLines, layout: Layout) -> tuple[str, ...]:
    """Return the names of the holders as the first page prints them; empty where it does not."""
    fields, table = layout.fields, layout.table
    if fields is None or table is None or fields.owners is None:
        return ()
    frame = frame_of((first,), table, layout.page_number) or Frame(
        (first,), (Span(first, 0, len(first.lines)),), (), ()
    )
    found = next(values_of(fields.owners, frame.head, known_labels(fields)), None)
    return _names(found.text, fields.owners) if found else ()


def cut_table(layout: Layout, table: Table, frame: Frame) -> CutTable:
    """Cut the table into rows, by its grid or by reading."""
    if table.grid is not None:
        return cut_grid(layout, table, table.grid, frame.regions)
    assert table.reading is not None
    return read_table(layout, table, table.reading, frame.regions)


class _Head:
    """Reads the facts around the table, each where the layout says that it stands."""

    def __init__(self, layout: Layout, fields: StatementFields, frame: Frame) -> None:
        self.layout = layout
        self.fields = fields
        self.frame = frame
        self.facts = Facts(layout.amounts, layout.dates, known_labels(fields))

    def spans(self, form: FieldForm | None) -> Iterable[Span]:
        if form is None or form.where is Where.HEAD:
            return self.frame.head
        if form.where is Where.FOOT:
            return self.frame.foot
        return self.frame.outside()

    def owners(self) -> tuple[AccountOwner, ...]:
        form = self.fields.owners
        found = self.facts.lines("owners", form, self.spans(form))
        address = self.facts.lines("address", self.fields.address, self.spans(self.fields.address))
        if form is None or found is None:
            return ()
        shown = address[0].text if address else None
        return tuple(
            # Documents print one address, below the names of all.
            AccountOwner(name, shown, OwnerKind.CO_OWNER if place else OwnerKind.OWNER)
            for place, name in enumerate(_names(found[0].text, form))
        )

    def totals(self) -> Totals:
        fields, facts = self.fields, self.facts
        amounts = {
            name: facts.amount(name, form, self.spans(form))
            for name, form in (
                ("credits", fields.credits),
                ("debits", fields.debits),
                ("total", fields.total),
            )
        }
        counts = {
            name: facts.count(name, form, self.spans(form))
            for name, form in (
                ("credit_count", fields.credit_count),
                ("debit_count", fields.debit_count),
                ("total_count", fields.total_count),
            )
        }
        debits = decimal_or_none(amounts["debits"])
        place = next((found[1] for found in (*amounts.values(), *counts.values()) if found), None)
        return Totals(
            credits=decimal_or_none(amounts["credits"]),
            # Some print the sum of debits with a minus, some without.
            debits=-abs(debits) if debits is not None else None,
            total=decimal_or_none(amounts["total"]),
            credit_count=value_or_none(counts["credit_count"]),
            debit_count=value_or_none(counts["debit_count"]),
            total_count=value_or_none(counts["total_count"]),
            place=place,
        )


def _statement(head: _Head, cut: CutTable, table: Table) -> Statement:
    fields, facts = head.fields, head.facts
    iban = facts.account("iban", fields.iban, head.spans(fields.iban))
    if iban is None:
        raise not_understood("iban")
    opening = facts.amount("opening_balance", fields.opening_balance, head.spans(fields.opening_balance))
    closing = facts.amount("closing_balance", fields.closing_balance, head.spans(fields.closing_balance))
    period = facts.period("period", fields.period, head.spans(fields.period))
    stated = [found[0].currency for found in (opening, closing) if found and found[0].currency]
    currency = _currency(
        value_or_none(facts.currency("currency", fields.currency, head.spans(fields.currency))),
        cut,
        stated,
        fields.currency_if_empty,
    )
    return Statement(
        iban=iban[0],
        iban_place=iban[1],
        currency=currency,
        account_name=value_or_none(
            facts.text("account_name", fields.account_name, head.spans(fields.account_name))
        ),
        owners=head.owners(),
        period_start=period[0][0] if period else None,
        period_end=period[0][1] if period else None,
        period_place=period[1] if period else None,
        opening_balance=decimal_or_none(opening),
        opening_place=opening[1] if opening else None,
        closing_balance=decimal_or_none(closing),
        closing_place=closing[1] if closing else None,
        rows=tuple(
            _row(row, order, head.layout, table, _Account(iban[0], currency))
            for order, row in enumerate(cut.rows)
        ),
        carries=tuple(cut.carries),
        totals=head.totals(),
        issued_on=value_or_none(facts.day("issued_on", fields.issued_on, head.spans(fields.issued_on))),
        number=value_or_none(facts.text("number", fields.number, head.spans(fields.number))),
        pages_said=tuple(_page_said(page, head.layout.page_number) for page in head.frame.pages),
    )


class _Account(NamedTuple):
    """What rows need to know of their account."""

    iban: str
    currency: str


def _currency(stated: str | None, cut: CutTable, of_balances: list[str], if_empty: str | None) -> str:
    """Return the account's currency: the one that is stated, and that no amount contradicts."""
    printed = [
        (cell.currency, row.page, number)
        for number, row in enumerate(cut.rows, start=1)
        for name, cell in row.numbers.items()
        if cell.currency is not None and name != NumberName.ORIGINAL
    ]
    currency = stated or next(iter([*of_balances, *(item[0] for item in printed)]), None)
    if currency is None and not cut.rows:
        currency = if_empty
    if currency is None:
        raise not_understood("currency")
    for found, page, number in printed:
        if found != currency:
            raise not_understood("currency", page=page, row=number)
    return currency


def _row(row: CutRow, order: int, layout: Layout, table: Table, account: _Account) -> StatementRow:
    amount = row.numbers[NumberName.AMOUNT]
    balance = row.numbers.get(NumberName.BALANCE)
    booked_on = row.dates.get(DateName.BOOKED_ON)
    if amount.value is None:
        raise not_understood("amount", page=row.page, row=order + 1)
    is_pending = booked_on is not None and booked_on.day is None
    if is_pending != (balance is not None and balance.value is None) and balance is not None:
        # Booked rows have a balance, pending ones have none; anything else is a row that was not understood.
        raise not_understood("balance", page=row.page, row=order + 1)
    meaning = meaning_of(row.texts, layout, account.iban, is_debit=amount.value < 0)
    in_text = meaning.amount_in_text
    dated = row.dates.get(DateName.TRANSACTION_ON)
    transaction_on = dated.day if dated else meaning.transaction_on
    if transaction_on is None:
        raise not_understood("transaction_on", page=row.page, row=order + 1)
    booked_day = transaction_on if table.one_date else (booked_on.day if booked_on else None)
    return StatementRow(
        money_transaction=MoneyTransaction(
            transaction_on=transaction_on,
            currency_amount=amount.value,
            status=TransactionStatus.PENDING if is_pending else TransactionStatus.DONE,
            booked_on=booked_day,
            currency_balance=balance.value if balance else None,
            title=meaning.title,
            party=meaning.party,
            party_iban=meaning.party_iban,
            kind=meaning.kind,
        ),
        order=order,
        place=place_of(row.page, row.words),
        amount_place=place_of(row.page, amount.words),
        date_place=place_of(row.page, next(iter(row.dates.values())).words),
        balance_place=place_of(row.page, balance.words) if balance and balance.value is not None else None,
        amount_in_text=in_text.value if in_text and in_text.currency in {None, account.currency} else None,
        reference=meaning.reference,
    )


def _names(text: str, form: FieldForm) -> tuple[str, ...]:
    names = text.split(form.separator) if form.separator else [text]
    return tuple(name.strip() for name in names if name.strip())


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


@lru_cache(maxsize=128)
def known_labels(fields: StatementFields | ConfirmationFields) -> tuple[str, ...]:
    """Return all labels of a layout: where one begins a cell, the value before it has ended."""
    forms = msgspec.structs.asdict(fields).values()
    labels = {label for form in forms if isinstance(form, FieldForm) for label in form.labels}
    return (*sorted(labels), *fields.other_labels)
