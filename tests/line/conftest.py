"""A whole Kontora in this process, over a real PostgreSQL, with the real practice bank behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.connectors.walking import practice_bank

from kontora.client import AsyncKontora, Pacing
from kontora.main import Running, running
from kontora.settings import Settings

ORIGIN = "https://lender.example"


@dataclass
class Town:
    """A practice bank and what a Kontora needs to run beside it."""

    settings: Settings
    bank_url: str
    key: str | None = None
    other_key: str | None = None

    @asynccontextmanager
    async def kontora(self) -> AsyncIterator[tuple[Running, AsyncKontora]]:
        """Run Kontora for a while; clients `lender-test` and `rival-test` have multiple access."""
        async with running(self.settings, api=True, worker=True) as started:
            if self.key is None:
                administration = started.administration
                for name in ("lender-test", "rival-test"):
                    _, key = await administration.add_client(name, "test", ("127.0.0.1/32",))
                    await administration.set_client(name, features=("multiple",), origins=(ORIGIN,))
                    self.key, self.other_key = (key, None) if self.key is None else (self.key, key)
            assert started.addresses.api_url is not None
            async with AsyncKontora(
                started.addresses.api_url,
                self.key or "",
                allow_plain_http=True,
                pacing=Pacing(first_seconds=0.2, patience_seconds=2),
            ) as lender:
                yield started, lender

    async def tell_bank(self, path: str, **change: Any) -> None:
        """Use the practice bank's control API."""
        async with (
            aiohttp.ClientSession() as http,
            http.put(f"{self.bank_url}/control/{path}", json=change) as reply,
        ):
            assert reply.status == 200, await reply.text()

    async def bank_calls(self) -> dict[str, Any]:
        """What the bank was asked."""
        async with aiohttp.ClientSession() as http, http.get(f"{self.bank_url}/control/calls") as reply:
            told: dict[str, Any] = await reply.json()
            return told


@pytest.fixture(scope="module")
def bank_url() -> Iterator[str]:
    """The real practice bank."""
    with practice_bank() as url:
        yield url


@pytest.fixture
async def town(bank_url: str, database_url: str, tmp_path: Path) -> AsyncIterator[Town]:
    """A practice bank that forgets what was before."""
    async with aiohttp.ClientSession() as http, http.post(f"{bank_url}/control/reset") as reply:
        assert reply.status == 200
    settings = Settings(
        practice=True,
        practice_bank_url=bank_url,
        database_url=database_url,
        data_dir=tmp_path / "data",
        port=0,
        metrics_port=0,
        log_level="WARNING",
    )
    yield Town(settings, bank_url)
