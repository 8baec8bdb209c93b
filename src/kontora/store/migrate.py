"""Bring the database to the schema of this program, or back, and refuse to work on any other.

Versions are files `NNNN_what.py` in one line; NNNN is the revision. All steps of one move are one database
transaction: it happens whole or not at all, and only one process at a time makes one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from kontora.errors import ConfigurationError, StoreUnavailable

if TYPE_CHECKING:
    from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as every version of Kontora uses the same.
LOCK = 0x6B6F6E746F7261
LOCK_SECONDS = 60


def revisions(folder: Path = MIGRATIONS) -> list[str]:
    """Return the revisions that this program knows, oldest first."""
    return sorted(file.name.split("_")[0] for file in (folder / "versions").glob("[0-9]*_*.py"))


def head(folder: Path = MIGRATIONS) -> str:
    """Return the revision that this program needs."""
    return revisions(folder)[-1]


def current(url: str) -> str | None:
    """Return the revision that the database is at; `None`, if it is empty.

    Raises: StoreUnavailable.
    """
    try:
        with psycopg.connect(url, autocommit=True) as db:
            if db.execute("select to_regclass('alembic_version')").fetchone() == (None,):
                return None
            row = db.execute("select version_num from alembic_version").fetchone()
    except psycopg.OperationalError as error:
        raise StoreUnavailable("The database cannot be reached.") from error
    return str(row[0]) if row else None


def check(url: str) -> None:
    """Return if the database is at the revision that this program needs.

    Raises: ConfigurationError, which says what to do; StoreUnavailable.
    """
    _refuse_newer(found := current(url), MIGRATIONS)
    if found != head():
        raise ConfigurationError(
            f"The database is at {found or 'no revision'}, this program needs {head()}: "
            "run `kontora migrate`."
        )


def upgrade(url: str, revision: str = "head", *, folder: Path = MIGRATIONS) -> None:
    """Go forward to a revision; return at once if the database is there already.

    Raises: ConfigurationError, if the revision is unknown, or the database is newer than this program.
    """
    wanted = _known(revision, folder)
    found = current(url)
    _refuse_newer(found, folder)
    if found != wanted:
        _move(url, wanted, folder, forward=True)


def downgrade(url: str, revision: str, *, folder: Path = MIGRATIONS) -> None:
    """Go back to a revision, or to an empty database with `base`. What the later ones added is lost.

    Raises: ConfigurationError, if the revision is unknown, or the database is newer than this program.
    """
    wanted = revision if revision == "base" else _known(revision, folder)
    _refuse_newer(current(url), folder)
    _move(url, wanted, folder, forward=False)


def move_to(url: str, revision: str = "head", *, folder: Path = MIGRATIONS) -> str:
    """Go forward or back, whichever leads to the revision, and return where the database now stands.

    Raises: ConfigurationError, if the revision is unknown, or the database is newer than this program.
    """
    if revision == "base" or _known(revision, folder) < (current(url) or ""):
        downgrade(url, revision, folder=folder)
    else:
        upgrade(url, revision, folder=folder)
    return current(url) or "base"


def _known(revision: str, folder: Path) -> str:
    known = revisions(folder)
    if revision == "head":
        return known[-1]
    if revision not in known:
        raise ConfigurationError(
            f"There is no revision {revision!r}. There are: {', '.join(known)}, head, base."
        )
    return revision


def _refuse_newer(found: str | None, folder: Path) -> None:
    if found is not None and found not in revisions(folder):
        raise ConfigurationError(
            f"The database is at {found}, which this program does not know; it needs {head(folder)}. "
            "Start the newer version of Kontora."
        )


def _move(url: str, revision: str, folder: Path, *, forward: bool) -> None:
    # Imported here: a start on a database that needs nothing need not wait for them.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError
    from sqlalchemy import NullPool, create_engine
    from sqlalchemy.exc import DBAPIError

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            _take_lock(connection)
            config.attributes["connection"] = connection
            (command.upgrade if forward else command.downgrade)(config, revision)
    except CommandError as error:  # a newer program was faster
        raise ConfigurationError(f"The database cannot be brought to {revision}: {error}") from error
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.OperationalError):
            raise StoreUnavailable("The database cannot be migrated at the moment.") from error
        raise


def _take_lock(connection: Connection) -> None:
    """Wait for other processes that migrate. The lock ends with the database transaction."""
    connection.exec_driver_sql(f"set local lock_timeout = '{LOCK_SECONDS}s'")
    connection.exec_driver_sql(f"select pg_advisory_xact_lock({LOCK})")
