"""The query that polls ask hundreds of times a second, sent past the cursor, which costs twice as much."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from psycopg import AsyncConnection, abc, generators
from psycopg.adapt import Transformer
from psycopg.errors import InvalidSqlStatementName, error_from_result
from psycopg.pq import ExecStatus, Format
from psycopg.rows import TupleRow

from kontora.store.commands import StatusRow

NAME = "kontora_statuses"
PREPARE = (
    f"prepare {NAME} (bigint[]) as"
    " select id, client_id, session_id, owner_id, name, state, progress, target, institution, failure_name,"
    " failure_message, failure_friendly_message, sealed_result from command where id = any($1)"
).encode()


class StatusQuery:
    """Reads the state of commands; the statement is prepared once on each connection."""

    def __init__(self) -> None:
        self._prepared: WeakKeyDictionary[AsyncConnection[TupleRow], abc.Transformer] = WeakKeyDictionary()

    async def read(self, db: AsyncConnection[TupleRow], command_ids: Sequence[int]) -> dict[int, StatusRow]:
        """Read the state of several commands at once; unknown ids are missing in the answer.

        Raises: psycopg.Error.
        """
        try:
            return await self._read(db, command_ids)
        except InvalidSqlStatementName:
            # psycopg deallocates all statements of a connection after a rollback or a change of the schema.
            self._prepared.pop(db, None)
            return await self._read(db, command_ids)

    async def _read(self, db: AsyncConnection[TupleRow], command_ids: Sequence[int]) -> dict[int, StatusRow]:
        transformer = self._prepared.get(db)
        if transformer is None:
            await db.execute(PREPARE, prepare=False)
            transformer = self._prepared[db] = Transformer(db)
        ids = b"{%s}" % b",".join(b"%d" % command_id for command_id in command_ids)
        db.pgconn.send_query_prepared(NAME.encode(), [ids], result_format=Format.BINARY)
        (result,) = await db.wait(generators.execute(db.pgconn))
        if result.status != ExecStatus.TUPLES_OK:
            raise error_from_result(result)
        transformer.set_pgresult(result)
        return {row[0]: StatusRow(*row) for row in transformer.load_rows(0, result.ntuples, tuple)}
