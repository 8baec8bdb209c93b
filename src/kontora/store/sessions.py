"""Sessions: who may still act at which bank. Expiry is decided by the database's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from psycopg import AsyncConnection


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A live session as stored."""

    id: int
    client_id: str
    owner_id: int
    target: str
    institution: str
    state: str
    mode: str | None
    sealed_state: bytes | None


@dataclass(frozen=True, slots=True)
class Life:
    """How long sessions live, in seconds: without activity, and at most."""

    idle_seconds: float
    total_seconds: float


COLUMNS: LiteralString = "id, client_id, owner_id, target, institution, state, mode, sealed_state"
# While the owner is at the bank, a session may be idle for twice as long.
IDLE: LiteralString = "make_interval(secs => case when at_bank then 2 * %(idle)s else %(idle)s end)"
ALIVE: LiteralString = (
    "state <> 'ended' and used_at > clock_timestamp() - "
    + IDLE
    + " and created_at > clock_timestamp() - make_interval(secs => %(total)s)"
)


async def insert(db: AsyncConnection, row: SessionRow) -> None:
    """Add a session that begins now."""
    await db.execute(
        "insert into session (id, client_id, owner_id, target, institution, state, mode, sealed_state)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            row.id,
            row.client_id,
            row.owner_id,
            row.target,
            row.institution,
            row.state,
            row.mode,
            row.sealed_state,
        ),
    )


async def find_live(
    db: AsyncConnection, client_id: str, session_id: int, life: Life, *, for_update: bool = False
) -> SessionRow | None:
    """Return the client's own live session; `None` for an unknown, foreign or expired one alike."""
    lock: LiteralString = " for update" if for_update else ""
    cursor = await db.execute(
        "select "
        + COLUMNS
        + " from session where id = %(id)s and client_id = %(client)s and "
        + ALIVE
        + lock,
        {"id": session_id, "client": client_id, "idle": life.idle_seconds, "total": life.total_seconds},
    )
    row = await cursor.fetchone()
    return None if row is None else SessionRow(*row)


async def count_live(db: AsyncConnection, client_id: str, life: Life) -> int:
    """Count the client's live sessions."""
    cursor = await db.execute(
        "select count(*) from session where client_id = %(client)s and " + ALIVE,
        {"client": client_id, "idle": life.idle_seconds, "total": life.total_seconds},
    )
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])


async def count_all_live(db: AsyncConnection, life: Life) -> int:
    """Count the live sessions of all clients."""
    cursor = await db.execute(
        "select count(*) from session where " + ALIVE,
        {"idle": life.idle_seconds, "total": life.total_seconds},
    )
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])


async def set_mode(db: AsyncConnection, session_id: int, mode: str) -> None:
    """Note whether the session is used by the default import or by advanced commands; marks activity."""
    await db.execute(
        "update session set mode = %s, used_at = clock_timestamp() where id = %s",
        (mode, session_id),
    )


async def touch(db: AsyncConnection, session_id: int) -> None:
    """Mark activity."""
    await db.execute(
        "update session set used_at = clock_timestamp() where id = %s and state <> 'ended'", (session_id,)
    )


async def keep(
    db: AsyncConnection, session_id: int, state: str, sealed_state: bytes | None, *, at_bank: bool = False
) -> bool:
    """Replace the sealed state; marks activity. False, if the session has ended meanwhile."""
    cursor = await db.execute(
        "update session set state = %s, sealed_state = %s, at_bank = %s, used_at = clock_timestamp()"
        " where id = %s and state <> 'ended'",
        (state, sealed_state, at_bank, session_id),
    )
    return cursor.rowcount == 1


async def end(db: AsyncConnection, session_id: int) -> None:
    """End a session; its access is dropped."""
    await db.execute("update session set state = 'ended', sealed_state = null where id = %s", (session_id,))


async def end_expired(db: AsyncConnection, life: Life) -> int:
    """End every session that has expired and runs no command; return how many."""
    cursor = await db.execute(
        "update session s set state = 'ended', sealed_state = null where s.state <> 'ended'"
        " and (s.used_at <= clock_timestamp() - "
        + IDLE
        + "      or s.created_at <= clock_timestamp() - make_interval(secs => %(total)s))"
        " and not exists (select 1 from command c where c.session_id = s.id"
        "                 and c.state in ('setup', 'in_progress'))",
        {"idle": life.idle_seconds, "total": life.total_seconds},
    )
    return cursor.rowcount
