"""Credentials of practice sessions, entered one command at a time.

They never reach the queue: a step runs in the process that received the credential, at most once, and a
process that dies in between ends the step as `CommandInterrupted`.
"""

from __future__ import annotations

import asyncio

from kontora.commands.answers import Client, SessionPair, StartedCommand
from kontora.commands.attempt import Attempt, Outcome
from kontora.commands.health import SIGN_IN
from kontora.commands.requests import ENTER_CREDENTIAL
from kontora.commands.room import CommandRoom
from kontora.commands.sign_in import STEP_SECONDS, Checked, checked_session, keep_step, replace_access
from kontora.connectors.protocol import Answer, CredentialKind, Secret, SignInRequest
from kontora.errors import (
    AlreadySignedIn,
    CommandNotAvailable,
    InvalidParameter,
    InvalidSessionId,
    KontoraError,
)
from kontora.store import commands, sessions
from kontora.store.commands import NewCommand
from kontora.store.ids import random_id
from kontora.wire.xml import render_credentials_metadata

BEAT_SECONDS = 2.0


class CredentialDesk:
    """Takes credentials and runs each sign-in step on the spot, in this process."""

    def __init__(self, room: CommandRoom) -> None:
        self._room = room
        self._steps: set[asyncio.Task[None]] = set()

    async def enter(self, client: Client, pair: SessionPair, kind: str, credential: Secret) -> StartedCommand:
        """Accept a credential durably, then send it to the bank once.

        Raises: InvalidSessionId, InvalidSessionIdSignature, AlreadySignedIn, InvalidParameter,
        CommandNotAvailable while another credential of the session is being checked.
        """
        room = self._room
        session = await checked_session(room, client, pair)
        if session.row.state == "signed_in":
            raise AlreadySignedIn
        if kind not in CredentialKind.__members__:
            raise InvalidParameter("credentialKind is not one of the kinds of the catalogue.")
        command_id = random_id()
        row = session.row
        async with room.database.tx() as db:
            if await sessions.find_live(db, client.id, row.id, room.limits.life, for_update=True) is None:
                raise InvalidSessionId
            if await commands.has_unfinished(db, row.id, ENTER_CREDENTIAL):
                raise CommandNotAvailable(
                    "Another credential of this session is being checked. Poll it first."
                )
            await commands.insert(
                db,
                NewCommand(
                    id=command_id,
                    client_id=client.id,
                    owner_id=row.owner_id,
                    session_id=row.id,
                    name=ENTER_CREDENTIAL,
                    target=row.target,
                    institution=row.institution,
                    counted=False,
                    queued=False,
                    sealed_parameters=None,
                ),
                None,
            )
            await sessions.touch(db, row.id)
        step = asyncio.create_task(self._run(command_id, session, Answer(CredentialKind(kind), credential)))
        self._steps.add(step)
        step.add_done_callback(self._steps.discard)
        return StartedCommand(command_id, ENTER_CREDENTIAL, session.state.owner_external_id)

    async def close(self) -> None:
        """Wait for the steps under way, at most a step's time."""
        if self._steps:
            await asyncio.wait(self._steps, timeout=STEP_SECONDS)

    async def _run(self, command_id: int, session: Checked, answer: Answer) -> None:
        row = session.row
        attempt = Attempt(
            room=self._room,
            command_id=command_id,
            client_id=row.client_id,
            owner_id=row.owner_id,
            session_id=row.id,
            name=ENTER_CREDENTIAL,
            target=row.target,
            attempt=1,
        )
        await attempt.run(lambda: self._take_step(attempt, session, answer), beat_seconds=BEAT_SECONDS)

    async def _take_step(self, attempt: Attempt, session: Checked, answer: Answer) -> Outcome:
        room, row, state = self._room, session.row, session.state
        connector = room.connect(room.catalogue.target(row.target))
        request = SignInRequest(psu=state.psu)
        access = state.access
        try:
            async with asyncio.timeout(STEP_SECONDS):
                if access is None:
                    access = (await connector.sign_in(request, (), None)).access
                step = await connector.sign_in(request, (answer,), access)
        except KontoraError as error:
            room.note_outcome(row.target, SIGN_IN, error.name)
            raise
        if step.access.signed_in:
            room.note_outcome(row.target, SIGN_IN, None)
        if not await keep_step(
            room, row.id, row.owner_id, replace_access(state, step), row.client_id, row.target
        ):
            raise InvalidSessionId
        result = render_credentials_metadata(step.challenges) if step.challenges else b"<result/>"
        return Outcome(result=result)
