"""A 202 is a promise, and a poll only looks (S09, S10, S11)."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from tests.commands.conftest import Line, make_line, pair
from tests.commands.scripted_bank import Bank
from tests.harness.databases import OwnPostgres

from kontora.commands.answers import CommandState
from kontora.commands.requests import DefaultImport
from kontora.errors import StoreUnavailable
from kontora.store.database import Database


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[OwnPostgres]:
    """A server that this test may kill."""
    server = OwnPostgres(tmp_path / "postgres")
    yield server
    server.end()


async def test_what_was_accepted_is_there_after_the_database_was_killed_the_next_moment(
    postgres: OwnPostgres, keys_dir: Path
) -> None:
    database = await Database.open(postgres.url)
    line = await make_line(database, keys_dir, Bank())
    for number in range(5):
        session = await line.session(f"o-{number}")
        before = postgres.postmaster
        accepted = await line.intake.start(line.client, pair(session), DefaultImport())
        # Nothing that waits in the memory of PostgreSQL outlives this.
        os.kill(before, signal.SIGKILL)
        row, jobs = await found(postgres, accepted.command_id)
        assert row == ("setup",), "the command was promised and is gone"
        assert jobs == 1, "the command is there and its job is gone"
    await database.close()


async def found(postgres: OwnPostgres, command_id: int) -> tuple[object, int]:
    """Look for a command and its job, once the server is there again."""
    async with asyncio.timeout(30):
        while True:
            try:
                with psycopg.connect(postgres.url, connect_timeout=2) as db:
                    row = db.execute("select state from command where id = %s", (command_id,)).fetchone()
                    jobs = db.execute(
                        "select count(*) from procrastinate_jobs where args->>'command_id' = %s",
                        (str(command_id),),
                    ).fetchone()
                return row, 0 if jobs is None else jobs[0]
            except psycopg.OperationalError:
                await asyncio.sleep(0.05)


async def test_a_job_that_cannot_be_written_takes_its_command_with_it(line: Line) -> None:
    session = await line.session()
    async with line.database.tx() as db:
        await db.execute("alter table procrastinate_jobs rename to away")
    with pytest.raises(ConnectorException):
        await line.intake.start(line.client, pair(session), DefaultImport())
    async with line.database.connection() as db:
        cursor = await db.execute("select count(*) from command where name = 'DefaultImportCommand'")
        assert await cursor.fetchone() == (0,)


async def test_a_poll_changes_nothing_however_often_it_comes(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())

    async def rows() -> list[object]:
        # xmin is another one after any change of the row, even to the same values.
        async with line.database.connection() as db:
            return [
                *await (await db.execute("select xmin::text, c.* from command c")).fetchall(),
                *await (await db.execute("select xmin::text, s.* from session s")).fetchall(),
                *await (await db.execute("select id from event order by id")).fetchall(),
            ]

    before = await rows()
    answers = await asyncio.gather(
        *(line.intake.status(line.client, started.command_id, None) for _ in range(1000))
    )
    assert await rows() == before
    assert len({repr(answer) for answer in answers}) == 1
    assert answers[0].state is CommandState.SETUP


async def test_a_poll_is_one_read_by_index(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())
    async with line.database.tx() as db:
        await db.execute("set local enable_seqscan = off")
        plan = await (
            await db.execute("explain select state from command where id = any(%s)", ([started.command_id],))
        ).fetchall()
    assert "command_pkey" in " ".join(row[0] for row in plan)


async def test_without_a_store_nothing_is_promised(database_url: str, keys_dir: Path) -> None:
    database = await Database.open(database_url)
    line = await make_line(database, keys_dir, Bank())
    session = await line.session()
    await database.close()
    with pytest.raises(StoreUnavailable):
        await line.intake.start(line.client, pair(session), DefaultImport())
