"""The import that starts by itself after the sign-in, where the client's page wanted it."""

from __future__ import annotations

import asyncio

from kontora.commands.answers import Client, SessionPair
from kontora.commands.conversation_steps import Place
from kontora.commands.intake import Intake
from kontora.commands.requests import DefaultImport
from kontora.commands.room import CommandRoom
from kontora.errors import JobsQuotaExceeded, KontoraError, StoreUnavailable
from kontora.store import conversations

PAUSES_SECONDS = (0.0, 2.0, 5.0, 10.0, 15.0, 15.0)


class AutoImport:
    """Starts imports; while the client has no place free, it tries again for a while."""

    def __init__(self, room: CommandRoom, intake: Intake) -> None:
        self._room = room
        self._intake = intake

    async def start(self, client: Client, place: Place) -> None:
        """Start the default import by itself, if the client's page wanted it."""
        if not place.state.auto_import:
            return
        signature = self._room.signing.sign(client.environment, client.id, place.session_id)
        pair, failure = SessionPair(place.session_id, signature), "CommandInterrupted"
        for pause_seconds in PAUSES_SECONDS:
            await asyncio.sleep(pause_seconds)
            try:
                async with self._room.database.connection() as db:
                    await conversations.beat(db, place.conversation_id, place.step + 1)
                started = await self._intake.start(client, pair, DefaultImport())
                async with self._room.database.connection() as db:
                    await conversations.note_import(db, place.conversation_id, started.command_id)
                return
            except (JobsQuotaExceeded, StoreUnavailable) as error:
                failure = error.name
            except KontoraError as error:
                failure = error.name
                break
        async with self._room.database.connection() as db:
            message = "The import could not be started by itself."
            await conversations.fail_import(db, place.conversation_id, failure, message)
