"""The one place that puts the parts together: what `kontora serve`, `worker` and the others run."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import structlog
import uvloop
from prometheus_client import CollectorRegistry

from kontora.administration import Administration
from kontora.analytics_desk import analytics
from kontora.api import ApiSettings, SecurityEvent, build_api
from kontora.api.door import Door
from kontora.api.endpoints import Endpoint
from kontora.api.guarded_protocol import Bounds
from kontora.api.serving import Listening, metrics_page, serving
from kontora.commands import duties
from kontora.commands.answers import Client
from kontora.commands.retention import ClockGuard, Retention
from kontora.commands.sweeper import Sweeper
from kontora.engine import Engine, opened_database, running_engine
from kontora.errors import KontoraError
from kontora.label_desks import labelling
from kontora.logs import access_log, configure_logging
from kontora.metrics import Metrics
from kontora.settings import Settings
from kontora.sign_in_desks import SignInAddress, sign_in
from kontora.start_checks import check_clients, check_clock, check_start, harden_process
from kontora.statement_desks import statement_reading
from kontora.store import clients, events
from kontora.store import migrate as migrations
from kontora.store.database import Database
from kontora.store.embedded import EmbeddedPostgres
from kontora.upload_desks import uploading

log = structlog.get_logger("kontora.main")

LOOK_SECONDS = 5.0
HEALTH_SECONDS = 2.0
MOST_EVENTS_WAITING = 1000
# How long a thread that computes keeps the event loop waiting before it must let go: a poll comes back to
# the loop several times, and each time would cost Python's usual 5 ms.
SWITCH_SECONDS = 0.0005


@dataclass(frozen=True)
class Addresses:
    """Where it listens; `None` where there is no API."""

    api_url: str | None
    metrics_url: str


@dataclass(frozen=True)
class Running:
    """What runs, for whoever started it."""

    addresses: Addresses
    administration: Administration
    engine: Engine


@dataclass(frozen=True)
class Opened:
    """The desks that are open: where owners' browsers find the widget, and the endpoints of all of them."""

    address: SignInAddress
    endpoints: tuple[Endpoint, ...]


class StoredDirectory:
    """Finds clients by API key in the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_by_key_prefix(self, prefix: str) -> tuple[bytes, Client] | None:
        """Return the digest of the live key with this prefix, and its client."""
        async with self._database.connection() as db:
            found = await clients.find_by_key_prefix(db, prefix)
        if found is None:
            return None
        digest, row = found
        return digest, Client(row.id, row.environment, row.ips, row.origins, row.redirect_uris, row.features)


class EventWriter:
    """Writes security events beside the requests; under a flood what does not fit is counted, not written."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: asyncio.Queue[SecurityEvent] = asyncio.Queue(MOST_EVENTS_WAITING)

    def note(self, event: SecurityEvent) -> None:
        """Take an event; returns at once."""
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(event)

    async def write_always(self) -> None:
        """Write events as they come."""
        while True:
            event = await self._waiting.get()
            try:
                async with self._database.tx() as db:
                    told = events.Event(kind=event.kind, client_id=event.client_id, outcome=event.reason)
                    await events.append(db, told)
            except KontoraError as error:
                log.warning("event_not_written", failure=error.name)


@asynccontextmanager
async def running(settings: Settings, *, api: bool, worker: bool) -> AsyncIterator[Running]:
    """Run the parts inside the block; at its end they stop in good order.

    Raises: ConfigurationError, StoreUnavailable.
    """
    check_start(settings, user_id=os.geteuid(), serves=api)
    configure_logging(settings.log_level, style=settings.log_format)
    metrics = Metrics(CollectorRegistry())
    async with AsyncExitStack() as stack:
        engine = await stack.enter_async_context(running_engine(settings, metrics))
        harden_process()
        check_clock(settings, engine.clock.offset_seconds)
        async with engine.database.connection() as db:
            check_clients(network for row in await clients.all_clients(db) for network in row.ips)
        writer = EventWriter(engine.database)
        stop = asyncio.Event()
        retention = Retention(engine.room, ClockGuard())
        always = _duties(engine, retention, writer, stop)
        if worker:
            always.append(duties.work_always(engine.queue, settings.worker_concurrency, stop))
        tasks = [asyncio.create_task(duty) for duty in always]
        stack.push_async_callback(_finish, tasks, stop)
        listening = Listening(host=settings.metrics_host, port=settings.metrics_port)
        metrics_url = await stack.enter_async_context(serving(metrics_page(metrics.registry), listening))
        api_url = None
        if api:
            opened = await stack.enter_async_context(desks(engine))
            door = api_of(engine, writer, retention, more=opened.endpoints)
            api_url = await stack.enter_async_context(
                serving(door, _listening(settings), bounds=Bounds(trusted_proxies=settings.trusted_proxies))
            )
            if settings.practice and opened.address.url is None:
                opened.address.url = api_url
        yield Running(Addresses(api_url, metrics_url), Administration(engine.database), engine)


