"""From an accepted command to its result, over a scripted bank."""

from __future__ import annotations

import asyncio

import pytest
from tests.commands.conftest import Line, pair

from kontora.commands.answers import CommandState
from kontora.commands.requests import DefaultImport, ImportOwners, SignOut
from kontora.errors import (
    CommandNotAvailable,
    DefaultImportAlreadyExecuted,
    InvalidCommandId,
    InvalidOwnerExternalId,
    InvalidSessionId,
    InvalidSessionIdSignature,
    JobsQuotaExceeded,
    ServiceTemporarilyUnavailable,
)


async def test_a_default_import_brings_owners_accounts_and_money_transactions(line: Line) -> None:
    session = await line.session()
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        status = await line.ended(started.command_id)
    assert status.state is CommandState.SUCCESSFUL
    assert status.result is not None
    assert status.result.count(b"<moneyTransaction>") == 5
    assert b"Jan Kowalski" in status.result
    data = await line.intake.owner_data(line.client, "o-1")
    assert len(data.imports) == 1
    assert len(data.imports[0].accounts[0].money_transactions) == 3


async def test_the_chain_of_calls_that_follow_each_other_is_two(line: Line) -> None:
    order: list[str] = []

    async def slow(name: str) -> None:
        order.append(name)
        await asyncio.sleep(0.1)

    line.bank.before = slow
    line.bank.accounts = 2
    session = await line.session()
    order.clear()
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        await line.ended(started.command_id)
    assert sorted(order[:2]) == ["cards", "list"]
    assert sorted(order[2:]) == ["balance", "balance", "card", "card page", "page", "page"]


async def test_a_hundred_default_imports_on_one_session_make_one_command(line: Line) -> None:
    session = await line.session()
    answers = await asyncio.gather(
        *(line.intake.start(line.client, pair(session), DefaultImport()) for _ in range(100)),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, DefaultImportAlreadyExecuted)]
    assert len(refused) == 99


async def test_a_client_runs_eight_commands_at_once_and_not_nine(line: Line) -> None:
    sessions = [await line.session(f"o-{number}") for number in range(50)]
    answers = await asyncio.gather(
        *(line.intake.start(line.client, pair(session), DefaultImport()) for session in sessions),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, JobsQuotaExceeded) for answer in answers) == 42
    accepted = [answer for answer in answers if not isinstance(answer, BaseException)]
    assert len(accepted) == 8
    async with line.working():
        for answer in accepted:
            await line.ended(answer.command_id)
    waiting = sessions[[isinstance(answer, JobsQuotaExceeded) for answer in answers].index(True)]
    assert await line.intake.start(line.client, pair(waiting), DefaultImport())


async def test_default_and_single_commands_are_never_mixed(line: Line) -> None:
    session = await line.session()
    await line.intake.start(line.client, pair(session), DefaultImport())
    with pytest.raises(CommandNotAvailable, match="cannot be mixed"):
        await line.intake.start(line.client, pair(session), ImportOwners())
    other = await line.session()
    await line.intake.start(line.client, pair(other), ImportOwners())
    with pytest.raises(CommandNotAvailable, match="cannot be mixed"):
        await line.intake.start(line.client, pair(other), DefaultImport())


async def test_a_foreign_session_is_unknown_and_a_wrong_signature_is_forbidden(line: Line) -> None:
    session = await line.session()
    with pytest.raises(InvalidSessionId):
        await line.intake.start(line.other_client, pair(session), DefaultImport())
    forged = pair(session)
    with pytest.raises(InvalidSessionIdSignature):
        await line.intake.start(line.client, type(forged)(forged.session_id, "0" * 64), DefaultImport())


async def test_a_foreign_command_is_unknown(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())
    with pytest.raises(InvalidCommandId):
        await line.intake.status(line.other_client, started.command_id, None)
    with pytest.raises(InvalidCommandId):
        await line.intake.status(line.client, started.command_id + 1, None)


async def test_a_pair_given_with_a_poll_must_be_right_and_outlives_the_session(line: Line) -> None:
    session = await line.session()
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        await line.ended(started.command_id)
    async with line.database.tx() as db:
        await db.execute("update session set used_at = now() - interval '1 hour'")
    status = await line.intake.status(line.client, started.command_id, pair(session))
    assert status.state is CommandState.SUCCESSFUL
    wrong = type(pair(session))(session.session_id, "f" * 64)
    with pytest.raises(InvalidSessionIdSignature):
        await line.intake.status(line.client, started.command_id, wrong)


async def test_an_expired_session_is_unknown(line: Line) -> None:
    session = await line.session()
    async with line.database.tx() as db:
        await db.execute("update session set used_at = now() - interval '301 seconds'")
    with pytest.raises(InvalidSessionId, match="Session expired"):
        await line.intake.start(line.client, pair(session), DefaultImport())


async def test_a_failure_of_the_bank_ends_the_command_with_its_name(line: Line) -> None:
    def fail(name: str) -> None:
        if name == "page":
            raise ServiceTemporarilyUnavailable("ScriptedApi is down.")

    session = await line.session()
    line.bank.before = fail
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        status = await line.ended(started.command_id)
    assert status.state is CommandState.ERROR
    assert status.failure is not None
    assert status.failure.name == "ServiceTemporarilyUnavailable"
    with pytest.raises(InvalidOwnerExternalId):
        await line.intake.owner_data(line.client, "o-1")


async def test_our_own_bug_ends_the_command_fatal_without_details(line: Line) -> None:
    def fail(name: str) -> None:
        if name == "balance":
            raise ZeroDivisionError("a secret in a message")

    session = await line.session()
    line.bank.before = fail
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        status = await line.ended(started.command_id)
    assert status.state is CommandState.FATAL
    assert status.failure is not None
    assert "secret" not in status.failure.message


async def test_signing_out_ends_the_session(line: Line) -> None:
    session = await line.session()
    async with line.working():
        started = await line.intake.start(line.client, pair(session), SignOut())
        status = await line.ended(started.command_id)
    assert status.state is CommandState.SUCCESSFUL
    with pytest.raises(InvalidSessionId):
        await line.intake.start(line.client, pair(session), DefaultImport())


async def test_progress_moves_while_pages_come_and_never_back(line: Line) -> None:
    seen: list[int] = []
    session = await line.session()

    async def slow(name: str) -> None:
        await asyncio.sleep(0.3)

    line.bank.before = slow
    line.bank.pages = line.bank.pages * 4
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        while True:
            status = await line.intake.status(line.client, started.command_id, None)
            seen.append(status.progress)
            if status.state is CommandState.SUCCESSFUL:
                break
            await asyncio.sleep(0.05)
    assert seen == sorted(seen)
    assert len(set(seen)) >= 4
