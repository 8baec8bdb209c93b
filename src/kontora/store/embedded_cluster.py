"""What the embedded PostgreSQL is made of: its options, a new cluster, and the role Kontora works with."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from kontora.errors import ConfigurationError
from kontora.store.embedded_program import ENVIRONMENT, MAJOR, ServerUser

ROLE = "kontora"
SUPERUSER = "postgres"
# A quarter of the time of one fsync for each of a thousand files.
SYNC_METHOD = "syncfs" if sys.platform == "linux" else "fsync"

OPTIONS = {
    "unix_socket_permissions": "0700",
    # One machine, no replica: nothing more than crash recovery needs is written to the log.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "min_wal_size": "48MB",
    "max_wal_size": "512MB",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "jit": "off",
    # Fewer processes: the work is many small statements, never one long scan.
    "io_method": "sync",
    "max_logical_replication_workers": "0",
    "max_parallel_workers_per_gather": "0",
    # Only starts, stops and crashes are logged: the text of an error may quote a value.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
    "log_timezone": "UTC",
    "timezone": "UTC",
    # Passwords are long and random: slow hashing would only cost time at each connection.
    "scram_iterations": "1",
}


def server_command(programs: Path, cluster: str, sockets: str, port: int, *, tcp: bool) -> list[str]:
    """Return the command that runs the server in the foreground."""
    options = {
        **OPTIONS,
        "unix_socket_directories": sockets,
        "listen_addresses": "127.0.0.1" if tcp else "",
        "port": str(port),
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return [str(programs / "bin" / "postgres"), "-D", cluster, *settings]


def make_cluster(programs: Path, path: str, user: ServerUser, fds: Sequence[int]) -> None:
    """Fill an empty folder with a new cluster that is safe on disk.

    The built-in locale sorts the same on every machine, and no update of the system changes an index.

    Raises: ConfigurationError, if initdb fails; its message says why (disk full, for example).
    """
    command = [
        str(programs / "bin" / "initdb"),
        *("-D", path, "-U", SUPERUSER, "--auth-local=trust", "--auth-host=scram-sha-256"),
        *("-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *("--data-checksums", "--no-instructions", f"--sync-method={SYNC_METHOD}"),
    ]
    # The command is put together above from our own constants and paths.
    made = subprocess.run(  # noqa: S603
        command,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        cwd="/",
        umask=0o077,
        pass_fds=fds,
        timeout=120,
        **user.popen(),
    )
    if made.returncode != 0:
        lines = [line for line in made.stderr.decode(errors="replace").splitlines() if "error" in line]
        raise ConfigurationError(f"A new database cluster could not be made. {' '.join(lines)}")


def check_version(cluster: Path) -> None:
    """Refuse a cluster of another major version, which PostgreSQL could not read.

    Raises: ConfigurationError.
    """
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != str(MAJOR):
        raise ConfigurationError(
            f"{cluster} was made by PostgreSQL {found}, this program carries {MAJOR}. "
            "Use the version of Kontora that made it, or move the folder away."
        )


def prepare_role(db: psycopg.Connection, password: str | None) -> None:
    """Make the role and the database of Kontora if they are missing, and set this run's password.

    The role is no superuser, so no statement of Kontora can read a file or run a program.
    """
    role = sql.Identifier(ROLE)
    with db.transaction():
        if not db.execute("select 1 from pg_roles where rolname = %s", (ROLE,)).fetchone():
            db.execute(sql.SQL("create role {} login createdb").format(role))
            # Renaming the database that initdb makes is ten times as fast as creating one.
            db.execute(sql.SQL("alter database postgres rename to {}").format(role))
            db.execute(sql.SQL("alter database {} owner to {}").format(role, role))
        db.execute(sql.SQL("alter role {} password {}").format(role, sql.Literal(password)))
