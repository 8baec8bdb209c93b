"""What goes on beside the requests: the worker, the sweep and retention, each kept running."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from kontora.commands.retention import Retention
from kontora.commands.sweeper import INTERVAL_SECONDS, Sweeper
from kontora.errors import KontoraError
from kontora.store.queue import QUEUE_FAILURES, Queue

log = structlog.get_logger("kontora.duties")

RETENTION_SECONDS = 60.0
PAUSE_SECONDS = 1.0


async def work_always(queue: Queue, concurrency: int, stop: asyncio.Event) -> None:
    """Run the worker until `stop`; it is started again whenever the database took it away."""
    while not stop.is_set():
        try:
            await queue.work(concurrency, stop)
        except QUEUE_FAILURES as error:
            log.warning("worker_restarts", failure=type(error).__name__)
        if not stop.is_set():
            await _pause(stop, PAUSE_SECONDS)


async def sweep_always(sweeper: Sweeper, stop: asyncio.Event) -> None:
    """Sweep every 5 seconds until `stop`."""
    await repeat_always(sweeper.sweep, INTERVAL_SECONDS, stop, on_failure=sweeper.unsettle)


async def reap_always(
    retention: Retention, stop: asyncio.Event, *, seconds: float = RETENTION_SECONDS
) -> None:
    """Delete what has lived its time, every minute until `stop`."""
    await repeat_always(retention.reap, seconds, stop)


async def repeat_always(
    duty: Callable[[], Awaitable[object]],
    seconds: float,
    stop: asyncio.Event,
    *,
    on_failure: Callable[[], None] = lambda: None,
) -> None:
    """Do a duty again and again until `stop`, whatever becomes of it."""
    while not stop.is_set():
        try:
            await duty()
        except KontoraError as error:
            log.warning("duty_failed", duty=duty.__qualname__, failure=error.name, reason=error.message)
            on_failure()
        except Exception:
            log.exception("duty_broke", duty=duty.__qualname__)
            on_failure()
        await _pause(stop, seconds)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
