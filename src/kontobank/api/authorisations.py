"""Authorisations of a consent: start, list, read the status, take the owner's entries."""

from __future__ import annotations

import base64
from typing import Any

from kontobank.api.answers import Answer, Refusal, json_answer
from kontobank.api.call import Call
from kontobank.api.reading import consent_of, limit_polls
from kontobank.authorisations import METHODS, PHOTO, Approach, Authorisation, Method, ScaStatus
from kontobank.consents import Consent, ConsentStatus
from kontobank.pictures import text_picture
from kontobank.puzzles import Puzzle
from kontobank.sca import begin, enter_code, enter_password, poll, select_method
from kontobank.scenarios import parse_login


def start_authorisation(call: Call) -> Answer:
    """Answer POST /consents/{consentId}/authorisations, with or without the password at once."""
    consent = consent_of(call)
    body = _object(call)
    if consent.status is not ConsentStatus.RECEIVED:
        raise Refusal(409, "STATUS_INVALID", "This consent waits for no confirmation.", "consentId")
    psu_id = call.headers.get("psu-id") or consent.psu_id
    call.meet(parse_login(psu_id) if psu_id else None)
    approach = consent.approach
    if approach is Approach.EMBEDDED and call.login and call.login.scenario.has("push", "ask-push"):
        approach = Approach.DECOUPLED
    authorisation = begin(call.bank, consent, approach, psu_id=psu_id)
    if approach is Approach.EMBEDDED and body:
        _take(call, consent, authorisation, body)
    headers = {"aspsp-sca-approach": authorisation.approach.value}
    return json_answer(201, authorisation_body(call, consent, authorisation), headers)


def list_authorisations(call: Call) -> Answer:
    """Answer GET /consents/{consentId}/authorisations."""
    return json_answer(200, {"authorisationIds": consent_of(call).authorisation_ids})


def read_sca_status(call: Call) -> Answer:
    """Answer GET /consents/{consentId}/authorisations/{authorisationId}."""
    consent = consent_of(call)
    authorisation = _authorisation(call, consent, call.path_params["authorisation_id"])
    limit_polls(call, consent)
    poll(call.bank, consent, authorisation)
    return json_answer(200, {"scaStatus": authorisation.status.value})


def update_psu_data(call: Call) -> Answer:
    """Answer PUT /consents/{consentId}/authorisations/{authorisationId}."""
    return update_psu_data_of(call, consent_of(call), call.path_params["authorisation_id"])


def update_psu_data_of(call: Call, consent: Consent, authorisation_id: str) -> Answer:
    """Take the owner's login, password, method or code, told apart by the keys of the body."""
    authorisation = _authorisation(call, consent, authorisation_id)
    body = _object(call)
    if authorisation.is_over():
        raise Refusal(409, "STATUS_INVALID", "This authorisation has ended.", "authorisationId")
    _take(call, consent, authorisation, body)
    answer = authorisation_body(call, consent, authorisation)
    if authorisation.status is ScaStatus.FINALISED:
        del answer["_links"]
    # The file lists five schemas of which exactly one must fit; an answer without fees, told so, fits
    # `scaStatusResponse` only.
    answer = {**answer, "transactionFees": None}
    return json_answer(200, answer, {"aspsp-sca-approach": authorisation.approach.value})


def _take(call: Call, consent: Consent, authorisation: Authorisation, body: dict[str, Any]) -> None:
    bank = call.bank
    if "psuData" in body:
        password = body["psuData"].get("password") if isinstance(body["psuData"], dict) else None
        if not isinstance(password, str):
            raise Refusal(400, "FORMAT_ERROR", "Only a plain password is taken.", "psuData.password")
        psu_id = call.headers.get("psu-id") or authorisation.psu_id
        if not psu_id:
            raise Refusal(400, "FORMAT_ERROR", "PSU-ID is missing.", "PSU-ID")
        call.meet(parse_login(psu_id))
        enter_password(bank, consent, authorisation, psu_id, password)
    elif "authenticationMethodId" in body:
        if authorisation.status is not ScaStatus.AUTHENTICATED:
            raise Refusal(409, "STATUS_INVALID", "Enter the password first.", "authenticationMethodId")
        select_method(authorisation, str(body["authenticationMethodId"]))
    elif "scaAuthenticationData" in body:
        if authorisation.method is None or authorisation.approach is not Approach.EMBEDDED:
            raise Refusal(409, "STATUS_INVALID", "No code is expected now.", "scaAuthenticationData")
        enter_code(bank, consent, authorisation, str(body["scaAuthenticationData"]))
    elif "confirmationCode" in body:
        raise Refusal(400, "SCA_INVALID", "No confirmation code is expected.", "confirmationCode")
    elif psu_id := call.headers.get("psu-id"):
        authorisation.psu_id = psu_id
        call.meet(parse_login(psu_id))
        if authorisation.status is ScaStatus.RECEIVED:
            authorisation.status = ScaStatus.IDENTIFIED
    else:
        raise Refusal(400, "FORMAT_ERROR", "The body and PSU-ID name nothing to update.", "PSU-ID")


