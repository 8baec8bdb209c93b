"""Consents that are used again: their state, the accounts they reach, and how often they were used.

All limits go by `kontora_now()`, which practice mode may move; leases go by the database's real clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from psycopg import AsyncConnection

LIVE: LiteralString = "ended_at is null and valid_until > kontora_now()"
MOST_USES = 4
COLUMNS: LiteralString = "id, client_id, owner_digest, target, institution, sealed_access"


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A live consent as stored."""

    id: int
    client_id: str
    owner_digest: bytes
    target: str
    institution: str
    sealed_access: bytes

    @property
    def ref(self) -> ConsentRef:
        """The consent by name."""
        return ConsentRef(self.id, self.client_id, self.target)


@dataclass(frozen=True, slots=True)
class ConsentRef:
    """A consent by name: which it is, whose, and at which target."""

    id: int
    client_id: str
    target: str


async def insert(db: AsyncConnection, row: ConsentRow, digest: bytes, until: date | None) -> None:
    """Add a consent that the owner gave now. `until`: the bank's last day; 180 days without."""
    await db.execute(
        # Once, or sca_at and valid_until would go by two moments.
        "with clock as materialized (select kontora_now() as now_at)"
        " insert into consent (id, client_id, owner_digest, digest, target, institution, sealed_access,"
        " sca_at, valid_until)"
        " select %s, %s, %s, %s, %s, %s, %s, now_at,"
        "  now_at + least(interval '180 days',"
        "   coalesce((%s::date + 1)::timestamptz - clock_timestamp(), interval '180 days'))"
        " from clock",
        (
            row.id,
            row.client_id,
            row.owner_digest,
            digest,
            row.target,
            row.institution,
            row.sealed_access,
            until,
        ),
    )


async def find(
    db: AsyncConnection, client_id: str, digest: bytes, *, for_update: bool = False
) -> ConsentRow | None:
    """Return the client's live consent with this digest of its multipleAccessId."""
    lock: LiteralString = " for update" if for_update else ""
    cursor = await db.execute(
        "select " + COLUMNS + " from consent where client_id = %s and digest = %s and " + LIVE + lock,
        (client_id, digest),
    )
    row = await cursor.fetchone()
    return None if row is None else ConsentRow(*row)


async def sealed_access(db: AsyncConnection, consent_id: int) -> bytes | None:
    """Return the sealed access of a live consent."""
    cursor = await db.execute("select sealed_access from consent where id = %s and " + LIVE, (consent_id,))
    row = await cursor.fetchone()
    return None if row is None else bytes(row[0])


async def keep_access(db: AsyncConnection, consent_id: int, sealed: bytes) -> bool:
    """Replace the access. False, if the consent is over."""
    cursor = await db.execute(
        "update consent set sealed_access = %s where id = %s and " + LIVE, (sealed, consent_id)
    )
    return cursor.rowcount == 1


async def lease(db: AsyncConnection, consent_id: int, holder: int, seconds: float) -> bool:
    """Become the one that gets new tokens, for so long; false while another is."""
    cursor = await db.execute(
        "update consent set refresh_by = %s, refresh_until = clock_timestamp() + make_interval(secs => %s)"
        " where id = %s and (refresh_until is null or refresh_until < clock_timestamp())",
        (holder, seconds, consent_id),
    )
    return cursor.rowcount == 1


async def release(db: AsyncConnection, consent_id: int, holder: int) -> None:
    """Let others get new tokens."""
    await db.execute(
        "update consent set refresh_by = null, refresh_until = null where id = %s and refresh_by = %s",
        (consent_id, holder),
    )


async def claim_check(db: AsyncConnection, consent_id: int, *, pause_seconds: float) -> bool:
    """Take the turn of asking the bank whether the consent is valid; false, if it was asked just now."""
    cursor = await db.execute(
        "update consent set checked_at = clock_timestamp() where id = %s and (checked_at is null"
        " or checked_at < clock_timestamp() - make_interval(secs => %s))",
        (consent_id, pause_seconds),
    )
    return cursor.rowcount == 1


async def accounts_of(db: AsyncConnection, consent_id: int) -> tuple[bytes, ...]:
    """Return the digests of a consent's accounts, sorted; empty before its first import."""
    cursor = await db.execute(
        "select account_digest from consent_account where consent_id = %s order by account_digest",
        (consent_id,),
    )
    return tuple(bytes(row[0]) for row in await cursor.fetchall())


async def note_accounts(db: AsyncConnection, consent_id: int, digests: Sequence[bytes]) -> None:
    """Replace what is known of a consent's accounts."""
    await db.execute(
        "delete from consent_account where consent_id = %s and account_digest <> all(%s)",
        (consent_id, list(digests)),
    )
    await db.execute(
        "insert into consent_account (consent_id, account_digest)"
        " select id, unnest(%s::bytea[]) from consent where id = %s on conflict do nothing",
        (list(digests), consent_id),
    )


