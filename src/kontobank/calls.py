"""The log of calls: what third parties asked the bank, for tests that count. Bounded."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from datetime import datetime

_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call. `login` and `consent_id` are `None` where the call named none."""

    at: datetime
    operation: str
    login: str | None
    consent_id: str | None
    status: int


class CallLog:
    """Counts of all calls since the last reset, and the latest 20,000 of them one by one."""

    def __init__(self) -> None:
        self.by_operation: Counter[str] = Counter()
        self.by_status: Counter[int] = Counter()
        self.logins = 0
        self.token_exchanges = 0
        self._latest: deque[LoggedCall] = deque(maxlen=_LONGEST)

    def add(self, call: LoggedCall) -> None:
        """Count one call."""
        self.by_operation[call.operation] += 1
        self.by_status[call.status] += 1
        self._latest.append(call)

    def clear(self) -> None:
        """Forget everything."""
        self.by_operation.clear()
        self.by_status.clear()
        self.logins = self.token_exchanges = 0
        self._latest.clear()

    def summary(self) -> dict[str, object]:
        """Return the counts and the log, oldest first, as plain data."""
        return {
            "total": self.by_operation.total(),
            "by_operation": dict(self.by_operation),
            "by_status": {str(status): count for status, count in self.by_status.items()},
            "logins": self.logins,
            "token_exchanges": self.token_exchanges,
            "log": [
                {
                    "at": call.at.isoformat(timespec="milliseconds"),
                    "operation": call.operation,
                    "login": call.login,
                    "consent_id": call.consent_id,
                    "status": call.status,
                }
                for call in self._latest
            ],
        }
