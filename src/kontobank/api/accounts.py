"""Accounts: the list, details, balances, lists of money transactions and their details."""

from __future__ import annotations

from typing import Any

import msgspec

from kontobank import bodies
from kontobank.api.answers import Answer, Broken, Refusal, json_answer
from kontobank.api.call import Call
from kontobank.api.checks import check_accept, flag
from kontobank.api.lists import list_request, next_query, report
from kontobank.api.reading import count_read, find_place, household_of, open_consent
from kontobank.books import Listing
from kontobank.camt import account_report
from kontobank.consents import Consent, ConsentStatus, Model
from kontobank.ledger import Account
from kontobank.scenarios import Login

_encode = msgspec.json.Encoder().encode


def read_account_list(call: Call) -> Answer:
    """Answer GET /accounts."""
    check_accept(call.headers.get("accept"), "application/json")
    with_balance = flag(call.query, "withBalance")
    consent, login = open_consent(call)
    count_read(call, consent, "accounts")
    places = [place for place in household_of(call, consent, login).accounts if _is_listed(consent, place)]
    accounts = [_details(call, consent, login, place, with_balance=with_balance) for place in places]
    if login.scenario.has("revoked"):
        call.bank.consents.change(consent, ConsentStatus.REVOKED_BY_PSU)
    return json_answer(200, bodies.extended({"accounts": accounts}, login.scenario.has("unknown-fields")))


def read_account(call: Call) -> Answer:
    """Answer GET /accounts/{account-id}."""
    check_accept(call.headers.get("accept"), "application/json")
    with_balance = flag(call.query, "withBalance")
    consent, login, place = _opened(call, "details")
    return json_answer(200, {"account": _details(call, consent, login, place, with_balance=with_balance)})


def read_balances(call: Call) -> Answer:
    """Answer GET /accounts/{account-id}/balances."""
    check_accept(call.headers.get("accept"), "application/json")
    consent, login, place = _opened(call, "balances")
    if not consent.shows("balances", place.number):
        raise Refusal(401, "CONSENT_INVALID", "The consent does not cover the balances of this account.")
    body = {"account": _reference(place), "balances": _balances(call, consent, login, place)}
    return json_answer(200, bodies.extended(body, login.scenario.has("unknown-fields")))


def read_money_transactions(call: Call) -> Answer:
    """Answer GET /accounts/{account-id}/transactions."""
    check_accept(call.headers.get("accept"), "application/json", "application/xml", "text/xml")
    consent, login = open_consent(call)
    place = _place(call, consent, login)
    if not consent.shows("transactions", place.number):
        raise Refusal(
            401, "CONSENT_INVALID", "The consent does not cover the money transactions of this account."
        )
    if login.scenario.quirk == 21 and call.version == "v1":
        raise Refusal(404, "RESOURCE_UNKNOWN", "Follow the link of the account.", "account-id")
    request = list_request(call, consent)
    count_read(call, consent, f"transactions/{place.number}", is_first_page=request.page == 1)
    listing = call.bank.books.listing(consent.country, login, place, call.bank.clock.today())
    _meet_list_faults(login, listing)
    if login.scenario.quirk == 2:
        document = account_report(place, listing, request, call.bank.clock.now(), consent.country.bic)
        return Answer(200, document, b"application/xml; charset=utf-8")
    resource = f"/accounts/{consent.resource_id(place.number)}"
    following = call.link(f"{resource}/transactions?{next_query(call, request)}", call.version)
    links = {"account": call.link(resource)}
    parts = [
        b'"account":' + _encode(_reference(place)),
        b'"transactions":' + report(request, listing, links, following),
    ]
    if request.with_balance and consent.shows("balances", place.number):
        parts.append(b'"balances":' + _encode(_balances(call, consent, login, place)))
    return Answer(200, b"{" + b",".join(parts) + b"}")


def read_money_transaction(call: Call) -> Answer:
    """Answer GET /accounts/{account-id}/transactions/{transactionId}."""
    check_accept(call.headers.get("accept"), "application/json")
    consent, login, place = _opened(call, "transaction")
    if not consent.shows("transactions", place.number):
        raise Refusal(
            401, "CONSENT_INVALID", "The consent does not cover the money transactions of this account."
        )
    listing = call.bank.books.listing(consent.country, login, place, call.bank.clock.today())
    found = listing.places.get(call.path_params["transactionId"])
    if found is None or login.scenario.quirk == 2:
        raise Refusal(
            404, "RESOURCE_UNKNOWN", "There is no such money transaction on this account.", "transactionId"
        )
    is_booked, turn = found
    return Answer(
        200, b'{"transactionsDetails":' + (listing.booked if is_booked else listing.pending)[turn] + b"}"
    )


def _opened(call: Call, endpoint: str) -> tuple[Consent, Login, Account]:
    consent, login = open_consent(call)
    place = _place(call, consent, login)
    count_read(call, consent, f"{endpoint}/{place.number}")
    return consent, login, place


def _place(call: Call, consent: Consent, login: Login) -> Account:
    accounts = household_of(call, consent, login).accounts
    place = accounts[find_place(consent, accounts, call.path_params["account_id"])]
    if consent.model is Model.ACCOUNT_LIST:
        raise Refusal(401, "CONSENT_INVALID", "The consent covers the list of accounts only.")
    return place


def _is_listed(consent: Consent, place: Account) -> bool:
    wanted = consent.access.get("restrictedTo")
    return consent.grants(place.number) and (not wanted or place.type_code in wanted)


def _details(
    call: Call, consent: Consent, login: Login, place: Account, *, with_balance: bool
) -> dict[str, Any]:
    quirk = login.scenario.quirk
    body = bodies.account(place, with_owner=consent.shows_owner_name(), bic=consent.country.bic, quirk=quirk)
    resource = f"/accounts/{consent.resource_id(place.number)}"
    body = {"resourceId": consent.resource_id(place.number), **body}
    if consent.model is not Model.ACCOUNT_LIST:
        body["_links"] = {
            "balances": call.link(f"{resource}/balances"),
            "transactions": call.link(f"{resource}/transactions", "v2" if quirk == 21 else "v1"),
        }
    shows_balance = (
        consent.shows("balances", place.number) or "availableAccountsWithBalance" in consent.access
    )
    if with_balance and shows_balance:
        body["balances"] = _balances(call, consent, login, place)
    return bodies.extended(body, login.scenario.has("unknown-fields"))


def _balances(call: Call, consent: Consent, login: Login, place: Account) -> list[dict[str, Any]]:
    today = call.bank.clock.today()
    listing = call.bank.books.listing(consent.country, login, place, today)
    return bodies.balances(
        listing.booked_cents, listing.pending_cents, place.currency, str(today), login.scenario.quirk
    )


def _reference(place: Account) -> dict[str, str]:
    return {"iban" if place.has_iban else "bban": place.number, "currency": place.currency}


def _meet_list_faults(login: Login, listing: Listing) -> None:
    if login.scenario.has("garbage"):
        raise Broken(Answer(200, b'{"account": {"iban": PL00}, <<<KontoBank: BankChanged>>> NaN, }'))
    if login.scenario.has("truncated"):
        body = b'{"transactions":{"booked":[' + b",".join(listing.booked) + b'],"_links":{}}}'
        raise Broken(Answer(200, body, cut_after=len(body) // 2))
