"""A real Kontora over a real PostgreSQL, with the real practice bank behind it."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from tests.connectors.walking import practice_bank
from tests.harness.canaries import Canary
from tests.harness.databases import drop
from tests.widget import dumping_server
from tests.widget.owners import Browser

from kontora.client import AsyncKontora
from kontora.main import administer
from kontora.settings import Settings

ORIGIN = "https://lender.example"
RETURN = "http://127.0.0.1:9999/return?from=bank"


@dataclass
class Server:
    """A running Kontora: where it is, what it wrote, and its clients' keys."""

    url: str
    process: subprocess.Popen[str]
    bank_url: str
    database_url: str
    folder: Path
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> str:
        """All that it has written."""
        return (self.folder / "kontora.log").read_text()

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Ask its database."""
        with psycopg.connect(self.database_url) as db:
            return db.execute(query, parameters).fetchall()

    def change(self, query: str, *parameters: Any) -> None:
        """Change its database."""
        with psycopg.connect(self.database_url) as db:
            db.execute(query, parameters)

    def events(self, kind: str) -> list[str]:
        """The outcomes of the events of a kind, oldest first."""
        return [row[0] for row in self.rows("select outcome from event where kind = %s order by id", kind)]

    def remembers(self, sought: Canary) -> bool:
        """Tell whether a secret is in the memory of the server's process."""
        with closing(self._memory()) as pieces:
            return any(sought.form_in(piece) for piece in pieces)

    def _memory(self) -> Generator[bytes, None, None]:
        """The memory in pieces that overlap a little."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.folder / "memory"))
            tail = b""
            while piece := line.recv(1 << 20):
                yield tail + piece
                tail = piece[-1000:]


@contextmanager
def serving(folder: Path, bank_url: str, database_url: str) -> Iterator[Server]:
    """Run `kontora serve` with a client `lender-test` and one without origins, `bare-test`."""
    (folder / "memory").unlink(missing_ok=True)
    (folder / "tmp").mkdir(exist_ok=True)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KONTORA_")},
        # Whatever it writes without being told where is found in its folder, too.
        "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder),
        "KONTORA_PRACTICE": "on",
        "KONTORA_PRACTICE_BANK_URL": bank_url,
        "KONTORA_DATABASE_URL": database_url,
        "KONTORA_DATA_DIR": str(folder / "data"),
        "KONTORA_PORT": "0",
        "KONTORA_METRICS_PORT": "0",
        "KONTORA_WIDGET_PAGES_PER_MINUTE": "100000",
    }
    with (folder / "kontora.log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, dumping_server.__file__, str(folder / "memory")],
            env=environment,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        server = Server(url, process, bank_url, database_url, folder)
        asyncio.run(_add_clients(server))
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(40)
        assert process.stdout is not None
        process.stdout.close()


async def _add_clients(server: Server) -> None:
    settings = Settings(database_url=server.database_url, data_dir=server.folder / "data", practice=True)
    async with administer(settings) as administration:
        if server.keys or any(row.id == "lender-test" for row in await administration.list_clients()):
            return
        for name in ("lender-test", "bare-test", "rival-test"):
            _, server.keys[name] = await administration.add_client(name, "test", ("127.0.0.1/32",))
        await administration.add_client("lender", "production", ("127.0.0.1/32",))
        await administration.set_client("lender-test", origins=(ORIGIN, "file:"), redirect_uris=(RETURN,))


@pytest.fixture(scope="session")
def bank_url() -> Iterator[str]:
    """The practice bank."""
    with practice_bank() as url:
        yield url


@contextmanager
def own_database(postgres_url: str, template: str) -> Iterator[str]:
    """A migrated database that nobody else uses."""
    name = f"widget_{secrets.token_hex(6)}"
    with psycopg.connect(postgres_url, autocommit=True) as db:
        db.execute(
            sql.SQL("create database {} template {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        yield make_conninfo(postgres_url, dbname=name)
        drop(db, name)


@pytest.fixture(scope="session")
def server(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, template_database: str, bank_url: str
) -> Iterator[Server]:
    """A running Kontora that the tests of this folder share."""
    folder = tmp_path_factory.mktemp("widget")
    with (
        own_database(postgres_url, template_database) as database_url,
        serving(folder, bank_url, database_url) as running,
    ):
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Connections, without a memory for cookies."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest.fixture
def browser(server: Server, http: aiohttp.ClientSession) -> Browser:
    """An owner's browser."""
    return Browser(server.url, http)


@pytest.fixture
async def lender(server: Server) -> AsyncIterator[AsyncKontora]:
    """The lender's own backend."""
    client = AsyncKontora(server.url, server.keys["lender-test"])
    yield client
    await client.close()
