"""Retention: data dies with its keys when its time is over; idempotent, and safe to stop anywhere."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import structlog

from kontora.commands.consent_reaper import ConsentReaper
from kontora.commands.owners import forget
from kontora.commands.room import CommandRoom
from kontora.store import clock, commands, conversations, imports, owners, pdf_visits, target_health

log = structlog.get_logger("kontora.retention")

MOST_OWNERS = 500
MOST_ORPHANS = 20
TOLERATED_JUMP_SECONDS = 300.0
LONGEST_PAUSE_SECONDS = 3600.0
LATEST_SECONDS = 300.0


class ClockGuard:
    """Compares the clock of retention with the machine's own: a jump must not delete everything at once.

    A jump ahead of more than five minutes pauses deletion and raises an alarm; after an hour of steady time
    deletion goes on, so that it is never delayed longer. Deletion at a client's request is not affected.
    """

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None
        self._paused_at: float | None = None

    def allows(self, now: datetime, monotonic_seconds: float) -> bool:
        """Tell whether retention may delete now."""
        last, self._last = self._last, (now, monotonic_seconds)
        if last is not None:
            moved = (now - last[0]).total_seconds() - (monotonic_seconds - last[1])
            if abs(moved) > TOLERATED_JUMP_SECONDS:
                self._paused_at = monotonic_seconds
                log.error("clock_jumped", seconds=round(moved), pause_seconds=LONGEST_PAUSE_SECONDS)
        if self._paused_at is not None and monotonic_seconds - self._paused_at >= LONGEST_PAUSE_SECONDS:
            self._paused_at = None
        return self._paused_at is None

    def confirm(self) -> None:
        """Accept the jump: it was meant."""
        self._paused_at = None


class Retention:
    """Deletes what has lived its time. `retention_seconds` is at most a day."""

    def __init__(self, room: CommandRoom, guard: ClockGuard) -> None:
        self._room = room
        self._guard = guard
        self._offset_seconds = 0.0
        self._suspects: frozenset[int] = frozenset()
        self._consents = ConsentReaper(room)
        # Until the first time is due, nothing has been missed.
        self._reaped_at = time.monotonic()

    def healthy(self) -> bool:
        """Tell whether deletion works: it did within the last minutes, and no jump of the clock stops it."""
        return time.monotonic() - self._reaped_at < LATEST_SECONDS

    async def reap(self) -> bool:
        """Delete expired data, owners without data, and the keys of hours that are over.

        Returns False, if the clock guard does not allow it.
        """
        room = self._room
        async with room.database.connection() as db:
            now, offset = await clock.now(db), await clock.offset(db)
        if offset != self._offset_seconds:
            # Practice mode moved the clock on purpose.
            self._offset_seconds = offset
            self._guard = ClockGuard()
        if not self._guard.allows(now, time.monotonic()):
            return False
        await room.vault.destroy_hours(now - timedelta(hours=1, seconds=room.limits.retention_seconds))
        async with room.database.tx() as db:
            expired = await imports.delete_expired(db)
            await commands.delete_old(db, retention_seconds=room.limits.retention_seconds)
            await conversations.delete_old(db)
            await target_health.delete_old(db)
            await pdf_visits.delete_old(db)
        async with room.database.connection() as db:
            gone = await owners.without_data(db, MOST_OWNERS)
        for owner_id in gone:
            await forget(room, owner_id, client_id=None, kind="owner_expired")
        await self._remove_orphans()
        await self._consents.reap()
        if expired or gone:
            log.info("data_deleted", imports=expired, owners=len(gone))
        self._reaped_at = time.monotonic()
        return True

    async def _remove_orphans(self) -> None:
        """Destroy keys whose owner was never stored, or whose rows went while the key stayed.

        A key is made a moment before its owner's row: only what is an orphan twice in a row is one.
        """
        keyed = await self._room.vault.owners()
        async with self._room.database.connection() as db:
            known = await owners.known(db, keyed)
        orphans = frozenset(keyed) - known
        sure, self._suspects = orphans & self._suspects, orphans
        if len(sure) > max(MOST_ORPHANS, len(keyed) // 2):
            # More likely the wrong database, or a restored one: keys cannot be brought back.
            log.error("keys_without_owners", keys=len(sure), destroyed=0)
            return
        for owner_id in sure:
            await self._room.vault.destroy_owner(owner_id)
