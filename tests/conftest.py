"""What tests of several rooms share: a PostgreSQL over TCP, and a fresh migrated database for each test."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from tests.harness.databases import drop

from kontora.store import migrate
from kontora.store.database import Database
from kontora.store.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An external PostgreSQL, from the embedded binaries, over TCP."""
    server = EmbeddedPostgres(tmp_path_factory.mktemp("postgres") / "data", port=0)
    yield server.start()
    server.stop()


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> str:
    """A migrated database that others are copied from: migrating takes longer than copying."""
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute("create database kontora_template")
    migrate.upgrade(make_conninfo(postgres_url, dbname="kontora_template"))
    return "kontora_template"


@pytest.fixture
def database_url(postgres_url: str, template_database: str) -> Iterator[str]:
    """A fresh, migrated database of the test's own."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(
            sql.SQL("create database {} template {}").format(
                sql.Identifier(name), sql.Identifier(template_database)
            )
        )
        yield make_conninfo(postgres_url, dbname=name)
        drop(db, name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The store's way to that database."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def keys_dir(tmp_path: Path) -> Path:
    """A folder for a key store of the test's own."""
    return tmp_path / "keys"
