"""PDFs that are being read: each takes one of its client's places until it ends, by exactly one event."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from kontora.commands.answers import Client
from kontora.commands.room import CommandRoom
from kontora.errors import CommandInterrupted, JobsQuotaExceeded, KontoraError, OwnerDeleted, StoreUnavailable
from kontora.statements.readings import StatementReading
from kontora.store import clients, commands, events, owners, statements
from kontora.store.database import Connection
from kontora.store.ids import random_id
from kontora.store.statements import BEAT_SECONDS, ReadingRow

STATEMENT, CONFIRMATION = "statement_read", "confirmation_read"
COMMANDS = {STATEMENT: "StatementCommand", CONFIRMATION: "ConfirmationCommand"}

log = structlog.get_logger("kontora.commands")


class StatementReadings:
    """Gives places to PDFs that are read."""

    def __init__(self, room: CommandRoom) -> None:
        self._room = room

    @asynccontextmanager
    async def place(self, client: Client, kind: str, owner_id: int | None) -> AsyncIterator[ReadingRow]:
        """Take one of the client's places inside the block. The block ends it with `end`, unless it fails.

        `kind`: of the event. Raises: JobsQuotaExceeded; OwnerDeleted.
        """
        room, began = self._room, time.monotonic()
        row = ReadingRow(random_id(), client.id, owner_id, kind)
        async with room.database.tx() as db:
            # One at a time per client: the count and the insert belong together.
            await clients.lock(db, client.id)
            if await commands.count_unfinished(db, client.id) >= room.limits.commands_per_client:
                raise JobsQuotaExceeded
            if owner_id is not None and not await owners.hold(db, owner_id):
                raise OwnerDeleted
            await statements.begin(db, row)
        beating = asyncio.create_task(self._beat(row.id))
        outcome, state = "InternalError", "fatal"
        try:
            yield row
            outcome, state = "ok", "successful"
        except KontoraError as failure:
            outcome, state = failure.name, "error"
            raise
        except asyncio.CancelledError:
            outcome, state = CommandInterrupted.__name__, "error"
            raise
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            room.announce(COMMANDS[kind], state, time.monotonic() - began)
            if outcome != "ok":
                await asyncio.shield(self._give_up(row, outcome))

    async def _beat(self, reading_id: int) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            with contextlib.suppress(StoreUnavailable):
                async with self._room.database.connection() as db:
                    await statements.beat(db, reading_id)

    async def _give_up(self, row: ReadingRow, outcome: str) -> None:
        """Free the place and leave the event; where the store is away, the sweep does it later."""
        with contextlib.suppress(StoreUnavailable):
            async with self._room.database.tx() as db:
                if await statements.end(db, row.id):
                    await events.append(db, _event(row, outcome))


async def end(db: Connection, row: ReadingRow, reading: StatementReading) -> None:
    """Free the place of a PDF that was read, and leave the event, in the caller's database transaction.

    Raises: CommandInterrupted, if the sweep has given it up meanwhile, and has told so.
    """
    if not await statements.end(db, row.id):
        raise CommandInterrupted("This server stood still while it read the file. Send it again.")
    await events.append(db, _event(row, "ok", reading))


async def end_abandoned_readings(db: Connection) -> None:
    """Free the places of PDFs that no living process reads any more, and tell of them."""
    for row in await statements.end_abandoned(db):
        await events.append(db, _event(row, CommandInterrupted.__name__))
        log.warning("statement_interrupted", command_id=row.id)


def _event(row: ReadingRow, outcome: str, reading: StatementReading | None = None) -> events.Event:
    detail: dict[str, int | float | str | bool] | None = None
    if reading is not None:
        detail = {
            "layout": reading.recognised.layout,
            "pages": reading.pages,
            "consistent": reading.is_consistent,
            "failed_verifications": len(reading.failed_verifications),
        }
    return events.Event(
        kind=row.kind,
        client_id=row.client_id,
        command_id=row.id,
        owner_id=row.owner_id,
        target=None if reading is None else reading.recognised.target,
        outcome=outcome,
        detail=detail,
    )
