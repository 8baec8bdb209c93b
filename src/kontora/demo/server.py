"""Kontora itself for the demo: API, worker and database, in a folder of their own and with a client."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, redirect_stderr
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from kontora.settings import Settings

if TYPE_CHECKING:  # it takes a while to import, and the bank can start meanwhile
    from kontora.administration import Administration

CLIENT = "demo-test"
FEATURES = ("labels", "pdf", "score", "vendors")
LOOPBACK = "127.0.0.1/32"


@dataclass(frozen=True, slots=True)
class DemoServer:
    """A running server and the key of its one client."""

    api_url: str
    metrics_url: str
    key: str = field(repr=False)
    administration: Administration = field(repr=False)

    async def let_embed(self, origin: str) -> None:
        """Register an origin whose pages may embed the widget."""
        await self.administration.set_client(CLIENT, origins=(origin,))


@contextmanager
def data_folder(*, keep: bool) -> Iterator[Path]:
    """Make a private folder, and delete it at the end unless it is to be kept."""
    folder = Path(tempfile.mkdtemp(prefix="kontora-demo-"))
    try:
        yield folder
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


def demo_settings(folder: Path, bank_url: str, port: int) -> Settings:
    """Return the demo's settings. None is read from the environment, which may name a real database."""
    return Settings(
        data_dir=folder,
        host="127.0.0.1",
        port=port,
        metrics_host="127.0.0.1",
        metrics_port=0,
        practice=True,
        practice_bank_url=bank_url,
    )


@asynccontextmanager
async def server(folder: Path, bank_url: str, port: int) -> AsyncIterator[DemoServer]:
    """Run API, worker and embedded PostgreSQL in this process.

    Raises: ConfigurationError, if they cannot start.
    """
    from kontora import main

    settings = demo_settings(folder, bank_url, port)
    async with AsyncExitStack() as stack:
        log = stack.enter_context((folder / "kontora.log").open("w", buffering=1))
        with redirect_stderr(log):  # where logs go is settled at the start
            running = await stack.enter_async_context(main.running(settings, api=True, worker=True))
        _, key = await running.administration.add_client(CLIENT, "test", (LOOPBACK,))
        await running.administration.set_client(CLIENT, features=FEATURES)
        addresses = running.addresses
        yield DemoServer(addresses.api_url or "", addresses.metrics_url, key, running.administration)