@asynccontextmanager
async def desks(engine: Engine) -> AsyncIterator[Opened]:
    """Keep every desk open inside the block; gives the endpoints of all of them.

    Raises: ConfigurationError.
    """
    async with sign_in(engine) as signing_in, statement_reading(engine) as reading:
        analysing = await analytics(engine)
        more = (*reading, *uploading(engine), *labelling(engine), *analysing)
        yield Opened(signing_in.address, (*signing_in.endpoints, *more))


def api_of(
    engine: Engine, writer: EventWriter, retention: Retention, *, more: Sequence[Endpoint] = ()
) -> Door:
    """Return the API over an engine."""
    settings = engine.settings
    return build_api(
        desk=engine.intake,
        directory=StoredDirectory(engine.database),
        catalogue=engine.room.catalogue,
        settings=ApiSettings(
            practice=settings.practice,
            trusted_proxies=settings.trusted_proxies,
            legacy_api_key_parameter=settings.legacy_api_key_parameter,
            schema_base_url=settings.schema_base_url,
            support_url=settings.support_url,
        ),
        metrics=engine.metrics,
        access_log=access_log() if settings.log_level.upper() in {"DEBUG", "INFO"} else _no_log,
        probes=_probes(engine, retention),
        notify=writer.note,
        more=more,
    )


def _no_log(_fields: Mapping[str, Any]) -> None:
    """Write nothing: only warnings are wanted."""


def _listening(settings: Settings) -> Listening:
    return Listening(
        host=settings.host,
        port=settings.port,
        certificate=settings.tls_certificate,
        key=settings.tls_key,
    )


def _probes(engine: Engine, retention: Retention) -> dict[str, Callable[[], Awaitable[bool]]]:
    """Return what must work for Kontora to be ready, by name."""

    async def store() -> bool:
        await engine.database.ping()
        return True

    async def keys() -> bool:
        return bool(await engine.keys.get("index-1"))

    async def audit() -> bool:
        return await events.can_append(engine.database)

    async def reaper() -> bool:
        return retention.healthy()

    return {"store": store, "keys": keys, "audit": audit, "reaper": reaper}


def _duties(
    engine: Engine, retention: Retention, writer: EventWriter, stop: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    sweeper = Sweeper(engine.room, engine.queue)
    return [
        duties.sweep_always(sweeper, stop),
        duties.reap_always(retention, stop),
        duties.repeat_always(engine.look_around, LOOK_SECONDS, stop),
        duties.repeat_always(engine.health.turn, HEALTH_SECONDS, stop),
        _until(stop, writer.write_always()),
    ]


async def _until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    task = asyncio.create_task(work)
    await stop.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _finish(tasks: list[asyncio.Task[None]], stop: asyncio.Event) -> None:
    stop.set()
    await asyncio.gather(*tasks)


def serve(settings: Settings) -> None:
    """Serve the API, and run commands beside it unless the settings say otherwise, until a signal."""
    uvloop.run(_run(settings, api=True, worker=settings.worker))


def worker(settings: Settings) -> None:
    """Run commands until a signal."""
    uvloop.run(_run(settings, api=False, worker=True))


async def _run(settings: Settings, *, api: bool, worker: bool) -> None:
    sys.setswitchinterval(SWITCH_SECONDS)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    async with running(settings, api=api, worker=worker) as started:
        if started.addresses.api_url is not None:
            print(f"Kontora listens on {started.addresses.api_url}", flush=True)  # noqa: T201 - for whoever waits
        else:
            print("Kontora worker runs", flush=True)  # noqa: T201 - for whoever waits
        await ended.wait()


@asynccontextmanager
async def administer(settings: Settings) -> AsyncIterator[Administration]:
    """Open the store for an operator's work, also beside a Kontora that runs on the embedded database."""
    async with opened_database(settings, join=True) as database:
        yield Administration(database)


def migrate(settings: Settings, revision: str = "head") -> str:
    """Bring the database to a revision, forward or back; return a sentence on where it stands.

    Raises: ConfigurationError, StoreUnavailable.
    """
    if settings.database_url is not None:
        return _migrated(settings.database_url, revision)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    embedded = EmbeddedPostgres(settings.data_dir / "postgres")
    try:
        return _migrated(embedded.start(join=True), revision)
    finally:
        embedded.stop()


def _migrated(url: str, revision: str) -> str:
    return f"The database is at revision {migrations.move_to(url, revision)}."
