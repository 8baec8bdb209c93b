"""The command room over a scripted bank and a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.commands.scripted_bank import Bank, ScriptedConnector, scripted_catalogue

from kontora.commands.answers import FINAL_STATES, Client, CommandStatus, OpenedSession, SessionPair
from kontora.commands.duties import work_always
from kontora.commands.intake import Intake
from kontora.commands.label_work import LabelWork
from kontora.commands.room import CommandRoom, Limits
from kontora.commands.runner import Runner
from kontora.commands.signatures import SigningKeys, parse_signing_keys
from kontora.commands.statuses import StatusReader
from kontora.store import clients
from kontora.store.clients import ClientRow
from kontora.store.database import Database
from kontora.store.keys import FileKeyStore
from kontora.store.queue import Queue
from kontora.store.sessions import Life
from kontora.store.vault import Vault

SIGNING = "k1:" + "0123456789abcdef" * 4


@dataclass
class Line:
    """Everything a test of the command room needs."""

    room: CommandRoom
    queue: Queue
    runner: Runner
    intake: Intake
    bank: Bank
    database: Database
    vault: Vault
    client: Client
    other_client: Client

    async def session(self, owner: str = "o-1", client: Client | None = None) -> OpenedSession:
        """Sign a practice owner in."""
        return await self.intake.mock_session(
            client or self.client, login="test", country="pl", owner_external_id=owner, multiple_access=False
        )

    async def ended(
        self, command_id: int, client: Client | None = None, seconds: float = 20
    ) -> CommandStatus:
        """Poll until the command is final."""
        async with asyncio.timeout(seconds):
            while True:
                status = await self.intake.status(self.client, command_id, None)
                if status.state in FINAL_STATES:
                    return status
                await asyncio.sleep(0.02)

    @asynccontextmanager
    async def working(self, concurrency: int = 20) -> AsyncIterator[None]:
        """Run a worker for a while."""
        stop = asyncio.Event()
        worker = asyncio.create_task(work_always(self.queue, concurrency, stop))
        try:
            yield
        finally:
            stop.set()
            await worker


def pair(session: OpenedSession) -> SessionPair:
    """Return the pair that a client would send."""
    return SessionPair(session.session_id, session.signature)


def make_room(
    database: Database,
    vault: Vault,
    bank: Bank,
    limits: Limits | None = None,
    label_work: LabelWork | None = None,
) -> CommandRoom:
    """Put a command room together over a scripted bank."""
    return CommandRoom(
        database=database,
        vault=vault,
        catalogue=scripted_catalogue(),
        connect=lambda target: ScriptedConnector.over(bank),
        signing=signing_keys(),
        index_key=b"i" * 32,
        limits=limits or Limits(8, 2000, 120.0, 86400.0, Life(300.0, 3600.0)),
        now=lambda: datetime.now(UTC),
        announce=lambda name, state, seconds: None,
        label_work=label_work or LabelWork(),
    )


def signing_keys() -> SigningKeys:
    """Return the signing keys of the tests."""
    return parse_signing_keys(SIGNING)


async def make_line(
    database: Database,
    keys_dir: Path,
    bank: Bank,
    limits: Limits | None = None,
    *,
    label_work: LabelWork | None = None,
    features: tuple[str, ...] = (),
) -> Line:
    """Put everything together, with two clients, which have these features."""
    vault = Vault(FileKeyStore(keys_dir), lambda: datetime.now(UTC))
    room = make_room(database, vault, bank, limits, label_work)
    runner = Runner(room)
    queue = Queue(database.pool, runner.run)
    await queue.open()
    async with database.tx() as db:
        for name in ("lender-test", "rival-test"):
            await clients.insert(db, ClientRow(name, "test", ("127.0.0.1/32",), (), (), features))
    return Line(
        room=room,
        queue=queue,
        runner=runner,
        intake=Intake(room, queue, StatusReader(database)),
        bank=bank,
        database=database,
        vault=vault,
        client=Client("lender-test", "test", ("127.0.0.1/32",), features=features),
        other_client=Client("rival-test", "test", ("127.0.0.1/32",), features=features),
    )


@pytest.fixture
def bank() -> Bank:
    """The scripted bank; a test changes what it does."""
    return Bank()


@pytest.fixture
async def line(database: Database, keys_dir: Path, bank: Bank) -> Line:
    """The command room over the scripted bank."""
    return await make_line(database, keys_dir, bank)
