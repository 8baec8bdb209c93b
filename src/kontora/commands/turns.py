"""Places for work that keeps a processor busy: few at once, few for each client, and by turns."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """`at_once` places, of which one client holds `each` at most.

    A place that is free goes to the client that has waited longest for its turn; its own requests are
    served in their order. So whoever asks for much, or for what takes long, waits for itself.
    """

    def __init__(self, at_once: int, *, each: int = 1) -> None:
        self._free = at_once
        self._each = each
        self._held: Counter[str] = Counter()
        # In the order of their turns.
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, client_id: str) -> AsyncIterator[None]:
        """Hold a place inside the block."""
        await self._take(client_id)
        try:
            yield
        finally:
            self._give(client_id)

    async def _take(self, client_id: str) -> None:
        if self._free and self._held[client_id] < self._each:
            self._free -= 1
            self._held[client_id] += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client_id, deque()).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.cancelled():
                self._forget(client_id, place)
            else:  # it was given just before
                self._give(client_id)
            raise

    def _give(self, client_id: str) -> None:
        self._free += 1
        self._held[client_id] -= 1
        if not self._held[client_id]:
            del self._held[client_id]
        for waiting_id in self._waiting:
            if self._held[waiting_id] < self._each and self._hand_over(waiting_id):
                return

    def _hand_over(self, client_id: str) -> bool:
        """Hand a free place to the first request of a client that still waits; False, if none does."""
        queue = self._waiting[client_id]
        while queue:
            place = queue.popleft()
            if not place.done():
                self._free -= 1
                self._held[client_id] += 1
                place.set_result(None)
                del self._waiting[client_id]
                if queue:  # it goes to the end
                    self._waiting[client_id] = queue
                return True
        return False

    def _forget(self, client_id: str, place: asyncio.Future[None]) -> None:
        queue = self._waiting.get(client_id)
        if queue is not None:
            if place in queue:
                queue.remove(place)
            if not queue:
                del self._waiting[client_id]
