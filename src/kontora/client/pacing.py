"""How long to wait between requests, and for how long to keep trying."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Pacing:
    """The first pause is `first_seconds`, each later one `growth` times longer, up to `longest_seconds`.

    Every pause varies by the share `jitter`, so that many callers do not poll in step.
    `patience_seconds`: how long one request is tried again while the server is busy or unreachable.
    `deadline_seconds`: how long a command is waited for.
    """

    first_seconds: float = 0.5
    growth: float = 1.4
    longest_seconds: float = 3.0
    jitter: float = 0.2
    patience_seconds: float = 60.0
    deadline_seconds: float = 600.0
    chance: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic

    def pauses(self) -> Iterator[float]:
        """Yield the pauses, in seconds, without end."""
        pause = self.first_seconds
        while True:
            yield self.varied(pause)
            pause = min(pause * self.growth, self.longest_seconds)

    def varied(self, seconds: float) -> float:
        """Return a pause, a little longer or shorter."""
        return seconds * (1 + self.jitter * (2 * self.chance() - 1))
