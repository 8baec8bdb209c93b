"""The practice bank's own documents as families: plain ones, sealed ones, and confirmations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from kontobank.books import Books
from kontobank.countries import COUNTRIES
from kontobank.ledger import Account, Item
from kontobank.scenarios import Login, parse_login
from kontobank.statements import facts
from kontobank.statements.desk import Desk
from kontobank.statements.periods import of_month

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
MONTHS = ("2026-10", "2026-09", "2026-08")
Maker = Callable[[int], tuple[bytes, dict[str, Any]]]


@cache
def _desk() -> tuple[Books, Desk]:
    books = Books(seed=1)
    return books, Desk(books, lambda: NOW)


def practice_families() -> list[tuple[str, str, bool, Maker]]:
    """Return name, layout, whether it is sealed, and how to make the file of a seed."""
    return [
        ("kontobank-statement", "kontobank-statement", False, _statements(is_signed=False)),
        ("kontobank-statement sealed", "kontobank-statement", True, _statements(is_signed=True)),
        ("kontobank-confirmation sealed", "kontobank-confirmation", True, _confirmations),
    ]


def _owner(seed: int) -> tuple[Login, Account]:
    login = parse_login(f"single.{seed + 1}")
    if login is None:
        raise ValueError(f"nobody has the login single.{seed + 1}")
    return login, _desk()[1].account(login)


def _statements(*, is_signed: bool) -> Maker:
    def make(seed: int) -> tuple[bytes, dict[str, Any]]:
        books, desk = _desk()
        login, account = _owner(seed)
        month = MONTHS[seed % len(MONTHS)]
        issued = desk.statement_of_month(login, account, month, is_signed=is_signed)
        period = of_month(month, NOW.date(), account.stream.window_days)
        listing = books.listing(COUNTRIES["pl"], login, account, NOW.date())
        found = facts.statement(account, listing, period, NOW.date())
        entries = [_entry(item, has_balance=item in found.booked) for item in reversed(found.items)]
        balance = Decimal(found.closing_cents) / 100
        told = {"iban": account.number, "currencyBalance": balance, "moneyTransactions": entries}
        return issued.pdf, {"accounts": [told]}

    return make


def _confirmations(seed: int) -> tuple[bytes, dict[str, Any]]:
    books, desk = _desk()
    login, account = _owner(seed)
    number = seed % 7 + 1
    issued = desk.confirmations(login, account, [str(number)], is_signed=True)
    item = books.listing(COUNTRIES["pl"], login, account, NOW.date()).booked_items[number - 1]
    found = facts.confirmation(account, item, NOW.date())
    sides = {
        name: {"name": party.name, "iban": party.number}
        for name, party in (("sender", found.sender), ("recipient", found.recipient))
    }
    return issued.pdf, {"confirmations": [{"currencyAmount": Decimal(item.cents) / 100, **sides}]}


def _entry(item: Item, *, has_balance: bool) -> dict[str, Any]:
    return {
        "currencyAmount": Decimal(item.cents) / 100,
        "currencyBalance": Decimal(item.balance_cents) / 100 if has_balance else None,
        "party": item.party,
    }
