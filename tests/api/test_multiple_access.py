"""The endpoints of multiple access."""

from __future__ import annotations

import pytest
from tests.api.conftest import SESSION_ID, SIGNATURE, RunningApi

from kontora.errors import InvalidMultipleAccessId, MultipleAccessLimitExceeded

TOKEN = "t" * 43
REUSE, DELETE = "/v1/command/reuse-multiple-access.xml", "/v1/command/delete-multiple-access.xml"


def test_reuse_gives_a_session_at_once(api: RunningApi) -> None:
    reply = api.post(REUSE, {"multipleAccessId": TOKEN})
    assert reply.status == 200
    assert reply.xml.get("ownerExternalId") == "o-1"
    assert dict(reply.xml.find("session").attrib) == {"id": str(SESSION_ID), "signature": SIGNATURE}
    assert [child.tag for child in reply.xml] == ["session"]
    assert api.desk.asked == [("reuse_multiple_access", {"multiple_access_id": TOKEN})]


def test_delete_gives_a_reply_without_payload(api: RunningApi) -> None:
    reply = api.post(DELETE, {"multipleAccessId": TOKEN})
    assert (reply.status, len(reply.xml)) == (200, 0)
    assert api.desk.asked == [("delete_multiple_access", {"multiple_access_id": TOKEN})]


def test_the_limit_tells_when_to_come_again(api: RunningApi) -> None:
    api.desk.failure = MultipleAccessLimitExceeded(retry_after_seconds=4321)
    reply = api.post(REUSE, {"multipleAccessId": TOKEN})
    assert (reply.status, reply.failure) == (429, "MultipleAccessLimitExceeded")
    assert reply.headers["retry-after"] == "4321"


@pytest.mark.parametrize("path", [REUSE, DELETE])
def test_an_id_that_nobody_has_is_named(api: RunningApi, path: str) -> None:
    api.desk.failure = InvalidMultipleAccessId()
    reply = api.post(path, {"multipleAccessId": TOKEN})
    assert (reply.status, reply.failure) == (404, "InvalidMultipleAccessId")


@pytest.mark.parametrize("path", [REUSE, DELETE])
@pytest.mark.parametrize("form", [{}, {"multipleAccessId": ""}])
def test_the_id_must_be_there(api: RunningApi, path: str, form: dict[str, str]) -> None:
    reply = api.post(path, form)
    assert (reply.status, reply.failure) == (400, "InvalidParameter")
    assert not api.desk.asked


@pytest.mark.parametrize("token", ["x" * 201, "\u0105"])
def test_an_id_that_cannot_be_one_is_no_id(api: RunningApi, token: str) -> None:
    assert api.post(REUSE, {"multipleAccessId": token}).failure == "InvalidMultipleAccessId"


@pytest.mark.parametrize(("mode", "fallbacks"), [("MULTIPLE", 0), ("SINGLE", 3), ("MIXED", 3)])
def test_the_catalogue_tells_where_multiple_access_is_possible(
    api: RunningApi, mode: str, fallbacks: int
) -> None:
    reply = api.get(f"/v1/catalog.xml?accessMode={mode}")
    targets = reply.xml.findall("targets/target")
    assert any(target.get("psd2") == "true" for target in targets)
    assert sum(target.get("psd2") is None for target in targets) == fallbacks
