"""Reading the state of commands for polls: polls that wait at the same moment share one query."""

from __future__ import annotations

import asyncio

from kontora.store.commands import StatusRow
from kontora.store.database import Database
from kontora.store.status_query import StatusQuery

MOST_AT_ONCE = 64


class StatusReader:
    """Reads each asked state from the database after it was asked, many in one query."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._query = StatusQuery()
        self._waiting: list[tuple[int, asyncio.Future[StatusRow | None]]] = []
        self._reading: asyncio.Task[None] | None = None

    async def read(self, command_id: int) -> StatusRow | None:
        """Return the state as it is in the database now; `None` for an unknown id.

        Raises: StoreUnavailable.
        """
        answer: asyncio.Future[StatusRow | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((command_id, answer))
        if self._reading is None:
            self._reading = asyncio.create_task(self._read_all())
        return await answer

    async def _read_all(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MOST_AT_ONCE], self._waiting[MOST_AT_ONCE:]
                await self._read_batch(batch)
        finally:
            self._reading = None

    async def _read_batch(self, batch: list[tuple[int, asyncio.Future[StatusRow | None]]]) -> None:
        try:
            async with self._database.connection() as db:
                rows = await self._query.read(db, [command_id for command_id, _ in batch])
        except BaseException as error:
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        for command_id, answer in batch:
            if not answer.done():
                answer.set_result(rows.get(command_id))
