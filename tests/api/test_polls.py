"""Polls: where a command stands, and what it brought."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from lxml import etree
from tests.api.conftest import COMMAND_ID, PAIR, SESSION_ID, SIGNATURE, RunningApi, running_status

from kontora.commands.answers import CommandState, Failure
from kontora.errors import StoreUnavailable

POLL = f"/v1/command/{COMMAND_ID}.xml"
LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"


def test_a_running_command_tells_its_state_progress_and_target(api: RunningApi) -> None:
    api.desk.statuses[COMMAND_ID] = running_status()
    reply = api.get(POLL)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/xml; charset=utf-8"
    assert dict(reply.xml.attrib) == {
        LOCATION: "https://developer.kontomatik.com/schema/v1/command_setup.xsd",
        "status": "200 OK",
        "user": "acme-test",
        "responseTimestamp": "2026-05-23T07:39:06Z",
    }
    command = reply.xml.find("command")
    assert dict(command.attrib) == {
        "id": str(COMMAND_ID),
        "state": "in_progress",
        "name": "DefaultImportCommand",
        "target": "KontoBankApi",
        "institution": "KontoBank",
    }
    assert [child.tag for child in command] == ["progress"]
    assert command.findtext("progress/value") == "20"


def test_a_command_whose_target_is_not_known_yet_names_none(api: RunningApi) -> None:
    api.desk.statuses[COMMAND_ID] = running_status(state=CommandState.SETUP, target=None, institution=None)
    command = api.get(POLL).xml.find("command")
    assert set(command.attrib) == {"id", "state", "name"}


def test_a_finished_default_import_carries_its_result_unchanged(api: RunningApi) -> None:
    result = "<result><owners><owner><name>Zażółć</name></owner></owners></result>".encode()
    api.desk.statuses[COMMAND_ID] = running_status(state=CommandState.SUCCESSFUL, progress=100, result=result)
    reply = api.get(POLL)
    assert result in reply.body
    assert reply.xml.get(LOCATION).endswith("default_import.xsd")
    assert [child.tag for child in reply.xml.find("command")] == ["progress", "result"]


def test_a_failed_command_tells_why_with_status_200(api: RunningApi) -> None:
    failure = Failure("SessionExpired", "The bank ended the session <now>.", "Log in again & retry.")
    api.desk.statuses[COMMAND_ID] = running_status(state=CommandState.ERROR, failure=failure)
    reply = api.get(POLL)
    assert reply.status == 200
    command = reply.xml.find("command")
    assert command.get("state") == "error"
    found = command.find("exception")
    assert found.get("name") == "SessionExpired"
    assert found.findtext("message") == "The bank ended the session <now>."
    assert found.findtext("friendlyMessage") == "Log in again & retry."


def test_a_large_result_arrives_whole(api: RunningApi) -> None:
    result = b"<result>" + b"<a>x</a>" * 300_000 + b"</result>"
    api.desk.statuses[COMMAND_ID] = running_status(state=CommandState.SUCCESSFUL, result=result)
    reply = api.get(POLL)
    assert int(reply.headers["content-length"]) == len(reply.body)
    parsed = etree.fromstring(reply.body, etree.XMLParser(huge_tree=True))
    assert len(parsed.find("command/result")) == 300_000


@pytest.mark.parametrize(
    ("query", "status", "failure"),
    [
        ("", 200, None),
        ("other=1", 200, None),
        (f"sessionId={SESSION_ID}&sessionIdSignature={SIGNATURE}", 200, None),
        (f"sessionId={SESSION_ID}&sessionIdSignature={'d' * 64}", 403, "InvalidSessionIdSignature"),
        (f"sessionId={SESSION_ID + 1}&sessionIdSignature={SIGNATURE}", 403, "InvalidSessionIdSignature"),
        (f"sessionId={SESSION_ID}", 400, "InvalidParameter"),
        (f"sessionIdSignature={SIGNATURE}", 400, "InvalidParameter"),
        (f"sessionId=1&sessionId=2&sessionIdSignature={SIGNATURE}", 400, "InvalidParameter"),
        ("sessionId=%00", 400, "InvalidParameter"),
    ],
)
def test_a_pair_may_be_left_out_but_if_sent_it_must_be_right(
    api: RunningApi, query: str, status: int, failure: str | None
) -> None:
    api.desk.statuses[COMMAND_ID] = running_status()
    reply = api.get(f"{POLL}?{query}")
    assert (reply.status, reply.failure) == (status, failure)


@pytest.mark.parametrize("id_text", ["1", "abc", "9" * 40, "-1", "%31", "1.5", "default", "٣"])
def test_an_unknown_id_is_404_whatever_it_looks_like(api: RunningApi, id_text: str) -> None:
    from urllib.parse import quote

    reply = api.get(f"/v1/command/{quote(id_text, safe='%')}.xml")
    assert (reply.status, reply.failure) == (404, "InvalidCommandId")
    assert reply.xml.get("user") == "acme-test"


def test_head_answers_like_get_without_a_body(api: RunningApi) -> None:
    api.desk.statuses[COMMAND_ID] = running_status()
    reply = api.send("HEAD", POLL)
    assert (reply.status, reply.body) == (200, b"")
    assert int(reply.headers["content-length"]) > 200


def test_other_methods_are_refused_with_those_that_work(api: RunningApi) -> None:
    reply = api.post(POLL, PAIR)
    assert (reply.status, reply.failure, reply.headers["allow"]) == (405, "MethodNotAllowed", "GET")
    reply = api.get("/v1/command/default-import.xml")
    assert (reply.status, reply.headers["allow"]) == (405, "POST")


def test_many_polls_at_once_get_the_same_answer(api: RunningApi) -> None:
    api.desk.statuses[COMMAND_ID] = running_status()
    bodies: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: bodies.extend(api.get(POLL).body for _ in range(10)))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(bodies) == 200
    assert len(set(bodies)) == 1


def test_a_poll_while_the_store_is_away_says_so(api: RunningApi) -> None:
    api.desk.failure = StoreUnavailable()
    reply = api.get(POLL)
    assert (reply.status, reply.failure, reply.headers["retry-after"]) == (503, "StoreUnavailable", "10")


def test_a_poll_that_breaks_is_an_internal_error_without_details(api: RunningApi) -> None:
    api.desk.failure = KeyError("CANARY")
    reply = api.get(POLL)
    assert (reply.status, reply.failure) == (500, "InternalError")
    assert b"CANARY" not in reply.body


def test_polls_are_counted_by_state_and_logged_with_ids_only(
    api: RunningApi, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    api.desk.statuses[COMMAND_ID] = running_status()
    before = api.metrics.registry.get_sample_value("kontora_polls_total", {"state": "in_progress"}) or 0.0
    api.get(f"{POLL}?sessionId={SESSION_ID}&sessionIdSignature={SIGNATURE}")
    after = api.metrics.registry.get_sample_value("kontora_polls_total", {"state": "in_progress"})
    assert after == before + 1
    wait_until(lambda: any("command_id" in line for line in api.access_lines))
    (line,) = [line for line in api.access_lines if "command_id" in line]
    assert line.pop("milliseconds") >= 0
    assert line.pop("at") == api.now
    assert line == {
        "event": "request",
        "method": "GET",
        "route": "/v1/command/{id}.xml",
        "status": 200,
        "client_id": "acme-test",
        "command_id": COMMAND_ID,
    }
