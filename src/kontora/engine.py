"""The engine: the store, the keys, the banks and the commands, put together from the settings."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from kontora.commands.health_board import HealthBoard
from kontora.commands.intake import Intake
from kontora.commands.reply_signatures import ReplyKeys, new_reply_key, parse_reply_keys
from kontora.commands.room import CommandRoom, Limits
from kontora.commands.runner import Runner
from kontora.commands.signatures import SigningKeys, parse_signing_keys
from kontora.commands.statuses import StatusReader
from kontora.connectors.bank_http import BankHttp, OnCall
from kontora.connectors.catalogue import Catalogue
from kontora.connectors.target_settings import read_target_settings
from kontora.connectors.unknown_pages import UnknownPages
from kontora.errors import ConfigurationError
from kontora.metrics import Metrics
from kontora.settings import Settings
from kontora.store import clock, migrate, sessions
from kontora.store.database import Database
from kontora.store.embedded import EmbeddedPostgres
from kontora.store.keys import FileKeyStore, KeyStore
from kontora.store.keys_postgres import PostgresKeyStore
from kontora.store.queue import Queue
from kontora.store.sessions import Life
from kontora.store.vault import Vault

# Polls are read one query at a time, and do not wait behind hundreds of imports for a connection.
POLL_CONNECTIONS = 1


class RetentionClock:
    """Tells the time by which retention goes: real time, moved by the offset of practice mode."""

    def __init__(self) -> None:
        self.offset_seconds = 0.0

    def now(self) -> datetime:
        """Return that time, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.offset_seconds)

    async def refresh(self, database: Database) -> None:
        """Read the offset again: another process may have moved the clock."""
        async with database.connection() as db:
            self.offset_seconds = await clock.offset(db)


T = TypeVar("T")


@dataclass(frozen=True)
class Engine:
    """The parts that run."""

    settings: Settings
    database: Database
    keys: KeyStore
    room: CommandRoom
    queue: Queue
    intake: Intake
    metrics: Metrics
    clock: RetentionClock
    health: HealthBoard
    on_call: OnCall
    pages: UnknownPages

    async def look_around(self) -> None:
        """Take in what other processes changed: the practice clock, the sessions that are open."""
        await self.clock.refresh(self.database)
        async with self.database.connection() as db:
            self.metrics.sessions_open(await sessions.count_all_live(db, self.room.limits.life))


@asynccontextmanager
async def opened_database(settings: Settings, *, join: bool = False) -> AsyncIterator[Database]:
    """Open the database, starting the embedded one where no other is set; its schema is up to date.

    `join`: use the embedded database of a running Kontora.
    Raises: ConfigurationError, StoreUnavailable.
    """
    async with AsyncExitStack() as stack:
        url = settings.database_url
        if url is None:
            settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            embedded = EmbeddedPostgres(settings.data_dir / "postgres")
            stack.push_async_callback(asyncio.to_thread, embedded.stop)
            url = await _whole(asyncio.to_thread(embedded.start, join=join))
            await asyncio.to_thread(migrate.upgrade, url)
        else:
            await asyncio.to_thread(migrate.check, url)
        database = await Database.open(url, max_size=settings.database_connections)
        stack.push_async_callback(database.close)
        yield database


