"""Few at once, few who wait, and turns for every client."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from itertools import count

from kontora.errors import JobsQuotaExceeded


class FairQueue:
    """Lets `places` in at once and `most_waiting` wait.

    The next is always of the client that has the fewest inside and was let in the longest ago. When the
    queue is full, the client that has the most waiting loses its last one: nobody keeps another out.
    """

    def __init__(self, *, places: int, most_waiting: int) -> None:
        self._free = places
        self._most_waiting = most_waiting
        self._waiting: defaultdict[str, deque[asyncio.Future[None]]] = defaultdict(deque)
        self._inside: Counter[str] = Counter()
        self._turns = count(1)
        self._last_turn: dict[str, int] = {}

    @asynccontextmanager
    async def place(self, client: str) -> AsyncIterator[None]:
        """Wait for a place and keep it inside the block.

        Raises: JobsQuotaExceeded.
        """
        await self._enter(client)
        try:
            yield
        finally:
            self._leave(client)

    async def _enter(self, client: str) -> None:
        if self._free:
            self._admit(client)
            return
        self._make_room(client)
        turn = asyncio.get_running_loop().create_future()
        self._waiting[client].append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._leave(client)  # the place came at the same moment
            raise
        finally:
            self._forget(client, turn)

    def _admit(self, client: str) -> None:
        self._free -= 1
        self._inside[client] += 1
        self._last_turn[client] = next(self._turns)

    def _leave(self, client: str) -> None:
        self._free += 1
        self._inside[client] -= 1
        while self._free and self._waiting:
            after = min(self._waiting, key=lambda name: (self._inside[name], self._last_turn.get(name, 0)))
            turn = self._waiting[after][0]
            self._forget(after, turn)
            if not turn.done():
                self._admit(after)
                turn.set_result(None)
        self._drop_absent()

    def _make_room(self, client: str) -> None:
        """Raises: JobsQuotaExceeded, if there is none for one more of this client."""
        if sum(map(len, self._waiting.values())) < self._most_waiting:
            return
        most = max(self._waiting, key=lambda name: len(self._waiting[name]), default=client)
        if len(self._waiting.get(most, ())) <= len(self._waiting.get(client, ())) + 1:
            raise JobsQuotaExceeded
        last = self._waiting[most][-1]
        self._forget(most, last)
        if not last.done():
            last.set_exception(JobsQuotaExceeded())

    def _forget(self, client: str, turn: asyncio.Future[None]) -> None:
        with suppress(ValueError):
            self._waiting[client].remove(turn)
        if not self._waiting[client]:
            del self._waiting[client]

    def _drop_absent(self) -> None:
        """Keep nothing of clients that are neither inside nor waiting."""
        for client in [
            name for name in self._last_turn if not self._inside[name] and name not in self._waiting
        ]:
            del self._last_turn[client]
            del self._inside[client]
