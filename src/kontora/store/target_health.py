"""How the ways into banks do: outcomes by minute, requests in a row, and who fails by the rule.

Written in bulk, shared by all processes. It goes by the database's real clock, which nothing moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import AsyncConnection


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Outcomes of one target and product that are to be added to the present minute."""

    target: str
    product: str
    successes: int = 0
    bank_errors: int = 0
    our_errors: int = 0
    owner_errors: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """The latest requests to a target: how many in a row had no answer, or had one.

    `began_anew`: there was the other kind before them in this piece, so earlier ones do not count.
    """

    target: str
    unanswered: int
    answered: int
    began_anew: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a target stands. Tasks (`sign_in` and `import`) are those since the last change, in the window.

    `reason`: why it fails by the rule; `None`, if it does not. `changed_seconds`: how long ago that changed.
    """

    target: str
    unanswered: int
    answered: int
    reason: str | None
    changed_seconds: float
    successes: int
    bank_errors: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The outcomes of a target and product within a window."""

    target: str
    product: str
    successes: int
    bank_errors: int
    our_errors: int
    owner_errors: int


async def add(db: AsyncConnection, outcomes: Sequence[Outcomes], runs: Sequence[Run]) -> None:
    """Add outcomes and runs, sorted, so that processes that write together do not wait crosswise."""
    for one in sorted(outcomes, key=lambda item: (item.target, item.product)):
        await db.execute(
            "insert into target_health as h"
            " (target, product, minute, successes, bank_errors, our_errors, owner_errors)"
            " values (%s, %s, date_trunc('minute', clock_timestamp()), %s, %s, %s, %s)"
            " on conflict (target, product, minute) do update set"
            " successes = h.successes + excluded.successes,"
            " bank_errors = h.bank_errors + excluded.bank_errors,"
            " our_errors = h.our_errors + excluded.our_errors,"
            " owner_errors = h.owner_errors + excluded.owner_errors",
            (one.target, one.product, one.successes, one.bank_errors, one.our_errors, one.owner_errors),
        )
    for run in sorted(runs, key=lambda item: item.target):
        await db.execute(
            "insert into target_standing as s (target, unanswered, answered) values (%s, %s, %s)"
            " on conflict (target) do update set"
            " unanswered = case when excluded.unanswered = 0 then 0 when %s then excluded.unanswered"
            "  else s.unanswered + excluded.unanswered end,"
            " answered = case when excluded.answered = 0 then 0 when %s then excluded.answered"
            "  else least(s.answered + excluded.answered, 1000000) end",
            (run.target, run.unanswered, run.answered, run.began_anew, run.began_anew),
        )


async def standings(db: AsyncConnection, *, window_seconds: float) -> tuple[Standing, ...]:
    """Return how the targets stand."""
    cursor = await db.execute(
        "select s.target, s.unanswered, s.answered, s.reason,"
        " extract(epoch from clock_timestamp() - s.changed_at)::float8,"
        " coalesce(sum(h.successes), 0)::int, coalesce(sum(h.bank_errors), 0)::int"
        " from target_standing s left join target_health h on h.target = s.target and h.product <> 'call'"
        "  and h.minute > s.changed_at"
        "  and h.minute > clock_timestamp() - make_interval(secs => %s)"
        " group by s.target, s.unanswered, s.answered, s.reason, s.changed_at",
        (window_seconds,),
    )
    return tuple(Standing(*row) for row in await cursor.fetchall())


async def change(db: AsyncConnection, target: str, before: str | None, reason: str | None) -> bool:
    """Note that a target fails, with the reason, or that it answers again; false, if another did it."""
    cursor = await db.execute(
        "update target_standing set reason = %s, changed_at = clock_timestamp(), unanswered = 0, answered = 0"
        " where target = %s and reason is not distinct from %s and reason is distinct from %s",
        (reason, target, before, reason),
    )
    return cursor.rowcount == 1


async def failing(db: AsyncConnection) -> dict[str, str]:
    """Return the targets that fail by the rule, with the reasons."""
    cursor = await db.execute("select target, reason from target_standing where reason is not null")
    return {row[0]: row[1] for row in await cursor.fetchall()}


async def claim_probe(
    db: AsyncConnection, target: str, *, calm_seconds: float, troubled_seconds: float
) -> bool:
    """Take the turn of asking whether a target answers: one process at a time, more often in trouble."""
    await db.execute(
        "insert into target_standing (target) values (%s) on conflict (target) do nothing", (target,)
    )
    cursor = await db.execute(
        "update target_standing set probed_at = clock_timestamp() where target = %s"
        " and probed_at <= clock_timestamp() - make_interval(secs =>"
        "  case when unanswered > 0 or reason is not null then %s else %s end)",
        (target, troubled_seconds, calm_seconds),
    )
    return cursor.rowcount == 1


async def figures(db: AsyncConnection, *, window_seconds: float) -> tuple[Figures, ...]:
    """Return the sums of the window, by target and product."""
    cursor = await db.execute(
        "select target, product, sum(successes)::int, sum(bank_errors)::int, sum(our_errors)::int,"
        " sum(owner_errors)::int from target_health"
        " where minute > clock_timestamp() - make_interval(secs => %s)"
        " group by target, product order by target, product",
        (window_seconds,),
    )
    return tuple(Figures(*row) for row in await cursor.fetchall())


async def delete_old(db: AsyncConnection) -> None:
    """Delete minutes older than a day."""
    await db.execute("delete from target_health where minute < clock_timestamp() - interval '1 day'")
