"""The append-only table of events: who did what with which session or command; no personal data."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import AsyncConnection
from psycopg.types.json import Jsonb

from kontora.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. `owner_id` is the random id of the row, never the external id.

    `detail`: numbers and names of the vocabulary only.
    """

    kind: str
    client_id: str | None = None
    session_id: int | None = None
    command_id: int | None = None
    owner_id: int | None = None
    target: str | None = None
    outcome: str | None = None
    detail: dict[str, int | float | str | bool] | None = None


async def can_append(database: Database) -> bool:
    """Tell whether an event could be written now: one is written and taken back.

    Raises: StoreUnavailable, if it cannot.
    """
    async with database.connection() as db, db.transaction(force_rollback=True):
        await append(db, Event(kind="probe"))
    return True


async def append(db: AsyncConnection, event: Event) -> None:
    """Write an event in the database transaction of what it tells."""
    await db.execute(
        "insert into event (client_id, kind, session_id, command_id, owner_id, target, outcome, detail)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            event.client_id,
            event.kind,
            event.session_id,
            event.command_id,
            event.owner_id,
            event.target,
            event.outcome,
            None if event.detail is None else Jsonb(event.detail),
        ),
    )
