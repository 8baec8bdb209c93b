"""Answers remembered by Idempotency-Key, so that a repeated request makes one command."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import AsyncConnection


@dataclass(frozen=True, slots=True)
class Remembered:
    """The command that a key made, and the fingerprint of the request that came with it."""

    fingerprint: bytes
    command_id: int


async def find(db: AsyncConnection, client_id: str, key_digest: bytes) -> Remembered | None:
    """Return what is remembered of a client's key, or `None`."""
    cursor = await db.execute(
        "select fingerprint, command_id from remembered_answer where client_id = %s and key_digest = %s",
        (client_id, key_digest),
    )
    row = await cursor.fetchone()
    return None if row is None else Remembered(bytes(row[0]), row[1])


async def insert(
    db: AsyncConnection, client_id: str, key_digest: bytes, fingerprint: bytes, command_id: int
) -> None:
    """Remember a key."""
    await db.execute(
        "insert into remembered_answer (client_id, key_digest, fingerprint, command_id)"
        " values (%s, %s, %s, %s)",
        (client_id, key_digest, fingerprint, command_id),
    )