async def _whole(work: Coroutine[Any, Any, T]) -> T:
    """Await work in a thread to its end, also when cancelled: a thread goes on whatever is awaited."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.gather(task, return_exceptions=True)
        raise


def key_store(settings: Settings) -> KeyStore:
    """Return the key store that the settings name.

    Raises: ConfigurationError.
    """
    if settings.keys_url is not None and settings.keys_master is not None:
        try:
            master = bytes.fromhex(settings.keys_master)
        except ValueError as error:
            raise ConfigurationError("KONTORA_KEYS_MASTER must be 64 hex characters.") from error
        return PostgresKeyStore(settings.keys_url, master)
    return FileKeyStore(settings.keys_dir or settings.data_dir / "keys")


def signing_keys(settings: Settings) -> SigningKeys:
    """Return the signing keys of the settings, or those of the data folder, which are made once.

    Raises: ConfigurationError, if the file can be read by others.
    """
    if settings.signing_keys is not None:
        return parse_signing_keys(settings.signing_keys)
    kept = _kept_secret(settings.data_dir / "signing-keys", lambda: f"k1:{secrets.token_hex(32)}")
    return parse_signing_keys(kept)


def reply_keys(settings: Settings) -> ReplyKeys:
    """Return the keys of signed replies: of the file that the settings name, or one that is made once.

    Raises: ConfigurationError, if the file cannot be read, or can be read by others.
    """
    file = settings.reply_keys_file
    if file is None:
        return parse_reply_keys(_kept_secret(settings.data_dir / "reply-keys.pem", new_reply_key))
    try:
        return parse_reply_keys(_read_secret(file))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"The reply keys {file} cannot be read.") from error


def _kept_secret(path: Path, fresh: Callable[[], str]) -> str:
    """Return a file's secret; where there is no file, keep a `fresh` one in one that only we can read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    if not path.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(fresh())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return _read_secret(path)


def _read_secret(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise ConfigurationError(f"{path} can be read by others. Run: chmod 600 {path}")
    return path.read_text()


@asynccontextmanager
async def running_engine(settings: Settings, metrics: Metrics) -> AsyncIterator[Engine]:
    """Put the engine together; nothing runs yet but the database.

    Raises: ConfigurationError, StoreUnavailable.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(opened_database(settings))
        keys = key_store(settings)
        stack.push_async_callback(keys.close)
        signing = signing_keys(settings)
        retention_clock = RetentionClock()
        await retention_clock.refresh(database)
        catalogue = Catalogue.load(
            practice=settings.practice,
            practice_bank_url=settings.practice_bank_url,
            settings=None if settings.targets_file is None else read_target_settings(settings.targets_file),
        )
        health = HealthBoard(
            database,
            catalogue,
            lambda target: target.connector(http),
            tell=metrics.target_fails,
        )
        on_call = _both(metrics.bank_called, health.called)
        pages = UnknownPages(settings.data_dir / "unknown-pages", retention_clock.now)
        http = BankHttp(on_call=on_call, on_unknown_page=pages.keep)
        stack.push_async_callback(http.close)
        stack.push_async_callback(health.close)
        room = CommandRoom(
            database=database,
            vault=Vault(keys, retention_clock.now),
            catalogue=catalogue,
            connect=lambda target: target.connector(http),
            signing=signing,
            index_key=await keys.create("index-1"),
            limits=Limits(
                commands_per_client=settings.commands_per_client,
                sessions_per_client=settings.sessions_per_client,
                import_seconds=settings.import_seconds,
                retention_seconds=settings.retention_seconds,
                life=Life(settings.session_idle_seconds, settings.session_seconds),
            ),
            now=retention_clock.now,
            announce=metrics.command_ended,
            note_outcome=_both_outcomes(metrics.task_ended, health.ended),
        )
        queue = Queue(database.pool, Runner(room).run)
        await queue.open()
        polled = await database.aside(POLL_CONNECTIONS)
        stack.push_async_callback(polled.close)
        intake = Intake(room, queue, StatusReader(polled))
        stack.push_async_callback(intake.close)
        yield Engine(
            settings,
            database,
            keys,
            room,
            queue,
            intake,
            metrics,
            retention_clock,
            health,
            on_call,
            pages,
        )


def _both(first: OnCall, second: OnCall) -> OnCall:
    """Tell two of each call to a bank."""

    def tell(target: str, operation: str, outcome: str, seconds: float) -> None:
        first(target, operation, outcome, seconds)
        second(target, operation, outcome, seconds)

    return tell


def _both_outcomes(
    first: Callable[[str, str, str | None], None], second: Callable[[str, str, str | None], None]
) -> Callable[[str, str, str | None], None]:
    """Tell two of each sign-in and import that ended."""

    def tell(target: str, product: str, failure: str | None) -> None:
        first(target, product, failure)
        second(target, product, failure)

    return tell
