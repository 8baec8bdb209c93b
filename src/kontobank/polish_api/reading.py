"""The services of account information: accounts, their details, lists of money transactions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from kontobank import bodies as shared
from kontobank.api.answers import Answer, Broken, Refusal
from kontobank.api.card_accounts import due_day
from kontobank.api.reading import ENDED, meet_faults
from kontobank.consents import Consent, ConsentStatus
from kontobank.ledger import Account, Card, Item
from kontobank.polish_api import bodies
from kontobank.polish_api.call import Call
from kontobank.polish_api.consents import Terms
from kontobank.polish_api.requests import (
    AccountInfoRequest,
    AccountsRequest,
    RequestHeader,
    TransactionDetailRequest,
    TransactionInfoRequest,
)
from kontobank.polish_api.sign_in import LIST_SCOPE
from kontobank.scenarios import Login

PAGE = 200
_FREE_HISTORY_DAYS = 90
_SCHEDULED_DAYS = 30
_STANDING_ORDER = "ZLECENIE STAŁE"
Body = dict[str, Any]
Place = Account | Card


def get_accounts(call: Call) -> Answer:
    """Answer getAccounts: numbers are partly masked."""
    request = call.read(AccountsRequest)
    consent, login, _ = _opened(call, request.requestHeader, "ais-accounts:getAccounts", request.pageId)
    places = _places(call, consent, login)
    if request.typeOfPsuRelation not in (None, "Owner"):
        places = []
    shown, info = _page(places, request.pageId, request.perPage)
    is_shared = login.scenario.has("coowners")
    accounts = [_extended(login, bodies.base_info(place, is_shared=is_shared)) for place in shown]
    return call.answer({"accounts": accounts, "pageInfo": info})


def get_account(call: Call) -> Answer:
    """Answer getAccount."""
    request = call.read(AccountInfoRequest)
    consent, login, _ = _opened(call, request.requestHeader, "ais:getAccount", None)
    place = _place(call, consent, login, request.accountNumber)
    _count(call, consent, request.requestHeader, f"getAccount/{place.number}")
    today = call.bank.clock.today()
    listing = call.bank.books.listing(consent.country, login, place, today)
    info = bodies.account_info(
        place,
        listing.booked_cents,
        listing.pending_cents,
        consent.country.bic,
        is_shared=login.scenario.has("coowners"),
        due_on=str(due_day(today, place.due_day)) if isinstance(place, Card) else "",
    )
    if login.scenario.has("revoked"):
        call.bank.consents.change(consent, ConsentStatus.REVOKED_BY_PSU)
    return call.answer({"account": _extended(login, info)})


def get_done(call: Call) -> Answer:
    """Answer getTransactionsDone."""
    request, consent, login, place, terms = _list(call, "getTransactionsDone")
    first = request.bookingDateFrom or request.transactionDateFrom
    if request.pageId is None:
        _check_history(call, consent, terms, first)
    today = call.bank.clock.today()
    listing = call.bank.books.listing(consent.country, login, place, today)
    start, end = listing.between(
        request.bookingDateFrom or date.min if first else call.bank.clock.days_ago(_FREE_HISTORY_DAYS),
        request.bookingDateTo or date.max,
    )
    as_numbers = login.scenario.quirk == 1
    shown, info = _page(_filtered(listing.booked_items[start:end], request), request.pageId, request.perPage)
    items = [bodies.transaction_info(item, place, as_numbers=as_numbers) for item in shown]
    if login.scenario.quirk == 6:
        _share_ids(items)
    answer = call.answer({"transactions": [_extended(login, item) for item in items], "pageInfo": info})
    _meet_list_faults(login, answer)
    return answer


def get_pending(call: Call) -> Answer:
    """Answer getTransactionsPending: what comes in and is not booked yet."""
    return _unbooked(call, "getTransactionsPending", lambda item: item.cents > 0)


def get_holds(call: Call) -> Answer:
    """Answer getHolds: what goes out and is not booked yet."""
    request, consent, login, place, _ = _list(call, "getHolds")
    pending = call.bank.books.listing(consent.country, login, place, call.bank.clock.today()).pending_items
    wanted = _filtered([item for item in pending if item.cents <= 0], request)
    shown, info = _page(wanted, request.pageId, request.perPage)
    return call.answer({"holds": [bodies.hold_info(item, place) for item in shown], "pageInfo": info})


def get_scheduled(call: Call) -> Answer:
    """Answer getTransactionsScheduled: standing orders of the next 30 days."""
    request, _, _, place, _ = _list(call, "getTransactionsScheduled")
    items = _filtered(_standing_orders(place, call.bank.clock.today()), request)
    shown, info = _page(items, request.pageId, request.perPage)
    rendered = [bodies.transaction_info(item, place) for item in shown]
    return call.answer({"transactions": rendered, "pageInfo": info})


def get_rejected(call: Call) -> Answer:
    """Answer getTransactionsRejected: nothing is ever rejected here."""
    return _unbooked(call, "getTransactionsRejected", lambda _: False)


def get_cancelled(call: Call) -> Answer:
    """Answer getTransactionsCancelled: nothing is ever cancelled here."""
    return _unbooked(call, "getTransactionsCancelled", lambda _: False)


def get_detail(call: Call) -> Answer:
    """Answer getTransactionDetail."""
    request = call.read(TransactionDetailRequest)
    consent, login, _ = _opened(call, request.requestHeader, "ais:getTransactionDetail", None)
    place = _place(call, consent, login, request.accountNumber)
    _count(call, consent, request.requestHeader, f"getTransactionDetail/{place.number}")
    listing = call.bank.books.listing(consent.country, login, place, call.bank.clock.today())
    everything = (*listing.booked_items, *listing.pending_items)
    item = next((item for item in everything if item.id == request.itemId), None)
    if item is None:
        raise Refusal(422, "RESOURCE_UNKNOWN", "There is no such money transaction on this account.")
    return call.answer({"baseInfo": bodies.transaction_info(item, place)})


def _unbooked(call: Call, operation: str, is_shown: Callable[[Item], bool]) -> Answer:
    request, consent, login, place, _ = _list(call, operation)
    pending = call.bank.books.listing(consent.country, login, place, call.bank.clock.today()).pending_items
    items = _filtered([item for item in pending if is_shown(item)], request)
    shown, info = _page(items, request.pageId, request.perPage)
    rendered = [bodies.transaction_info(item, place) for item in shown]
    return call.answer({"transactions": rendered, "pageInfo": info})


def _list(call: Call, operation: str) -> tuple[TransactionInfoRequest, Consent, Login, Place, Terms]:
    request = call.read(TransactionInfoRequest)
    consent, login, terms = _opened(call, request.requestHeader, f"ais:{operation}", request.pageId)
    place = _place(call, consent, login, request.accountNumber)
    if request.pageId is None:
        _count(call, consent, request.requestHeader, f"{operation}/{place.number}")
    return request, consent, login, place, terms


def _opened(
    call: Call, header: RequestHeader, privilege: str, page_id: str | None
) -> tuple[Consent, Login, Terms]:
    """Return the valid consent of a read, whose it is, and what it allows.

    Raises: Refusal, 401 or 403; Broken and Refusal as the scenario says.
    """
    kind, _, value = call.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not value or value.strip() != header.token:
        raise Refusal(401, "TOKEN_INVALID", "Authorization is missing, or not requestHeader.token.")
    token = call.bank.tokens.find_access_token(header.token)
    consent = call.bank.consents.find(token.consent_id) if token else None
    terms = call.bank.polish_consents.terms(consent.id) if consent else None
    if token is None or consent is None or consent.login is None or terms is None:
        raise Refusal(401, "TOKEN_UNKNOWN", "The access token is unknown.")
    call.consent = consent
    call.meet(consent.login)
    if consent.status is not ConsentStatus.VALID:
        code, text = ENDED.get(consent.status, ("CONSENT_INVALID", "This consent is not valid."))
        raise Refusal(401, code, text)
    if token.expires_at <= call.bank.clock.timestamp():
        raise Refusal(401, "TOKEN_EXPIRED", "The access token has expired. Refresh it.")
    if privilege not in terms.operations:
        raise Refusal(403, "PRIVILEGE_MISSING", f"The consent does not cover {privilege}.")
    if privilege in terms.single and page_id is None:
        if privilege in terms.used:
            raise Refusal(403, "PRIVILEGE_USED", f"The single use of {privilege} is over.")
        terms.used.add(privilege)
    if terms.scope != LIST_SCOPE:
        # The body carries a new id each time: what is read is told by the rest of it.
        meet_faults(consent, consent.login, f"{call.operation} {privilege} {page_id}")
    return consent, consent.login, terms


def _count(call: Call, consent: Consent, header: RequestHeader, endpoint: str) -> None:
    """Count a read that the owner did not ask for: four in 24 hours for each account and operation."""
    if not header.isDirectPsu and not consent.use_up(endpoint, call.bank.clock):
        raise Refusal(
            429, "ACCESS_EXCEEDED", "KontoBank: MultipleAccessLimitExceeded. The reads of today are used up."
        )


def _places(call: Call, consent: Consent, login: Login) -> list[Place]:
    places = call.bank.books.household(consent.country, login).places()
    return [place for place in places if consent.grants(place.number) and not _is_deleted(place)]


def _is_deleted(place: Place) -> bool:
    return isinstance(place, Account) and place.status == "deleted"


def _place(call: Call, consent: Consent, login: Login, number: str) -> Place:
    for place in _places(call, consent, login):
        if number in (place.number, bodies.masked(place.number)):
            return place
    raise Refusal(403, "RESOURCE_UNKNOWN", "The consent does not cover this account.")


def _check_history(call: Call, consent: Consent, terms: Terms, first: date | None) -> None:
    today = call.bank.clock.today()
    if first is None:
        return
    if first < today - timedelta(days=terms.history_days):
        raise Refusal(422, "PERIOD_INVALID", "The consent does not go back that far.")
    if first < today - timedelta(days=_FREE_HISTORY_DAYS) and not consent.is_fresh(call.bank.clock):
        raise Refusal(
            422,
            "PERIOD_INVALID",
            "More than 90 days only within 15 minutes after the owner confirmed.",
        )


def _filtered(items: Iterable[Item], request: TransactionInfoRequest) -> list[Item]:
    first, last = request.transactionDateFrom or date.min, request.transactionDateTo or date.max
    low, high = _cents(request.minAmount, 0), _cents(request.maxAmount, 10**18)
    wanted = {"CREDIT": (1,), "DEBIT": (-1,)}.get(request.type or "", (1, -1))
    kept = [
        item
        for item in items
        if first <= item.value_on <= last
        and low <= abs(item.cents) <= high
        and (1 if item.cents > 0 else -1) in wanted
    ]
    if request.itemIdFrom is None:
        return kept
    ids = [item.id for item in kept]
    if request.itemIdFrom not in ids:
        raise Refusal(422, "RESOURCE_UNKNOWN", "There is no item itemIdFrom in this list.")
    return kept[: ids.index(request.itemIdFrom) + 1]


def _cents(amount: str | None, otherwise: int) -> int:
    return otherwise if amount is None else int(amount.replace(".", ""))


def _page(items: Sequence[Any], page_id: str | None, per_page: int) -> tuple[Sequence[Any], Body]:
    """Return one page, and the ids of those around it. Raises: Refusal, 422 for an id that was not given."""
    size, page = min(per_page, PAGE), 1 if page_id is None else _page_number(page_id)
    shown = items[(page - 1) * size : page * size]
    info = {"previousPage": f"p{page - 1}"} if page > 1 else {}
    return shown, info | ({"nextPage": f"p{page + 1}"} if page * size < len(items) else {})


def _page_number(page_id: str) -> int:
    number = page_id[1:]
    if page_id[:1] != "p" or not number.isascii() or not number.isdigit() or not 0 < int(number) < 10**6:
        raise Refusal(422, "PAGE_UNKNOWN", "There is no such page.")
    return int(number)


def _standing_orders(place: Place, today: date) -> list[Item]:
    """Return what standing orders will pay in the next 30 days, the soonest first."""
    stream = place.stream
    coming = stream.between(today + timedelta(days=1), today + timedelta(days=_SCHEDULED_DAYS))
    return [item for item in coming if item.entry.kind == _STANDING_ORDER]


def _extended(login: Login, body: Body) -> Body:
    return shared.extended(body, login.scenario.has("unknown-fields"))


def _share_ids(items: list[Body]) -> None:
    for turn in range(1, len(items)):
        if turn % 10 == 3:
            items[turn]["itemId"] = items[turn - 1]["itemId"]


def _meet_list_faults(login: Login, answer: Answer) -> None:
    if login.scenario.has("garbage"):
        raise Broken(Answer(200, b'{"transactions": [{"itemId": PL00}, <<<KontoBank: BankChanged>>> NaN, }'))
    if login.scenario.has("truncated"):
        raise Broken(Answer(200, answer.body, cut_after=len(answer.body) // 2))
