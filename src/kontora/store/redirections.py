"""Redirects to banks, and the links of the redirection API: random ids, stored as digests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection

REDIRECT_LIFE: LiteralString = "interval '10 minutes'"


@dataclass(frozen=True, slots=True)
class RedirectRow:
    """A way to a bank's page and back. `browser_digest` is `None` until a browser opened the link."""

    state_digest: bytes
    conversation_id: int
    step: int
    browser_digest: bytes | None
    used: bool


@dataclass(frozen=True, slots=True)
class RedirectionRow:
    """A link of the redirection API as stored, with how far the visits through it are.

    `state`, `session_id`, `target` and the failure are those of the visit that is signed in, else of the
    latest. `quiet_seconds`: since anything happened; `age_seconds`: since it was made.
    """

    id: UUID
    client_id: str
    sealed_options: bytes
    redirect_uri: str
    opened_at: datetime | None
    age_seconds: float
    quiet_seconds: float
    visits: int
    state: str | None
    session_id: int | None
    target: str | None
    failure_name: str | None
    tries: int | None


async def insert_redirect(
    db: AsyncConnection, state_digest: bytes, link_digest: bytes, conversation_id: int, step: int
) -> None:
    """Add a way to a bank's page, that belongs to this step of a conversation."""
    await db.execute(
        "insert into bank_redirect (state_digest, link_digest, conversation_id, step)"
        " values (%s, %s, %s, %s)",
        (state_digest, link_digest, conversation_id, step),
    )


_REDIRECT: LiteralString = (
    "select state_digest, conversation_id, step, browser_digest, used_at is not null from bank_redirect"
    " where created_at > clock_timestamp() - " + REDIRECT_LIFE
)


async def find_by_link(db: AsyncConnection, link_digest: bytes) -> RedirectRow | None:
    """Return the redirect of a link, locked; `None` for an unknown or expired one alike."""
    cursor = await db.execute(_REDIRECT + " and link_digest = %s for update", (link_digest,))
    row = await cursor.fetchone()
    return None if row is None else RedirectRow(*row)


async def find_by_state(db: AsyncConnection, state_digest: bytes) -> RedirectRow | None:
    """Return the redirect of a `state`, locked; `None` for an unknown or expired one alike."""
    cursor = await db.execute(_REDIRECT + " and state_digest = %s for update", (state_digest,))
    row = await cursor.fetchone()
    return None if row is None else RedirectRow(*row)


async def bind(db: AsyncConnection, state_digest: bytes, browser_digest: bytes) -> None:
    """Bind a redirect to the browser that opened its link first."""
    await db.execute(
        "update bank_redirect set browser_digest = %s where state_digest = %s and browser_digest is null",
        (browser_digest, state_digest),
    )


async def use(db: AsyncConnection, state_digest: bytes) -> None:
    """Mark a redirect as used: it comes back once."""
    await db.execute(
        "update bank_redirect set used_at = clock_timestamp() where state_digest = %s", (state_digest,)
    )


async def insert(
    db: AsyncConnection, redirection_id: UUID, client_id: str, digest: bytes, sealed_options: bytes, uri: str
) -> None:
    """Add a link of the redirection API."""
    await db.execute(
        "insert into redirection (id, client_id, digest, sealed_options, redirect_uri)"
        " values (%s, %s, %s, %s, %s)",
        (redirection_id, client_id, digest, sealed_options, uri),
    )


_LINK: LiteralString = (
    "select r.id, r.client_id, r.sealed_options, r.redirect_uri, r.opened_at,"
    " extract(epoch from clock_timestamp() - r.created_at)::float8,"
    " extract(epoch from clock_timestamp() - coalesce(c.moved_at, r.opened_at, r.created_at))::float8,"
    " (select count(*) from conversation v where v.redirection_id = r.id),"
    " c.state, c.session_id, c.target, c.failure_name, c.tries"
    " from redirection r left join lateral (select * from conversation v where v.redirection_id = r.id"
    "   order by (v.state in ('signed_in', 'importing')) desc, v.moved_at desc limit 1) c on true"
)


async def find_by_token(db: AsyncConnection, digest: bytes) -> RedirectionRow | None:
    """Return the redirection of a link's token, or `None`."""
    cursor = await db.execute(_LINK + " where r.digest = %s", (digest,))
    row = await cursor.fetchone()
    return None if row is None else RedirectionRow(*row)


async def find(db: AsyncConnection, client_id: str, redirection_id: UUID) -> RedirectionRow | None:
    """Return the client's own redirection; `None` for an unknown or foreign one alike."""
    cursor = await db.execute(_LINK + " where r.id = %s and r.client_id = %s", (redirection_id, client_id))
    row = await cursor.fetchone()
    return None if row is None else RedirectionRow(*row)


async def find_by_id(db: AsyncConnection, redirection_id: UUID) -> RedirectionRow | None:
    """Return a redirection, or `None`."""
    cursor = await db.execute(_LINK + " where r.id = %s", (redirection_id,))
    row = await cursor.fetchone()
    return None if row is None else RedirectionRow(*row)


async def mark_opened(db: AsyncConnection, redirection_id: UUID) -> None:
    """Note that the link was opened; the first time counts."""
    await db.execute(
        "update redirection set opened_at = coalesce(opened_at, clock_timestamp()) where id = %s",
        (redirection_id,),
    )
