"""Imports: one sealed blob each, beside the few columns that are searched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImport:
    """An import to be stored; its id is that of the command, or of the statement, which has no session."""

    id: int
    client_id: str
    owner_id: int
    session_id: int | None
    target: str
    partial: bool
    sealed_data: bytes
    imported_at: datetime
    retention_seconds: float


async def insert(db: AsyncConnection, new: NewImport) -> None:
    """Store an import. It expires when its retention time is over, by the clock that retention uses."""
    await db.execute(
        "insert into import"
        " (id, client_id, owner_id, session_id, target, partial, sealed_data, imported_at, expires_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, kontora_now() + make_interval(secs => %s))",
        (
            new.id,
            new.client_id,
            new.owner_id,
            new.session_id,
            new.target,
            new.partial,
            new.sealed_data,
            new.imported_at,
            new.retention_seconds,
        ),
    )


async def of_owner(db: AsyncConnection, owner_id: int) -> tuple[tuple[int, bytes], ...]:
    """Return id and sealed data of the owner's live imports, oldest first."""
    cursor = await db.execute(
        "select id, sealed_data from import where owner_id = %s and expires_at > kontora_now()"
        " order by imported_at, id",
        (owner_id,),
        binary=True,
    )
    return tuple((row[0], bytes(row[1])) for row in await cursor.fetchall())


async def delete_expired(db: AsyncConnection) -> int:
    """Delete the imports whose time is over, with the results of their commands; return how many."""
    cursor = await db.execute("delete from import where expires_at <= kontora_now() returning id")
    ids = [row[0] for row in await cursor.fetchall()]
    await db.execute("delete from command where id = any(%s) and finished_at is not null", (ids,))
    return len(ids)
