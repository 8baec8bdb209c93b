"""Whatever is sent, the answer is sound, has a name, and is never our bug (C05, V03, V04, V05)."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.api.conftest import COMMAND_ID, PAIR, RunningApi, running_status

from kontora.errors import failures

CANARY = "Kanarek8841"
TEXT = st.text(st.characters(codec="utf-8"), max_size=60)
SCALAR = st.one_of(
    TEXT,
    st.integers().map(str),
    st.dates().map(str),
    st.sampled_from(
        [
            "2024-13-45",
            "2024-02-30",
            "NaN",
            "-1",
            "9" * 400,
            "\x00",
            "true",
            "",
            CANARY,
            "%00",
            "../..",
            "']]>",
        ]
    ),
)
NAMES = (
    "sessionId",
    "sessionIdSignature",
    "since",
    "iban",
    "fast",
    "cardNumber",
    "kind",
    "credential",
    "target",
    "login",
    "country",
    "ownerExternalId",
    "multipleAccess",
    "favicons",
    "accessMode",
    "pdfAsBase64",
    "fileName",
    "password",
    "acceptInconsistent",
    "evidence",
    "includePdf",
    "statementId",
    "apiKey",
)
FORM = st.dictionaries(st.one_of(st.sampled_from(NAMES), TEXT), SCALAR, max_size=6)
METHODS = st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"])
SETTINGS = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def paths(api: RunningApi) -> list[str]:
    return [path.replace("{id}", str(COMMAND_ID)) for path in api.door.paths]


def check(status: int, headers: dict[str, str], body: bytes) -> str:
    """The answer is well-formed, and a refusal has a name of the catalogue; return it, or the status."""
    assert status < 500 or status == 503, (status, body[:300])
    if not body:
        return str(status)
    kind = headers["content-type"]
    if kind.startswith("application/json"):
        told: Any = json.loads(body)
        name = told.get("exception", {}).get("name") if isinstance(told, dict) else None
    elif kind.startswith("text/markdown"):
        name = None
    else:
        root = etree.fromstring(body)
        assert root.tag == "reply"
        assert root.get("status", "").startswith(f"{status} ")
        found = root.find("exception")
        name = None if found is None else found.get("name")
    assert name is None or name in failures()
    assert status < 400 or status == 401 or name is not None
    return name or str(status)


@SETTINGS
@given(data=st.data())
def test_no_request_of_any_kind_ends_in_an_internal_error(api: RunningApi, data: st.DataObject) -> None:
    api.desk.statuses[COMMAND_ID] = running_status()
    path = data.draw(st.sampled_from(paths(api)))
    if data.draw(st.integers(0, 9)) == 0:
        path += data.draw(st.sampled_from(["/", "x", "%2e%2e", ";a=b", "?", "/../health"]))
    method = data.draw(METHODS)
    form = data.draw(FORM) | (PAIR if data.draw(st.booleans()) else {})
    body = data.draw(st.one_of(st.none(), st.just(form), st.binary(max_size=200)))
    given_headers = data.draw(
        st.dictionaries(
            st.sampled_from(
                ["Content-Type", "Idempotency-Key", "Accept", "X-Forwarded-For", "Content-Encoding"]
            ),
            st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40),
            max_size=2,
        )
    )
    if isinstance(body, dict):
        reply = api.send(method, path, form=body, headers=given_headers)
    else:
        reply = api.send(method, path, body=body, headers=given_headers)
    check(reply.status, reply.headers, reply.body)


def test_the_random_requests_reach_successes_and_many_kinds_of_refusals(api: RunningApi) -> None:
    api.desk.statuses[COMMAND_ID] = running_status()
    seen: Counter[str] = Counter()
    for path in paths(api):
        for method in ("GET", "POST", "DELETE", "TRACE"):
            for form in ({}, PAIR, PAIR | {"since": "2024-13-45"}, {"ownerExternalId": "x"}):
                reply = api.send(method, path, form=dict(form) if method == "POST" else None)
                seen[check(reply.status, reply.headers, reply.body)] += 1
    for name in (
        "200",
        "202",
        "InvalidParameter",
        "InvalidSince",
        "MethodNotAllowed",
    ):
        assert seen[name], (name, seen)


@pytest.mark.parametrize(
    "since",
    [
        "2024-13-45",
        "2024-02-30",
        "2023-02-29",
        "20240101",
        "2024-1-1",
        "2024-01-01T00:00:00",
        "1900-01-01",
        "9999-12-31",
        "٢٠٢٤-٠١-٠١",
        "now",
    ],
)
def test_a_day_that_is_none_or_too_far_away_is_refused_by_name(api: RunningApi, since: str) -> None:
    reply = api.post("/v1/command/default-import.xml", PAIR | {"since": since})
    assert (reply.status, reply.failure) == (400, "InvalidSince")
    assert since not in reply.message


def test_every_body_route_refuses_without_echoing_what_it_was_sent(api: RunningApi) -> None:
    app: Any = api.door.app
    tried = 0
    for route in app.routes:
        if route.path == "/v1/command/{id}.xml" or not route.methods & {"POST", "PUT", "DELETE"}:
            continue
        method = next(iter(route.methods & {"POST", "PUT", "DELETE"}))
        full = {name: CANARY for name in NAMES if name != "apiKey"}
        for missing in NAMES:
            form = {name: value for name, value in full.items() if name != missing}
            for headers in ({}, {"Content-Type": "application/json"}, {"Content-Type": "text/plain"}):
                reply = api.send(method, route.path, form=form, headers=headers)
                tried += 1
                assert reply.status in {400, 404, 415}, (route.path, reply.status)
                assert CANARY.encode() not in reply.body, (route.path, missing, reply.body)
    assert tried > 100
    assert CANARY not in repr(api.access_lines)
