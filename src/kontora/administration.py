"""What an operator may change from the command line: clients and their keys."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kontora.errors import InvalidArgument
from kontora.store import clients, events, target_health
from kontora.store.clients import ClientRow, KeyRow
from kontora.store.database import Connection, Database

FIGURES_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class TargetFigures:
    """How a target did for one product. `reason`: why it fails by the rule now; `None`, if it does not."""

    target: str
    product: str
    successes: int
    bank_errors: int
    our_errors: int
    owner_errors: int
    reason: str | None


FIRST_FEATURES = ("labels", "pdf", "score")
"""What a new client may use; `kontora client set` changes it."""


class Administration:
    """Changes clients and keys; each change leaves an event."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_client(self, name: str, environment: str, ips: tuple[str, ...]) -> tuple[ClientRow, str]:
        """Add a client with one key, and return both; the key is never shown again.

        Raises: InvalidArgument, if the name is taken.
        """
        row = ClientRow(name, environment, ips, (), (), FIRST_FEATURES)
        async with self._database.tx() as db:
            if not await clients.insert(db, row):
                raise InvalidArgument(f"There is a client {name} already. `kontora client list` shows all.")
            key = await clients.add_key(db, name)
            await events.append(db, events.Event(kind="client_added", client_id=name, outcome="ok"))
        return row, key

    async def set_client(
        self,
        name: str,
        *,
        ips: tuple[str, ...] | None = None,
        origins: tuple[str, ...] | None = None,
        redirect_uris: tuple[str, ...] | None = None,
        features: tuple[str, ...] | None = None,
    ) -> ClientRow:
        """Replace what is given; `None` leaves as it is.

        Raises: InvalidArgument, if there is no such client.
        """
        async with self._database.tx() as db:
            row = await _found(db, name)
            row = replace(
                row,
                ips=row.ips if ips is None else ips,
                origins=row.origins if origins is None else origins,
                redirect_uris=row.redirect_uris if redirect_uris is None else redirect_uris,
                features=row.features if features is None else features,
            )
            await clients.update(db, row)
            await events.append(db, events.Event(kind="client_changed", client_id=name, outcome="ok"))
        return row

    async def list_clients(self) -> tuple[ClientRow, ...]:
        """Return every client, by name."""
        async with self._database.connection() as db:
            return await clients.all_clients(db)

    async def add_key(self, client: str) -> str:
        """Make another key for a client and return it; it is never shown again.

        Raises: InvalidArgument, if there is no such client.
        """
        async with self._database.tx() as db:
            await _found(db, client)
            key = await clients.add_key(db, client)
            await events.append(db, events.Event(kind="key_added", client_id=client, outcome="ok"))
        return key

    async def revoke_key(self, client: str, prefix: str) -> None:
        """Revoke a key by its first 12 characters; it stops working within a second.

        Raises: InvalidArgument, if the client has no live key that begins so.
        """
        async with self._database.tx() as db:
            if not await clients.revoke_key(db, client, prefix):
                raise InvalidArgument(
                    f"{client} has no live key that begins so. `kontora key list {client}` shows all."
                )
            await events.append(db, events.Event(kind="key_revoked", client_id=client, outcome="ok"))

    async def list_keys(self, client: str) -> tuple[KeyRow, ...]:
        """Return a client's keys, oldest first.

        Raises: InvalidArgument, if there is no such client.
        """
        async with self._database.connection() as db:
            await _found(db, client)
            return await clients.keys_of(db, client)

    async def target_figures(self) -> tuple[TargetFigures, ...]:
        """Return how the targets did in the last hour, by target and product."""
        async with self._database.connection() as db:
            failing = await target_health.failing(db)
            found = await target_health.figures(db, window_seconds=FIGURES_SECONDS)
        return tuple(
            TargetFigures(
                one.target,
                one.product,
                one.successes,
                one.bank_errors,
                one.our_errors,
                one.owner_errors,
                failing.get(one.target),
            )
            for one in found
        )


async def _found(db: Connection, name: str) -> ClientRow:
    row = await clients.find(db, name)
    if row is None:
        raise InvalidArgument(f"There is no client {name}. `kontora client list` shows all.")
    return row
