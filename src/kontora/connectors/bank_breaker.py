"""A breaker for a bank that cannot be reached: stop calling for a while, then try with one call."""

from __future__ import annotations

from collections.abc import Callable

_FAILURES_TO_OPEN = 5
_OPEN_SECONDS = 10.0


class Breaker:
    """Opens after five failures to connect in a row; after ten seconds one call may try again."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures = 0
        self._closed_again_at = 0.0

    def closed(self) -> bool:
        """Tell whether a call may be made; a call that is let through when half open takes the turn."""
        if self._failures < _FAILURES_TO_OPEN:
            return True
        if self._clock() < self._closed_again_at:
            return False
        self._closed_again_at = self._clock() + _OPEN_SECONDS
        return True

    def reached(self) -> None:
        """Note that the bank was reached."""
        self._failures = 0

    def failed(self) -> None:
        """Note a failure to connect."""
        self._failures += 1
        if self._failures == _FAILURES_TO_OPEN:
            self._closed_again_at = self._clock() + _OPEN_SECONDS
