"""Consents: create, read, read the status, end."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from kontobank.api.answers import Answer, Refusal, json_answer
from kontobank.api.authorisations import authorisation_body, update_psu_data_of
from kontobank.api.call import Call
from kontobank.api.reading import consent_of, limit_polls
from kontobank.authorisations import Approach, Authorisation, new_id
from kontobank.consents import MOST_READS_PER_DAY, Consent, ConsentStatus, Model, latest_day
from kontobank.sca import begin, poll
from kontobank.scenarios import parse_login

Whole = Literal["allAccounts", "allAccountsWithOwnerName"] | UnsetType
Text35 = Annotated[str, Meta(max_length=35)]
_WEB = re.compile(r"https?://[^/\s]+\S*")


class OtherReference(Struct):
    """Schema otherType."""

    identification: Text35
    schemeNameCode: Text35 | UnsetType = UNSET
    schemeNameProprietary: Text35 | UnsetType = UNSET
    issuer: Text35 | UnsetType = UNSET


class AccountReference(Struct):
    """Schema accountReference."""

    iban: Annotated[str, Meta(pattern=r"[A-Z]{2,2}[0-9]{2,2}[a-zA-Z0-9]{1,30}")] | UnsetType = UNSET
    bban: Annotated[str, Meta(pattern=r"[a-zA-Z0-9]{1,30}")] | UnsetType = UNSET
    pan: Text35 | UnsetType = UNSET
    maskedPan: Text35 | UnsetType = UNSET
    msisdn: Text35 | UnsetType = UNSET
    other: OtherReference | UnsetType = UNSET
    currency: Annotated[str, Meta(pattern=r"[A-Z]{3}")] | UnsetType = UNSET
    cashAccountType: str | UnsetType = UNSET


References = list[AccountReference] | UnsetType


class AdditionalInformation(Struct):
    """Schema additionalInformationAccess."""

    ownerName: References = UNSET
    trustedBeneficiaries: References = UNSET


class Access(Struct):
    """Schema accountAccess."""

    accounts: References = UNSET
    balances: References = UNSET
    transactions: References = UNSET
    additionalInformation: AdditionalInformation | UnsetType = UNSET
    availableAccounts: Whole = UNSET
    availableAccountsWithBalance: Whole = UNSET
    allPsd2: Whole = UNSET
    restrictedTo: list[str] | UnsetType = UNSET


class ConsentRequest(Struct):
    """Schema consents."""

    access: Access
    recurringIndicator: bool
    validUntil: date
    frequencyPerDay: Annotated[int, Meta(ge=1)]
    combinedServiceIndicator: bool


def create_consent(call: Call) -> Answer:
    """Answer POST /consents."""
    if "psu-ip-address" not in call.headers:
        raise Refusal(400, "FORMAT_ERROR", "PSU-IP-Address is missing.", "PSU-IP-Address")
    _meet_unknown_party(call)
    body = call.json()
    try:
        request = msgspec.convert(body, ConsentRequest)
    except msgspec.ValidationError as error:
        raise Refusal(
            400, "FORMAT_ERROR", "The body is not a consent of the standard.", _path_of(error)
        ) from error
    if request.validUntil < call.bank.clock.today():
        raise Refusal(400, "PERIOD_INVALID", "validUntil is in the past.", "validUntil")
    psu_id = call.headers.get("psu-id") or None
    call.meet(parse_login(psu_id) if psu_id else None)
    approach, is_oauth = _approach(call, psu_id)
    access = body["access"] if isinstance(body, dict) else {}
    model = _model(request.access)
    if model is Model.BANK_OFFERED and approach is not Approach.REDIRECT:
        raise Refusal(
            400, "SERVICE_INVALID", "The owner can choose accounts only on the bank's pages.", "access"
        )
    wanted = min(MOST_READS_PER_DAY, request.frequencyPerDay)
    consent = Consent(
        id=new_id(),
        country=call.country,
        model=model,
        access=access,
        recurring=request.recurringIndicator,
        valid_until=latest_day(call.bank.clock, request.validUntil),
        frequency_per_day=wanted if request.recurringIndicator else MOST_READS_PER_DAY,
        created_at=call.bank.clock.timestamp(),
        approach=approach,
        psu_id=psu_id,
        needs_token=is_oauth,
        redirect_uri=_web_address(call, "tpp-redirect-uri"),
        nok_redirect_uri=_web_address(call, "tpp-nok-redirect-uri"),
    )
    call.consent = call.bank.consents.add(consent)
    return _created(call, consent)


def _created(call: Call, consent: Consent) -> Answer:
    resource = f"/consents/{consent.id}"
    body: dict[str, Any] = {"consentStatus": consent.status.value, "consentId": consent.id}
    links = {"self": call.link(resource), "status": call.link(f"{resource}/status")}
    headers = {
        "aspsp-sca-approach": consent.approach.value,
        "aspsp-multiple-consent-support": "true",
        "aspsp-notification-support": "false",
    }
    if _is_public(links["self"]["href"]):
        headers["location"] = links["self"]["href"]
    if call.login and call.login.scenario.has("one-consent"):
        headers["aspsp-multiple-consent-support"] = "false"
    if call.headers.get("tpp-explicit-authorisation-preferred") == "true":
        kind = "startAuthorisation"
        if consent.approach is Approach.EMBEDDED:
            kind += "WithPsuAuthentication" if consent.psu_id else "WithPsuIdentification"
        links[kind] = call.link(f"{resource}/authorisations")
    else:
        authorisation = begin(call.bank, consent, consent.approach, psu_id=consent.psu_id)
        told = authorisation_body(call, consent, authorisation)
        links |= told.pop("_links")
        del told["authorisationId"]
        body |= told
    return json_answer(201, {**body, "_links": links}, headers)


def _approach(call: Call, psu_id: str | None) -> tuple[Approach, bool]:
    """Choose where the owner confirms, and whether through OAuth."""
    headers = call.headers
    has_address = "tpp-redirect-uri" in headers
    wants_redirect = headers.get("tpp-redirect-preferred")
    if wants_redirect == "true" and not has_address:
        raise Refusal(400, "FORMAT_ERROR", "TPP-Redirect-URI is missing.", "TPP-Redirect-URI")
    if wants_redirect == "true" or (wants_redirect is None and has_address):
        return Approach.REDIRECT, headers.get("x-kontobank-sca") != "redirect"
    login = parse_login(psu_id) if psu_id else None
    if login and login.scenario.has("push", "ask-push"):
        return Approach.DECOUPLED, False
    return Approach.EMBEDDED, False


def _model(access: Access) -> Model:
    if access.allPsd2 is not UNSET:
        return Model.GLOBAL
    if access.availableAccounts is not UNSET or access.availableAccountsWithBalance is not UNSET:
        return Model.ACCOUNT_LIST
    lists = [one for one in (access.accounts, access.balances, access.transactions) if one is not UNSET]
    if not lists:
        raise Refusal(400, "FORMAT_ERROR", "access names nothing to read.", "access")
    return Model.DEDICATED if any(lists) else Model.BANK_OFFERED


def _web_address(call: Call, name: str) -> str | None:
    address = call.headers.get(name)
    if address is not None and not _WEB.fullmatch(address):
        raise Refusal(400, "FORMAT_ERROR", f"{name} must start with https:// or http://.", name)
    return address


def _is_public(address: str) -> bool:
    """Tell whether an address has the published format `url`, which knows no loopback address."""
    host = urlsplit(address).hostname or ""
    return "." in host and not host.rpartition(".")[2].isdigit()


def _meet_unknown_party(call: Call) -> None:
    """Answer 401 to the first call of a party, as bank 20 does, and know it from then on."""
    login = parse_login(call.headers.get("psu-id", ""))
    if login is None or login.scenario.quirk != 20:
        return
    party = f"{call.certificate or call.headers.get('tpp-signature-certificate', 'nobody')}/{login.name}"
    if party not in call.bank.known_parties:
        call.bank.known_parties.add(party)
        raise Refusal(
            401, "CERTIFICATE_INVALID", "KontoBank: this third party is now registered. Repeat the call."
        )


def _path_of(error: msgspec.ValidationError) -> str:
    _, _, path = str(error).rpartition("`$")
    return path.rstrip("`").lstrip(".") or "body"


def read_consent(call: Call) -> Answer:
    """Answer GET /consents/{consentId}."""
    consent = consent_of(call)
    body = {
        "access": consent.access,
        "recurringIndicator": consent.recurring,
        "validUntil": str(consent.valid_until),
        "frequencyPerDay": consent.frequency_per_day,
        "lastActionDate": str(consent.last_action_on),
        "consentStatus": consent.status.value,
        "_links": {"account": call.link("/accounts"), "card-account": call.link("/card-accounts")},
    }
    return json_answer(200, body)


def read_consent_status(call: Call) -> Answer:
    """Answer GET /consents/{consentId}/status; a question here also counts for a confirmation in the app."""
    consent = consent_of(call)
    limit_polls(call, consent)
    for authorisation in _authorisations(call, consent):
        poll(call.bank, consent, authorisation)
    return json_answer(200, {"consentStatus": consent.status.value})


def delete_consent(call: Call) -> Answer:
    """Answer DELETE /consents/{consentId}. Ending twice is harmless."""
    consent = consent_of(call)
    if consent.status in (ConsentStatus.RECEIVED, ConsentStatus.VALID):
        call.bank.consents.change(consent, ConsentStatus.TERMINATED_BY_TPP)
    return Answer(204)


def authorise_consent_v11(call: Call) -> Answer:
    """Answer PUT /consents/{consentId}: the way of version 1.1, which only bank 19 has kept."""
    consent = consent_of(call)
    if call.login is None or call.login.scenario.quirk != 19 or not consent.authorisation_ids:
        refusal = Refusal(405, "SERVICE_INVALID", "This path allows GET, DELETE.")
        refusal.headers["allow"] = "GET, DELETE"
        raise refusal
    return update_psu_data_of(call, consent, consent.authorisation_ids[-1])


def _authorisations(call: Call, consent: Consent) -> list[Authorisation]:
    found = (call.bank.authorisations.find(one) for one in consent.authorisation_ids)
    return [one for one in found if one is not None]
