"""The desk where clients' requests arrive: every promise is durable before it is given."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.errors import UniqueViolation

from kontora.commands.answers import (
    Client,
    CommandState,
    CommandStatus,
    Failure,
    OpenedSession,
    OwnerData,
    SessionPair,
    StartedCommand,
)
from kontora.commands.credential_desk import CredentialDesk
from kontora.commands.labelled_owners import LabelledOwner, labelled_owner
from kontora.commands.owners import delete_owner, owner_data
from kontora.commands.parameters import encode_request
from kontora.commands.requests import CommandRequest
from kontora.commands.reuse import ReuseDesk
from kontora.commands.room import CommandRoom
from kontora.commands.sign_in import Checked, checked_session, mock_session, open_session
from kontora.commands.statuses import StatusReader
from kontora.connectors.protocol import Psu, Secret
from kontora.errors import (
    CommandNotAvailable,
    DefaultImportAlreadyExecuted,
    IdempotencyConflict,
    InvalidCommandId,
    InvalidSessionId,
    InvalidSessionIdSignature,
    JobsQuotaExceeded,
    NotSignedIn,
)
from kontora.store import clients, clock, commands, events, remembered, sessions
from kontora.store.commands import NewCommand, StatusRow
from kontora.store.database import Connection
from kontora.store.ids import random_id
from kontora.store.queue import Queue
from kontora.store.vault import KeyDestroyed


@dataclass(frozen=True, slots=True)
class Idempotency:
    """A client's Idempotency-Key (its digest) and the fingerprint of the request that came with it."""

    key_digest: bytes
    fingerprint: bytes


