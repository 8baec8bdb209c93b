"""Commands: their state, the attempt that fences every write, and what they ended with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString

from psycopg import AsyncConnection

from kontora.store.statements import ALIVE

UNFINISHED: LiteralString = "state in ('setup', 'in_progress')"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCommand:
    """A command to be added. `counted`: it takes one of the client's places. `queued`: a job runs it."""

    id: int
    client_id: str
    owner_id: int
    session_id: int
    name: str
    target: str
    institution: str
    counted: bool
    queued: bool
    sealed_parameters: bytes | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A command that this worker may run, as its attempt says."""

    id: int
    client_id: str
    owner_id: int
    session_id: int
    name: str
    target: str
    institution: str
    sealed_parameters: bytes | None
    attempt: int
    session_state: str | None
    sealed_session: bytes | None


@dataclass(frozen=True, slots=True)
class StatusRow:
    """What a poll reads."""

    id: int
    client_id: str
    session_id: int
    owner_id: int
    name: str
    state: str
    progress: int
    target: str
    institution: str
    failure_name: str | None
    failure_message: str | None
    failure_friendly_message: str | None
    sealed_result: bytes | None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a command ends: `state` is final; a failure has a name and a message."""

    state: str
    failure_name: str | None = None
    failure_message: str | None = None
    failure_friendly_message: str | None = None
    sealed_result: bytes | None = None


@dataclass(frozen=True, slots=True)
class Abandoned:
    """An unfinished command that no living process works on."""

    id: int
    client_id: str
    session_id: int
    owner_id: int
    name: str
    target: str
    attempt: int
    job_id: int | None
    started: bool


async def insert(db: AsyncConnection, command: NewCommand, job_id: int | None) -> None:
    """Add a command. A queued one waits in `setup`; one that is run on the spot begins `in_progress`.

    Raises: psycopg.errors.UniqueViolation, for a second default import of a session.
    """
    await db.execute(
        "insert into command"
        " (id, client_id, owner_id, session_id, name, target, institution, counted, queued,"
        " sealed_parameters, state, attempt, job_id, started_at)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s,"
        " case when %s then null else clock_timestamp() end)",
        (
            command.id,
            command.client_id,
            command.owner_id,
            command.session_id,
            command.name,
            command.target,
            command.institution,
            command.counted,
            command.queued,
            command.sealed_parameters,
            "setup" if command.queued else "in_progress",
            0 if command.queued else 1,
            job_id,
            command.queued,
        ),
    )


async def count_unfinished(db: AsyncConnection, client_id: str) -> int:
    """Count what takes the client's places: unfinished commands, and PDFs that are being read."""
    cursor = await db.execute(
        "select (select count(*) from command where client_id = %(client)s and counted and "
        + UNFINISHED
        + ")"
        " + (select count(*) from pdf_reading where client_id = %(client)s and " + ALIVE + ")",
        {"client": client_id},
    )
    row = await cursor.fetchone()
    return 0 if row is None else int(row[0])


async def has_unfinished(db: AsyncConnection, session_id: int, name: str) -> bool:
    """Tell whether the session runs a command of this name."""
    cursor = await db.execute(
        "select 1 from command where session_id = %s and name = %s and " + UNFINISHED + " limit 1",
        (session_id, name),
    )
    return await cursor.fetchone() is not None


async def claim(db: AsyncConnection, command_id: int) -> Claim | None:
    """Begin an attempt; `None`, if the command is final or gone."""
    cursor = await db.execute(
        "with begun as (update command set state = 'in_progress', attempt = attempt + 1,"
        " beat_at = clock_timestamp(), started_at = coalesce(started_at, clock_timestamp())"
        " where id = %s and " + UNFINISHED + " returning *)"
        " select b.id, b.client_id, b.owner_id, b.session_id, b.name, b.target, b.institution,"
        " b.sealed_parameters, b.attempt, s.state, s.sealed_state"
        " from begun b left join session s on s.id = b.session_id",
        (command_id,),
    )
    row = await cursor.fetchone()
    return None if row is None else Claim(*row)


