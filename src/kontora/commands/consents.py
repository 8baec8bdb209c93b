"""Consents that may be used again: granted at a sign-in, shared by sessions, ended for good.

All sessions of a consent use the one access in it, so that a one-time refresh token is used once, whoever
comes first. Whatever ends a consent destroys its key first.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from types import TracebackType

import msgspec
import structlog

from kontora.commands.features import MULTIPLE
from kontora.commands.room import CommandRoom, SessionState
from kontora.connectors.protocol import Access, Grant
from kontora.connectors.target import Target
from kontora.errors import InvalidMultipleAccessId, SessionExpired
from kontora.model import Account
from kontora.store import consents, events
from kontora.store.consents import ConsentRef, ConsentRow
from kontora.store.database import Connection
from kontora.store.ids import random_id
from kontora.store.vault import KeyDestroyed

log = structlog.get_logger("kontora.consents")

REUSED_HISTORY_DAYS = 180
# Longer than a request for new tokens may take.
LEASE_SECONDS = 65.0
LEASE_PAUSE_SECONDS = 0.1


class ConsentState(msgspec.Struct, frozen=True):
    """What is kept, sealed, of a consent: whose it is, and the bank's access."""

    owner_external_id: str
    access: Access


@dataclass(frozen=True, slots=True)
class Granted:
    """A consent that is about to be stored, beside the session in which the owner gave it."""

    row: ConsentRow
    token: str
    until: date | None
    session_id: int
    owner_id: int

    async def store(self, db: Connection) -> None:
        """Store it, in the database transaction that stores the session's state."""
        row = self.row
        await consents.insert(db, row, token_digest(self.token), self.until)
        await consents.attach(db, self.session_id, row.id)
        await events.append(
            db,
            events.Event(
                kind="consent_granted",
                client_id=row.client_id,
                session_id=self.session_id,
                owner_id=self.owner_id,
                target=row.target,
                outcome="ok",
                detail={"consent_id": row.id},
            ),
        )


def wants_multiple(features: Iterable[str], access_mode: str | None, target: Target) -> bool:
    """Tell whether a sign-in asks for a consent that may be used again.

    `access_mode`: `SINGLE`, `MULTIPLE`, `MIXED`, or `None` where the client's page leaves it open. Only PSD2
    targets have such consents, and only clients with the feature get them.
    Source: `wire.md` 3.2 and 7.
    """
    return MULTIPLE in features and target.facts.psd2 and (access_mode or "MIXED") != "SINGLE"


def reused_history_start(today: date) -> date:
    """Return the earliest day that an import without the owner may reach. Source: `wire.md` 7."""
    return today - timedelta(days=REUSED_HISTORY_DAYS)


