"""Card accounts: the list, details, balances and lists of card transactions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec

from kontobank import bodies
from kontobank.api.answers import Answer, Refusal, json_answer
from kontobank.api.call import Call
from kontobank.api.checks import check_accept
from kontobank.api.lists import list_request, next_query, report
from kontobank.api.reading import count_read, find_place, household_of, open_consent
from kontobank.consents import Consent, Model
from kontobank.ledger import Card
from kontobank.scenarios import Login

_encode = msgspec.json.Encoder().encode


def read_card_list(call: Call) -> Answer:
    """Answer GET /card-accounts."""
    check_accept(call.headers.get("accept"), "application/json")
    consent, login = open_consent(call)
    count_read(call, consent, "card-accounts")
    cards = [place for place in household_of(call, consent, login).cards if consent.grants(place.number)]
    body = {"cardAccounts": [_details(call, consent, login, place) for place in cards]}
    return json_answer(200, bodies.extended(body, login.scenario.has("unknown-fields")))


def read_card(call: Call) -> Answer:
    """Answer GET /card-accounts/{account-id}."""
    check_accept(call.headers.get("accept"), "application/json")
    consent, login, place = _opened(call, "card-details")
    return json_answer(200, {"cardAccount": _details(call, consent, login, place)})


def read_card_balances(call: Call) -> Answer:
    """Answer GET /card-accounts/{account-id}/balances."""
    check_accept(call.headers.get("accept"), "application/json")
    consent, login, place = _opened(call, "card-balances")
    if not consent.shows("balances", place.number):
        raise Refusal(401, "CONSENT_INVALID", "The consent does not cover the balances of this card.")
    body = {
        "cardAccount": _reference(place),
        "debitAccounting": login.scenario.quirk == 9,
        "balances": _balances(call, consent, login, place),
    }
    return json_answer(200, bodies.extended(body, login.scenario.has("unknown-fields")))


def read_card_transactions(call: Call) -> Answer:
    """Answer GET /card-accounts/{account-id}/transactions."""
    check_accept(call.headers.get("accept"), "application/json")
    consent, login = open_consent(call)
    place = _place(call, consent, login)
    if not consent.shows("transactions", place.number):
        raise Refusal(401, "CONSENT_INVALID", "The consent does not cover the transactions of this card.")
    request = list_request(call, consent)
    count_read(call, consent, f"card-transactions/{place.number}", is_first_page=request.page == 1)
    listing = call.bank.books.listing(consent.country, login, place, call.bank.clock.today())
    resource = f"/card-accounts/{consent.resource_id(place.number)}"
    links = {"cardAccount": call.link(resource)}
    following = call.link(f"{resource}/transactions?{next_query(call, request)}")
    flipped = b"true" if login.scenario.quirk == 9 else b"false"
    parts = (
        b'"cardAccount":' + _encode(_reference(place)),
        b'"debitAccounting":' + flipped,
        b'"cardTransactions":' + report(request, listing, links, following),
    )
    return Answer(200, b"{" + b",".join(parts) + b"}")


def _opened(call: Call, endpoint: str) -> tuple[Consent, Login, Card]:
    consent, login = open_consent(call)
    place = _place(call, consent, login)
    count_read(call, consent, f"{endpoint}/{place.number}")
    return consent, login, place


def _place(call: Call, consent: Consent, login: Login) -> Card:
    cards = household_of(call, consent, login).cards
    place = cards[find_place(consent, cards, call.path_params["account_id"])]
    if consent.model is Model.ACCOUNT_LIST:
        raise Refusal(401, "CONSENT_INVALID", "The consent covers the list of accounts only.")
    return place


def _details(call: Call, consent: Consent, login: Login, place: Card) -> dict[str, Any]:
    due_on = due_day(call.bank.clock.today(), place.due_day)
    body = bodies.card(
        place, with_owner=consent.shows_owner_name(), due_on=str(due_on), quirk=login.scenario.quirk
    )
    resource = f"/card-accounts/{consent.resource_id(place.number)}"
    links = {
        "balances": call.link(f"{resource}/balances"),
        "transactions": call.link(f"{resource}/transactions"),
    }
    body = {"resourceId": consent.resource_id(place.number), **body, "_links": links}
    return bodies.extended(body, login.scenario.has("unknown-fields"))


def due_day(today: date, day: int) -> date:
    """Return when the debt of a card must be paid next."""
    this_month = today.replace(day=day)
    return this_month if this_month > today else (today.replace(day=1) + timedelta(days=32)).replace(day=day)


def _balances(call: Call, consent: Consent, login: Login, place: Card) -> list[dict[str, Any]]:
    today = call.bank.clock.today()
    listing = call.bank.books.listing(consent.country, login, place, today)
    return bodies.card_balances(
        listing.booked_cents, place.limit_cents, place.currency, str(today), login.scenario.quirk
    )


def _reference(place: Card) -> dict[str, str]:
    return {"maskedPan": place.number, "currency": place.currency}
