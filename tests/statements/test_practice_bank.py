"""The practice bank's own documents are read exactly as its ledger says, for every shape of owner."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from tests.statements.told import told_statement

from kontobank.books import Books
from kontobank.countries import COUNTRIES
from kontobank.ledger import Account, Item
from kontobank.scenarios import Login, parse_login
from kontobank.statements import facts
from kontobank.statements.desk import Desk
from kontora.errors import PdfCompanyAccount, PdfNotReadable
from kontora.statements.arithmetic import check_arithmetic
from kontora.statements.document import Document
from kontora.statements.extraction import open_document
from kontora.statements.library import layout_of, layouts
from kontora.statements.readings import BookingStatus, StatementRow
from kontora.statements.recognising import recognise
from kontora.statements.rows import parse_confirmations, parse_statement

NOW = datetime(2026, 3, 18, 12)
TODAY = NOW.date()
BOOKS = Books(1)
DESK = Desk(BOOKS, lambda: NOW)
SCENARIOS = (
    "test",
    "single",
    "coowners",
    "many",
    "history",
    "pending",
    "sealed",
    "duplicates",
    "numbers",
    "quirk-7",
)


def login_of(name: str) -> Login:
    login = parse_login(name)
    assert login is not None
    return login


def opened(pdf: bytes) -> Document:
    return open_document(pdf, password=None)


def cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


def ledger_row(item: Item) -> tuple[object, ...]:
    return (
        item.value_on,
        item.booked_on,
        item.cents,
        item.balance_cents,
        item.title or None,
        item.party,
        item.entry.party_iban,
        item.entry.kind or None,
    )


def read_row(row: StatementRow) -> tuple[object, ...]:
    item = row.money_transaction
    return (
        item.transaction_on,
        item.booked_on,
        cents(item.currency_amount),
        cents(item.currency_balance),
        item.title,
        item.party,
        item.party_iban,
        item.kind,
    )


def items_of(login: Login, account: Account, first: date, last: date) -> list[Item]:
    """The ledger's items of some days, as a statement prints them."""
    listing = BOOKS.listing(COUNTRIES["pl"], login, account, TODAY)
    booked = [item for item in listing.booked_items if item.booked_on and first <= item.booked_on <= last]
    pending = list(listing.pending_items) if last == TODAY else []
    return [*reversed(booked), *reversed(pending)]


@pytest.mark.parametrize("is_signed", [False, True])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_statement_is_read_as_the_ledger_says(name: str, is_signed: bool) -> None:
    login = login_of(name)
    account = DESK.account(login)
    first = max(DESK.kept_since(account), date(2026, 1, 5))
    document = opened(DESK.statement_of_days(login, account, first, is_signed=is_signed).pdf)
    layout = recognise(document, layouts(), confirmations=False)
    statement = parse_statement(document, layout)
    assert layout.name == "kontobank-statement"
    assert [read_row(row) for row in statement.rows] == [
        ledger_row(item) for item in items_of(login, account, first, TODAY)
    ]
    assert check_arithmetic(statement, layout) == ()
    assert (statement.iban, statement.currency) == (account.number, account.currency)
    assert [owner.name for owner in statement.owners] == [owner.name for owner in account.owners]
    assert (statement.period_start, statement.period_end) == (first, TODAY)


def test_pages_carry_their_balances() -> None:
    login = login_of("large")
    account = DESK.account(login)
    document = opened(DESK.statement_of_month(login, account, "2026-02").pdf)
    layout = recognise(document, layouts(), confirmations=False)
    statement = parse_statement(document, layout)
    pages = len(document.pages)
    assert pages > 1
    assert len(statement.carries) == 2 * (pages - 1)
    assert statement.pages_said == tuple((number, pages) for number in range(1, pages + 1))


@pytest.mark.parametrize("is_unbooked", [False, True])
def test_confirmations_are_read_as_the_ledger_says(is_unbooked: bool) -> None:
    login = login_of("pending")
    account = DESK.account(login)
    listing = BOOKS.listing(COUNTRIES["pl"], login, account, TODAY)
    items = list(listing.pending_items if is_unbooked else listing.booked_items)[:3]
    numbers = [str(place) for place in range(1, len(items) + 1)]
    document = opened(DESK.confirmations(login, account, numbers, is_unbooked=is_unbooked).pdf)
    found = parse_confirmations(document, recognise(document, layouts(), confirmations=True))
    status = BookingStatus.UNBOOKED if is_unbooked else BookingStatus.BOOKED
    for confirmation, item in zip(found, items, strict=True):
        said = facts.confirmation(account, item, TODAY)
        assert cents(confirmation.currency_amount) == item.cents
        assert (confirmation.transaction_on, confirmation.booked_on) == (item.value_on, item.booked_on)
        assert (confirmation.booking_status, confirmation.issued_on) == (status, TODAY)
        assert confirmation.reference == said.reference
        assert (confirmation.sender.name, confirmation.sender.iban) == (said.sender.name, said.sender.number)
        assert confirmation.recipient.name == said.recipient.name
        assert confirmation.recipient.iban == said.recipient.number
        assert (confirmation.title, confirmation.kind) == (item.title or None, item.entry.kind or None)


def test_a_company_is_refused() -> None:
    login = login_of("company")
    pdf = DESK.statement_of_month(login, DESK.account(login)).pdf
    with pytest.raises(PdfCompanyAccount):
        recognise(opened(pdf), layouts(), confirmations=False)


def test_an_account_whose_number_is_no_iban_is_not_understood() -> None:
    login = login_of("noiban")
    document = opened(DESK.statement_of_month(login, DESK.account(login)).pdf)
    layout = layout_of("kontobank-statement")
    assert layout is not None
    with pytest.raises(PdfNotReadable, match="iban"):
        parse_statement(document, layout)


def test_the_balance_of_a_statement_is_its_closing_balance() -> None:
    login = login_of("test")
    account = DESK.account(login)
    document = opened(DESK.statement_of_month(login, account, "2026-02").pdf)
    layout = recognise(document, layouts(), confirmations=False)
    told = told_statement(parse_statement(document, layout), layout)
    closing = account.stream.balance_cents(date(2026, 2, 28))
    assert cents(told["accounts"][0]["currencyBalance"]) == closing
    assert told["accounts"][0]["name"] == account.name
