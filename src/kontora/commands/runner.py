"""Running queued commands: claim, read the bank, check, render, store; one attempt at a time."""

from __future__ import annotations

import asyncio
import os
from datetime import date

import msgspec
import structlog

from kontora.commands.attempt import Attempt, Outcome
from kontora.commands.consents import consent_grant, end_consent, note_accounts
from kontora.commands.health import IMPORT
from kontora.commands.labelled_imports import as_told
from kontora.commands.parameters import decode_request
from kontora.commands.reading import Progress, Reading, earliest
from kontora.commands.requests import (
    CommandRequest,
    DefaultImport,
    ImportAccounts,
    ImportAccountTransactions,
    ImportCreditCards,
    ImportCreditCardTransactions,
    ImportOwners,
    SignOut,
)
from kontora.commands.room import CommandRoom, SessionState
from kontora.connectors.protocol import Access, Connector, Grant, SignsOut
from kontora.errors import (
    CommandNotAvailable,
    InvalidMultipleAccessId,
    KontoraError,
    LabelsFailed,
    SessionExpired,
)
from kontora.labels.together import size_of
from kontora.model import Import
from kontora.store import clients, commands, sessions
from kontora.store.commands import Claim
from kontora.store.consents import ConsentRef
from kontora.wire.told_labels import NOTHING, Shown
from kontora.wire.xml import render_result

log = structlog.get_logger("kontora.commands")

# A command whose worker died must still end within a minute of that death: its second run gets less time.
REPEATED_RUN_SECONDS = 35.0
LABELLED = (DefaultImport, ImportAccountTransactions, ImportCreditCardTransactions)
MOST_RENDERED_IN_PLACE = 1_000


