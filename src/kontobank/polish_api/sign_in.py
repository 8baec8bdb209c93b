"""The services of authorisation: the way to the pages, tokens, and the end of a consent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from kontobank.api.answers import Answer, Refusal
from kontobank.authorisations import Approach
from kontobank.consents import Consent, ConsentStatus, Model, latest_day
from kontobank.ledger import Account, Card
from kontobank.polish_api.bodies import masked
from kontobank.polish_api.call import Call
from kontobank.polish_api.consents import Terms
from kontobank.polish_api.requests import (
    AuthorizeRequest,
    DeleteConsentRequest,
    History,
    Privileges,
    ScopeDetails,
    TokenRequest,
)
from kontobank.sca import begin
from kontobank.tokens import ACCESS_SECONDS, challenge_of
from kontobank.visits import OAuthRequest

LIST_SCOPE, READ_SCOPE = "ais-accounts", "ais"
# The standard has no PKCE: the place of its challenge is taken by that of an empty verifier.
_NO_CHALLENGE = challenge_of("")
_WEB = re.compile(r"https?://[^/\s]+\S*")
_ONCE_DAYS = 2


def authorize(call: Call) -> Answer:
    """Answer authorize: a consent that waits for its owner, and the page where to send them."""
    request = call.read(AuthorizeRequest)
    details = request.scope_details
    if request.response_type != "code":
        raise Refusal(400, "unsupported_response_type", "response_type must be code.")
    if (request.scope, details.scopeGroupType) != (LIST_SCOPE, LIST_SCOPE):
        raise Refusal(422, "invalid_scope", "Ask for ais-accounts, then exchange the token for ais.")
    if not _WEB.fullmatch(request.redirect_uri):
        raise Refusal(400, "FORMAT_ERROR", "redirect_uri must start with https:// or http://.")
    consent = _new_consent(call, details, Model.BANK_OFFERED)
    consent.redirect_uri = request.redirect_uri
    operations, single = _operations(details.privilegeList)
    call.bank.polish_consents.keep(
        consent.id, Terms(request.client_id, LIST_SCOPE, operations, single, history_days=0)
    )
    authorisation = begin(call.bank, consent, Approach.REDIRECT, psu_id=None)
    asked = OAuthRequest(request.client_id, request.redirect_uri, request.state, _NO_CHALLENGE)
    call.bank.polish_consents.await_owner(authorisation.id, asked)
    return call.answer({"aspspRedirectUri": f"{call.bank.pages_url}/pages/polish/{authorisation.id}"})


def token(call: Call) -> Answer:
    """Answer token: for a code, for a refresh token, or in exchange for a token of the other scope."""
    request = call.read(TokenRequest)
    call.bank.calls.token_exchanges += 1
    if request.is_user_session and not (request.user_ip and request.user_agent):
        raise Refusal(400, "invalid_request", "user_ip and user_agent are missing: the owner is there.")
    match request.grant_type:
        case "authorization_code":
            found = call.bank.tokens.take_code(request.Code, request.client_id, request.redirect_uri, "")
            consent_id = found.consent_id if found else None
        case "refresh_token":
            consent_id = call.bank.tokens.take_refresh_token(request.refresh_token, request.client_id)
        case "exchange_token":
            return _exchanged(call, request)
        case _:
            raise Refusal(400, "unsupported_grant_type", "There is no such grant_type.")
    return _given(call, _valid(call, consent_id), request.client_id)


def delete_consent(call: Call) -> Answer:
    """Answer deleteConsent. Ending twice is harmless."""
    request = call.read(DeleteConsentRequest)
    consent, terms = _known(call, request.consentId)
    if request.requestHeader.tppId not in (None, terms.client_id):
        raise Refusal(403, "CONSENT_UNKNOWN", "This consent was given to another third party.")
    if consent.status in (ConsentStatus.RECEIVED, ConsentStatus.VALID):
        call.bank.consents.change(consent, ConsentStatus.TERMINATED_BY_TPP)
    return Answer(204)


def _exchanged(call: Call, request: TokenRequest) -> Answer:
    """Make the consent to read, of accounts that the owner shared, and give out its tokens."""
    found = call.bank.tokens.find_access_token(request.exchange_token)
    if found is None or found.expires_at <= call.bank.clock.timestamp():
        raise Refusal(401, "invalid_grant", "The token to exchange is unknown or has expired.")
    first = _valid(call, found.consent_id)
    _, first_terms = _known(call, first.id)
    details = request.scope_details
    if request.scope != READ_SCOPE or details is None or details.scopeGroupType != READ_SCOPE:
        raise Refusal(422, "invalid_scope", "A token can be exchanged for the scope ais.")
    if first_terms.scope != LIST_SCOPE or first.login is None:
        raise Refusal(422, "invalid_grant", "Exchange the token that lists accounts.")
    numbers = _numbers(call, first, details.privilegeList)
    consent = _new_consent(call, details, Model.BANK_OFFERED)
    sca_at = first.authorised_at
    call.bank.consents.authorise(consent, first.login, numbers)
    consent.authorised_at = sca_at
    operations, single = _operations(details.privilegeList)
    days = _history_days(details.privilegeList)
    call.bank.polish_consents.keep(
        consent.id, Terms(first_terms.client_id, READ_SCOPE, operations, single, days)
    )
    return _given(call, consent, first_terms.client_id)


def _new_consent(call: Call, details: ScopeDetails, model: Model) -> Consent:
    limit = details.scopeTimeLimit
    limit = limit if limit.tzinfo else limit.replace(tzinfo=UTC)
    now = call.bank.clock.now()
    if limit <= now:
        raise Refusal(422, "PERIOD_INVALID", "scopeTimeLimit is in the past.")
    if call.bank.consents.find(details.consentId) is not None:
        raise Refusal(422, "CONSENT_EXISTS", "This consentId was used before.")
    if not details.privilegeList:
        raise Refusal(400, "FORMAT_ERROR", "privilegeList is missing.")
    consent = Consent(
        id=details.consentId,
        country=call.country,
        model=model,
        access={},
        recurring=limit - now > timedelta(days=_ONCE_DAYS),
        valid_until=latest_day(call.bank.clock, limit.date()),
        frequency_per_day=4,
        created_at=call.bank.clock.timestamp(),
        approach=Approach.REDIRECT,
        needs_token=True,
    )
    call.consent = call.bank.consents.add(consent)
    return consent


def _known(call: Call, consent_id: str | None) -> tuple[Consent, Terms]:
    consent = call.bank.consents.find(consent_id) if consent_id else None
    terms = call.bank.polish_consents.terms(consent.id) if consent else None
    if consent is None or terms is None:
        raise Refusal(403, "CONSENT_UNKNOWN", "There is no such consent.")
    call.consent = consent
    if consent.login is not None:
        call.meet(consent.login)
    return consent, terms


def _valid(call: Call, consent_id: str | None) -> Consent:
    consent = call.bank.consents.find(consent_id) if consent_id else None
    if consent is None or consent.status is not ConsentStatus.VALID:
        raise Refusal(401, "invalid_grant", "The grant is wrong, used or expired.")
    call.consent = consent
    if consent.login is not None:
        call.meet(consent.login)
    return consent


def _given(call: Call, consent: Consent, client_id: str) -> Answer:
    """Give out tokens, and tell what they are good for."""
    _, terms = _known(call, consent.id)
    is_short = consent.login is not None and consent.login.scenario.has("refresh")
    seconds = 1 if is_short and terms.scope == READ_SCOPE else ACCESS_SECONDS
    pair = call.bank.tokens.new_pair(consent.id, client_id, seconds)
    until = datetime.combine(consent.valid_until, datetime.min.time(), UTC)
    granted = {
        "consentId": consent.id,
        "scopeTimeLimit": until.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "throttlingPolicy": "psd2Regulatory",
        "privilegeList": _granted(call, consent, terms),
    }
    return call.answer(
        {
            "access_token": pair.access_token,
            "token_type": "Bearer",
            "expires_in": str(pair.expires_in),
            "refresh_token": pair.refresh_token,
            "scope": terms.scope,
            "scope_details": granted,
        }
    )


def _granted(call: Call, consent: Consent, terms: Terms) -> list[dict[str, Any]]:
    """Return ScopeDetailsOutputPrivilegeList, with account numbers unmasked."""
    privileges = {name: _privilege(name, terms) for name in sorted(terms.operations)}
    if terms.scope == LIST_SCOPE:
        return [privileges]
    return [{"accountNumber": place.number, **privileges} for place in _places(call, consent)]


def _privilege(name: str, terms: Terms) -> dict[str, Any]:
    limit = {"scopeUsageLimit": "single" if name in terms.single else "multiple"}
    is_list = name.startswith(("ais:getTransactions", "ais:getHolds"))
    return {**limit, "maxAllowedHistoryLong": terms.history_days} if is_list else limit


def _places(call: Call, consent: Consent) -> list[Account | Card]:
    if consent.login is None:
        return []
    places = call.bank.books.household(consent.country, consent.login).places()
    return [place for place in places if consent.grants(place.number)]


def _numbers(call: Call, first: Consent, privileges: Sequence[Privileges]) -> frozenset[str]:
    """Return the accounts that are meant, by whole or by masked numbers."""
    places, found = _places(call, first), set()
    for privilege in privileges:
        number = privilege.accountNumber
        meant = [place.number for place in places if number in (place.number, masked(place.number))]
        if len(meant) != 1:
            raise Refusal(422, "RESOURCE_UNKNOWN", "An account of privilegeList is none of the list.")
        found.add(meant[0])
    return frozenset(found)


def _named(privileges: Sequence[Privileges]) -> list[tuple[str, dict[str, Any]]]:
    told = msgspec.to_builtins(list(privileges))
    return [(name, use) for entry in told for name, use in entry.items() if name != "accountNumber"]


def _operations(privileges: Sequence[Privileges]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the operations that are asked for, and those of them that are for a single use."""
    named = _named(privileges)
    single = (name for name, use in named if use.get("scopeUsageLimit") == "single")
    return frozenset(name for name, _ in named), frozenset(single)


def _history_days(privileges: Sequence[Privileges]) -> int:
    asked = [
        use.maxAllowedHistoryLong
        for entry in privileges
        for use in (entry.holds, entry.done, entry.pending, entry.rejected, entry.cancelled, entry.scheduled)
        if isinstance(use, History)
    ]
    return min(asked, default=1)
