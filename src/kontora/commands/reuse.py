"""Using a consent again without its owner, and giving it up."""

from __future__ import annotations

import asyncio
import re

import structlog

from kontora.commands.answers import Client, OpenedSession
from kontora.commands.consents import (
    ConsentState,
    consent_grant,
    end_consent,
    opened_consent,
    reused_history_start,
    token_digest,
)
from kontora.commands.features import MULTIPLE, check_feature
from kontora.commands.owners import known_owner
from kontora.commands.room import CommandRoom, SessionState
from kontora.connectors.catalogue import Target
from kontora.connectors.protocol import ABSENT_PSU, ChecksConsent, Grant, SignsOut
from kontora.errors import (
    BankError,
    CommandNotAvailable,
    ConcurrentSessionsLimitExceed,
    InvalidMultipleAccessId,
    InvalidTarget,
    JobsQuotaExceeded,
    KontoraError,
    MultipleAccessLimitExceeded,
    OperatorError,
)
from kontora.store import clients, commands, consents, events, sessions, target_health
from kontora.store.consents import ConsentRow
from kontora.store.database import Connection
from kontora.store.ids import random_id
from kontora.store.sessions import SessionRow

log = structlog.get_logger("kontora.consents")

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
CHECK_SECONDS = 60.0
FAREWELL_SECONDS = 30.0


