"""Lists of money transactions: which days, which states, which page, and the bytes of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

import msgspec

from kontobank.api.answers import Refusal
from kontobank.api.call import Call
from kontobank.api.checks import day, flag, number
from kontobank.books import Listing
from kontobank.consents import Consent

PAGE = 200
_FREE_HISTORY_DAYS = 90
_WINDOW_DAYS = 14
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True, slots=True)
class ListRequest:
    """What a party wants of a list. Days included; pages from 1."""

    status: str
    first: date
    last: date
    page: int
    size: int
    with_balance: bool


def list_request(call: Call, consent: Consent) -> ListRequest:
    """Read the query of a list, and check it against the rules for history.

    Raises: Refusal, 400 FORMAT_ERROR, PARAMETER_NOT_SUPPORTED or PERIOD_INVALID.
    """
    query = call.query
    status = query.get("bookingStatus")
    if status in ("information", "all") and "card" not in call.operation:
        raise Refusal(
            400, "PARAMETER_NOT_SUPPORTED", f"bookingStatus {status} is not offered.", "bookingStatus"
        )
    if status not in ("booked", "pending", "both"):
        raise Refusal(400, "FORMAT_ERROR", "bookingStatus must be booked, pending or both.", "bookingStatus")
    if flag(query, "deltaList"):
        raise Refusal(400, "PARAMETER_NOT_SUPPORTED", "deltaList is not offered. Give dateFrom.", "deltaList")
    first = day(query, "dateFrom") or call.bank.clock.days_ago(_FREE_HISTORY_DAYS)
    last = day(query, "dateTo") or call.bank.clock.today()
    page, size = number(query, "pageIndex", 1), number(query, "itemsPerPage", PAGE)
    with_balance = flag(query, "withBalance")
    if page < 1 or size < 1:
        raise Refusal(400, "FORMAT_ERROR", "pageIndex and itemsPerPage count from 1.", "pageIndex")
    if last < first:
        raise Refusal(400, "PERIOD_INVALID", "dateTo is before dateFrom.", "dateTo")
    _check_history(call, consent, first, last, page)
    return ListRequest(status, first, last, page, min(size, PAGE), with_balance)


def _check_history(call: Call, consent: Consent, first: date, last: date, page: int) -> None:
    quirk = consent.login.scenario.quirk if consent.login else 0
    if quirk == 18 and last - first > timedelta(days=_WINDOW_DAYS):
        raise Refusal(400, "PERIOD_INVALID", "At most 14 days in one request.", "dateFrom")
    if first >= call.bank.clock.days_ago(_FREE_HISTORY_DAYS) or page > 1:
        return
    if not consent.is_fresh(call.bank.clock) or (quirk == 17 and consent.history_read):
        raise Refusal(
            400,
            "PERIOD_INVALID",
            "More than 90 days only within 15 minutes after the owner confirmed.",
            "dateFrom",
        )
    consent.history_read = True


def report(
    request: ListRequest, listing: Listing, links: dict[str, dict[str, str]], next_page: dict[str, str]
) -> bytes:
    """Return the report of one page as JSON. `links` lacks only `next`, which `next_page` would be."""
    start, end = listing.between(request.first, request.last)
    low = start + (request.page - 1) * request.size
    high = min(low + request.size, end)
    parts = []
    if request.status != "pending":
        parts.append(b'"booked":[' + b",".join(listing.booked[low:high]) + b"]")
        if high < end:
            links = {**links, "next": next_page}
    if request.status != "booked":
        shown = listing.pending if request.page == 1 else ()
        parts.append(b'"pending":[' + b",".join(shown) + b"]")
    parts.append(b'"_links":' + _encode(links))
    return b"{" + b",".join(parts) + b"}"


def next_query(call: Call, request: ListRequest) -> str:
    """Return the query of the next page."""
    return urlencode({**call.query, "pageIndex": str(request.page + 1)})
