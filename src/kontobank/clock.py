"""The bank's clock: real or fixed time, which the control API can move forward and back."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta


class Clock:
    """Time at the bank. `start` replaces the real time; it goes on ticking from there."""

    def __init__(self, start: datetime | None = None) -> None:
        self.offset_seconds = 0.0
        self._shift = 0.0 if start is None else start.timestamp() - time.time()

    def timestamp(self) -> float:
        """Return seconds since 1970, as the bank sees them."""
        return time.time() + self._shift + self.offset_seconds

    def now(self) -> datetime:
        """Return the bank's time in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def today(self) -> date:
        """Return the bank's calendar day, which changes at midnight UTC."""
        return self.now().date()

    def days_ago(self, days: int) -> date:
        """Return the day that many days before today."""
        return self.today() - timedelta(days=days)
