"""A turnstile for work that comes in crowds: one at a time, and everybody else in between."""

from __future__ import annotations

import asyncio


class Turnstile:
    """Lets one task pass in each turn of the event loop, in the order of arrival.

    Hundreds of imports ask and are answered at the same moment. If all of that were done in one turn of the
    loop, a poll would wait for seconds; this way it waits for one answer to be parsed. Passing costs a turn.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def passed(self) -> None:
        """Wait until it is this task's turn."""
        async with self._lock:
            await asyncio.sleep(0)
