"""Ready means that store, keys, audit and retention work; alive means only that the process answers (D10)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import urllib3
from prometheus_client import CollectorRegistry

from kontora.api.serving import Listening, serving
from kontora.commands.retention import ClockGuard, Retention
from kontora.engine import running_engine
from kontora.main import EventWriter, api_of
from kontora.metrics import Metrics
from kontora.settings import Settings

# The answer is kept for half a second.
KEPT_SECONDS = 0.6


class SwitchedRetention(Retention):
    """Retention that is healthy or not, as the test wants."""

    works = True

    def healthy(self) -> bool:
        return self.works


@dataclass
class Running:
    """A served API over real parts, and what can be broken in it."""

    url: str
    keys: Path
    database_url: str
    retention: SwitchedRetention

    async def answers(self) -> tuple[int, int]:
        """Ask whether it is ready, and whether it lives; both tell up or down and nothing else."""
        await asyncio.sleep(KEPT_SECONDS)
        statuses = []
        for path in ("ready", "live"):
            reply = await asyncio.to_thread(
                urllib3.request, "GET", f"{self.url}/v1/health/{path}", retries=False, timeout=10
            )
            assert json.loads(reply.data) == {"status": "UP" if reply.status == 200 else "DOWN"}
            statuses.append(reply.status)
        return statuses[0], statuses[1]

    def run(self, statement: str) -> None:
        """Change the database behind its back."""
        with psycopg.connect(self.database_url, autocommit=True) as db:
            db.execute(statement.encode())


@asynccontextmanager
async def served(database_url: str, folder: Path) -> AsyncIterator[Running]:
    settings = Settings(data_dir=folder, database_url=database_url, practice=True)
    async with running_engine(settings, Metrics(CollectorRegistry())) as engine:
        retention = SwitchedRetention(engine.room, ClockGuard())
        door = api_of(engine, EventWriter(engine.database), retention)
        async with serving(door, Listening(), close_seconds=2) as url:
            yield Running(url, folder / "keys", database_url, retention)


async def test_each_part_that_fails_makes_it_unready_and_leaves_it_alive(
    database_url: str, tmp_path: Path
) -> None:
    async with served(database_url, tmp_path) as running:
        assert await running.answers() == (200, 200)

        running.run("alter table event rename to event_away")
        assert await running.answers() == (503, 200), "the audit cannot be written"
        running.run("alter table event_away rename to event")
        assert await running.answers() == (200, 200)

        key = running.keys / "index-1"
        key.rename(running.keys / ".index-1.away")
        assert await running.answers() == (503, 200), "the key store lacks a key"
        (running.keys / ".index-1.away").rename(key)
        assert await running.answers() == (200, 200)

        running.retention.works = False
        assert await running.answers() == (503, 200), "nothing is deleted any more"
        running.retention.works = True
        assert await running.answers() == (200, 200)
