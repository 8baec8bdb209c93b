"""How owners confirm: embedded, decoupled, and what happens when they do not."""

from __future__ import annotations

import pytest
from tests.kontobank.party import WHOLE, Party

from kontobank.failures import FAILURES, Stage


async def test_an_explicit_start_takes_the_password_in_its_first_call(party: Party) -> None:
    made = await party.consent("single", WHOLE, TPP_Explicit_Authorisation_Preferred="true")
    start = made.body["_links"]["startAuthorisationWithPsuAuthentication"]["href"]
    assert "updatePsuAuthentication" not in made.body["_links"]

    started = await party.call("POST", start, json={"psuData": {"password": "Test123"}})
    assert (started.status, started.body["scaStatus"]) == (201, "psuAuthenticated")
    assert started.body["chosenScaMethod"]["authenticationType"] == "SMS_OTP"
    done = await party.put(started, "authoriseTransaction", {"scaAuthenticationData": "Test123"})
    assert done.body["scaStatus"] == "finalised"
    status = await party.get(started.body["_links"]["scaStatus"]["href"])
    assert status.body == {"scaStatus": "finalised"}
    listed = await party.get(f"{made.body['_links']['self']['href']}/authorisations")
    assert listed.body == {"authorisationIds": [started.body["authorisationId"]]}


async def test_the_login_can_be_told_later(party: Party) -> None:
    made = await party.consent("-", WHOLE)
    identified = await party.call(
        "PUT", made.body["_links"]["updatePsuIdentification"]["href"], json={}, PSU_ID="single"
    )

    assert identified.body["scaStatus"] == "psuIdentified"
    entered = await party.put(identified, "updatePsuAuthentication", {"psuData": {"password": "Test123"}})
    assert entered.body["scaStatus"] == "psuAuthenticated"


async def test_an_owner_with_several_methods_chooses_one(party: Party) -> None:
    made = await party.consent("methods")
    entered = await party.put(made, "updatePsuAuthentication", {"psuData": {"password": "Test123"}})
    assert {one["authenticationType"] for one in entered.body["scaMethods"]} == {
        "SMS_OTP",
        "CHIP_OTP",
        "PUSH_OTP",
    }

    unknown = await party.put(entered, "selectAuthenticationMethod", {"authenticationMethodId": "owl"})
    assert (unknown.status, unknown.code) == (400, "SCA_METHOD_UNKNOWN")
    chosen = await party.put(entered, "selectAuthenticationMethod", {"authenticationMethodId": "chip"})
    assert chosen.body["scaStatus"] == "scaMethodSelected"
    done = await party.put(chosen, "authoriseTransaction", {"scaAuthenticationData": "Test123"})
    assert done.body["scaStatus"] == "finalised"


async def test_the_method_in_the_app_ends_without_a_code(party: Party) -> None:
    made = await party.consent("methods")
    entered = await party.put(made, "updatePsuAuthentication", {"psuData": {"password": "Test123"}})
    chosen = await party.put(entered, "selectAuthenticationMethod", {"authenticationMethodId": "push"})

    assert (chosen.body["scaStatus"], chosen.headers["aspsp-sca-approach"]) == ("started", "DECOUPLED")
    polls = [
        (await party.get(chosen.body["_links"]["scaStatus"]["href"])).body["scaStatus"] for _ in range(2)
    ]
    assert polls == ["started", "finalised"]


@pytest.mark.parametrize("explicit", ["true", "false"])
async def test_a_decoupled_owner_confirms_before_the_second_question(party: Party, explicit: str) -> None:
    made = await party.consent("push", WHOLE, TPP_Explicit_Authorisation_Preferred=explicit)
    assert made.headers["aspsp-sca-approach"] == "DECOUPLED"
    started = made
    if explicit == "true":
        started = await party.call("POST", made.body["_links"]["startAuthorisation"]["href"], json={})

    assert started.body["scaStatus"] == "started"
    assert "app" in started.body["psuMessage"]
    polls = [
        (await party.get(started.body["_links"]["scaStatus"]["href"])).body["scaStatus"] for _ in range(3)
    ]
    assert polls == ["started", "finalised", "finalised"]
    assert (await party.get(made.body["_links"]["status"]["href"])).body == {"consentStatus": "valid"}


async def test_the_control_api_confirms_or_refuses_in_the_app(party: Party) -> None:
    for login, confirm, status in (("push.81", True, "finalised"), ("push.82", False, "failed")):
        made = await party.consent(login)
        told = await party.call("POST", "/control/app", json={"login": login, "confirm": confirm})
        assert told.body == {"changed": 1}
        assert (await party.get(made.body["_links"]["scaStatus"]["href"])).body == {"scaStatus": status}


