"""Places for requests whose bodies are held in memory: so many for each client, no queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from kontora.errors import JobsQuotaExceeded


class ClientPlaces:
    """A client may be inside `at_once` times; what is over that is refused before its body is read."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._inside: Counter[str] = Counter()

    @contextmanager
    def place(self, client: str) -> Iterator[int]:
        """Keep a place inside the block; gives how many others the client has.

        Raises: JobsQuotaExceeded.
        """
        beside = self._inside[client]
        if beside >= self._at_once:
            raise JobsQuotaExceeded
        self._inside[client] += 1
        try:
            yield beside
        finally:
            self._inside[client] -= 1
            if not self._inside[client]:
                del self._inside[client]
