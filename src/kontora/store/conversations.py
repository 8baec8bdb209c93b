"""Conversations: where each visit of the widget stands; one step after the other, each taken at most once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from psycopg import AsyncConnection

LIFE: LiteralString = "interval '30 minutes'"
SIGNED_IN: LiteralString = "('signed_in', 'importing')"


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """A conversation as stored. `step` rises with each change of `state`; `quiet_seconds`: since the last."""

    id: int
    client_id: str
    digest: bytes
    sealed_options: bytes
    redirection_id: UUID | None
    session_id: int | None
    owner_id: int | None
    target: str | None
    state: str
    step: int
    tries: int
    sealed_view: bytes | None
    sealed_key: bytes | None
    failure_name: str | None
    failure_message: str | None
    failure_friendly_message: str | None
    command_id: int | None
    quiet_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a conversation moves to."""

    state: str
    session_id: int | None = None
    owner_id: int | None = None
    target: str | None = None
    sealed_view: bytes | None = None
    sealed_key: bytes | None = None
    failure_name: str | None = None
    failure_message: str | None = None
    failure_friendly_message: str | None = None
    failed_tries: int = 0
    command_id: int | None = None


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A conversation whose step nobody works on any more."""

    id: int
    client_id: str
    step: int
    session_id: int | None
    owner_id: int | None
    target: str | None


COLUMNS: LiteralString = (
    "id, client_id, digest, sealed_options, redirection_id, session_id, owner_id, target, state, step, tries,"
    " sealed_view, sealed_key, failure_name, failure_message, failure_friendly_message, command_id,"
    " extract(epoch from clock_timestamp() - moved_at)::float8"
)


async def insert(
    db: AsyncConnection,
    conversation_id: int,
    client_id: str,
    digest: bytes,
    sealed_options: bytes,
    redirection_id: UUID | None,
) -> None:
    """Add a conversation that begins now."""
    await db.execute(
        "insert into conversation (id, client_id, digest, sealed_options, redirection_id)"
        " values (%s, %s, %s, %s, %s)",
        (conversation_id, client_id, digest, sealed_options, redirection_id),
    )


async def find(db: AsyncConnection, digest: bytes) -> ConversationRow | None:
    """Return the live conversation of a token's digest; `None` for an unknown or expired one alike."""
    cursor = await db.execute(
        "select "
        + COLUMNS
        + " from conversation where digest = %s and created_at > clock_timestamp() - "
        + LIFE,
        (digest,),
    )
    row = await cursor.fetchone()
    return None if row is None else ConversationRow(*row)


async def find_by_id(db: AsyncConnection, conversation_id: int) -> ConversationRow | None:
    """Return a live conversation; `None` for an unknown or expired one alike."""
    cursor = await db.execute(
        "select " + COLUMNS + " from conversation where id = %s and created_at > clock_timestamp() - " + LIFE,
        (conversation_id,),
    )
    row = await cursor.fetchone()
    return None if row is None else ConversationRow(*row)


async def place(db: AsyncConnection, conversation_id: int) -> tuple[int, str] | None:
    """Return step and state alone: what a long poll looks at."""
    cursor = await db.execute("select step, state from conversation where id = %s", (conversation_id,))
    row = await cursor.fetchone()
    return None if row is None else (row[0], row[1])


async def move(db: AsyncConnection, conversation_id: int, step: int, to: Move) -> bool:
    """Move on from that step. False, and nothing changes, if the conversation is elsewhere already.

    The key of the step is dropped, so it is used at most once.
    Raises: psycopg.errors.UniqueViolation, if another conversation of the same redirection is signed in.
    """
    cursor = await db.execute(
        "update conversation set state = %s, step = step + 1, session_id = coalesce(%s, session_id),"
        " owner_id = coalesce(%s, owner_id), target = coalesce(%s, target), sealed_view = %s,"
        " sealed_key = %s,"
        " failure_name = %s, failure_message = %s, failure_friendly_message = %s, tries = tries + %s,"
        " command_id = %s, moved_at = clock_timestamp(), beat_at = clock_timestamp()"
        " where id = %s and step = %s and state not in "
        + SIGNED_IN
        + " and created_at > clock_timestamp() - "
        + LIFE,
        (
            to.state,
            to.session_id,
            to.owner_id,
            to.target,
            to.sealed_view,
            to.sealed_key,
            to.failure_name,
            to.failure_message,
            to.failure_friendly_message,
            to.failed_tries,
            to.command_id,
            conversation_id,
            step,
        ),
    )
    return cursor.rowcount == 1


async def note_import(db: AsyncConnection, conversation_id: int, command_id: int) -> None:
    """Note the import that was started by itself after the sign-in."""
    await db.execute(
        "update conversation set step = step + 1, command_id = %s, moved_at = clock_timestamp()"
        " where id = %s and state = 'importing'",
        (command_id, conversation_id),
    )


async def fail_import(db: AsyncConnection, conversation_id: int, name: str, message: str) -> bool:
    """Note that the import could not be started by itself."""
    cursor = await db.execute(
        "update conversation set state = 'failed', step = step + 1, tries = 3, failure_name = %s,"
        " failure_message = %s, moved_at = clock_timestamp()"
        " where id = %s and state = 'importing' and command_id is null",
        (name, message, conversation_id),
    )
    return cursor.rowcount == 1


async def beat(db: AsyncConnection, conversation_id: int, step: int) -> None:
    """Give a sign of life while a step is taken."""
    await db.execute(
        "update conversation set beat_at = clock_timestamp()"
        " where id = %s and step = %s and state in ('working', 'importing')",
        (conversation_id, step),
    )


async def claim_look(db: AsyncConnection, conversation_id: int, step: int, *, pause_seconds: float) -> bool:
    """Take the turn of asking the bank how far the owner's confirmation is; at most one asks at a time."""
    cursor = await db.execute(
        "update conversation set beat_at = clock_timestamp() where id = %s and step = %s and state = 'wait'"
        " and beat_at < clock_timestamp() - make_interval(secs => %s)",
        (conversation_id, step, pause_seconds),
    )
    return cursor.rowcount == 1


async def interrupted(db: AsyncConnection, *, silence_seconds: float) -> tuple[Interrupted, ...]:
    """Return the conversations whose step gives no sign of life any more, locked."""
    cursor = await db.execute(
        "select id, client_id, step, session_id, owner_id, target from conversation"
        " where (state = 'working' or state = 'importing' and command_id is null)"
        " and beat_at < clock_timestamp() - make_interval(secs => %s)"
        " for update skip locked",
        (silence_seconds,),
    )
    return tuple(Interrupted(*row) for row in await cursor.fetchall())


async def delete_old(db: AsyncConnection) -> int:
    """Delete what is over: visits after an hour, redirections after two days, each with what hangs on it."""
    cursor = await db.execute(
        "delete from conversation where redirection_id is null"
        " and created_at < clock_timestamp() - interval '1 hour'"
    )
    deleted = cursor.rowcount
    await db.execute("delete from redirection where created_at < clock_timestamp() - interval '48 hours'")
    return deleted
