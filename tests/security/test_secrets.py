"""Credentials cannot be shown by mistake: not by the type that carries them, not by an exception (C06)."""

from __future__ import annotations

import copy
import io
import json
import logging
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import msgspec
import pytest
import structlog
from tests.commands.conftest import Line, pair

from kontora.commands.answers import CommandState
from kontora.connectors.protocol import Answer, CredentialKind, Psu, Secret
from kontora.logs import configure_logging

CANARY = "Kanarek-Haslo-5512"


@dataclass
class Holder:
    credential: Secret


@pytest.mark.parametrize(
    "shown",
    [
        repr,
        str,
        "{}".format,
        "{:>40}".format,
        "{!r}".format,
        lambda secret: f"{secret}",
        "%s".__mod__,
        lambda secret: repr(Holder(secret)),
        lambda secret: repr([secret, {"password": secret}]),
        lambda secret: repr(Answer(CredentialKind.STATIC_PASSWORD, secret)),
        lambda secret: str(vars(Holder(secret))),
    ],
)
def test_however_a_secret_is_shown_it_shows_nothing(shown: Callable[[Secret], str]) -> None:
    assert CANARY not in shown(Secret(CANARY))
    assert "***" in shown(Secret(CANARY))


@pytest.mark.parametrize(
    "encode", [pickle.dumps, copy.deepcopy, json.dumps, msgspec.json.encode, msgspec.msgpack.encode]
)
def test_a_secret_is_not_encoded_by_mistake(encode: Callable[[Secret], object]) -> None:
    with pytest.raises((TypeError, ValueError, NotImplementedError)) as refused:
        encode(Secret(CANARY))
    assert CANARY not in str(refused.value)


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What all loggers of the process write during a test, from DEBUG on."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, structlog.get_config())
    written = io.StringIO()
    configure_logging("DEBUG", stream=written)
    yield written
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.configure(**before[2])


@pytest.mark.parametrize("step", ["STATIC_LOGIN", "STATIC_PASSWORD"])
async def test_a_bug_in_any_sign_in_step_leaves_no_credential_in_the_log(
    line: Line, log: io.StringIO, step: str
) -> None:
    def break_down(name: str) -> None:
        if name == f"credential {step}":
            held = {"password": CANARY, "text": f"token {CANARY}"}
            raise RuntimeError(f"a bug that quotes what it saw: {held}")

    line.bank.before = break_down
    session = await line.intake.open_session(
        line.client, target="ScriptedApi", owner_external_id="o-1", psu=Psu()
    )
    for kind in ("STATIC_LOGIN", "STATIC_PASSWORD"):
        started = await line.intake.enter_credential(
            line.client, pair(session), kind=kind, credential=Secret(CANARY)
        )
        status = await line.ended(started.command_id)
        if kind == step:
            break
    assert status.state is CommandState.FATAL
    assert CANARY not in repr(status)
    assert "command_failed" in log.getvalue()
    assert "RuntimeError" in log.getvalue()
    assert CANARY not in log.getvalue()
