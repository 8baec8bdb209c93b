"""Sessions without the widget: practice mode only."""

from __future__ import annotations

import pytest
from tests.api.conftest import SESSION_ID, SIGNATURE, RunningApi

from kontora.connectors.protocol import Psu
from kontora.errors import InvalidCredentials, InvalidTarget


def test_a_session_is_opened_at_a_target(api: RunningApi) -> None:
    form = {
        "target": "KontoBankApi",
        "ip": "192.0.2.7",
        "sessionIdSignatureRequired": "true",
        "ownerExternalId": "o",
    }
    reply = api.post("/v1/session.xml", form)
    assert reply.status == 200
    assert reply.xml.get("ownerExternalId") == "o"
    assert dict(reply.xml.find("session").attrib) == {"id": str(SESSION_ID), "signature": SIGNATURE}
    assert api.desk.asked == [
        (
            "open_session",
            {"target": "KontoBankApi", "owner_external_id": "o", "psu": Psu(ip_address="192.0.2.7")},
        )
    ]


@pytest.mark.parametrize(
    "form", [{}, {"target": "T"}, {"target": "", "ip": "192.0.2.7"}, {"target": "T", "ip": "x"}]
)
def test_a_session_needs_a_target_and_the_owners_real_address(api: RunningApi, form: dict[str, str]) -> None:
    reply = api.post("/v1/session.xml", form)
    assert (reply.status, reply.failure) == (400, "InvalidParameter")
    assert api.desk.asked == []


def test_white_space_around_a_target_is_no_part_of_it(api: RunningApi) -> None:
    assert api.post("/v1/session.xml", {"target": "T\n", "ip": "192.0.2.7"}).status == 200


def test_an_unknown_target_is_named(api: RunningApi) -> None:
    api.desk.failure = InvalidTarget("There is no such target.")
    reply = api.post("/v1/session.xml", {"target": "X", "ip": "192.0.2.7"})
    assert (reply.status, reply.failure) == (400, "InvalidTarget")


def test_a_practice_owner_is_signed_in_at_once(api: RunningApi) -> None:
    reply = api.post("/v1/mock-session.xml", {"login": "test1", "country": "CZ", "ownerExternalId": "o"})
    assert reply.status == 200
    assert [child.tag for child in reply.xml] == ["session"]
    assert api.desk.asked == [
        (
            "mock_session",
            {"login": "test1", "country": "cz", "owner_external_id": "o", "multiple_access": False},
        )
    ]


def test_multiple_access_is_told_as_attribute_and_as_element(api: RunningApi) -> None:
    api.desk.multiple_access_id = "m-1"
    reply = api.post("/v1/mock-session.xml", {"login": "test", "multipleAccess": "true"})
    assert reply.xml.find("session").get("multipleAccessId") == "m-1"
    assert reply.xml.findtext("multipleAccessId") == "m-1"
    assert api.desk.asked[0][1]["country"] == "pl"


def test_the_bank_s_refusal_of_a_practice_owner_is_passed_on(api: RunningApi) -> None:
    api.desk.failure = InvalidCredentials()
    reply = api.post("/v1/mock-session.xml", {"login": "fail-InvalidCredentials"})
    assert (reply.status, reply.failure) == (400, "InvalidCredentials")


@pytest.mark.parametrize(
    "form", [{}, {"login": "test", "country": "poland"}, {"login": "test", "multipleAccess": "1"}]
)
def test_a_mock_session_with_bad_parameters_is_refused(api: RunningApi, form: dict[str, str]) -> None:
    assert api.post("/v1/mock-session.xml", form).failure == "InvalidParameter"


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/session.xml"), ("POST", "/v1/mock-session.xml"), ("PUT", "/practice/clock")],
)
def test_outside_practice_mode_these_paths_do_not_exist(
    production_api: RunningApi, method: str, path: str
) -> None:
    reply = production_api.send(method, path, body=b"")
    assert (reply.status, reply.failure) == (404, "NotFound")
    assert production_api.desk.asked == []
