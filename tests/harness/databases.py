"""A PostgreSQL server of a test's own, which it can take away: restarted, down, hung, crashed, full."""

from __future__ import annotations

import os
import secrets
import signal
import time
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from kontora.store import migrate
from kontora.store.embedded import EmbeddedPostgres

DROP_SECONDS = 30


class OwnPostgres:
    """An external PostgreSQL over TCP. Its guard starts it again whenever it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = EmbeddedPostgres(folder, port=0)
        self.url = self._server.start()
        migrate.upgrade(self.url)

    @property
    def port(self) -> int:
        """Where it listens on 127.0.0.1."""
        return int(str(conninfo_to_dict(self.url)["port"]))

    @property
    def postmaster(self) -> int:
        """The process id of the server."""
        return int((self._folder / "cluster" / "postmaster.pid").read_text().split("\n")[0])

    def end(self) -> None:
        """Stop it."""
        self._server.stop()

    def restart(self) -> None:
        """Stop it fast, as an operator does; the guard starts it again."""
        self._stop(signal.SIGINT)
        self.answers()

    def crash(self) -> None:
        """Kill the server and everything that it runs."""
        self._stop(signal.SIGKILL)
        self.answers()

    def down(self, seconds: float) -> None:
        """Stop it and keep it down for a time."""
        guard = parent_of(self.postmaster)
        os.kill(guard, signal.SIGSTOP)
        try:
            self._stop(signal.SIGINT)
            time.sleep(seconds)
        finally:
            os.kill(guard, signal.SIGCONT)
        self.answers()

    def hang(self, seconds: float) -> None:
        """Let it and all its connections stand still for a time."""
        postmaster = self.postmaster
        stopped = [postmaster, *children_of(postmaster)]
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            for pid in reversed(stopped):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
        self.answers()

    def answers(self, seconds: float = 60.0) -> None:
        """Wait until it answers."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "PostgreSQL does not come back"
                time.sleep(0.1)

    def _stop(self, number: signal.Signals) -> None:
        postmaster = self.postmaster
        children = children_of(postmaster) if number is signal.SIGKILL else []
        os.kill(postmaster, number)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, number)
        deadline = time.monotonic() + 30
        while is_running(postmaster):
            assert time.monotonic() < deadline, "PostgreSQL does not stop"
            time.sleep(0.05)


def copied_database(server_url: str, template: str) -> str:
    """Make a migrated database on a server; return its URL."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as db:
        db.execute(f'create database "{name}" template "{template}"')
    return make_conninfo(server_url, dbname=name)


def dropped_database(server_url: str, database_url: str) -> None:
    """Drop it again."""
    with psycopg.connect(server_url, autocommit=True) as db:
        drop(db, str(conninfo_to_dict(database_url)["dbname"]))


def drop(db: psycopg.Connection, name: str) -> None:
    """Drop a database, whoever is connected to it.

    The server may be cleaning there: that belongs to a superuser and cannot be ended, but it ends by itself.
    """
    statement = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
    deadline = time.monotonic() + DROP_SECONDS
    while True:
        try:
            db.execute(statement)
        except psycopg.errors.InsufficientPrivilege:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def through(database_url: str, port: int) -> str:
    """Return the URL of the same database through a gate."""
    return make_conninfo(database_url, host="127.0.0.1", port=port)


def children_of(pid: int) -> list[int]:
    """Return the children of a process."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def parent_of(pid: int) -> int:
    """Return the parent of a process."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def is_running(pid: int) -> bool:
    """Tell whether a process exists and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