async def advance(db: AsyncConnection, command_id: int, attempt: int, progress: int) -> bool:
    """Move the progress, never backwards, and give a sign of life. False, if the attempt is over."""
    cursor = await db.execute(
        "update command set progress = greatest(progress, %s), beat_at = clock_timestamp()"
        " where id = %s and attempt = %s and state = 'in_progress'",
        (progress, command_id, attempt),
    )
    return cursor.rowcount == 1


async def finish(db: AsyncConnection, command_id: int, attempt: int, ending: Ending) -> bool:
    """End a command; the parameters are dropped. False, and nothing changes, if the attempt is over."""
    cursor = await db.execute(
        "update command"
        " set state = %s, failure_name = %s, failure_message = %s, failure_friendly_message = %s,"
        " sealed_result = %s, sealed_parameters = null, finished_at = clock_timestamp(),"
        " progress = case when %s = 'successful' then 100 else progress end"
        " where id = %s and attempt = %s and " + UNFINISHED,
        (
            ending.state,
            ending.failure_name,
            ending.failure_message,
            ending.failure_friendly_message,
            ending.sealed_result,
            ending.state,
            command_id,
            attempt,
        ),
    )
    return cursor.rowcount == 1


async def abandoned(db: AsyncConnection, *, silence_seconds: float) -> tuple[Abandoned, ...]:
    """Return the unfinished commands that no living process works on.

    A queued command lives while its job waits, or is done by a worker whose heartbeat is fresh. One that
    is run on the spot lives while it gives signs of life itself.
    """
    cursor = await db.execute(
        "select c.id, c.client_id, c.session_id, c.owner_id, c.name, c.target, c.attempt, c.job_id,"
        " c.started_at is not null from command c"
        " left join procrastinate_jobs j on j.id = c.job_id"
        " left join procrastinate_workers w on w.id = j.worker_id"
        " where c." + UNFINISHED + " and case when c.queued then"
        "   not (j.id is not null and (j.status = 'todo'"
        # The queue forgets silent workers: a job without its worker is in nobody's hands.
        "        or (j.status = 'doing' and coalesce("
        "            w.last_heartbeat > clock_timestamp() - make_interval(secs => %(silence)s), false))))"
        "  else c.beat_at < clock_timestamp() - make_interval(secs => %(silence)s) end"
        " and c.created_at < clock_timestamp() - interval '1 second'"
        " for update of c skip locked",
        {"silence": silence_seconds},
    )
    return tuple(Abandoned(*row) for row in await cursor.fetchall())


async def unserved(
    db: AsyncConnection, *, silence_seconds: float, patience_seconds: float
) -> tuple[Abandoned, ...]:
    """Return the queued commands that have waited so long while no worker at all is alive."""
    cursor = await db.execute(
        "select c.id, c.client_id, c.session_id, c.owner_id, c.name, c.target, c.attempt, c.job_id,"
        " c.started_at is not null from command c where c." + UNFINISHED + " and c.queued"
        " and c.beat_at < clock_timestamp() - make_interval(secs => %(patience)s)"
        " and not exists (select 1 from procrastinate_workers w"
        "                 where w.last_heartbeat > clock_timestamp() - make_interval(secs => %(silence)s))"
        " for update of c skip locked",
        {"silence": silence_seconds, "patience": patience_seconds},
    )
    return tuple(Abandoned(*row) for row in await cursor.fetchall())


async def set_job(db: AsyncConnection, command_id: int, job_id: int) -> None:
    """Tie a command to the job that runs it now."""
    await db.execute("update command set job_id = %s where id = %s", (job_id, command_id))


async def delete_old(db: AsyncConnection, *, retention_seconds: float) -> int:
    """Delete finished commands, their results and ended sessions after the retention time."""
    cursor = await db.execute(
        "delete from command where finished_at is not null"
        " and finished_at < kontora_now() - make_interval(secs => %(age)s)",
        {"age": retention_seconds},
    )
    deleted = cursor.rowcount
    await db.execute(
        "delete from session s where s.state = 'ended'"
        " and s.used_at < kontora_now() - make_interval(secs => %(age)s)"
        " and not exists (select 1 from command c where c.session_id = s.id)",
        {"age": retention_seconds},
    )
    await db.execute(
        "delete from remembered_answer where created_at < kontora_now() - make_interval(secs => 86400)"
    )
    return deleted
