"""Owners as clients name them: found or added, all their data read, or forgotten."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from kontora.commands.answers import Client, OwnerData
from kontora.commands.consents import end_consents_of
from kontora.commands.room import CommandRoom
from kontora.errors import InvalidOwnerExternalId, MalformedOwnerExternalId
from kontora.model import Import
from kontora.store import events, imports, owners
from kontora.store.ids import random_id
from kontora.store.owners import OwnerRow
from kontora.store.vault import KeyDestroyed

MAX_EXTERNAL_ID_LENGTH = 200
FIRST_ORIGIN = "scraper"
READ_IN_PLACE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class KnownOwner:
    """An owner with the random id of its row."""

    id: int
    external_id: str


def checked_external_id(owner_external_id: str | None) -> str:
    """Return the id, or a made one where the client gives none.

    Raises: MalformedOwnerExternalId, if it is empty, too long, or holds control characters.
    """
    if owner_external_id is None:
        return f"kontomatik-{uuid.uuid4()}"
    if not 0 < len(owner_external_id) <= MAX_EXTERNAL_ID_LENGTH or not owner_external_id.isprintable():
        raise MalformedOwnerExternalId
    return owner_external_id


async def known_owner(room: CommandRoom, client_id: str, owner_external_id: str | None) -> KnownOwner:
    """Find the client's owner, or add one with a key of its own."""
    external_id = checked_external_id(owner_external_id)
    digest = room.owner_digest(client_id, external_id)
    while True:
        async with room.database.connection() as db:
            found = await owners.find(db, client_id, digest)
        if found is not None:
            return KnownOwner(found.id, external_id)
        owner_id = random_id()
        await room.vault.create_owner(owner_id)
        sealed = await room.vault.seal(
            external_id.encode(), owner_id=owner_id, hour=room.hour(), context=f"owner/{owner_id}"
        )
        async with room.database.tx() as db:
            added = await owners.insert(db, owner_id, client_id, digest, sealed)
        if added:
            return KnownOwner(owner_id, external_id)
        await room.vault.destroy_owner(owner_id)


async def owner_data(room: CommandRoom, client: Client, owner_external_id: str) -> OwnerData:
    """Read all that is stored of an owner, imports oldest first; leaves an event.

    Raises: InvalidOwnerExternalId, if there is nothing.
    """
    owner, found = await stored_data(room, client, owner_external_id, kind="data_read")
    return OwnerData(
        owner_external_id=owner_external_id,
        created_at=owner.created_at,
        last_change_at=owner.changed_at,
        origin=owner.origin or FIRST_ORIGIN,
        imports=found,
    )


async def stored_data(
    room: CommandRoom, client: Client, owner_external_id: str, *, kind: str
) -> tuple[OwnerRow, tuple[Import, ...]]:
    """Read an owner's row and imports, oldest first, as they are stored; leaves an event of this kind.

    Raises: InvalidOwnerExternalId, if there is nothing.
    """
    digest = room.owner_digest(client.id, checked_external_id(owner_external_id))
    async with room.database.tx() as db:
        owner = await owners.find(db, client.id, digest)
        sealed = () if owner is None else await imports.of_owner(db, owner.id)
        if owner is None or not sealed:
            raise InvalidOwnerExternalId
        await events.append(db, events.Event(kind=kind, client_id=client.id, owner_id=owner.id, outcome="ok"))
    try:
        opened = [
            await room.vault.open(data, owner_id=owner.id, context=f"import/{import_id}")
            for import_id, data in sealed
        ]
    except KeyDestroyed as error:
        raise InvalidOwnerExternalId from error
    if sum(map(len, opened)) <= READ_IN_PLACE_BYTES:
        return owner, _read(opened)
    async with room.turns.turn(client.id):
        return owner, await asyncio.to_thread(_read, opened)


def _read(opened: Iterable[bytes]) -> tuple[Import, ...]:
    return tuple(msgspec.msgpack.decode(plain, type=Import) for plain in opened)


async def delete_owner(room: CommandRoom, client: Client, owner_external_id: str) -> None:
    """Forget an owner: the key first, then the rows. Unfinished commands end in `OwnerDeleted`.

    Consents that may be used again end, too; there may be such when all data is long gone.
    Raises: InvalidOwnerExternalId, if there is no such owner.
    """
    external_id = checked_external_id(owner_external_id)
    digest = room.owner_digest(client.id, external_id)
    async with room.database.connection() as db:
        owner = await owners.find(db, client.id, digest)
    if owner is not None:
        await forget(room, owner.id, client_id=client.id, kind="owner_deleted")
    # Now that the sessions have ended, no sign-in under way can bring another consent.
    consents = await end_consents_of(room, client.id, external_id)
    if owner is None and not consents:
        raise InvalidOwnerExternalId


async def forget(room: CommandRoom, owner_id: int, *, client_id: str | None, kind: str) -> None:
    """Destroy the owner's key, then delete the rows; safe to repeat after a crash."""
    await room.vault.destroy_owner(owner_id)
    async with room.database.tx() as db:
        await owners.forget(db, owner_id)
        await events.append(db, events.Event(kind=kind, client_id=client_id, owner_id=owner_id, outcome="ok"))
