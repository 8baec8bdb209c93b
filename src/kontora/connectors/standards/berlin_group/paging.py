"""Every page of a list of money transactions, however the bank pages, limits and repeats."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from yarl import URL

from kontora.connectors.bank_http import BankReply
from kontora.connectors.standards.berlin_group.calls import Refused
from kontora.connectors.standards.berlin_group.failures import failure_of
from kontora.connectors.standards.berlin_group.parse_transactions import Page, Repeats
from kontora.connectors.standards.berlin_group.reading import Reader
from kontora.errors import BankChanged
from kontora.model import MoneyTransaction

_EMPTY_PAGES = 5
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

    Where the bank does not know `both`, booked and pending are read one after the other; where it does
    not go back that far, the history that it offers is read.
    Raises: BankChanged, if there are more pages than a sound list has; other KontoraErrors.
    """
    repeats = Repeats()
    statuses = list(reader.calls.dialect.booking_statuses)
    for first, last in _windows(reader, since):
        waiting = list(statuses)
        while waiting:
            status = waiting.pop(0)
            reply = await _first_page(reader, listing, status, first, last)
            if isinstance(reply, Refused):
                statuses = (
                    ["booked", "pending"] if status == "both" else [one for one in statuses if one != status]
                )
                waiting = list(statuses) if status == "both" else waiting
                continue
            async for page in _following(reader, listing, reply):
                yield _kept(page, repeats, since)


def _kept(page: Page, repeats: Repeats, since: date) -> tuple[MoneyTransaction, ...]:
    """Leave out repeats, and what is older than asked for: some banks ignore `dateFrom`."""
    return repeats.dropped(
        item
        for item in page.items
        if max(item.transaction_on, item.booked_on or item.transaction_on) >= since
    )


def _windows(reader: Reader, since: date) -> Iterator[tuple[date, date | None]]:
    """Yield the spans to read, newest first; one open span where the bank has no limit."""
    days = reader.calls.dialect.window_days
    last = reader.calls.surroundings.now().date()
    if days is None:
        yield since, None
    else:
        while last >= since:
            first = max(since, last - timedelta(days=days - 1))
            yield first, last
            last = first - timedelta(days=1)


async def _first_page(
    reader: Reader, listing: Listing, status: str, first: date, last: date | None
) -> BankReply | Refused | None:
    """Read the first page; a shorter history if the bank refuses the span; `None` if all is too long ago.

    `Refused`: the bank does not offer items of this status.
    """
    calls = reader.calls
    today = calls.surroundings.now().date()
    days = calls.dialect.history_days
    shorter = (today - timedelta(days=back) for back in (days, days - 1, days // 2, 1))
    refusal = None
    for start in (first, *(day for day in shorter if day > first)):
        if last is not None and start > last:
            return None
        query = {"bookingStatus": status, "dateFrom": start.isoformat()}
        if last is not None:
            query["dateTo"] = last.isoformat()
        reply = await reader.get(
            listing.operation,
            str(URL(listing.url, encoded=True).update_query(query)),
            accept=calls.dialect.transactions_accept,
            expected=_NOT_OFFERED | {_TOO_LONG_AGO},
        )
        if not isinstance(reply, Refused):
            return reply
        refusal = reply
        if reply.problem.code != _TOO_LONG_AGO:
            break
    where = f"{calls.surroundings.line.target}, {listing.operation}"
    if refusal is not None and refusal.problem.code in _NOT_OFFERED and status in {"both", "pending"}:
        return refusal
    raise failure_of(refusal.problem, calls.dialect, where) if refusal is not None else BankChanged(where)


async def _following(
    reader: Reader, listing: Listing, reply: BankReply | Refused | None
) -> AsyncIterator[Page]:
    """Yield this page and all that follow.

    A link to a page already read ends the list, and so do several empty pages in a row.
    Raises: BankChanged, if there are too many pages.
    """
    seen: set[str] = set()
    empty = 0
    while isinstance(reply, BankReply):
        seen.add(reply.url)
        if len(seen) > reader.calls.dialect.max_pages:
            where = f"{reader.calls.surroundings.line.target}, {listing.operation}"
            raise BankChanged(f"{where}: too many pages.")
        with reader.calls.understanding(listing.operation):
            page = listing.parse(reply)
        yield page
        empty = 0 if page.items else empty + 1
        onward = page.download_url or page.next_url
        if onward is None or onward in seen or empty >= _EMPTY_PAGES:
            return
        seen.add(onward)
        reply = await reader.get(
            listing.operation, onward, accept=reader.calls.dialect.transactions_accept
        )
