"""Places for work that keeps a processor busy: few at once, and each client that waits has its turn."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """`at_once` places. A place that is free goes to the client that has waited longest for its turn.

    A client's own requests are served in their order, one a turn: whoever asks for much waits for itself.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        # In the order of their turns.
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, client_id: str) -> AsyncIterator[None]:
        """Hold a place inside the block."""
        await self._take(client_id)
        try:
            yield
        finally:
            self._give()

    async def _take(self, client_id: str) -> None:
        if self._free:
            self._free -= 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client_id, deque()).append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.cancelled():
                self._forget(client_id, place)
            else:  # it was given just before
                self._give()
            raise

    def _give(self) -> None:
        while self._waiting:
            client_id = next(iter(self._waiting))
            queue = self._waiting.pop(client_id)
            place = queue.popleft()
            if queue:
                self._waiting[client_id] = queue
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    def _forget(self, client_id: str, place: asyncio.Future[None]) -> None:
        queue = self._waiting.get(client_id)
        if queue is not None and place in queue:
            queue.remove(place)
            if not queue:
                del self._waiting[client_id]
