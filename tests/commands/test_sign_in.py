"""Signing in step by step, without a widget, against a practice target."""

from __future__ import annotations

import pytest
from tests.commands.conftest import Line, pair

from kontora.commands.answers import CommandState, CommandStatus, OpenedSession
from kontora.commands.requests import DefaultImport
from kontora.connectors.protocol import Psu, Secret
from kontora.errors import (
    AlreadySignedIn,
    InvalidArgument,
    InvalidCredentials,
    InvalidParameter,
    InvalidTarget,
    MalformedOwnerExternalId,
    NotSignedIn,
)


async def opened(line: Line) -> OpenedSession:
    return await line.intake.open_session(
        line.client, target="ScriptedApi", owner_external_id="o-1", psu=Psu()
    )


async def entered(line: Line, session: OpenedSession, kind: str, value: str) -> CommandStatus:
    started = await line.intake.enter_credential(
        line.client, pair(session), kind=kind, credential=Secret(value)
    )
    return await line.ended(started.command_id)


async def test_each_credential_brings_the_next_question_until_the_owner_is_signed_in(line: Line) -> None:
    session = await opened(line)
    with pytest.raises(NotSignedIn):
        await line.intake.start(line.client, pair(session), DefaultImport())
    first = await entered(line, session, "STATIC_LOGIN", "test")
    assert first.result is not None
    assert b'kind="STATIC_PASSWORD"' in first.result
    last = await entered(line, session, "STATIC_PASSWORD", "Test123")
    assert last.state is CommandState.SUCCESSFUL
    assert last.result is not None
    assert b"credentialMetadata " not in last.result
    with pytest.raises(AlreadySignedIn):
        await entered(line, session, "STATIC_PASSWORD", "Test123")
    assert await line.intake.start(line.client, pair(session), DefaultImport())


async def test_a_wrong_credential_ends_the_step_and_is_told_without_its_value(line: Line) -> None:
    session = await opened(line)
    status = await entered(line, session, "STATIC_LOGIN", "wrong")
    assert status.state is CommandState.ERROR
    assert status.failure is not None
    assert status.failure.name == InvalidCredentials.__name__
    assert "wrong" not in status.failure.message


async def test_a_kind_that_is_none_is_refused(line: Line) -> None:
    session = await opened(line)
    with pytest.raises(InvalidParameter):
        await entered(line, session, "RETINA", "x")


async def test_an_unknown_target_is_refused(line: Line) -> None:
    with pytest.raises(InvalidTarget):
        await line.intake.open_session(line.client, target="NoBank", owner_external_id=None, psu=Psu())


async def test_a_country_without_a_practice_bank_is_refused(line: Line) -> None:
    with pytest.raises(InvalidArgument):
        await line.intake.mock_session(
            line.client, login="test", country="xx", owner_external_id=None, multiple_access=False
        )


@pytest.mark.parametrize("external_id", ["", "x" * 201, "a\nb", "\x00"])
async def test_a_malformed_owner_external_id_is_refused(line: Line, external_id: str) -> None:
    with pytest.raises(MalformedOwnerExternalId):
        await line.session(external_id)


async def test_an_owner_without_an_id_gets_one(line: Line) -> None:
    session = await line.intake.mock_session(
        line.client, login="test", country="pl", owner_external_id=None, multiple_access=False
    )
    assert session.owner_external_id.startswith("kontomatik-")
