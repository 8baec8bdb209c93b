"""The desk that owner uploads come to: kept whole and sealed, like an import of a bank, or not at all."""

from __future__ import annotations

import time
from collections.abc import Mapping

import msgspec

from kontora.commands.answers import Client
from kontora.commands.intake import Idempotency
from kontora.commands.owners import KnownOwner, checked_external_id, known_owner
from kontora.commands.room import CommandRoom
from kontora.errors import IdempotencyConflict, JobsQuotaExceeded, KontoraError, OwnerDeleted
from kontora.model import Import
from kontora.store import clients, commands, events, imports, owners, remembered
from kontora.store.database import Connection
from kontora.store.ids import random_id
from kontora.store.vault import KeyDestroyed
from kontora.wire.owner_upload import DEFAULT_TARGET, OwnerUpload

COMMAND = "OwnerUpload"


class OwnerUploadDesk:
    """Takes uploads of authenticated clients."""

    def __init__(self, room: CommandRoom) -> None:
        self._room = room

    async def take(
        self, client: Client, upload: OwnerUpload, *, idempotency: Idempotency | None = None, beside: int = 0
    ) -> int:
        """Keep an upload, durably, and return the id of the request. It takes one of the client's places.

        `beside`: how many more of the client's uploads are on their way.
        Raises: MalformedOwnerExternalId, JobsQuotaExceeded, IdempotencyConflict, OwnerDeleted.
        """
        began, state = time.monotonic(), "fatal"
        try:
            request_id = await self._kept(client, upload, idempotency, beside)
            state = "successful"
        except KontoraError:
            state = "error"
            raise
        finally:
            self._room.announce(COMMAND, state, time.monotonic() - began)
        return request_id

    async def _kept(
        self, client: Client, upload: OwnerUpload, idempotency: Idempotency | None, beside: int
    ) -> int:
        room = self._room
        checked_external_id(upload.owner_external_id)
        async with room.database.connection() as db:
            known = await _known(db, client, idempotency)
        if known is not None:
            return known
        owner = await known_owner(room, client.id, upload.owner_external_id)
        try:
            sealed = {random_id(): one for one in upload.imports}
            blobs = {number: await self._sealed(owner, number, one) for number, one in sealed.items()}
        except KeyDestroyed as error:
            raise OwnerDeleted from error
        async with room.database.tx() as db:
            # One at a time per client: the count and the insert belong together.
            await clients.lock(db, client.id)
            known = await _known(db, client, idempotency)
            if known is not None:
                return known
            if await commands.count_unfinished(db, client.id) + beside >= room.limits.commands_per_client:
                raise JobsQuotaExceeded
            if not await owners.hold(db, owner.id):
                raise OwnerDeleted
            request_id = next(iter(sealed))
            await self._insert(db, client, owner, sealed, blobs)
            await events.append(db, self._event(client, owner, upload, request_id))
            if idempotency is not None:
                await remembered.insert(
                    db, client.id, idempotency.key_digest, idempotency.fingerprint, request_id
                )
        return request_id

    async def _sealed(self, owner: KnownOwner, import_id: int, imported: Import) -> bytes:
        room, context = self._room, f"import/{import_id}"
        plain = msgspec.msgpack.encode(imported)
        return await room.vault.seal(plain, owner_id=owner.id, hour=room.hour(), context=context)

    async def _insert(
        self,
        db: Connection,
        client: Client,
        owner: KnownOwner,
        imported: Mapping[int, Import],
        blobs: Mapping[int, bytes],
    ) -> None:
        for number, one in imported.items():
            await imports.insert(
                db,
                imports.NewImport(
                    id=number,
                    client_id=client.id,
                    owner_id=owner.id,
                    session_id=None,
                    target=self._known_target(one.target) or DEFAULT_TARGET,
                    partial=False,
                    sealed_data=blobs[number],
                    imported_at=one.imported_at,
                    retention_seconds=self._room.limits.retention_seconds,
                ),
            )
            await owners.touch(db, owner.id, one.origin)

    def _known_target(self, target: str) -> str | None:
        """Return a target that is one of ours; a client's own word may name anybody, and stays sealed."""
        is_ours = target == DEFAULT_TARGET or any(known.name == target for known in self._room.catalogue)
        return target if is_ours else None

    def _event(self, client: Client, owner: KnownOwner, upload: OwnerUpload, request_id: int) -> events.Event:
        """Tell of the upload: numbers, and the target where it is one of ours."""
        accounts = [account for one in upload.imports for account in one.accounts]
        cards = [card for one in upload.imports for card in one.credit_cards or ()]
        rows = [len(account.money_transactions) for account in accounts]
        rows += [len(card.money_transactions) for card in cards]
        return events.Event(
            kind="owner_uploaded",
            client_id=client.id,
            command_id=request_id,
            owner_id=owner.id,
            target=self._known_target(upload.imports[0].target),
            outcome="ok",
            detail={
                "targets": len(upload.imports),
                "accounts": len(accounts),
                "credit_cards": len(cards),
                "money_transactions": sum(rows),
                "warnings": len(upload.warnings),
            },
        )


async def _known(db: Connection, client: Client, idempotency: Idempotency | None) -> int | None:
    """Return what the same request was answered with. Raises: IdempotencyConflict."""
    if idempotency is None:
        return None
    known = await remembered.find(db, client.id, idempotency.key_digest)
    if known is None:
        return None
    if known.fingerprint != idempotency.fingerprint:
        raise IdempotencyConflict
    return known.command_id
