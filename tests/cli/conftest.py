"""The command line with its store in memory, and a way to run it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner, Result

from kontora.administration import TargetFigures
from kontora.cli.app import app
from kontora.cli.composition import Administration, Composition
from kontora.errors import ConfigurationError, InvalidArgument
from kontora.settings import Settings
from kontora.store.clients import ClientRow, KeyRow

KEY = "ab12cd34ef56" + "0" * 52


@dataclass
class MemoryAdministration:
    """Keeps clients and keys in memory."""

    clients: dict[str, ClientRow] = field(default_factory=dict)
    keys: dict[str, list[KeyRow]] = field(default_factory=dict)
    figures: tuple[TargetFigures, ...] = ()

    async def add_client(self, name: str, environment: str, ips: tuple[str, ...]) -> tuple[ClientRow, str]:
        if name in self.clients:
            raise InvalidArgument(f"There is a client {name!r} already.")
        self.clients[name] = ClientRow(name, environment, ips, (), (), ())
        return self.clients[name], await self.add_key(name)

    async def set_client(
        self,
        name: str,
        *,
        ips: tuple[str, ...] | None = None,
        origins: tuple[str, ...] | None = None,
        redirect_uris: tuple[str, ...] | None = None,
        features: tuple[str, ...] | None = None,
    ) -> ClientRow:
        given = {"ips": ips, "origins": origins, "redirect_uris": redirect_uris, "features": features}
        changes = {key: value for key, value in given.items() if value is not None}
        self.clients[name] = replace(self.clients[name], **changes)
        return self.clients[name]

    async def list_clients(self) -> tuple[ClientRow, ...]:
        return tuple(self.clients.values())

    async def add_key(self, client: str) -> str:
        made = KeyRow(KEY[:12], client, datetime(2026, 5, 23, 7, 35, tzinfo=UTC), None)
        self.keys.setdefault(client, []).append(made)
        return KEY

    async def revoke_key(self, client: str, prefix: str) -> None:
        self.keys[client] = [
            replace(key, revoked_at=datetime(2026, 5, 24, tzinfo=UTC)) if key.prefix == prefix else key
            for key in self.keys[client]
        ]

    async def target_figures(self) -> tuple[TargetFigures, ...]:
        return self.figures

    async def list_keys(self, client: str) -> tuple[KeyRow, ...]:
        return tuple(self.keys.get(client, ()))


@dataclass(frozen=True)
class MemoryComposition(Composition):
    """Reaches the memory instead of a database, and keeps what was asked for."""

    environment: Mapping[str, str] = field(default_factory=dict)
    administration: MemoryAdministration = field(default_factory=MemoryAdministration)
    asked: list[tuple[str, Settings]] = field(default_factory=list)

    def serve(self, settings: Settings) -> None:
        self.asked.append(("serve", settings))

    def work(self, settings: Settings) -> None:
        self.asked.append(("work", settings))

    def migrate(self, settings: Settings, revision: str) -> str:
        if revision == "nonsense":
            raise ConfigurationError("There is no revision nonsense.")
        return f"The database stands at {revision}."

    @asynccontextmanager
    async def administer(self, settings: Settings) -> AsyncIterator[Administration]:
        yield self.administration


@pytest.fixture
def composition() -> MemoryComposition:
    return MemoryComposition()


@pytest.fixture
def kontora(composition: MemoryComposition) -> Callable[..., Result]:
    """Run the command line: `kontora("client", "list")`."""

    def run(*arguments: str, obj: Composition | None = None) -> Result:
        return CliRunner().invoke(app, list(arguments), obj=obj or composition, catch_exceptions=False)

    return run
