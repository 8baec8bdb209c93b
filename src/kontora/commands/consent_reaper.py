"""Retention of consents: one whose time is over loses its key; keys without a consent are destroyed."""

from __future__ import annotations

import structlog

from kontora.commands.consents import end_consent
from kontora.commands.room import CommandRoom
from kontora.store import consents

log = structlog.get_logger("kontora.retention")

MOST_EXPIRED = 500
MOST_ORPHANS = 20


class ConsentReaper:
    """Ends what has lived its time; safe to stop anywhere."""

    def __init__(self, room: CommandRoom) -> None:
        self._room = room
        self._suspects: frozenset[int] = frozenset()

    async def reap(self) -> None:
        """End expired consents, delete what counts no more, and destroy orphan keys."""
        room = self._room
        async with room.database.connection() as db:
            expired = await consents.expired(db, MOST_EXPIRED)
        for one in expired:
            await end_consent(room, one, "expired")
        async with room.database.tx() as db:
            await consents.delete_old(db)
        await self._remove_orphans()

    async def _remove_orphans(self) -> None:
        """Destroy keys without a live consent: seen twice, for a key is made a moment before its row."""
        keyed = await self._room.vault.consents.consents()
        async with self._room.database.connection() as db:
            known = await consents.live(db, keyed)
        orphans = frozenset(keyed) - known
        sure, self._suspects = orphans & self._suspects, orphans
        if len(sure) > max(MOST_ORPHANS, len(keyed) // 2):
            # More likely the wrong database, or a restored one: keys cannot be brought back.
            log.error("keys_without_consents", keys=len(sure), destroyed=0)
            return
        for consent_id in sure:
            await self._room.vault.consents.destroy(consent_id)
