"""May this be read? The consent, its token, its quota, and the faults that owners of some scenarios meet."""

from __future__ import annotations

from collections.abc import Sequence

from kontobank.api.answers import Answer, Broken, Refusal, json_answer
from kontobank.api.call import Call
from kontobank.consents import Consent, ConsentStatus
from kontobank.failures import FAILURES, Stage, spoken
from kontobank.ledger import Account, Card, Household
from kontobank.scenarios import Login, parse_login

ENDED = {
    ConsentStatus.EXPIRED: ("CONSENT_EXPIRED", "The consent has expired. The owner must confirm a new one."),
    ConsentStatus.RECEIVED: ("CONSENT_INVALID", "The owner has not confirmed this consent yet."),
    ConsentStatus.REJECTED: ("CONSENT_INVALID", "The owner did not confirm this consent."),
    ConsentStatus.REVOKED_BY_PSU: ("CONSENT_INVALID", "The owner has revoked this consent."),
    ConsentStatus.TERMINATED_BY_TPP: ("CONSENT_INVALID", "This consent was ended by the third party."),
}


def consent_of(call: Call) -> Consent:
    """Return the consent of the path.

    Raises: Refusal, 403 CONSENT_UNKNOWN.
    """
    consent = call.bank.consents.find(call.path_params["consent_id"])
    if consent is None or consent.country is not call.country:
        raise Refusal(403, "CONSENT_UNKNOWN", "There is no such consent.", "consentId")
    call.consent = consent
    call.meet(consent.login or parse_login(consent.psu_id or ""))
    return consent


def limit_polls(call: Call, consent: Consent) -> None:
    """Let bank 22 refuse the third question for a status within a second.

    Raises: Refusal, 429 ACCESS_EXCEEDED.
    """
    if call.login and call.login.scenario.quirk == 22 and consent.is_polled_too_often(call.bank.clock):
        raise Refusal(429, "ACCESS_EXCEEDED", "At most two questions for a status in a second.")


def open_consent(call: Call) -> tuple[Consent, Login]:
    """Return the valid consent of a read, and whose it is.

    Raises: Refusal, 400 or 401 as the standard says; Broken and Refusal as the scenario says.
    """
    consent_id = call.headers.get("consent-id")
    if consent_id is None:
        raise Refusal(400, "FORMAT_ERROR", "Consent-ID is missing.", "Consent-ID")
    consent = call.bank.consents.find(consent_id)
    if consent is None or consent.country is not call.country:
        raise Refusal(400, "CONSENT_UNKNOWN", "There is no such consent.", "Consent-ID")
    call.consent = consent
    if consent.login is not None:
        call.meet(consent.login)
    if consent.status is not ConsentStatus.VALID or consent.login is None:
        code, text = ENDED.get(consent.status, ("CONSENT_INVALID", "This consent is not valid."))
        raise Refusal(401, code, text, "Consent-ID")
    if consent.needs_token:
        _check_token(call, consent)
    meet_faults(consent, consent.login, f"{call.operation} {call.path_params} {call.query_string!r}")
    return consent, consent.login


def _check_token(call: Call, consent: Consent) -> None:
    kind, _, value = call.headers.get("authorization", "").partition(" ")
    token = call.bank.tokens.find_access_token(value.strip()) if kind.lower() == "bearer" else None
    if token is None or token.consent_id != consent.id:
        raise Refusal(401, "TOKEN_UNKNOWN", "The access token is missing or unknown.", "Authorization")
    if token.expires_at <= call.bank.clock.timestamp():
        raise Refusal(401, "TOKEN_EXPIRED", "The access token has expired. Refresh it.", "Authorization")


def meet_faults(consent: Consent, login: Login, what: str) -> None:
    """Answer a read as the scenario wants; `what` tells apart what is read. Raises: Refusal or Broken."""
    scenario = login.scenario
    if consent.stumbles.falls(what) and scenario.has("flaky"):
        raise Refusal(500, "INTERNAL_SERVER_ERROR", "Something went wrong. Try again.")
    if scenario.has("quota"):
        raise Refusal(
            429, "ACCESS_EXCEEDED", "KontoBank: MultipleAccessLimitExceeded. The reads of today are used up."
        )
    if scenario.has("company-off"):
        raise Refusal(
            403,
            "SERVICE_BLOCKED",
            "KontoBank: ManualActionRequired. Access for third parties is switched off for this company. "
            "An administrator of the company can switch it on in online banking, under Third parties.",
        )
    if scenario.failure and FAILURES[scenario.failure].stage is Stage.READ:
        raise_failure(scenario.failure)


def raise_failure(name: str) -> None:
    """Answer as the bank does for `fail-<name>`.

    Raises: Refusal or Broken, always.
    """
    failure = FAILURES[name]
    if failure.status == 0:
        body = b'{"accounts": [{"resourceId": "'
        raise Broken(Answer(200, body.ljust(4000, b"x"), cut_after=len(body)))
    if failure.status == 200:
        raise Broken(json_answer(200, {"odpowiedz": {"rachunki": "patrz zalacznik", "powod": spoken(name)}}))
    headers = {"retry-after": str(failure.retry_after_seconds)} if failure.retry_after_seconds else {}
    if failure.is_html:
        page = f"<!doctype html><html><title>maintenance</title><body><h1>{spoken(name)}</h1></body></html>"
        raise Broken(Answer(failure.status, page.encode(), b"text/html; charset=utf-8", headers))
    refusal = Refusal(failure.status, failure.code, spoken(name))
    refusal.headers.update(headers)
    raise refusal


def count_read(call: Call, consent: Consent, endpoint: str, *, is_first_page: bool = True) -> None:
    """Count a read that the owner did not ask for: four in 24 hours for each account and endpoint.

    Pages of one list count once. Raises: Refusal, 429 ACCESS_EXCEEDED.
    """
    if not is_first_page or "psu-ip-address" in call.headers:
        return
    if not consent.use_up(endpoint, call.bank.clock):
        raise Refusal(
            429, "ACCESS_EXCEEDED", "KontoBank: MultipleAccessLimitExceeded. The reads of today are used up."
        )


def household_of(call: Call, consent: Consent, login: Login) -> Household:
    """Return the household of a consent."""
    return call.bank.books.household(consent.country, login)


def find_place(consent: Consent, places: Sequence[Account | Card], resource_id: str) -> int:
    """Return the place of an account or card in its household.

    Raises: Refusal, 404 RESOURCE_UNKNOWN.
    """
    for index, place in enumerate(places):
        if consent.grants(place.number) and consent.resource_id(place.number) == resource_id:
            return index
    raise Refusal(404, "RESOURCE_UNKNOWN", "There is no such account under this consent.", "account-id")
