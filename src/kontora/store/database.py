"""The way to the database: a pool of connections, and one named failure when it cannot serve.

Statements are prepared when first used on a connection and answer with rows as tuples. A column of sealed
data is read fastest with `execute(..., binary=True)`.
"""

from __future__ import annotations

import asyncio
import select
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, LiteralString, NoReturn, Self, TypeAlias, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from kontora.errors import StoreUnavailable

Connection: TypeAlias = AsyncConnection[TupleRow]
T = TypeVar("T")

# A pool that gives up soon asks again for the next caller; one that backs off for minutes would sleep on
# after the database is back.
RECONNECT_SECONDS = 3.0
MOST_WAITING = 2_000
PING_SECONDS = 2.0
# More than the server's own limits: this ends the wait for a server that hangs and cannot keep them.
ANSWER_SECONDS = 20.0

SESSION_OPTIONS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
    # A 202 is sent after a durable commit, whatever the server's default is.
    "synchronous_commit": "on",
}
CONNECTION_DEFAULTS = {
    "application_name": "kontora",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
REASONS = {
    "25006": "it is read-only",
    "25P03": "a database transaction was idle for too long",
    "40001": "another change came first",
    "40P01": "another change came first",
    "53100": "its disk is full",
    "53300": "it has no connection left",
    "55P03": "a row stayed locked for too long",
    "57014": "a statement took too long",
    "57P01": "it is shutting down",
    "57P02": "it has crashed and is recovering",
    "57P03": "it is starting up or shutting down",
}


class Database:
    """One database, reached through a pool."""

    def __init__(self, pool: AsyncConnectionPool[Connection]) -> None:
        self._pool = pool

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        min_size: int = 2,
        max_size: int = 12,
        wait_seconds: float = 10.0,
        patience_seconds: float = 5.0,
    ) -> Self:
        """Connect to a database, given as a URL or a libpq connection string.

        `wait_seconds`: for the database to be there at all; `patience_seconds`: of each caller for a free
        connection.

        Raises: StoreUnavailable, if there is no connection within `wait_seconds`.
        """
        pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            _conninfo(url),
            kwargs={"prepare_threshold": 0},
            min_size=min_size,
            max_size=max_size,
            open=False,
            # Not as an argument of the connection: the queue's listener brings its own `autocommit`.
            configure=_autocommit,
            timeout=patience_seconds,
            reconnect_timeout=RECONNECT_SECONDS,
            max_waiting=MOST_WAITING,
        )
        database = cls(pool)
        await database.retry(database._reach, deadline_seconds=wait_seconds)
        try:
            await pool.open(wait=True, timeout=wait_seconds)
        except PoolTimeout as error:
            raise StoreUnavailable("The database did not give enough connections in time.") from error
        return database

    @property
    def pool(self) -> AsyncConnectionPool[Connection]:
        """The pool itself, for the queue, which brings its own statements."""
        return self._pool

    async def aside(self, connections: int) -> Self:
        """Open a second, small pool to the same database, for what must not wait behind everything else.

        Raises: StoreUnavailable.
        """
        return await self.open(str(self._pool.conninfo), min_size=connections, max_size=connections)

    async def close(self) -> None:
        """Close every connection; connections in use close when they are given back."""
        await self._pool.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection on which each statement is a database transaction of its own.

        Raises: StoreUnavailable, whenever the database cannot serve, also from the statements within.
        """
        connection = await self._take()
        try:
            async with asyncio.timeout(ANSWER_SECONDS) as limit:
                yield connection
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise StoreUnavailable("The database does not answer; a change may be made.") from error
        except psycopg.Error as error:
            _raise_named(error, connection)
        finally:
            await self._pool.putconn(connection)

    @asynccontextmanager
    async def tx(self) -> AsyncIterator[Connection]:
        """Lend a connection inside one database transaction: committed at the end, undone by an exception.

        Raises: StoreUnavailable. If it comes from the commit itself, the outcome is unknown.
        """
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def row(self, query: LiteralString, parameters: Sequence[Any] = ()) -> TupleRow | None:
        """Run one statement on its own and return its first row, or `None`.

        Raises: StoreUnavailable.
        """
        connection = await self._take()
        try:
            return await (await connection.execute(query, parameters)).fetchone()
        except psycopg.Error as error:
            _raise_named(error, connection)
        finally:
            await self._pool.putconn(connection)

    async def rows(self, query: LiteralString, parameters: Sequence[Any] = ()) -> list[TupleRow]:
        """Run one statement on its own and return all its rows.

        Raises: StoreUnavailable.
        """
        async with self.connection() as connection:
            return await (await connection.execute(query, parameters)).fetchall()

    async def execute(self, query: LiteralString, parameters: Sequence[Any] = ()) -> int:
        """Run one statement on its own and return how many rows it touched.

        Raises: StoreUnavailable.
        """
        async with self.connection() as connection:
            return (await connection.execute(query, parameters)).rowcount

    async def ping(self) -> None:
        """Ask the database for an answer.

        Raises: StoreUnavailable, if there is none within two seconds.
        """
        try:
            async with asyncio.timeout(PING_SECONDS):
                await self.row("select 1")
        except TimeoutError as error:
            raise StoreUnavailable("The database does not answer.") from error

    async def retry(self, unit: Callable[[], Awaitable[T]], *, deadline_seconds: float = 10.0) -> T:
        """Run a unit again until the database can serve it; it must be safe to run twice.

        Raises: StoreUnavailable, the last one, when the deadline has passed.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + deadline_seconds
        pause_seconds = 0.05
        while True:
            try:
                return await unit()
            except StoreUnavailable:
                if loop.time() + pause_seconds > deadline:
                    raise
            await asyncio.sleep(pause_seconds)
            pause_seconds = min(2 * pause_seconds, 1.0)

    async def _reach(self) -> None:
        """Connect once without the pool, because its own failure does not tell the cause."""
        try:
            connection = await AsyncConnection.connect(str(self._pool.conninfo))
        except psycopg.OperationalError as error:
            raise StoreUnavailable("The database cannot be reached.") from error
        await connection.close()

    async def _take(self) -> Connection:
        """Take a connection that the server has not ended meanwhile."""
        try:
            while True:
                connection = await self._pool.getconn()
                if not _has_news(connection):
                    return connection
                await connection.close()
                await self._pool.putconn(connection)
        except TooManyRequests as error:
            raise StoreUnavailable("Too many requests wait for the database.") from error
        except PoolTimeout as error:
            raise StoreUnavailable("The database gave no connection in time.") from error
        except psycopg.OperationalError as error:
            raise StoreUnavailable("The database is closed.") from error


async def _autocommit(connection: Connection) -> None:
    await connection.set_autocommit(True)


def _has_news(connection: Connection) -> bool:
    """Say whether the server has sent something unasked: on an idle connection, that is its end.

    One system call, instead of a `select 1` each time that a connection is lent.
    """
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def _raise_named(error: psycopg.Error, connection: Connection) -> NoReturn:
    """Raise the named failure if the database could not serve, else the error itself: a bug of ours."""
    reason = REASONS.get(error.sqlstate or "")
    if reason:
        raise StoreUnavailable(f"The database cannot serve at the moment: {reason}.") from error
    if isinstance(error, psycopg.OperationalError) or connection.closed:
        raise StoreUnavailable(
            "The connection to the database was lost; a change may or may not be made."
        ) from error
    raise error


def _conninfo(url: str) -> str:
    """Add our defaults to a connection string; what the operator wrote wins."""
    given = conninfo_to_dict(url)
    options = " ".join(f"-c {name}={value}" for name, value in SESSION_OPTIONS.items())
    merged = CONNECTION_DEFAULTS | given
    merged["options"] = f"{options} {given.get('options') or ''}".strip()
    return make_conninfo("", **merged)