async def test_three_wrong_entries_end_the_sign_in(party: Party) -> None:
    made = await party.consent("single")
    for _ in range(3):
        reply = await party.put(made, "updatePsuAuthentication", {"psuData": {"password": "wrong"}})
        assert (reply.status, reply.code) == (401, "PSU_CREDENTIALS_INVALID")
    again = await party.put(made, "updatePsuAuthentication", {"psuData": {"password": "Test123"}})

    assert (again.status, again.code) == (409, "STATUS_INVALID")
    assert (await party.get(made.body["_links"]["scaStatus"]["href"])).body == {"scaStatus": "failed"}
    assert (await party.get(made.body["_links"]["status"]["href"])).body == {"consentStatus": "rejected"}


async def test_a_wrong_code_can_be_corrected(party: Party) -> None:
    made = await party.consent("single")
    entered = await party.put(made, "updatePsuAuthentication", {"psuData": {"password": "Test123"}})
    wrong = await party.put(entered, "authoriseTransaction", {"scaAuthenticationData": "000000"})
    right = await party.put(entered, "authoriseTransaction", {"scaAuthenticationData": "Test123"})

    assert (wrong.status, wrong.code) == (401, "PSU_CREDENTIALS_INVALID")
    assert right.body["scaStatus"] == "finalised"


async def test_a_login_that_nobody_has_is_refused_like_a_wrong_password(party: Party) -> None:
    made = await party.consent("nobody")
    reply = await party.put(made, "updatePsuAuthentication", {"psuData": {"password": "Test123"}})
    assert (reply.status, reply.code) == (401, "PSU_CREDENTIALS_INVALID")


async def test_a_code_before_the_password_is_refused(party: Party) -> None:
    made = await party.consent("single")
    reply = await party.put(made, "updatePsuAuthentication", {"scaAuthenticationData": "Test123"})
    assert (reply.status, reply.code) == (409, "STATUS_INVALID")


async def test_an_authorisation_belongs_to_its_consent(party: Party) -> None:
    made, other = await party.consent("single"), await party.consent("single")
    authorisation = made.body["_links"]["scaStatus"]["href"].rpartition("/")[2]
    reply = await party.get(f"{other.body['_links']['self']['href']}/authorisations/{authorisation}")
    assert (reply.status, reply.code) == (403, "RESOURCE_UNKNOWN")


async def test_accounts_of_somebody_else_are_not_granted(party: Party) -> None:
    foreign = [{"iban": "PL61109010140000071219812874"}]
    made = await party.consent("single", {**WHOLE, "access": {"accounts": foreign}})
    entered = await party.put(made, "updatePsuAuthentication", {"psuData": {"password": "Test123"}})
    reply = await party.put(entered, "authoriseTransaction", {"scaAuthenticationData": "Test123"})

    assert (reply.status, reply.code) == (400, "RESOURCE_UNKNOWN")
    assert (await party.get(made.body["_links"]["status"]["href"])).body == {"consentStatus": "rejected"}


@pytest.mark.parametrize("name", [name for name, one in FAILURES.items() if one.stage is not Stage.READ])
async def test_a_sign_in_that_should_fail_names_its_failure(party: Party, name: str) -> None:
    made = await party.consent(f"fail-{name}")
    reply = await party.put(made, "updatePsuAuthentication", {"psuData": {"password": "Test123"}})
    if FAILURES[name].stage is Stage.CODE:
        assert reply.status == 200
        reply = await party.put(reply, "authoriseTransaction", {"scaAuthenticationData": "Test123"})

    assert reply.status == FAILURES[name].status
    assert reply.code == FAILURES[name].code
    assert reply.text.startswith(f"KontoBank: {name}. ")
    assert (await party.get(made.body["_links"]["status"]["href"])).body == {"consentStatus": "rejected"}


async def test_a_new_recurring_consent_ends_the_one_before_where_the_bank_allows_one(party: Party) -> None:
    first = await party.sign_in("one-consent")
    made = await party.consent("one-consent")
    assert made.headers["aspsp-multiple-consent-support"] == "false"
    await party.sign_in("one-consent")

    assert (await party.get("/v1/accounts")).status == 200
    assert (await party.get("/v1/accounts", Consent_ID=first)).code == "CONSENT_EXPIRED"
