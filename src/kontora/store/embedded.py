"""The embedded PostgreSQL: a child process that lives exactly as long as the process that starts it.

What lies in the data folder (mode 0700, made here; folders above it are never touched):

    cluster/        PostgreSQL's own folder, owned by the user that runs it
    run/            the socket, mode 0700 (in a private temporary folder if the path is over 107 bytes)
    owner.lock      held by the Kontora process that started PostgreSQL
    server.lock     held by PostgreSQL and its guard: free means that no PostgreSQL touches `cluster`
    address         how other Kontora processes of this machine reach the running server
    scratch         where the private temporary folder is, if there is one
    postgres.log    starts, stops and crashes; no statement, no parameter, no error of a client

When root starts it, PostgreSQL runs as an unprivileged user. That user need not be able to walk to the
data folder (/root is closed to it): it is handed the open folders and calls them /proc/self/fd/N. Programs
in a place that it cannot reach are copied to a private temporary folder for as long as the server runs.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psycopg

from kontora.errors import ConfigurationError
from kontora.store import embedded_guard
from kontora.store.embedded_cluster import (
    ROLE,
    SUPERUSER,
    check_version,
    make_cluster,
    prepare_role,
    server_command,
)
from kontora.store.embedded_program import (
    ENVIRONMENT,
    ServerUser,
    as_seen_by,
    choose_user,
    copy_programs,
    find_programs,
    make_scratch,
    remove_scratch,
    runs,
)

SOCKET_PORT = 5432
SOCKET_PATH_LIMIT_BYTES = 107
LOG_LIMIT_BYTES = 1_000_000
START_SECONDS = 60.0
HAND_OVER_SECONDS = 30.0
JOIN_SECONDS = 20.0
STOP_SECONDS = 40.0
LOOK_SECONDS = 0.005


class EmbeddedPostgres:
    """PostgreSQL from the wheel, under `data_dir`, on a socket.

    With `port` (0: a free one) it is reached over TCP on 127.0.0.1, with a new random password each time.
    `user` runs the server if this process is root; `programs` is a PostgreSQL 18 other than the wheel's.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int | None = None,
        user: str | None = None,
        programs: Path | None = None,
    ) -> None:
        self._data_dir = data_dir.absolute()
        self._port = port
        self._wanted_user = user
        self._programs = programs
        self._guard: subprocess.Popen[bytes] | None = None
        self._owned = ExitStack()
        self._sockets = self._data_dir / "run"

    @property
    def admin_url(self) -> str:
        """The URL of the superuser, over the socket. Kontora itself works without a superuser's rights."""
        return self._socket_url(SUPERUSER, ROLE)

    def start(self, *, join: bool = False) -> str:
        """Start PostgreSQL, or with `join` use the one of another Kontora process; return its URL.

        The first start makes the cluster, and a role and a database named `kontora`. A joined server is left
        alone by `stop`; it ends with the process that started it.

        Raises: ConfigurationError, if another process uses the folder, or PostgreSQL does not start.
        """
        if self._guard:
            raise ConfigurationError("This embedded PostgreSQL has been started already.")
        try:
            self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            return self._joined(join) or self._start()
        except OSError as error:
            self.stop()
            raise ConfigurationError(
                f"The embedded PostgreSQL cannot use {self._data_dir}: {error.strerror} ({error.filename})."
            ) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop PostgreSQL if this object started it; safe to call twice."""
        guard, self._guard = self._guard, None
        if guard and guard.stdin:
            guard.stdin.close()
            try:
                guard.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                guard.kill()
                guard.wait()
            (self._data_dir / "address").unlink(missing_ok=True)
        self._owned.close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _joined(self, join: bool) -> str | None:
        """Return the URL of another process's server, or `None` once the folder is ours."""
        deadline = time.monotonic() + JOIN_SECONDS
        while self._lock("owner.lock", self._owned, seconds=0) is None:
            if join and (url := self._running_url()):
                return url
            if not join or time.monotonic() > deadline:
                raise ConfigurationError(f"Another Kontora process runs its PostgreSQL in {self._data_dir}.")
            time.sleep(LOOK_SECONDS)
        return None

    def _start(self) -> str:
        with ExitStack() as passed:  # what the server inherits is closed here once it runs
            # After a `kill -9` of its owner a server needs a moment to end.
            lock = self._lock("server.lock", passed, seconds=HAND_OVER_SECONDS)
            if lock is None:
                raise ConfigurationError(
                    f"A PostgreSQL is still running in {self._data_dir} and does not end."
                )
            cluster = self._data_dir / "cluster"
            user = choose_user(cluster, self._wanted_user)
            programs, scratch = self._prepare_folders(user)
            if not cluster.exists():
                self._make_cluster(programs, user, lock)
            check_version(cluster)
            # Safe: the lock shows that no server lives. The number in the file may by now be anybody's.
            (cluster / "postmaster.pid").unlink(missing_ok=True)
            self._spawn(programs, user, scratch, lock, passed)
        return self._await_server()

    def _lock(self, name: str, held: ExitStack, seconds: float) -> int | None:
        """Lock a file until `held` closes, or the last process that inherits it ends."""
        file = (self._data_dir / name).open("a")
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    file.close()
                    return None
                time.sleep(LOOK_SECONDS)
                continue
            held.enter_context(file)
            return file.fileno()

    def _prepare_folders(self, user: ServerUser) -> tuple[Path, Path | None]:
        """Empty the socket's folder; return the programs, and the temporary folder if one is needed."""
        remove_scratch(self._data_dir / "scratch")
        programs = self._programs or find_programs()
        copied = user.switches and not runs(programs, user)
        self._sockets = self._data_dir / "run"
        shutil.rmtree(self._sockets, ignore_errors=True)
        too_long = len(os.fsencode(self._socket_file(65535))) > SOCKET_PATH_LIMIT_BYTES
        scratch = None
        if copied or too_long:
            scratch = make_scratch(user)
            (self._data_dir / "scratch").write_text(str(scratch))
            programs = copy_programs(programs, scratch) if copied else programs
            self._sockets = scratch / "run" if too_long else self._sockets
        self._sockets.mkdir(mode=0o700)
        user.give(self._sockets)
        return programs, scratch

    def _make_cluster(self, programs: Path, user: ServerUser, lock: int) -> None:
        """Make a cluster aside and rename it when it is complete and on disk."""
        new = self._data_dir / "cluster.new"
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        user.give(new)
        with ExitStack() as passed:
            path, fds = as_seen_by(user, new, passed)
            make_cluster(programs, path, user, [*fds, lock])
        new.rename(self._data_dir / "cluster")
        folder = os.open(self._data_dir, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)

    def _spawn(
        self, programs: Path, user: ServerUser, scratch: Path | None, lock: int, passed: ExitStack
    ) -> None:
        """Start the guard, which starts the server; both inherit the lock."""
        cluster, cluster_fds = as_seen_by(user, self._data_dir / "cluster", passed)
        sockets, socket_fds = as_seen_by(user, self._sockets, passed)
        if self._port == 0:
            self._port = _free_port()
        port = SOCKET_PORT if self._port is None else self._port
        fds = [lock, *cluster_fds, *socket_fds]
        spec = {
            "command": server_command(programs, cluster, sockets, port, tcp=self._port is not None),
            "popen": user.popen(),
            "fds": fds,
            "parent": os.getpid(),
            "scratch": str(scratch) if scratch else None,
        }
        log = self._data_dir / "postgres.log"
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as log_file:
            # The interpreter that runs us, a script of ours, and data of ours.
            self._guard = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", "-S", "-B", embedded_guard.__file__, json.dumps(spec)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log_file,
                env={**ENVIRONMENT, "LD_LIBRARY_PATH": os.environ.get("LD_LIBRARY_PATH", "")},
                cwd="/",
                pass_fds=fds,
                start_new_session=True,
            )

    def _await_server(self) -> str:
        """Return the URL once a connection has shown that the server works."""
        password = secrets.token_urlsafe(32) if self._port is not None else None
        deadline = time.monotonic() + START_SECONDS
        while True:
            with suppress(psycopg.OperationalError):
                if self._socket_file(self._port).exists():
                    url = self._socket_url(SUPERUSER, "template1")
                    with psycopg.connect(url, connect_timeout=5, autocommit=True) as db:
                        prepare_role(db, password)
                    break
            if time.monotonic() > deadline or self._guard is None or self._guard.poll() is not None:
                raise ConfigurationError(
                    f"The embedded PostgreSQL did not start. See {self._data_dir / 'postgres.log'}."
                )
            time.sleep(LOOK_SECONDS)
        url = self._socket_url(ROLE, ROLE)
        address = self._data_dir / "address"
        address.with_suffix(".new").write_text(url)
        address.with_suffix(".new").rename(address)
        if password is not None:
            return f"postgresql://{ROLE}:{password}@127.0.0.1:{self._port}/{ROLE}?sslmode=disable"
        return url

    def _running_url(self) -> str | None:
        """Return the URL of the server that another process runs here, if it answers."""
        with suppress(OSError, psycopg.OperationalError):
            url = (self._data_dir / "address").read_text()
            psycopg.connect(url, connect_timeout=2).close()
            return url
        return None

    def _socket_file(self, port: int | None) -> Path:
        return self._sockets / f".s.PGSQL.{SOCKET_PORT if port is None else port}"

    def _socket_url(self, role: str, database: str) -> str:
        port = SOCKET_PORT if self._port is None else self._port
        return f"postgresql://{role}@/{database}?host={quote(str(self._sockets), safe='')}&port={port}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
