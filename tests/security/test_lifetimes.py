"""Sessions end by the database's clock, and deletion may be cut short anywhere (S04, E04)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.commands.conftest import Line, pair

from kontora.commands.answers import CommandState
from kontora.commands.intake import Intake
from kontora.commands.owners import delete_owner
from kontora.commands.requests import DefaultImport, ImportOwners
from kontora.commands.retention import ClockGuard, Retention
from kontora.commands.statuses import StatusReader
from kontora.errors import InvalidOwnerExternalId, InvalidSessionId
from kontora.store.keys import FileKeyStore
from kontora.store.vault import Vault


async def aged(line: Line, column: str, seconds: float) -> None:
    async with line.database.tx() as db:
        await db.execute(f"update session set {column} = {column} - make_interval(secs => %s)", (seconds,))


async def test_a_session_in_use_lives_on_and_ends_after_an_hour_whatever_it_does(line: Line) -> None:
    session = await line.session()
    for _ in range(3):
        await aged(line, "used_at", 290)
        await line.intake.start(line.client, pair(session), ImportOwners())
    await aged(line, "created_at", 3590)
    await line.intake.start(line.client, pair(session), ImportOwners())
    await aged(line, "created_at", 11)
    with pytest.raises(InvalidSessionId):
        await line.intake.start(line.client, pair(session), ImportOwners())


@pytest.mark.parametrize("days", [-1, 1, 3650])
async def test_a_wrong_clock_of_the_machine_neither_ends_nor_revives_a_session(
    line: Line, keys_dir: Path, days: int
) -> None:
    def wrong() -> datetime:
        return datetime.now(UTC) + timedelta(days=days)

    session, old = await line.session("o-1"), await line.session("o-2")
    async with line.database.tx() as db:
        await db.execute(
            "update session set used_at = used_at - interval '301 seconds' where id = %s", (old.session_id,)
        )
    room = replace(line.room, now=wrong, vault=Vault(FileKeyStore(keys_dir), wrong))
    intake = Intake(room, line.queue, StatusReader(line.database))
    await intake.start(line.client, pair(session), DefaultImport())
    with pytest.raises(InvalidSessionId):
        await intake.start(line.client, pair(old), DefaultImport())


class CutShort(Exception):
    """The process died here."""


async def imported(line: Line) -> None:
    session = await line.session()
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        assert (await line.ended(started.command_id)).state is CommandState.SUCCESSFUL


class DyingBefore(Vault):
    """A vault whose process dies before an owner's key is destroyed."""

    async def destroy_owner(self, owner_id: int) -> None:
        raise CutShort


class DyingAfter(Vault):
    """A vault whose process dies after an owner's key is destroyed, before the rows are deleted."""

    async def destroy_owner(self, owner_id: int) -> None:
        await super().destroy_owner(owner_id)
        raise CutShort


@pytest.mark.parametrize("dying", [DyingBefore, DyingAfter])
async def test_a_deletion_that_was_cut_short_is_finished_by_asking_again(
    line: Line, keys_dir: Path, dying: type[Vault]
) -> None:
    await imported(line)
    room = replace(line.room, vault=dying(FileKeyStore(keys_dir), line.room.now))
    with pytest.raises(CutShort):
        await delete_owner(room, line.client, "o-1")
    await line.intake.delete_owner(line.client, "o-1")
    await nothing_is_left(line)


async def test_retention_that_was_cut_short_after_any_step_ends_where_an_unbroken_one_ends(
    line: Line,
) -> None:
    await imported(line)
    await line.intake.set_clock(90_100)
    async with line.database.tx() as db:
        await db.execute("update session set state = 'ended', sealed_state = null")
    steps: list[Callable[[], Awaitable[object]]] = [
        lambda: line.vault.destroy_hours(datetime.now(UTC) + timedelta(hours=1)),
        lambda: line.vault.destroy_owner(owner_ids[0]),
    ]
    owner_ids = await line.vault.owners()
    for step in steps:
        await step()  # and here the process died
        assert await Retention(line.room, ClockGuard()).reap()
        assert await Retention(line.room, ClockGuard()).reap()
    await nothing_is_left(line)


async def nothing_is_left(line: Line) -> None:
    assert await line.vault.owners() == []
    async with line.database.connection() as db:
        for table in ("owner", "import"):
            assert await (await db.execute(f"select count(*) from {table}")).fetchone() == (0,)
    with pytest.raises(InvalidOwnerExternalId):
        await line.intake.owner_data(line.client, "o-1")
