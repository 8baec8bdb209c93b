"""How often strangers may ask: a bucket for each address and each client, in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from kontora.errors import RateLimitExceeded

MOST_BUCKETS = 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How many at once, and how many a second in the long run."""

    at_once: float
    per_second: float


class Buckets:
    """Buckets that refill with time. The ones not asked for longest are forgotten: they are full by then."""

    def __init__(self, rate: Rate, clock: Callable[[], float], *, most: int = MOST_BUCKETS) -> None:
        self._rate = rate
        self._clock = clock
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Take one from the bucket of this key.

        Raises: RateLimitExceeded, if it is empty.
        """
        now = self._clock()
        left, at = self._buckets.get(key, (self._rate.at_once, now))
        left = min(self._rate.at_once, left + (now - at) * self._rate.per_second)
        self._buckets[key] = (max(left - 1, 0.0) if left >= 1 else left, now)
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        if left < 1:
            raise RateLimitExceeded

    def __len__(self) -> int:
        return len(self._buckets)
