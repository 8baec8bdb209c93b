"""Every page of a list of money transactions, however the bank pages, limits and repeats."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date, timedelta

from yarl import URL

from kontora.connectors.bank_line import BankReply
from kontora.connectors.standards.berlin_group.calls import Refused
from kontora.connectors.standards.berlin_group.failures import failure_of
from kontora.connectors.standards.berlin_group.parse_transactions import Page
from kontora.connectors.standards.berlin_group.reading import Reader
from kontora.connectors.standards.items import Repeats
from kontora.connectors.standards.page_guard import PageGuard
from kontora.model import MoneyTransaction

_WINDOW_DAYS = 14
_TOO_LONG_AGO = "PERIOD_INVALID"
_NOT_OFFERED = frozenset({"PARAMETER_NOT_SUPPORTED", "SERVICE_INVALID"})


@dataclass(frozen=True, slots=True)
class Listing:
    """A list to read: the standard's name of the operation, its URL, and how a page is parsed."""

    operation: str
    url: str
    parse: Callable[[BankReply], Page]


async def read_pages(
    reader: Reader, listing: Listing, since: date
) -> AsyncIterator[tuple[MoneyTransaction, ...]]:
    """Yield the pages of a list since that day, in the bank's order, repeats dropped.

    Where the bank does not know `both`, booked and pending are read one after the other. Where it does
    not go back that far in one request, shorter spans are read, newest first, as far as it goes.
    Raises: BankChanged, if there are more pages than a sound list has; other KontoraErrors.
    """
    repeats = Repeats()
    waiting = list(reader.calls.dialect.booking_statuses)
    while waiting:
        status = waiting.pop(0)
        async for page in _spans(reader, listing, status, since):
            if page is not None:
                yield _kept(page, repeats, since)
            elif status == "both":
                waiting = ["booked", "pending"]


async def _spans(reader: Reader, listing: Listing, status: str, since: date) -> AsyncIterator[Page | None]:
    """Yield the pages of one status; a single `None` where the bank does not offer this status."""
    calls = reader.calls
    today = calls.surroundings.now().date()
    history = today - timedelta(days=calls.dialect.history_days - 1)
    whole = [since, history] if history > since else [since]
    for first in [] if calls.dialect.window_days else whole:
        reply = await _first_page(reader, listing, status, first, None)
        if isinstance(reply, BankReply):
            async for page in _following(reader, listing, reply):
                yield page
            return
        if reply.problem.code != _TOO_LONG_AGO:
            _accept_not_offered(reader, listing, status, reply)
            yield None
            return
    days, last = calls.dialect.window_days or _WINDOW_DAYS, today
    while last >= since:
        first = max(since, last - timedelta(days=days - 1))
        reply = await _first_page(reader, listing, status, first, last)
        if isinstance(reply, Refused):
            if last == today or reply.problem.code != _TOO_LONG_AGO:
                _accept_not_offered(reader, listing, status, reply)
            yield None
            return
        async for page in _following(reader, listing, reply):
            yield page
        last = first - timedelta(days=1)


def _accept_not_offered(reader: Reader, listing: Listing, status: str, refused: Refused) -> None:
    """Accept that the bank does not offer `both` or `pending`.

    Raises: KontoraError, for any other refusal.
    """
    if refused.problem.code in _NOT_OFFERED and status != "booked":
        return
    where = f"{reader.calls.surroundings.line.target}, {listing.operation}"
    raise failure_of(refused.problem, reader.calls.dialect, where)


def _kept(page: Page, repeats: Repeats, since: date) -> tuple[MoneyTransaction, ...]:
    """Leave out repeats, and what is older than asked for: some banks ignore `dateFrom`."""
    return repeats.dropped(
        item
        for item in page.items
        if max(item.transaction_on, item.booked_on or item.transaction_on) >= since
    )


async def _first_page(
    reader: Reader, listing: Listing, status: str, first: date, last: date | None
) -> BankReply | Refused:
    """Read the first page of a span; `Refused`, if the bank does not offer the status or the span."""
    query = {"bookingStatus": status, "dateFrom": first.isoformat()}
    if last is not None:
        query["dateTo"] = last.isoformat()
    return await reader.get(
        listing.operation,
        str(URL(listing.url, encoded=True).update_query(query)),
        accept=reader.calls.dialect.transactions_accept,
        expected=_NOT_OFFERED | {_TOO_LONG_AGO},
    )


async def _following(
    reader: Reader, listing: Listing, reply: BankReply | Refused | None
) -> AsyncIterator[Page]:
    """Yield this page and all that follow.

    A link to a page already read ends the list, and so do several empty pages in a row.
    Raises: BankChanged, if there are too many pages.
    """
    guard = PageGuard(reader.calls.dialect.max_pages)
    while isinstance(reply, BankReply):
        with reader.calls.understanding(listing.operation):
            guard.enter(reply.url)
            page = listing.parse(reply)
        yield page
        onward = guard.onward(page.download_url or page.next_url, is_empty=not page.items)
        if onward is None:
            return
        reply = await reader.get(listing.operation, onward, accept=reader.calls.dialect.transactions_accept)
