"""Clients and their API keys: found by the key's prefix, compared by its digest."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection

PREFIX_LENGTH = 12


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A client as stored."""

    id: str
    environment: str
    ips: tuple[str, ...]
    origins: tuple[str, ...]
    redirect_uris: tuple[str, ...]
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An API key as stored: what may be shown of it."""

    prefix: str
    client_id: str
    created_at: datetime
    revoked_at: datetime | None


COLUMNS = "c.id, c.environment, c.ips, c.origins, c.redirect_uris, c.features"


def _client(row: tuple[str, str, list[str], list[str], list[str], list[str]]) -> ClientRow:
    return ClientRow(row[0], row[1], tuple(row[2]), tuple(row[3]), tuple(row[4]), tuple(row[5]))


def digest_of(key: str) -> bytes:
    """Return the digest that is stored of a key. A fast hash is right for 256 random bits."""
    return hashlib.sha256(key.encode()).digest()


async def find_by_key_prefix(db: AsyncConnection, prefix: str) -> tuple[bytes, ClientRow] | None:
    """Return the digest of the live key with this prefix and its client, or `None`."""
    cursor = await db.execute(
        f"select k.digest, {COLUMNS} from api_key k join client c on c.id = k.client_id"
        " where k.prefix = %s and k.revoked_at is null",
        (prefix,),
    )
    row = await cursor.fetchone()
    return None if row is None else (bytes(row[0]), _client(row[1:]))


async def insert(db: AsyncConnection, client: ClientRow) -> bool:
    """Add a client. Returns False, and changes nothing, if the id is taken."""
    cursor = await db.execute(
        "insert into client (id, environment, ips, origins, redirect_uris, features)"
        " values (%s, %s, %s, %s, %s, %s) on conflict do nothing",
        (
            client.id,
            client.environment,
            list(client.ips),
            list(client.origins),
            list(client.redirect_uris),
            list(client.features),
        ),
    )
    return cursor.rowcount == 1


async def update(db: AsyncConnection, client: ClientRow) -> None:
    """Replace what a client has registered."""
    await db.execute(
        "update client set ips = %s, origins = %s, redirect_uris = %s, features = %s where id = %s",
        (
            list(client.ips),
            list(client.origins),
            list(client.redirect_uris),
            list(client.features),
            client.id,
        ),
    )


async def find(db: AsyncConnection, client_id: str) -> ClientRow | None:
    """Return a client, or `None`."""
    cursor = await db.execute(f"select {COLUMNS} from client c where c.id = %s", (client_id,))
    row = await cursor.fetchone()
    return None if row is None else _client(row)


async def all_clients(db: AsyncConnection) -> tuple[ClientRow, ...]:
    """Return every client, by id."""
    cursor = await db.execute(f"select {COLUMNS} from client c order by c.id")
    return tuple(_client(row) for row in await cursor.fetchall())


async def lock(db: AsyncConnection, client_id: str) -> None:
    """Let one transaction at a time count and add commands of this client."""
    await db.execute("select 1 from client where id = %s for no key update", (client_id,))


async def add_key(db: AsyncConnection, client_id: str) -> str:
    """Make a key of 256 random bits and return it; only its digest is stored."""
    while True:
        key = secrets.token_hex(32)
        cursor = await db.execute(
            "insert into api_key (prefix, digest, client_id) values (%s, %s, %s) on conflict do nothing",
            (key[:PREFIX_LENGTH], digest_of(key), client_id),
        )
        if cursor.rowcount == 1:
            return key


async def revoke_key(db: AsyncConnection, client_id: str, prefix: str) -> bool:
    """Revoke a key. Returns False, if the client has no live key with this prefix."""
    cursor = await db.execute(
        "update api_key set revoked_at = now() where client_id = %s and prefix = %s and revoked_at is null",
        (client_id, prefix),
    )
    return cursor.rowcount == 1


async def keys_of(db: AsyncConnection, client_id: str) -> tuple[KeyRow, ...]:
    """Return the keys of a client, oldest first."""
    cursor = await db.execute(
        "select prefix, client_id, created_at, revoked_at from api_key"
        " where client_id = %s order by created_at",
        (client_id,),
    )
    return tuple(KeyRow(*row) for row in await cursor.fetchall())
