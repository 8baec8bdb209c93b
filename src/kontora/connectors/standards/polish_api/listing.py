"""The list of accounts, every page of it, and every page of the lists of money transactions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kontora.connectors.protocol import Psu
from kontora.connectors.standards.items import Repeats
from kontora.connectors.standards.json_fields import Json, a_list, a_text, an_object, an_optional_object
from kontora.connectors.standards.page_guard import PageGuard
from kontora.connectors.standards.polish_api.access import Granted
from kontora.connectors.standards.polish_api.account_kinds import is_card
from kontora.connectors.standards.polish_api.calls import Calls, Refused
from kontora.connectors.standards.polish_api.consent import LISTS
from kontora.connectors.standards.polish_api.dialect import Dialect
from kontora.connectors.standards.polish_api.parse_transactions import Reading, parse_list
from kontora.connectors.standards.polish_api.reading import Reader
from kontora.errors import BankChanged
from kontora.model import MoneyTransaction

_DONE = "getTransactionsDone"
# Not granted, or not offered: what remains is read all the same.
_LEFT_OUT = frozenset({403, 405, 501})
_TOO_LONG_AGO = frozenset({400, 422})


@dataclass(frozen=True, slots=True)
class Listed:
    """An account of the list: its number, partly masked, and whether it is a card."""

    number: str
    is_card: bool


async def read_account_list(calls: Calls, token: str, psu: Psu) -> tuple[Listed, ...]:
    """Read the list of accounts; empty where the owner has none.

    Raises: BankChanged, if there are more pages than a sound list has, or an account has no number.
    """
    operation, found = "getAccounts", list[Listed]()
    guard, page = PageGuard(calls.dialect.max_pages), ""
    while True:
        body: dict[str, Any] = {"perPage": calls.dialect.per_page} | ({"pageId": page} if page else {})
        answer = await calls.read(operation, "accounts", body, psu, token=token, reads_only=True)
        with calls.understanding(operation):
            guard.enter(page)
            accounts = parse_account_list(answer, calls.dialect)
            onward = guard.onward(next_page(answer), is_empty=not accounts)
        found += (one for one in accounts if one not in found)
        if onward is None:
            return tuple(found)
        page = onward


def parse_account_list(body: Json, dialect: Dialect) -> Sequence[Listed]:
    """Read a page of the list of accounts, in the bank's order.

    Raises: BankChanged, if an account has no number.
    Source: PolishAPI 2.1.2, `AccountBaseInfo`.
    """
    found = []
    for index, value in enumerate(a_list(body.get("accounts"), "accounts")):
        at = f"accounts[{index}]"
        item = an_object(value, at)
        number = a_text(item.get("accountNumber"), f"{at}.accountNumber")
        if number is None:
            raise BankChanged(f"{at}.accountNumber is missing")
        found.append(Listed(number, is_card(item, at, dialect)))
    return found


def next_page(body: Json) -> str | None:
    """Return the id of the next page; `None` on the last."""
    return a_text(an_optional_object(body.get("pageInfo"), "pageInfo").get("nextPage"), "pageInfo.nextPage")


async def read_pages(
    reader: Reader, granted: Granted, known: Reading, since: date
) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
    """Yield the pages of all lists of an account since that day: what is to come first, what is done last.

    What the owner did not grant, or the bank does not offer, is left out, except the list of what is done.
    Raises: BankChanged, if there are more pages than a sound list has; other KontoraErrors.
    """
    repeats = Repeats()
    for operation in LISTS:
        if operation == _DONE or granted.allows(operation):
            async for page in _list(reader, operation, granted, known, since):
                yield repeats.dropped(
                    item
                    for item in page
                    if max(item.transaction_on, item.booked_on or item.transaction_on) >= since
                )


async def _list(
    reader: Reader, operation: str, granted: Granted, known: Reading, since: date
) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
    calls = reader.calls
    answer, asked = await _first_page(reader, operation, known, _first_day(granted, known, since))
    guard, page = PageGuard(calls.dialect.max_pages), ""
    while answer is not None:
        with calls.understanding(operation):
            guard.enter(page)
            items = parse_list(answer, operation, known, calls.dialect)
            onward = guard.onward(next_page(answer), is_empty=not items)
        yield items
        if onward is None:
            return
        page = onward
        answer = await reader.read(operation, {**asked, "pageId": page})


def _first_day(granted: Granted, known: Reading, since: date) -> date:
    """Return the first day to ask for: no earlier than the owner granted."""
    if granted.history_days is None:
        return since
    return max(since, known.today - timedelta(days=granted.history_days - 1))


async def _first_page(
    reader: Reader, operation: str, known: Reading, first: date
) -> tuple[Json | None, dict[str, Any]]:
    """Read the first page, and return it with the query; `None`, if the list is not to be had.

    Where the bank does not go back that far any more, the history without a fresh sign-in is read.
    """
    dialect = reader.calls.dialect
    recent = known.today - timedelta(days=dialect.history_days - 1)
    is_done = operation == _DONE
    expected = _LEFT_OUT if not is_done else _TOO_LONG_AGO if first < recent else frozenset[int]()
    query = _query(dialect, operation, known.number, first)
    answer = await reader.send(operation, query, expected=expected)
    if not isinstance(answer, Refused):
        return answer, query
    if not is_done:
        return None, query
    query = _query(dialect, operation, known.number, recent)
    return await reader.read(operation, query), query


def _query(dialect: Dialect, operation: str, number: str, first: date) -> dict[str, Any]:
    since = "bookingDateFrom" if operation == _DONE else "transactionDateFrom"
    return {"accountNumber": number, since: first.isoformat(), "perPage": dialect.per_page}
