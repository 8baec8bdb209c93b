"""What the commands reach the rest of Kontora through; a test passes another."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeVar

from kontora.settings import Settings, read_settings

if TYPE_CHECKING:
    from kontora.administration import TargetFigures
    from kontora.store.clients import ClientRow, KeyRow

T = TypeVar("T")


class Administration(Protocol):
    """What an operator may change. Every method raises a KontoraError that says what to do."""

    async def add_client(self, name: str, environment: str, ips: tuple[str, ...]) -> tuple[ClientRow, str]:
        """Add a client; return it with its first key."""
        ...

    async def set_client(
        self,
        name: str,
        *,
        ips: tuple[str, ...] | None = None,
        origins: tuple[str, ...] | None = None,
        redirect_uris: tuple[str, ...] | None = None,
        features: tuple[str, ...] | None = None,
    ) -> ClientRow:
        """Replace what is given; leave what is `None`."""
        ...

    async def list_clients(self) -> Sequence[ClientRow]:
        """Return every client, by name."""
        ...

    async def add_key(self, client: str) -> str:
        """Make one more key and return it."""
        ...

    async def revoke_key(self, client: str, prefix: str) -> None:
        """End a key."""
        ...

    async def list_keys(self, client: str) -> Sequence[KeyRow]:
        """Return the keys of a client, oldest first."""
        ...

    async def target_figures(self) -> Sequence[TargetFigures]:
        """Return how the targets did in the last hour, by target and product."""
        ...


@dataclass(frozen=True)
class Composition:
    """The real parts. Imports wait until they are needed, so that `kontora --help` is quick."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def settings(self) -> Settings:
        """Read the settings.

        Raises: ConfigurationError.
        """
        return read_settings(self.environment)

    def serve(self, settings: Settings) -> None:
        """Serve the API until a signal ends it."""
        from kontora import main

        main.serve(settings)

    def work(self, settings: Settings) -> None:
        """Run commands until a signal ends it."""
        from kontora import main

        main.worker(settings)

    def migrate(self, settings: Settings, revision: str) -> str:
        """Bring the database to a revision and return the one it stands at."""
        from kontora import main

        return main.migrate(settings, revision)

    def administer(self, settings: Settings) -> AbstractAsyncContextManager[Administration]:
        """Open the store for an operator's work."""
        from kontora import main

        return main.administer(settings)


def administered(composition: Composition, work: Callable[[Administration], Awaitable[T]]) -> T:
    """Open the store, do one piece of work, and close it."""

    async def opened() -> T:
        async with composition.administer(composition.settings()) as administration:
            return await work(administration)

    return asyncio.run(opened())