class Intake:
    """Takes requests of authenticated clients. Every method raises a `KontoraError` that says what to do."""

    def __init__(self, room: CommandRoom, queue: Queue, statuses: StatusReader) -> None:
        self._room = room
        self._queue = queue
        self._statuses = statuses
        self._desk = CredentialDesk(room)
        self._reuse = ReuseDesk(room)

    async def close(self) -> None:
        """Wait for the sign-in steps under way, and the banks that are being told of an end."""
        await self._desk.close()
        await self._reuse.close()

    async def open_session(
        self, client: Client, *, target: str, owner_external_id: str | None, psu: Psu
    ) -> OpenedSession:
        """Open a session at a practice target."""
        return await open_session(
            self._room, client, target=target, owner_external_id=owner_external_id, psu=psu
        )

    async def mock_session(
        self,
        client: Client,
        *,
        login: str,
        country: str,
        owner_external_id: str | None,
        multiple_access: bool,
    ) -> OpenedSession:
        """Sign a practice owner in and return the session."""
        return await mock_session(
            self._room,
            client,
            login=login,
            country=country,
            owner_external_id=owner_external_id,
            password=Secret("Test123"),
            multiple_access=multiple_access,
        )

    async def reuse_multiple_access(self, client: Client, multiple_access_id: str) -> OpenedSession:
        """Open a session without the owner."""
        return await self._reuse.reuse(client, multiple_access_id)

    async def delete_multiple_access(self, client: Client, multiple_access_id: str) -> None:
        """End a consent that is used again."""
        await self._reuse.delete(client, multiple_access_id)

    async def enter_credential(
        self, client: Client, pair: SessionPair, *, kind: str, credential: Secret
    ) -> StartedCommand:
        """Accept a credential and send it to the bank once."""
        return await self._desk.enter(client, pair, kind, credential)

    async def check_session(self, client: Client, pair: SessionPair) -> None:
        """Raise InvalidSessionId or InvalidSessionIdSignature, unless it is a live session of this client."""
        await checked_session(self._room, client, pair)

    async def start(
        self,
        client: Client,
        pair: SessionPair,
        request: CommandRequest,
        *,
        idempotency: Idempotency | None = None,
    ) -> StartedCommand:
        """Accept a command: row and job in one database transaction, durable before this returns."""
        session = await checked_session(self._room, client, pair)
        self._check_available(session, request)
        if session.row.state != "signed_in":
            raise NotSignedIn
        command_id = random_id()
        sealed = await self._room.vault.seal(
            encode_request(request),
            owner_id=session.row.owner_id,
            hour=self._room.hour(),
            context=f"parameters/{command_id}",
        )
        try:
            async with self._room.database.tx() as db:
                accepted = await self._accept(db, client, session, request, (command_id, sealed), idempotency)
        except UniqueViolation as error:
            raise DefaultImportAlreadyExecuted from error
        return StartedCommand(accepted, request.wire_name, session.state.owner_external_id)

    def _check_available(self, session: Checked, request: CommandRequest) -> None:
        target = self._room.catalogue.target(session.row.target)
        if request.wire_name not in target.commands:
            raise CommandNotAvailable(
                f"Command {request.wire_name} is not available for target {target.name}."
            )

    async def _accept(
        self,
        db: Connection,
        client: Client,
        session: Checked,
        request: CommandRequest,
        new: tuple[int, bytes],
        idempotency: Idempotency | None,
    ) -> int:
        room, (command_id, sealed) = self._room, new
        # One at a time per client: the count and the insert belong together.
        await clients.lock(db, client.id)
        if idempotency is not None:
            known = await remembered.find(db, client.id, idempotency.key_digest)
            if known is not None:
                if known.fingerprint != idempotency.fingerprint:
                    raise IdempotencyConflict
                return known.command_id
        row = await sessions.find_live(db, client.id, session.row.id, room.limits.life, for_update=True)
        if row is None:
            raise InvalidSessionId
        mode = "default" if request.is_default else "advanced"
        _check_mode(row.mode, mode, request)
        if request.is_import:
            if await commands.count_unfinished(db, client.id) >= room.limits.commands_per_client:
                raise JobsQuotaExceeded
            await sessions.set_mode(db, row.id, mode)
        else:
            await sessions.touch(db, row.id)
        job_id = await self._queue.defer(db, command_id)
        await commands.insert(
            db,
            NewCommand(
                id=command_id,
                client_id=client.id,
                owner_id=row.owner_id,
                session_id=row.id,
                name=request.wire_name,
                target=row.target,
                institution=row.institution,
                counted=request.is_import,
                queued=True,
                sealed_parameters=sealed,
            ),
            job_id,
        )
        await events.append(
            db,
            events.Event(
                kind="command_accepted",
                client_id=client.id,
                session_id=row.id,
                command_id=command_id,
                owner_id=row.owner_id,
                target=row.target,
                outcome="ok",
                detail={"name": request.wire_name},
            ),
        )
        if idempotency is not None:
            await remembered.insert(
                db, client.id, idempotency.key_digest, idempotency.fingerprint, command_id
            )
        return command_id

    async def status(self, client: Client, command_id: int, pair: SessionPair | None) -> CommandStatus:
        """Read a command's state as it is in the database now; changes nothing.

        Raises: InvalidCommandId, for an unknown, foreign or deleted one alike; InvalidSessionIdSignature, if
        a session pair is given that does not belong to the command.
        """
        row = await self._statuses.read(command_id)
        if row is None or row.client_id != client.id:
            raise InvalidCommandId
        if pair is not None and not (
            self._room.signing.verify(pair.signature, client.environment, client.id, pair.session_id)
            and pair.session_id == row.session_id
        ):
            raise InvalidSessionIdSignature
        return await self._status(row)

    async def _status(self, row: StatusRow) -> CommandStatus:
        failure = None
        if row.failure_name is not None:
            failure = Failure(row.failure_name, row.failure_message or "", row.failure_friendly_message)
        result = None
        if row.sealed_result is not None:
            try:
                result = await self._room.vault.open(
                    row.sealed_result, owner_id=row.owner_id, context=f"result/{row.id}"
                )
            except KeyDestroyed as error:
                raise InvalidCommandId from error
            async with self._room.database.connection() as db:
                await events.append(
                    db,
                    events.Event(
                        kind="result_read",
                        client_id=row.client_id,
                        session_id=row.session_id,
                        command_id=row.id,
                        owner_id=row.owner_id,
                        target=row.target,
                        outcome="ok",
                    ),
                )
        return CommandStatus(
            command_id=row.id,
            name=row.name,
            state=CommandState(row.state),
            progress=row.progress,
            target=row.target,
            institution=row.institution,
            failure=failure,
            result=result,
        )

    async def owner_data(self, client: Client, owner_external_id: str) -> OwnerData:
        """Read all data of an owner, as it is stored."""
        return await owner_data(self._room, client, owner_external_id)

    async def labelled_owner(self, client: Client, owner_external_id: str) -> LabelledOwner:
        """Read all data of an owner, merged and labelled."""
        return await labelled_owner(self._room, client, owner_external_id, kind="data_read")

    async def delete_owner(self, client: Client, owner_external_id: str) -> None:
        """Delete all data of an owner now."""
        await delete_owner(self._room, client, owner_external_id)

    async def session_owner_external_id(self, client: Client, session_id: int) -> str | None:
        """Return whose live session this is, for error replies; `None` for an unknown or foreign one."""
        room = self._room
        async with room.database.connection() as db:
            row = await sessions.find_live(db, client.id, session_id, room.limits.life)
        if row is None or row.sealed_state is None:
            return None
        return (await room.open_session(row.id, row.owner_id, row.sealed_state)).owner_external_id

    async def set_clock(self, offset_seconds: float) -> None:
        """Move the practice clock, by which retention, quotas and consents go."""
        async with self._room.database.connection() as db:
            await clock.move(db, offset_seconds)


def _check_mode(present: str | None, wanted: str, request: CommandRequest) -> None:
    if not request.is_import:
        return
    if wanted == "default" and present == "default":
        raise DefaultImportAlreadyExecuted
    if present is not None and present != wanted:
        raise CommandNotAvailable(
            f"Command {request.wire_name} is not available on this session: the default import and the"
            " single import commands cannot be mixed. Sign in again for the other kind."
        )
