"""Labelling of data that the caller keeps: it comes, is labelled, and is gone with the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from kontora.api.bodies import check_media_type, read_body
from kontora.api.client_places import ClientPlaces
from kontora.api.endpoints import Endpoint
from kontora.api.failures import JSON
from kontora.api.json_bodies import parsed
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.features import LABELS, check_feature
from kontora.commands.turns import Turns
from kontora.model import Import
from kontora.wire.external_data import ToLabel, read_external, render_external
from kontora.wire.told_labels import Shown

MOST_BYTES = 10 * 1024 * 1024
READ_AT_ONCE = 2


class Desk(Protocol):
    """Labels what authenticated clients send."""

    async def label(self, client: Client, imported: Import) -> Import:
        """Label an import."""
        ...


class ExternalLabels:
    """Takes data to be labelled. `now`: UTC. A client may send `at_once` requests at the same time.

    `turns`: places for reading and rendering.
    """

    def __init__(
        self, desk: Desk, now: Callable[[], datetime], *, turns: Turns | None = None, at_once: int = 8
    ) -> None:
        self._desk = desk
        self._now = now
        self._inside = ClientPlaces(at_once)
        self._turns = turns or Turns(READ_AT_ONCE)

    async def label(self, visit: Visit) -> Answer:
        """Label the body's money transactions."""
        check_feature(visit.client, LABELS)
        with self._inside.place(visit.client.id):
            check_media_type(visit, JSON.encode())
            body = await read_body(visit)
            async with self._turns.turn(visit.client.id):
                asked = await asyncio.to_thread(self._read, body)
            labelled = await self._desk.label(visit.client, asked.imported)
            shown = Shown.to(visit.client.features)
            async with self._turns.turn(visit.client.id):
                told = await asyncio.to_thread(render_external, asked, labelled, shown)
        return Answer(200, told, JSON)

    def _read(self, body: bytes) -> ToLabel:
        return read_external(parsed(body), at=self._now())

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoint."""
        return (
            Endpoint(
                method="POST",
                path="/v1/external-data-labeling",
                name="labelExternalData",
                handle=self.label,
                summary="Label money transactions of your own; nothing of them is kept",
                description="10,000 money transactions and 10 MiB at most. Send whole accounts with their"
                " owners and numbers: own transfers, wages and monthly payments are seen by their series."
                " Your corrections apply.",
                body={"$ref": "#/components/schemas/ExternalData"},
                reply="ExternalLabels",
                failures=(429,),
                json=True,
                body_limit=MOST_BYTES,
            ),
        )
