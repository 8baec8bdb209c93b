from __future__ import annotations

import psycopg
import pytest

from kontora.store.database import Database
from kontora.store.status_query import StatusQuery


@pytest.fixture
async def filled(database: Database) -> Database:
    await database.execute("insert into client (id, environment, ips) values ('c', 'test', '{}')")
    for command_id in (1, 2):
        await database.execute(
            "insert into command (id, client_id, owner_id, session_id, name, target, institution, counted,"
            " queued, state, attempt)"
            " values (%s, 'c', 7, 9, 'ImportOwnersDetailsCommand', 'T', 'I', true, true, 'setup', 0)",
            (command_id,),
        )
    return database


async def test_states_are_read_together_and_unknown_ids_are_missing(filled: Database) -> None:
    query = StatusQuery()
    async with filled.connection() as db:
        found = await query.read(db, [1, 2, 3])
        await db.execute("update command set state = 'in_progress', attempt = 1, progress = 40 where id = 2")
        later = await query.read(db, [2])
    assert {command_id: row.state for command_id, row in found.items()} == {1: "setup", 2: "setup"}
    assert (later[2].state, later[2].progress, later[2].sealed_result) == ("in_progress", 40, None)


async def test_a_connection_on_which_the_query_failed_can_be_used_again(filled: Database) -> None:
    query = StatusQuery()
    async with filled.connection() as db:
        await query.read(db, [1])
        await db.execute("alter table command rename to elsewhere")
        with pytest.raises(psycopg.errors.UndefinedTable):
            await query.read(db, [1])
        await db.execute("alter table elsewhere rename to command")  # psycopg deallocates what is prepared
        assert set(await query.read(db, [1])) == {1}