class Runner:
    """Runs commands by id, as the queue hands them out."""

    def __init__(self, room: CommandRoom) -> None:
        self._room = room

    async def run(self, command_id: int) -> None:
        """Run one attempt at a command; nothing happens, if it is final or gone."""
        async with self._room.database.connection() as db:
            claim = await commands.claim(db, command_id)
        if claim is None:
            return
        attempt = Attempt(
            room=self._room,
            command_id=claim.id,
            client_id=claim.client_id,
            owner_id=claim.owner_id,
            session_id=claim.session_id,
            name=claim.name,
            target=claim.target,
            attempt=claim.attempt,
        )
        log.info(
            "command_started",
            command_id=claim.id,
            session_id=claim.session_id,
            name=claim.name,
            attempt=claim.attempt,
            pid=os.getpid(),
        )
        await attempt.run(lambda: self._work(claim, attempt))

    async def _work(self, claim: Claim, attempt: Attempt) -> Outcome:
        room = self._room
        if claim.sealed_session is None or claim.session_state != "signed_in":
            raise SessionExpired(
                "The session ended before the command could run. The owner must sign in again."
            )
        state = await room.open_session(claim.session_id, claim.owner_id, claim.sealed_session)
        grant = await self._grant(claim, state)
        request = await self._request(claim)
        target = room.catalogue.target(claim.target)
        connector = room.connect(target)
        seconds = room.limits.import_seconds
        if claim.attempt > 1:
            seconds = min(seconds, REPEATED_RUN_SECONDS)
        reading = Reading(
            connector=connector,
            grant=grant,
            target=target.name,
            institution=target.institution.name,
            country=target.country,
            deadline=asyncio.get_running_loop().time() + seconds,
            progress=Progress(attempt.progress),
        )
        if isinstance(request, SignOut):
            # A consent that is used again outlives its sessions: only its own command ends it.
            if state.consent_id is None:
                await _sign_out(connector, grant, target.name)
            return Outcome(result=b"<result/>", ends_session=True)
        imported = await self._imported(claim, state, reading, request)
        return await self._told(claim, imported, request)

    async def _told(self, claim: Claim, imported: Import, request: CommandRequest) -> Outcome:
        """Return what was read, rendered as this client is told it now.

        Where labelling fails, the command ends in that error and what was read is kept: without its labels
        it would look as if none held, and to read it again the owner would have to sign in again.
        """
        if not isinstance(request, LABELLED):
            return Outcome(result=await _rendered(imported, request.wire_name, NOTHING), imported=imported)
        async with self._room.database.connection() as db:
            client = await clients.find(db, claim.client_id)
        features = () if client is None else client.features
        try:
            told = await as_told(self._room, claim.client_id, features, imported)
        except LabelsFailed as failure:
            return Outcome(result=b"", imported=imported, failure=failure)
        result = await _rendered(told, request.wire_name, Shown.to(features))
        return Outcome(result=result, imported=imported)

    async def _grant(self, claim: Claim, state: SessionState) -> Grant:
        """Return what the bank is read with: the session's own access, or that of its consent."""
        if state.consent_id is not None:
            return await consent_grant(self._room, state.consent_id, state)
        if state.access is None:
            raise SessionExpired
        return Grant(state.access, psu=state.psu, keep=_Keeper(self._room, claim, state).keep)

    async def _imported(
        self, claim: Claim, state: SessionState, reading: Reading, request: CommandRequest
    ) -> Import:
        """Read the bank; what it says of the consent is noted, and whose fault a failure is."""
        room, consent_id = self._room, state.consent_id
        try:
            imported = await self._read(reading, request, state.since)
        except SessionExpired as error:
            room.note_outcome(claim.target, IMPORT, error.name)
            if consent_id is None:
                raise
            consent = ConsentRef(consent_id, claim.client_id, claim.target)
            await end_consent(room, consent, "ended_by_bank")
            if not state.reused:
                raise
            raise InvalidMultipleAccessId(error.message) from error
        except Exception as error:
            failure = error.name if isinstance(error, KontoraError) else type(error).__name__
            room.note_outcome(claim.target, IMPORT, failure)
            raise
        room.note_outcome(claim.target, IMPORT, None)
        if consent_id is not None and isinstance(request, DefaultImport | ImportAccounts):
            await note_accounts(room, consent_id, claim.institution, imported.accounts)
        return imported

    async def _request(self, claim: Claim) -> CommandRequest:
        plain = b""
        if claim.sealed_parameters is not None:
            context = f"parameters/{claim.id}"
            plain = await self._room.vault.open(
                claim.sealed_parameters, owner_id=claim.owner_id, context=context
            )
        return decode_request(claim.name, plain)

    async def _read(self, reading: Reading, request: CommandRequest, agreed: date | None) -> Import:
        now = self._room.now()
        empty = Import(
            target=reading.target,
            institution=reading.institution,
            imported_at=now,
            country=reading.country,
        )
        replace = msgspec.structs.replace
        match request:
            case DefaultImport(since=since):
                return await reading.everything(_since(since, agreed, now.date()), now)
            case ImportOwners():
                return replace(empty, owners=await reading.owners())
            case ImportAccounts(fast=fast):
                return replace(empty, accounts=await reading.accounts(fast=fast))
            case ImportAccountTransactions(iban=iban, since=since):
                first = _since(since, agreed, now.date())
                account = await reading.account_money_transactions(iban, first)
                return replace(empty, accounts=(account,))
            case ImportCreditCards():
                return replace(empty, credit_cards=await reading.cards())
            case ImportCreditCardTransactions(card_number=card_id, since=since):
                first = _since(since, agreed, now.date())
                card = await reading.card_money_transactions(card_id, first)
                return replace(empty, credit_cards=(card,))
        raise CommandNotAvailable(
            f"Command {request.wire_name} is not available for target {reading.target}."
        )


class _Keeper:
    """Stores new access of a running command before it is used."""

    def __init__(self, room: CommandRoom, claim: Claim, state: SessionState) -> None:
        self._room, self._claim, self._state = room, claim, state

    async def keep(self, access: Access) -> None:
        """Store it.

        Raises: SessionExpired, if the session has ended meanwhile.
        """
        claim = self._claim
        state = msgspec.structs.replace(self._state, access=access)
        sealed = await self._room.seal_session(claim.session_id, claim.owner_id, state)
        async with self._room.database.connection() as db:
            if not await sessions.keep(db, claim.session_id, "signed_in", sealed):
                raise SessionExpired
        self._state = state


async def _rendered(imported: Import, command: str, shown: Shown) -> bytes:
    """Render: in place if it takes a few milliseconds, for a thread would have to fight for its turn."""
    if size_of(imported) <= MOST_RENDERED_IN_PLACE:
        return render_result(imported, command=command, shown=shown)
    return await asyncio.to_thread(render_result, imported, command=command, shown=shown)


async def _sign_out(connector: Connector, grant: Grant, target: str) -> None:
    if not isinstance(connector, SignsOut):
        raise CommandNotAvailable(f"Command {SignOut.wire_name} is not available for target {target}.")
    await connector.sign_out(grant)


def _since(since: date | None, agreed: date | None, today: date) -> date:
    """Return the first day to read: as far back as asked for, agreed with the owner, and five years at most.

    Without either: all the history that the bank gives.
    """
    return max(day for day in (since, agreed, earliest(today)) if day is not None)