def authorisation_body(call: Call, consent: Consent, authorisation: Authorisation) -> dict[str, Any]:
    """Return what is told of an authorisation, with the links of the next step."""
    resource = f"/consents/{consent.id}/authorisations/{authorisation.id}"
    links = {"scaStatus": call.link(resource)}
    body: dict[str, Any] = {"scaStatus": authorisation.status.value, "authorisationId": authorisation.id}
    quirk = call.login.scenario.quirk if call.login else 0
    update = call.link(f"/consents/{consent.id}" if quirk == 19 else resource)
    if authorisation.approach is Approach.REDIRECT:
        links |= _redirect_link(call, authorisation)
    elif authorisation.approach is Approach.DECOUPLED:
        if authorisation.status is ScaStatus.STARTED:
            body["psuMessage"] = "Confirm the access in the KontoBank app on your phone."
    elif authorisation.status is ScaStatus.RECEIVED:
        links["updatePsuIdentification"] = update
    elif authorisation.status is ScaStatus.IDENTIFIED:
        links["updatePsuAuthentication"] = update
    elif authorisation.status is ScaStatus.AUTHENTICATED and authorisation.method is None:
        body["scaMethods"] = [_method(method) for method in METHODS]
        links["selectAuthenticationMethod"] = update
    elif not authorisation.is_over() and authorisation.method is not None:
        body["chosenScaMethod"] = _method(authorisation.method)
        body["challengeData"] = _challenge(authorisation.method, authorisation.puzzle, quirk)
        body["psuMessage"] = _hint(authorisation.method, authorisation.puzzle)
        links["authoriseTransaction"] = update
    return {**body, "_links": links}


def _redirect_link(call: Call, authorisation: Authorisation) -> dict[str, dict[str, str]]:
    if authorisation.is_oauth:
        return {"scaOAuth": call.page_link("/.well-known/oauth-authorization-server")}
    return {"scaRedirect": call.page_link(f"/pages/start/{authorisation.id}")}


def _method(method: Method) -> dict[str, str]:
    return {
        "authenticationType": method.type,
        "authenticationMethodId": method.id,
        "name": method.name,
        "explanation": method.explanation,
    }


def _challenge(method: Method, puzzle: Puzzle | None, quirk: int) -> dict[str, Any]:
    length, form = ("optMaxLength", "optFormat") if quirk == 19 else ("otpMaxLength", "otpFormat")
    hint = _hint(method, puzzle)
    if puzzle is None:
        return {length: 10, form: "characters", "additionalInformation": hint}
    if method is PHOTO:
        image = base64.b64encode(text_picture(puzzle.asked, puzzle.asked)).decode()
        told: dict[str, Any] = {"image": image, form: "characters"}
    else:
        told = {"data": [puzzle.asked], form: "integer"}
    return {**told, length: len(puzzle.answer), "additionalInformation": hint}


def _hint(method: Method, puzzle: Puzzle | None) -> str:
    return method.hint.format(asked=puzzle.asked if puzzle else "")


def _authorisation(call: Call, consent: Consent, authorisation_id: str) -> Authorisation:
    authorisation = call.bank.authorisations.find(authorisation_id)
    if authorisation is None or authorisation.consent_id != consent.id:
        raise Refusal(
            403, "RESOURCE_UNKNOWN", "There is no such authorisation of this consent.", "authorisationId"
        )
    if authorisation.psu_id:
        call.meet(parse_login(authorisation.psu_id))
    return authorisation


def _object(call: Call) -> dict[str, Any]:
    if not call.body:
        return {}
    body = call.json()
    if not isinstance(body, dict):
        raise Refusal(400, "FORMAT_ERROR", "The body must be an object.", "body")
    return body
