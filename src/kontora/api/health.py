"""Whether the process lives, and whether it can do its work; for anyone to ask, so nothing else is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import msgspec
import structlog

from kontora.api.endpoints import Endpoint
from kontora.api.failures import JSON
from kontora.api.visits import Answer, Visit

Probe = Callable[[], Awaitable[bool]]

PROBE_SECONDS = 2.0
KEPT_SECONDS = 0.5

log = structlog.get_logger("kontora.api")


class Health:
    """Asks the probes, all at once, and keeps the answer for half a second: strangers may ask often."""

    def __init__(self, probes: Mapping[str, Probe], clock: Callable[[], float]) -> None:
        self._probes = probes
        self._clock = clock
        self._asking: asyncio.Task[bool] | None = None
        self._asked_at = float("-inf")

    async def live(self, _visit: Visit) -> Answer:
        """Tell that the process answers."""
        return _answer(True)

    async def ready(self, _visit: Visit) -> Answer:
        """Tell whether everything that the work needs is there."""
        now = self._clock()
        if self._asking is None or (self._asking.done() and now - self._asked_at > KEPT_SECONDS):
            self._asked_at = now
            self._asking = asyncio.create_task(self._ask())
        return _answer(await asyncio.shield(self._asking))

    async def _ask(self) -> bool:
        found = await asyncio.gather(*(self._probe(name, probe) for name, probe in self._probes.items()))
        return all(found)

    async def _probe(self, name: str, probe: Probe) -> bool:
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                works = await probe()
        except Exception as error:  # noqa: BLE001 - the API's edge: a probe that breaks is one that fails
            log.warning("probe_failed", name=name, failure=type(error).__name__)
            return False
        if not works:
            log.warning("probe_failed", name=name)
        return works

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints; all are public."""
        summaries = {
            "/v1/health": ("health", "Tell whether Kontora can do its work", self.ready),
            "/v1/health/live": ("healthLive", "Tell whether the process lives", self.live),
            "/v1/health/ready": ("healthReady", "Tell whether Kontora can do its work", self.ready),
            "/isItWorking": ("isItWorking", "The same for old clients", self.ready),
        }
        return tuple(
            Endpoint(
                method="GET",
                path=path,
                name=name,
                handle=handle,
                summary=summary,
                reply="Health",
                public=True,
                json=True,
            )
            for path, (name, summary, handle) in summaries.items()
        )


def _answer(up: bool) -> Answer:
    headers = () if up else ((b"retry-after", b"5"),)
    return Answer(200 if up else 503, msgspec.json.encode({"status": "UP" if up else "DOWN"}), JSON, headers)
