"""Corrections of labels as stored: sealed, found by their client alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction as stored."""

    id: int
    sealed: bytes
    made_at: datetime


async def count(db: AsyncConnection, client_id: str) -> int:
    """Return how many corrections a client has."""
    cursor = await db.execute("select count(*) from label_correction where client_id = %s", (client_id,))
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])


async def renew(db: AsyncConnection, client_id: str, digest: bytes) -> int | None:
    """Make a correction that is known the latest of its client, and return its id; `None`, if it is new."""
    cursor = await db.execute(
        "update label_correction set made_at = clock_timestamp() where client_id = %s and digest = %s"
        " returning id",
        (client_id, digest),
    )
    row = await cursor.fetchone()
    return None if row is None else int(row[0])


async def insert(
    db: AsyncConnection, correction_id: int, client_id: str, digest: bytes, sealed: bytes
) -> None:
    """Add a correction."""
    await db.execute(
        "insert into label_correction (id, client_id, digest, sealed) values (%s, %s, %s, %s)",
        (correction_id, client_id, digest, sealed),
    )


async def of_client(db: AsyncConnection, client_id: str) -> tuple[CorrectionRow, ...]:
    """Return a client's corrections, oldest first."""
    cursor = await db.execute(
        "select id, sealed, made_at from label_correction where client_id = %s order by made_at, id",
        (client_id,),
    )
    return tuple(CorrectionRow(row[0], bytes(row[1]), row[2]) for row in await cursor.fetchall())


async def delete(db: AsyncConnection, client_id: str, correction_id: int) -> bool:
    """Delete a client's correction. False, if it has none of this id."""
    cursor = await db.execute(
        "delete from label_correction where client_id = %s and id = %s", (client_id, correction_id)
    )
    return cursor.rowcount == 1
