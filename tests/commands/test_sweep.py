"""What becomes of commands whose worker died, hung, or never was; and that late writers change nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tests.commands.conftest import Line, pair

from kontora.commands.answers import CommandState
from kontora.commands.requests import DefaultImport
from kontora.commands.sweeper import CALM_SWEEPS, Sweeper
from kontora.connectors.protocol import Psu, Secret
from kontora.store import commands
from kontora.store.commands import Ending


async def swept(line: Line) -> int:
    """Sweep as a process that has been up for a while."""
    sweeper = Sweeper(line.room, line.queue)
    found = [await sweeper.sweep() for _ in range(CALM_SWEEPS)]
    return found[-1]


async def age(line: Line, seconds: float = 20.0) -> None:
    """Let time pass for everything that is unfinished."""
    async with line.database.tx() as db:
        await db.execute(
            "update command set beat_at = now() - make_interval(secs => %(age)s),"
            " created_at = now() - make_interval(secs => %(age)s) where state in ('setup', 'in_progress')",
            {"age": seconds},
        )
        await db.execute("update procrastinate_workers set last_heartbeat = now() - interval '20 seconds'")


async def die_while(line: Line, work: Callable[[], Awaitable[None]]) -> None:
    """Begin a command's job as a worker that dies at once: the job stays `doing`, without a heartbeat."""
    async with line.database.tx() as db:
        await db.execute("insert into procrastinate_workers default values")
        await db.execute(
            "update procrastinate_jobs set status = 'doing',"
            " worker_id = (select max(id) from procrastinate_workers) where status = 'todo'"
        )
    await work()
    await age(line)


async def test_a_command_of_a_dead_worker_is_run_again_and_stored_once(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())

    async def claim() -> None:
        async with line.database.tx() as db:
            await commands.claim(db, started.command_id)

    await die_while(line, claim)
    assert await swept(line) == 1
    async with line.working():
        status = await line.ended(started.command_id)
    assert status.state is CommandState.SUCCESSFUL
    assert len((await line.intake.owner_data(line.client, "o-1")).imports) == 1


async def test_a_command_is_run_again_when_the_queue_has_forgotten_its_dead_worker(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())

    async def claim() -> None:
        async with line.database.tx() as db:
            await commands.claim(db, started.command_id)

    await die_while(line, claim)
    async with line.database.tx() as db:
        await db.execute("delete from procrastinate_workers")
    assert await swept(line) == 1
    async with line.working():
        assert (await line.ended(started.command_id)).state is CommandState.SUCCESSFUL


async def test_a_command_whose_job_is_gone_is_queued_again(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())
    async with line.database.tx() as db:
        await db.execute("delete from procrastinate_jobs")
    await age(line)
    assert await swept(line) == 1
    async with line.working():
        assert (await line.ended(started.command_id)).state is CommandState.SUCCESSFUL


async def test_a_worker_that_wakes_up_late_changes_nothing(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())
    async with line.database.tx() as db:
        zombie = await commands.claim(db, started.command_id)
    assert zombie is not None
    async with line.database.tx() as db:
        heir = await commands.claim(db, started.command_id)
    assert heir is not None
    assert heir.attempt == zombie.attempt + 1
    async with line.database.tx() as db:
        assert not await commands.advance(db, zombie.id, zombie.attempt, 50)
        assert not await commands.finish(db, zombie.id, zombie.attempt, Ending("error", "IO", "late"))
        assert await commands.finish(db, heir.id, heir.attempt, Ending("successful"))
    status = await line.intake.status(line.client, started.command_id, None)
    assert status.state is CommandState.SUCCESSFUL


async def test_a_final_state_never_changes_even_by_hand(line: Line) -> None:
    session = await line.session()
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        await line.ended(started.command_id)
    for change in ("state = 'in_progress', finished_at = null", "progress = 1", "attempt = 9"):
        with pytest.raises(Exception, match="final state never changes"):
            async with line.database.tx() as db:
                await db.execute("update command set " + change)


async def test_a_command_that_kills_every_worker_ends_with_a_name(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())

    async def claim() -> None:
        async with line.database.tx() as db:
            await commands.claim(db, started.command_id)

    for _ in range(3):
        await die_while(line, claim)
        assert await swept(line) == 1
    status = await line.intake.status(line.client, started.command_id, None)
    assert status.state is CommandState.ERROR
    assert status.failure is not None
    assert status.failure.name == "CommandInterrupted"


async def test_a_command_that_no_worker_takes_ends_with_a_name(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())
    await age(line, seconds=46.0)
    assert await swept(line) == 1
    status = await line.intake.status(line.client, started.command_id, None)
    assert status.failure is not None
    assert "No worker is running" in status.failure.message
    async with line.database.connection() as db:
        cursor = await db.execute("select count(*) from procrastinate_jobs")
        assert await cursor.fetchone() == (0,)


async def test_a_credential_whose_process_died_is_not_sent_again(line: Line) -> None:
    blocked = asyncio.Event()

    async def block(name: str) -> None:
        if name.startswith("credential"):
            await blocked.wait()

    line.bank.before = block
    session = await line.intake.open_session(
        line.client, target="ScriptedApi", owner_external_id="o-1", psu=Psu()
    )
    started = await line.intake.enter_credential(
        line.client, pair(session), kind="STATIC_LOGIN", credential=Secret("test")
    )
    async with asyncio.timeout(5):
        while not line.bank.calls:
            await asyncio.sleep(0.01)
    await age(line)
    assert await swept(line) == 1
    status = await line.ended(started.command_id)
    assert status.failure is not None
    assert status.failure.name == "CommandInterrupted"
    blocked.set()
    await line.intake.close()
    assert line.bank.calls == ["credential STATIC_LOGIN"]
    assert (await line.ended(started.command_id)).state is CommandState.ERROR


async def test_a_job_whose_worker_died_after_the_end_of_its_command_is_removed(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())

    async def end() -> None:
        async with line.database.tx() as db:
            claim = await commands.claim(db, started.command_id)
            assert claim is not None
            assert await commands.finish(
                db, claim.id, claim.attempt, Ending("error", "IO", "the bank is away")
            )

    await die_while(line, end)
    async with line.database.connection() as db:
        assert await (await db.execute("select count(*) from procrastinate_jobs")).fetchone() == (1,)
    assert await swept(line) == 0
    async with line.database.connection() as db:
        assert await (await db.execute("select count(*) from procrastinate_jobs")).fetchone() == (0,)


async def test_living_commands_are_left_alone(line: Line) -> None:
    async def slow(name: str) -> None:
        await asyncio.sleep(1.0)

    session = await line.session()
    line.bank.before = slow
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        await asyncio.sleep(1.2)
        assert await swept(line) == 0
        async with line.database.connection() as db:
            assert await (await db.execute("select count(*) from procrastinate_jobs")).fetchone() == (1,)
        assert (await line.ended(started.command_id)).state is CommandState.SUCCESSFUL
    assert line.bank.calls.count("list") == 1


async def test_nothing_is_swept_right_after_the_store_was_away(line: Line) -> None:
    session = await line.session()
    await line.intake.start(line.client, pair(session), DefaultImport())
    await age(line)
    sweeper = Sweeper(line.room, line.queue)
    for _ in range(CALM_SWEEPS - 1):
        assert await sweeper.sweep() == 0
    sweeper.unsettle()
    assert await sweeper.sweep() == 0
