"""One PostgreSQL for the tests of the store, and an empty database for each test that asks."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from tests.harness.databases import drop

from kontora.store.embedded import EmbeddedPostgres


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = EmbeddedPostgres(tmp_path_factory.mktemp("server") / "postgres", port=0)
    url = server.start()
    yield url
    server.stop()


@pytest.fixture
def empty_url(server_url: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(server_url, autocommit=True) as db:
        db.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield make_conninfo(server_url, dbname=name)
        drop(db, name)
