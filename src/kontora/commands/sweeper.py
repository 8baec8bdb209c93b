"""The sweep: every 5 seconds, unfinished commands that nobody works on are run again or ended."""

from __future__ import annotations

import structlog

from kontora.commands.requests import COMMANDS
from kontora.commands.room import CommandRoom
from kontora.commands.statement_readings import end_abandoned_readings
from kontora.errors import CommandInterrupted
from kontora.store import commands, conversations, events, sessions
from kontora.store.commands import Abandoned, Ending
from kontora.store.conversations import Move
from kontora.store.database import Connection
from kontora.store.queue import SILENCE_SECONDS, Queue

log = structlog.get_logger("kontora.commands")

INTERVAL_SECONDS = 5.0
# After the store was away every heartbeat looks old: wait until living workers have beaten again.
CALM_SWEEPS = 3
MOST_ATTEMPTS = 3
PATIENCE_SECONDS = 45.0
REPEATABLE = frozenset(kind.wire_name for kind in COMMANDS)


class Sweeper:
    """Looks after unfinished commands; any number of processes may sweep at once."""

    def __init__(self, room: CommandRoom, queue: Queue) -> None:
        self._room = room
        self._queue = queue
        self._calm = 0

    def unsettle(self) -> None:
        """Note that the store was away."""
        self._calm = 0

    async def sweep(self) -> int:
        """Run abandoned commands again where the bank may be asked again, end the others; return how many."""
        self._calm += 1
        if self._calm < CALM_SWEEPS:
            return 0
        async with self._room.database.tx() as db:
            unserved = await commands.unserved(
                db, silence_seconds=SILENCE_SECONDS, patience_seconds=PATIENCE_SECONDS
            )
            for command in unserved:
                await self._end(
                    db, command, "No worker is running. Nothing was asked of the bank since. Try again."
                )
            found = await commands.abandoned(db, silence_seconds=SILENCE_SECONDS)
            for command in found:
                await self._settle(db, command)
            await self._end_conversations(db)
            await end_abandoned_readings(db)
            await self._queue.discard_leftovers(db)
            await sessions.end_expired(db, self._room.limits.life)
        return len(found) + len(unserved)

    async def _end_conversations(self, db: Connection) -> None:
        """End the sign-in steps that a crash cut short: nothing of them is sent to the bank again."""
        failure = CommandInterrupted()
        for found in await conversations.interrupted(db, silence_seconds=SILENCE_SECONDS):
            to = Move(state="failed", failure_name=failure.name, failure_message=failure.message)
            if found.session_id is not None:
                await sessions.end(db, found.session_id)
            if not await conversations.move(db, found.id, found.step, to):
                await conversations.fail_import(db, found.id, failure.name, failure.message)
            await events.append(
                db,
                events.Event(
                    kind="sign_in",
                    client_id=found.client_id,
                    session_id=found.session_id,
                    owner_id=found.owner_id,
                    target=found.target,
                    outcome=failure.name,
                ),
            )
            log.warning("sign_in_interrupted", session_id=found.session_id, target=found.target)

    async def _settle(self, db: Connection, command: Abandoned) -> None:
        if command.name not in REPEATABLE:
            await sessions.end(db, command.session_id)
            await self._end(db, command, CommandInterrupted.default_message)
        elif command.attempt >= MOST_ATTEMPTS:
            await self._end(db, command, "The worker stopped each time that the command ran. Sign in again.")
        else:
            if command.job_id is not None:
                await self._queue.discard(db, command.job_id)
            await commands.set_job(db, command.id, await self._queue.defer(db, command.id))
            log.warning(
                "command_queued_again", command_id=command.id, name=command.name, attempt=command.attempt
            )

    async def _end(self, db: Connection, command: Abandoned, message: str) -> None:
        if command.job_id is not None:
            await self._queue.discard(db, command.job_id)
        await commands.finish(
            db, command.id, command.attempt, Ending("error", CommandInterrupted.__name__, message)
        )
        await events.append(
            db,
            events.Event(
                kind="command_ended",
                client_id=command.client_id,
                session_id=command.session_id,
                command_id=command.id,
                owner_id=command.owner_id,
                target=command.target,
                outcome=CommandInterrupted.__name__,
                detail={"name": command.name},
            ),
        )
        log.warning("command_interrupted", command_id=command.id, name=command.name, attempt=command.attempt)
