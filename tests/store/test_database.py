from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from kontora.errors import StoreUnavailable
from kontora.store.database import REASONS, Database
from kontora.store.embedded import EmbeddedPostgres

SECRET = "Secret9021"


@pytest.fixture
async def db(empty_url: str) -> AsyncIterator[Database]:
    database = await Database.open(empty_url, min_size=2, max_size=4, patience_seconds=0.5)
    await database.execute("create table item (id integer primary key, name text)")
    yield database
    await database.close()


async def count(db: Database) -> int:
    row = await db.row("select count(*)::integer from item")
    assert row
    return int(row[0])


async def test_a_row_is_a_tuple_and_nothing_found_is_none(db: Database) -> None:
    assert await db.execute("insert into item values (%s, %s)", (1, "one")) == 1
    assert await db.row("select id, name from item where id = %s", (1,)) == (1, "one")
    assert await db.row("select id, name from item where id = %s", (2,)) is None
    assert await db.rows("select id, name from item") == [(1, "one")]


async def test_a_statement_is_prepared_when_it_is_first_used(db: Database) -> None:
    async with db.connection() as connection:
        await connection.execute("select name from item where id = %s", (1,))
        cursor = await connection.execute("select statement from pg_prepared_statements")
        assert ("select name from item where id = $1",) in await cursor.fetchall()


async def test_a_database_transaction_is_kept_whole(db: Database) -> None:
    async with db.tx() as connection:
        await connection.execute("insert into item values (1, 'one')")
        await connection.execute("insert into item values (2, 'two')")
        assert await count(db) == 0
    assert await count(db) == 2


async def test_an_exception_undoes_the_whole_database_transaction(db: Database) -> None:
    with pytest.raises(ValueError, match="no"):
        async with db.tx() as connection:
            await connection.execute("insert into item values (1, 'one')")
            raise ValueError("no")
    assert await count(db) == 0


async def test_a_cancelled_task_gives_its_connection_back_and_leaves_nothing_half_done(db: Database) -> None:
    async def slow() -> None:
        async with db.tx() as connection:
            await connection.execute("insert into item values (1, 'one')")
            await connection.execute("select pg_sleep(10)")

    for _ in range(6):
        task = asyncio.create_task(slow())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert await count(db) == 0


async def test_connections_that_the_server_ended_are_replaced_before_anybody_gets_one(
    db: Database, empty_url: str
) -> None:
    for _ in range(3):
        with psycopg.connect(empty_url, autocommit=True) as other:
            other.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        await asyncio.sleep(0.05)
        assert await count(db) == 0


async def test_it_reconnects_when_the_server_comes_back(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "postgres")
    db = await Database.open(server.start(), patience_seconds=0.2)
    try:
        server.stop()
        with pytest.raises(StoreUnavailable):
            await db.ping()
        server.start()
        await db.retry(db.ping, deadline_seconds=10)
    finally:
        await db.close()
        server.stop()


async def test_a_server_that_goes_in_the_middle_is_a_named_failure_with_its_cause(
    db: Database, empty_url: str
) -> None:
    with pytest.raises(StoreUnavailable) as failure:
        async with db.connection() as connection:
            with psycopg.connect(empty_url, autocommit=True) as other:
                other.execute("select pg_terminate_backend(%s)", (connection.info.backend_pid,))
            await connection.execute("select %s", (SECRET,))
    assert isinstance(failure.value.__cause__, psycopg.Error)
    assert SECRET not in failure.value.message
    assert "select" not in failure.value.message
    assert await count(db) == 0


@pytest.mark.parametrize("state", sorted(REASONS))
async def test_whatever_keeps_the_database_from_serving_has_one_name(db: Database, state: str) -> None:
    with pytest.raises(StoreUnavailable) as failure:
        await db.execute(f"do $$ begin raise exception '{SECRET}' using errcode = '{state}'; end $$")
    assert REASONS[state] in failure.value.message
    assert SECRET not in failure.value.message
    assert await count(db) == 0


async def test_a_slow_statement_and_a_locked_row_end_by_themselves(empty_url: str) -> None:
    impatient = make_conninfo(empty_url, options="-c statement_timeout=50ms -c lock_timeout=20ms")
    db = await Database.open(impatient)
    try:
        with pytest.raises(StoreUnavailable, match="a statement took too long"):
            await db.row("select pg_sleep(5)")
        await db.execute("create table item (id integer)")
        async with db.tx() as connection:
            await connection.execute("lock table item")
            with pytest.raises(StoreUnavailable, match="locked"):
                await db.execute("insert into item values (1)")
    finally:
        await db.close()


async def test_sessions_have_limits_by_default(db: Database) -> None:
    row = await db.row(
        "select current_setting('statement_timeout'), current_setting('lock_timeout'),"
        " current_setting('idle_in_transaction_session_timeout'), current_setting('timezone')"
    )
    assert row == ("15s", "5s", "15s", "UTC")


async def test_no_free_connection_is_a_named_failure(db: Database) -> None:
    async with db.connection(), db.connection(), db.connection(), db.connection():
        started = time.monotonic()
        with pytest.raises(StoreUnavailable, match="no connection in time"):
            await db.row("select 1")
        assert time.monotonic() - started < 2
    assert await count(db) == 0


async def test_a_broken_rule_of_the_schema_is_our_bug_and_keeps_its_own_name(db: Database) -> None:
    await db.execute("insert into item values (1, 'one')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        await db.execute("insert into item values (1, 'again')")
    with pytest.raises(psycopg.errors.UndefinedTable):
        await db.row("select 1 from nowhere")


async def test_an_unreachable_database_is_told_at_once_with_its_cause(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be reached") as failure:
        await Database.open(f"postgresql://kontora@/kontora?host={tmp_path}", wait_seconds=0.2)
    assert isinstance(failure.value.__cause__, psycopg.OperationalError)


async def test_a_closed_database_is_a_named_failure(empty_url: str) -> None:
    db = await Database.open(empty_url)
    await db.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await db.row("select 1")


async def test_a_unit_is_tried_again_until_it_works_or_the_deadline_passes(db: Database) -> None:
    failures = [StoreUnavailable("first"), StoreUnavailable("second")]

    async def unit() -> str:
        if failures:
            raise failures.pop()
        return "done"

    assert await db.retry(unit, deadline_seconds=5) == "done"

    async def never() -> str:
        raise StoreUnavailable("never")

    with pytest.raises(StoreUnavailable, match="never"):
        await db.retry(never, deadline_seconds=0.2)
