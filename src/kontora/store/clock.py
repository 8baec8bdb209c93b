"""The clock that retention, quotas and consents use; practice mode may move it, nothing else does."""

from __future__ import annotations

from datetime import datetime

from psycopg import AsyncConnection


async def now(db: AsyncConnection) -> datetime:
    """Return the time by which retention is decided, in UTC."""
    cursor = await db.execute("select kontora_now()")
    row = await cursor.fetchone()
    if row is None or not isinstance(row[0], datetime):
        raise LookupError("the database has no clock")
    return row[0]


async def move(db: AsyncConnection, offset_seconds: float) -> None:
    """Set how far the practice clock stands from real time."""
    await db.execute("update practice_clock set offset_seconds = %s", (offset_seconds,))


async def offset(db: AsyncConnection) -> float:
    """Return how far the practice clock stands from real time, in seconds."""
    cursor = await db.execute("select offset_seconds from practice_clock")
    row = await cursor.fetchone()
    return 0.0 if row is None else float(row[0])