class ReuseDesk:
    """Takes multipleAccessIds of clients."""

    def __init__(self, room: CommandRoom) -> None:
        self._room = room
        self._farewells: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Wait for the banks that are being told of an end."""
        if self._farewells:
            await asyncio.wait(self._farewells, timeout=FAREWELL_SECONDS)

    async def reuse(self, client: Client, token: str) -> OpenedSession:
        """Open a session with a consent; it is counted before this returns, whatever comes of it.

        Raises: CommandNotAvailable, without the feature or while the institution is switched to its fallback;
        InvalidMultipleAccessId; MultipleAccessLimitExceeded; JobsQuotaExceeded.
        """
        room = self._room
        row = await self._found(client, token)
        target = await self._usable_target(row)
        opened = await opened_consent(room, row.id)
        owner = await known_owner(room, client.id, opened.owner_external_id)
        session_id = random_id()
        state = SessionState(
            owner.external_id,
            since=reused_history_start(room.now().date()),
            consent_id=row.id,
            reused=True,
        )
        sealed = await room.seal_session(session_id, owner.id, state)
        session = SessionRow(
            session_id, client.id, owner.id, row.target, row.institution, "signed_in", None, sealed
        )
        try:
            async with room.database.tx() as db:
                await self._count(db, client, token, session)
        except (MultipleAccessLimitExceeded, JobsQuotaExceeded) as error:
            await self._tell(row, session, error.name)
            raise
        await self._check_at_bank(row, target, opened)
        return OpenedSession(
            session_id, room.signing.sign(client.environment, client.id, session_id), owner.external_id
        )

    async def _found(self, client: Client, token: str) -> ConsentRow:
        check_feature(client, MULTIPLE)
        if not TOKEN.fullmatch(token):
            raise InvalidMultipleAccessId
        async with self._room.database.connection() as db:
            row = await consents.find(db, client.id, token_digest(token))
        if row is None:
            raise InvalidMultipleAccessId
        return row

    async def _usable_target(self, row: ConsentRow) -> Target:
        catalogue = self._room.catalogue
        try:
            target = catalogue.target(row.target)
        except InvalidTarget as error:
            raise CommandNotAvailable(f"Target {row.target} is not offered here any more.") from error
        async with self._room.database.connection() as db:
            failing = await target_health.failing(db)
        if target.name in failing and catalogue.institution(row.institution).fallback is not None:
            raise CommandNotAvailable(
                f"{row.institution} is read through its web bank at the moment, which knows no multiple"
                " access. Try again later, or ask the owner to sign in."
            )
        return target

    async def _count(self, db: Connection, client: Client, token: str, session: SessionRow) -> None:
        """Count the use and add its session, or neither."""
        room = self._room
        # One at a time per client, then per account: what is counted here stays true until the commit.
        await clients.lock(db, client.id)
        row = await consents.find(db, client.id, token_digest(token), for_update=True)
        if row is None:
            raise InvalidMultipleAccessId
        await consents.take_turn(db, [_number(one) for one in await consents.accounts_of(db, row.id)])
        wait_seconds = await consents.wait_seconds(db, row.id)
        if wait_seconds is not None:
            raise MultipleAccessLimitExceeded(retry_after_seconds=int(wait_seconds) + 1)
        if await commands.count_unfinished(db, client.id) >= room.limits.commands_per_client:
            raise JobsQuotaExceeded
        if await sessions.count_live(db, client.id, room.limits.life) >= room.limits.sessions_per_client:
            raise ConcurrentSessionsLimitExceed
        await consents.add_use(db, row.id)
        await sessions.insert(db, session)
        await consents.attach(db, session.id, row.id)
        await events.append(db, _event(row, session, "ok"))

    async def _tell(self, row: ConsentRow, session: SessionRow, outcome: str) -> None:
        async with self._room.database.connection() as db:
            await events.append(db, _event(row, session, outcome))

    async def _check_at_bank(self, row: ConsentRow, target: Target, opened: ConsentState) -> None:
        """Ask the bank whether the consent is valid, unless it was asked a moment ago.

        Raises: InvalidMultipleAccessId, if it is not; the consent has ended then.
        """
        room = self._room
        connector = room.connect(target)
        if not isinstance(connector, ChecksConsent):
            return
        async with room.database.connection() as db:
            if not await consents.claim_check(db, row.id, pause_seconds=CHECK_SECONDS):
                return
        grant = await consent_grant(room, row.id, SessionState(opened.owner_external_id))
        try:
            async with asyncio.timeout(CHECK_SECONDS / 2):
                valid = await connector.is_consent_valid(grant)
        except (BankError, OperatorError, TimeoutError) as error:
            # The import will find out.
            log.info("consent_not_checked", target=target.name, failure=type(error).__name__)
            return
        if not valid:
            await end_consent(room, row.ref, "ended_by_bank")
            raise InvalidMultipleAccessId

    async def delete(self, client: Client, token: str) -> None:
        """Give a consent up: here at once, at the bank as soon as it answers.

        Raises: InvalidMultipleAccessId.
        """
        if not TOKEN.fullmatch(token):
            raise InvalidMultipleAccessId
        room = self._room
        async with room.database.connection() as db:
            row = await consents.find(db, client.id, token_digest(token))
        if row is None:
            raise InvalidMultipleAccessId
        opened = await opened_consent(room, row.id)
        if not await end_consent(room, row.ref, "deleted"):
            raise InvalidMultipleAccessId
        farewell = asyncio.create_task(self._say_farewell(row, opened))
        self._farewells.add(farewell)
        farewell.add_done_callback(self._farewells.discard)

    async def _say_farewell(self, row: ConsentRow, opened: ConsentState) -> None:
        """Tell the bank, which may be away: then its consent ends by its own date."""
        outcome = "ok"
        try:
            connector = self._room.connect(self._room.catalogue.target(row.target))
            if isinstance(connector, SignsOut):
                async with asyncio.timeout(FAREWELL_SECONDS):
                    await connector.sign_out(Grant(opened.access, psu=ABSENT_PSU))
        except KontoraError as error:
            outcome = error.name
        except TimeoutError:
            outcome = "ServiceTemporarilyUnavailable"
        except Exception:
            log.exception("farewell_broke", target=row.target)
            outcome = "InternalError"
        log.info("consent_deleted_at_bank", target=row.target, outcome=outcome)


def _number(digest: bytes) -> int:
    """Return what the database's lock of an account is called."""
    return int.from_bytes(digest[:8], "big", signed=True)


def _event(row: ConsentRow, session: SessionRow, outcome: str) -> events.Event:
    return events.Event(
        kind="consent_reused",
        client_id=row.client_id,
        session_id=session.id if outcome == "ok" else None,
        owner_id=session.owner_id,
        target=row.target,
        outcome=outcome,
        detail={"consent_id": row.id},
    )
