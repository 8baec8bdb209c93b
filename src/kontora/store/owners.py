"""Owners: a random id, the sealed external id, and the keyed digest it is found by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from psycopg import AsyncConnection


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """An owner as stored."""

    id: int
    sealed_external_id: bytes
    origin: str | None
    created_at: datetime
    changed_at: datetime


COLUMNS = "id, sealed_external_id, origin, created_at, changed_at"


async def find(db: AsyncConnection, client_id: str, digest: bytes) -> OwnerRow | None:
    """Return the client's owner with this digest, or `None`."""
    cursor = await db.execute(
        f"select {COLUMNS} from owner where client_id = %s and digest = %s",
        (client_id, digest),
    )
    row = await cursor.fetchone()
    return None if row is None else OwnerRow(*row)


async def insert(
    db: AsyncConnection, owner_id: int, client_id: str, digest: bytes, sealed_external_id: bytes
) -> bool:
    """Add an owner. Returns False, and changes nothing, if another request was faster."""
    cursor = await db.execute(
        "insert into owner (id, client_id, digest, sealed_external_id, created_at, changed_at)"
        " select %s, %s, %s, %s, now_at, now_at from (select kontora_now() as now_at) as clock"
        " on conflict (client_id, digest) do nothing",
        (owner_id, client_id, digest, sealed_external_id),
    )
    return cursor.rowcount == 1


async def hold(db: AsyncConnection, owner_id: int) -> bool:
    """Keep the owner from being deleted until this transaction ends. False, if it is gone."""
    cursor = await db.execute("select 1 from owner where id = %s for no key update", (owner_id,))
    return await cursor.fetchone() is not None


async def touch(db: AsyncConnection, owner_id: int, origin: str) -> None:
    """Note that the owner's data changed; the first import decides the origin."""
    await db.execute(
        "update owner set changed_at = kontora_now(), origin = coalesce(origin, %s) where id = %s",
        (origin, owner_id),
    )


async def note_income(db: AsyncConnection, owner_id: int, changed_at: datetime) -> bool:
    """Note that income was confirmed from data that last changed then. True, the first time for them."""
    cursor = await db.execute(
        "update owner set income_confirmed_for = %(changed_at)s where id = %(id)s"
        " and (income_confirmed_for is null or income_confirmed_for < %(changed_at)s)",
        {"id": owner_id, "changed_at": changed_at},
    )
    return cursor.rowcount == 1


async def forget(db: AsyncConnection, owner_id: int) -> None:
    """Delete the owner with everything that hangs on it. The owner's key must be destroyed before.

    Unfinished commands end in `OwnerDeleted` and stay, without content, so that their client learns it.
    """
    await db.execute("select 1 from owner where id = %s for update", (owner_id,))
    await db.execute(
        "update command set state = 'error', failure_name = 'OwnerDeleted', finished_at = clock_timestamp(),"
        " failure_message = 'The owner''s data was deleted while the command ran. Nothing was kept.',"
        " sealed_parameters = null"
        " where owner_id = %s and state in ('setup', 'in_progress')",
        (owner_id,),
    )
    await db.execute(
        "delete from command where owner_id = %s and failure_name is distinct from 'OwnerDeleted'",
        (owner_id,),
    )
    await db.execute("delete from import where owner_id = %s", (owner_id,))
    await db.execute(
        "update session set state = 'ended', sealed_state = null where owner_id = %s", (owner_id,)
    )
    await db.execute("delete from owner where id = %s", (owner_id,))


async def without_data(db: AsyncConnection, limit: int) -> tuple[int, ...]:
    """Return owners with no import, unfinished command, live session, or PDF being read any more."""
    cursor = await db.execute(
        "select o.id from owner o where o.changed_at < kontora_now() - interval '1 minute'"
        " and not exists (select 1 from import i where i.owner_id = o.id)"
        " and not exists (select 1 from command c where c.owner_id = o.id"
        "                 and c.state in ('setup', 'in_progress'))"
        " and not exists (select 1 from session s where s.owner_id = o.id and s.state <> 'ended')"
        " and not exists (select 1 from pdf_reading r where r.owner_id = o.id)"
        " limit %s",
        (limit,),
    )
    return tuple(row[0] for row in await cursor.fetchall())


async def known(db: AsyncConnection, owner_ids: Sequence[int]) -> set[int]:
    """Return those of the ids that have a row."""
    cursor = await db.execute("select id from owner where id = any(%s)", (list(owner_ids),))
    return {row[0] for row in await cursor.fetchall()}