def token_digest(token: str) -> bytes:
    """Return what a multipleAccessId is found by; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).digest()


async def grant_consent(
    room: CommandRoom, state: SessionState, *, client_id: str, session_id: int, owner_id: int, target: str
) -> tuple[SessionState, Granted | None]:
    """Make a consent of the access in a session that was just signed in, if the owner gave it for longer.

    Return the session's new state, in which the access is in the consent's hands, and the consent to store in
    the same database transaction; without one, the state as it was and `None`.
    """
    access = state.access
    if access is None or not access.signed_in or access.reusable_until is None:
        return state, None
    consent_id = random_id()
    await room.vault.consents.create(consent_id)
    row = ConsentRow(
        id=consent_id,
        client_id=client_id,
        owner_digest=room.owner_digest(client_id, state.owner_external_id),
        target=target,
        institution=room.catalogue.target(target).institution.name,
        sealed_access=await _sealed(room, consent_id, ConsentState(state.owner_external_id, access)),
    )
    token = await room.vault.consents.token(consent_id)
    granted = Granted(row, token, access.reusable_until, session_id, owner_id)
    return msgspec.structs.replace(state, access=None, consent_id=consent_id), granted


async def multiple_access_id(room: CommandRoom, client_id: str, session_id: int) -> str | None:
    """Return the multipleAccessId of the consent that a session brought; `None` if there is none."""
    async with room.database.connection() as db:
        consent_id = await consents.of_session(db, client_id, session_id)
    if consent_id is None:
        return None
    try:
        return await room.vault.consents.token(consent_id)
    except KeyDestroyed:
        return None


async def opened_consent(room: CommandRoom, consent_id: int) -> ConsentState:
    """Open a live consent.

    Raises: InvalidMultipleAccessId, if it is over.
    """
    async with room.database.connection() as db:
        sealed = await consents.sealed_access(db, consent_id)
    if sealed is None:
        raise InvalidMultipleAccessId
    try:
        plain = await room.vault.consents.open(sealed, consent_id=consent_id)
    except KeyDestroyed as error:
        raise InvalidMultipleAccessId from error
    return msgspec.msgpack.decode(plain, type=ConsentState)


async def consent_grant(room: CommandRoom, consent_id: int, state: SessionState) -> Grant:
    """Return the grant of a session that uses a consent.

    Raises: InvalidMultipleAccessId, if the consent is over.
    """
    opened = await opened_consent(room, consent_id)
    shared = _Shared(room, consent_id, opened)
    shared.grant = Grant(opened.access, psu=state.psu, keep=shared.keep, refreshing=shared)
    return shared.grant


class _Shared(AbstractAsyncContextManager[None]):
    """The access of a consent while several sessions use it, also in other processes.

    Entered by whoever needs new tokens: one at a time, with the access as the last one left it.
    """

    def __init__(self, room: CommandRoom, consent_id: int, opened: ConsentState) -> None:
        self._room = room
        self._consent_id = consent_id
        self._opened = opened
        self._holder = random_id()
        self._local = asyncio.Lock()
        self.grant: Grant | None = None

    async def keep(self, access: Access) -> None:
        """Store new access, before it is used.

        Raises: SessionExpired, if the consent has ended meanwhile.
        """
        room = self._room
        opened = msgspec.structs.replace(self._opened, access=access)
        try:
            sealed = await _sealed(room, self._consent_id, opened)
        except KeyDestroyed as error:
            raise SessionExpired from error
        async with room.database.connection() as db:
            if not await consents.keep_access(db, self._consent_id, sealed):
                raise SessionExpired
        self._opened = opened

    async def __aenter__(self) -> None:
        await self._local.acquire()
        try:
            await self._take_lease()
            self._opened = await opened_consent(self._room, self._consent_id)
            if self.grant is not None:
                self.grant.access = self._opened.access
        except BaseException:
            self._local.release()
            raise

    async def _take_lease(self) -> None:
        while True:
            async with self._room.database.connection() as db:
                if await consents.lease(db, self._consent_id, self._holder, LEASE_SECONDS):
                    return
            await asyncio.sleep(LEASE_PAUSE_SECONDS)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            async with self._room.database.connection() as db:
                await consents.release(db, self._consent_id, self._holder)
        finally:
            self._local.release()


async def _sealed(room: CommandRoom, consent_id: int, state: ConsentState) -> bytes:
    return await room.vault.consents.seal(msgspec.msgpack.encode(state), consent_id=consent_id)


async def note_accounts(
    room: CommandRoom, consent_id: int, institution: str, accounts: Sequence[Account]
) -> None:
    """Note which bank accounts a consent reaches: their uses are counted together from now on."""
    digests = [account_digest(room, institution, account.iban, account.currency_name) for account in accounts]
    if digests:
        async with room.database.tx() as db:
            await consents.note_accounts(db, consent_id, digests)


def account_digest(room: CommandRoom, institution: str, iban: str, currency_name: str) -> bytes:
    """Return the keyed digest of a bank account; the same for all clients, for the bank counts so, too."""
    parts = ("account", institution, iban.replace(" ", "").upper(), currency_name)
    return hmac.new(room.index_key, "\0".join(parts).encode(), hashlib.sha256).digest()


async def end_consent(
    room: CommandRoom, consent: ConsentRef, ending: str, *, forget_owner: bool = False
) -> bool:
    """End a consent here: the key first, then the row and its sessions. False, if it was over already.

    `ending`: `deleted`, `owner_deleted`, `expired`, `ended_by_bank`.
    """
    await room.vault.consents.destroy(consent.id)
    async with room.database.tx() as db:
        ended = await consents.end(db, consent.id, ending, forget_owner=forget_owner)
        if ended:
            told = events.Event(
                kind="consent_ended",
                client_id=consent.client_id,
                target=consent.target,
                outcome=ending,
                detail={"consent_id": consent.id},
            )
            await events.append(db, told)
    if ended:
        log.info("consent_ended", client_id=consent.client_id, target=consent.target, ending=ending)
    return ended


async def end_consents_of(room: CommandRoom, client_id: str, owner_external_id: str) -> int:
    """End all consents of an owner that a client deletes; return how many there were."""
    digest = room.owner_digest(client_id, owner_external_id)
    async with room.database.connection() as db:
        found = await consents.of_owner(db, client_id, digest)
    for one in found:
        await end_consent(room, one, "owner_deleted", forget_owner=True)
    return len(found)