async def take_turn(db: AsyncConnection, numbers: Sequence[int]) -> None:
    """Wait for the turn of counting, until the end of the database transaction; one number per account."""
    for number in sorted(set(numbers)):
        await db.execute("select pg_advisory_xact_lock(%s)", (number,))


async def wait_seconds(db: AsyncConnection, consent_id: int) -> float | None:
    """Return how long until the consent may be used again; `None`, if it may be now.

    An account's uses are those of all consents that reach it, and of those of the same owner at the same
    institution whose accounts are not known yet. Before its own accounts are known, a consent counts the
    uses of all consents of its owner there.
    """
    cursor = await db.execute(
        "with mine as (select * from consent where id = %(id)s),"
        " kin as (select k.id, exists (select 1 from consent_account x where x.consent_id = k.id) as known"
        "  from consent k, mine where k.id = mine.id or (k.client_id = mine.client_id"
        "   and k.owner_digest = mine.owner_digest and k.institution = mine.institution)),"
        " account as (select account_digest from consent_account where consent_id = %(id)s"
        "  union all select null where not exists"
        "   (select 1 from consent_account where consent_id = %(id)s))"
        " select extract(epoch from max(fourth.used_at) + interval '24 hours' - kontora_now())"
        " from account cross join lateral ("
        "  select u.used_at from consent_use u"
        "  where u.used_at > kontora_now() - interval '24 hours' and ("
        "   (account.account_digest is null and u.consent_id in (select id from kin))"
        "   or (account.account_digest is not null and ("
        "    u.consent_id in (select a.consent_id from consent_account a"
        "                     where a.account_digest = account.account_digest)"
        "    or u.consent_id in (select id from kin where not known))))"
        "  order by u.used_at desc offset %(before)s limit 1) fourth",
        {"id": consent_id, "before": MOST_USES - 1},
    )
    row = await cursor.fetchone()
    return None if row is None or row[0] is None else float(row[0])


async def add_use(db: AsyncConnection, consent_id: int) -> None:
    """Count one use without the owner."""
    await db.execute("insert into consent_use (consent_id) values (%s)", (consent_id,))


async def end(db: AsyncConnection, consent_id: int, ending: str, *, forget_owner: bool = False) -> bool:
    """Mark a consent as ended, and end its sessions; its key must be destroyed before. False, if it was."""
    cursor = await db.execute(
        "update consent set ended_at = kontora_now(), ending = %s, digest = null, sealed_access = null,"
        " refresh_by = null, refresh_until = null,"
        " owner_digest = case when %s then null else owner_digest end"
        " where id = %s and ended_at is null",
        (ending, forget_owner, consent_id),
    )
    await db.execute(
        "update session set state = 'ended', sealed_state = null where consent_id = %s", (consent_id,)
    )
    return cursor.rowcount == 1


async def of_owner(db: AsyncConnection, client_id: str, owner_digest: bytes) -> tuple[ConsentRef, ...]:
    """Return the consents of an owner that are not marked as ended."""
    cursor = await db.execute(
        "select id, client_id, target from consent"
        " where client_id = %s and owner_digest = %s and ended_at is null",
        (client_id, owner_digest),
    )
    return tuple(ConsentRef(*row) for row in await cursor.fetchall())


async def expired(db: AsyncConnection, limit: int) -> tuple[ConsentRef, ...]:
    """Return consents whose time is over and that are not marked as ended."""
    cursor = await db.execute(
        "select id, client_id, target from consent"
        " where ended_at is null and valid_until <= kontora_now() limit %s",
        (limit,),
    )
    return tuple(ConsentRef(*row) for row in await cursor.fetchall())


async def delete_old(db: AsyncConnection) -> None:
    """Delete uses that count no more, and ended consents without such uses."""
    await db.execute("delete from consent_use where used_at < kontora_now() - interval '25 hours'")
    await db.execute(
        "delete from consent k where ended_at < kontora_now() - interval '25 hours'"
        " and not exists (select 1 from consent_use u where u.consent_id = k.id)"
    )


async def live(db: AsyncConnection, consent_ids: Sequence[int]) -> set[int]:
    """Return those of the ids whose consent is not marked as ended."""
    cursor = await db.execute(
        "select id from consent where id = any(%s) and ended_at is null", (list(consent_ids),)
    )
    return {row[0] for row in await cursor.fetchall()}


async def attach(db: AsyncConnection, session_id: int, consent_id: int) -> None:
    """Tie a session to the consent that it uses."""
    await db.execute("update session set consent_id = %s where id = %s", (consent_id, session_id))


async def of_session(db: AsyncConnection, client_id: str, session_id: int) -> int | None:
    """Return the live consent that was given in a session, if any."""
    cursor = await db.execute(
        "select k.id from session s join consent k on k.id = s.consent_id"
        " where s.id = %s and s.client_id = %s and k.ended_at is null",
        (session_id, client_id),
    )
    row = await cursor.fetchone()
    return None if row is None else int(row[0])
