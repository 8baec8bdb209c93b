"""Whatever goes wrong, nothing of the request and nothing of our insides comes out (C05, C06, F1, F2)."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from pydantic import BaseModel
from tests.api.conftest import COMMAND_ID, PAIR, RunningApi, StartApi

from kontora.api import ApiSettings
from kontora.logs import configure_logging


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the whole process logs during a test."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, structlog.get_config())
    out = io.StringIO()
    configure_logging("DEBUG", stream=out)
    yield out
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.configure(**before[2])


class Login(BaseModel):
    """A body as a later room may have one."""

    name: str
    password: str


async def login(body: Login) -> dict[str, str]:
    return {"name": body.name}


@pytest.mark.parametrize(
    "body",
    [b'{"password": "CANARY"}', b'{"name": 1, "password": "CANARY"}', b'{"password": "CANARY"', b'"CANARY"'],
)
def test_a_body_that_the_framework_refuses_is_not_echoed(
    start_api: StartApi, log: io.StringIO, body: bytes
) -> None:
    api = start_api(ApiSettings(practice=True, support_url="https://login.example/support"))
    app: Any = api.door.app
    if not any(route.path == "/login" for route in app.routes):
        app.add_api_route("/login", login, methods=["POST"])
    headers = {"Content-Type": "application/json"}
    reply = api.send("POST", "/login", body=body, headers=headers)
    assert (reply.status, reply.failure) == (400, "InvalidParameter")
    assert b"CANARY" not in reply.body
    assert "CANARY" not in log.getvalue()
    assert api.send("POST", "/login", body=body, headers=headers, key=None).status == 401


def test_a_fault_of_ours_is_logged_by_type_and_place_only(api: RunningApi, log: io.StringIO) -> None:
    def broken() -> Exception:
        secret = "CANARY-LOCAL"
        return ValueError(f"CANARY {secret}")

    api.desk.failure = broken()
    form = PAIR | {"credentialKind": "STATIC_PASSWORD", "credential": "CANARY-FORM"}
    for reply in (
        api.post("/v1/command/enter-credential.xml", form),
        api.get(f"/v1/command/{COMMAND_ID}.xml"),
        api.get("/v1/data.xml?ownerExternalId=CANARY"),
    ):
        assert (reply.status, reply.failure) == (500, "InternalError")
        assert b"CANARY" not in reply.body
    assert log.getvalue().count("request_failed") == 3
    assert "builtins.ValueError" in log.getvalue()
    assert "CANARY" not in log.getvalue()


def test_what_kills_the_handler_does_not_kill_the_server(api: RunningApi, log: io.StringIO) -> None:
    api.desk.failure = RecursionError()
    assert api.get(f"/v1/command/{COMMAND_ID}.xml").status == 500
    api.desk.failure = MemoryError()
    assert api.get(f"/v1/command/{COMMAND_ID}.xml").status == 500
    api.desk.failure = None
    assert api.get(f"/v1/command/{COMMAND_ID}.xml").status == 404
