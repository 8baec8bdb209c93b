"""What comes next in a sign-in, for every link and state of the standard."""

from __future__ import annotations

from typing import Any

import pytest

from kontora.connectors.standards.berlin_group.access import Challenged, Method, State
from kontora.connectors.standards.berlin_group.sca import Need, Next, advanced, code_challenge, next_need
from kontora.errors import BankChanged, UnsupportedLoginMethod

URL = "https://bank.invalid/v1/consents"
SMS = Method("sms", "SMS_OTP", "SMS")


def state(**links: str) -> State:
    return State(consent_id="c", links=links)


@pytest.mark.parametrize(
    ("link", "need", "method"),
    [
        ("startAuthorisation", Need.START, "POST"),
        ("startAuthorisationWithPsuIdentification", Need.IDENTIFY, "POST"),
        ("updatePsuIdentification", Need.IDENTIFY, "PUT"),
        ("startAuthorisationWithPsuAuthentication", Need.PASSWORD, "POST"),
        ("updatePsuAuthentication", Need.PASSWORD, "PUT"),
        ("startAuthorisationWithAuthenticationMethodSelection", Need.CHOOSE, "POST"),
        ("selectAuthenticationMethod", Need.CHOOSE, "PUT"),
        ("startAuthorisationWithTransactionAuthorisation", Need.CODE, "POST"),
        ("authoriseTransaction", Need.CODE, "PUT"),
        ("scaStatus", Need.WAIT, "GET"),
        ("status", Need.WAIT, "GET"),
    ],
)
def test_each_link_leads_to_its_step(link: str, need: Need, method: str) -> None:
    for browser in (True, False):
        assert next_need(state(**{link: "u", "self": "s"}), browser=browser) == Next(need, method, "u")


@pytest.mark.parametrize(("link", "need"), [("scaOAuth", Need.OAUTH), ("scaRedirect", Need.REDIRECT)])
def test_the_banks_pages_need_a_browser(link: str, need: Need) -> None:
    assert next_need(state(**{link: "u", "startAuthorisation": "x"}), browser=True).need is need
    with pytest.raises(UnsupportedLoginMethod):
        next_need(state(**{link: "u", "status": "s"}), browser=False)


@pytest.mark.parametrize(
    "link", ["updateEncryptedPsuAuthentication", "startAuthorisationWithEncryptedPsuAuthentication"]
)
def test_an_encrypted_password_is_not_supported(link: str) -> None:
    with pytest.raises(UnsupportedLoginMethod):
        next_need(state(**{link: "u"}), browser=False)


@pytest.mark.parametrize(
    ("status", "need"), [("finalised", Need.FINISHED), ("exempted", Need.FINISHED), ("failed", Need.FAILED)]
)
def test_an_end_is_an_end_whatever_the_links_say(status: str, need: Need) -> None:
    ended = State(sca_status=status, links={"authoriseTransaction": "u", "scaRedirect": "r"})
    assert next_need(ended, browser=True).need is need


def test_a_bank_that_forgets_its_links_is_understood_by_its_state() -> None:
    authenticated = State(sca_status="psuAuthenticated", methods=(SMS,), resource="r")
    assert next_need(authenticated, browser=False) == Next(Need.CHOOSE, "PUT", "r")
    assert next_need(State(sca_status="scaMethodSelected", resource="r"), browser=False) == Next(
        Need.CODE, "PUT", "r"
    )


def test_links_of_an_earlier_answer_end_but_those_to_states_last() -> None:
    before = state(updatePsuAuthentication="old", scaStatus="s", status="t")
    body: dict[str, Any] = {
        "scaStatus": "psuAuthenticated",
        "scaMethods": [
            {"authenticationMethodId": "sms", "authenticationType": "SMS_OTP", "name": "SMS"},
            {"authenticationMethodId": "chip", "authenticationType": "CHIP_OTP"},
        ],
        "_links": {"selectAuthenticationMethod": {"href": "/a1"}, "broken": {"href": None}, "odd": 7},
        "psuMessage": "Choose.",
    }
    after = advanced(before, body, URL)
    assert after.links == {
        "scaStatus": "s",
        "status": "t",
        "selectAuthenticationMethod": "https://bank.invalid/a1",
    }
    assert [(method.id, method.label) for method in after.methods] == [("sms", "SMS"), ("chip", "CHIP_OTP")]
    assert (after.resource, after.psu_message) == ("s", "Choose.")


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("SMS_OTP", "SMS_CODE"),
        ("CHIP_OTP", "HARDWARE_TOKEN"),
        ("PHOTO_OTP", "PICTURE"),
        ("PUSH_OTP", "MOBILE_OTP"),
        ("SMTP_OTP", "SMS_CODE"),
        ("", "SMS_CODE"),
        ("NEW_OTP", "SMS_CODE"),
    ],
)
def test_the_code_is_asked_for_as_the_chosen_method_wants(kind: str, asked: str) -> None:
    assert code_challenge(State(challenge=Challenged(kind=kind))).kind == asked


def test_what_the_bank_says_of_the_code_is_shown() -> None:
    data = {
        "additionalInformation": "Sent to 078",
        "data": ["Start code 12"],
        "image": "aGk=",
        "optMaxLength": 6,
    }
    chosen = {"authenticationMethodId": "p", "authenticationType": "PHOTO_OTP"}
    after = advanced(state(), {"chosenScaMethod": chosen, "challengeData": data}, URL)
    question = code_challenge(after)
    assert (question.description, question.image_base64) == ("Sent to 078\nStart code 12", "aGk=")


@pytest.mark.parametrize(
    "body", [{"scaMethods": [{}]}, {"scaMethods": {}}, {"_links": []}, {"chosenScaMethod": 7}]
)
def test_an_answer_of_the_wrong_shape_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(BankChanged):
        advanced(state(), body, URL)
