"""Owner Upload: what a client knows of an owner joins what banks and statements tell."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

import msgspec

from kontora.api.client_places import ClientPlaces
from kontora.api.endpoints import Endpoint
from kontora.api.failures import JSON
from kontora.api.idempotency import read_idempotency
from kontora.api.json_bodies import parsed, read_packed, unpacked
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.intake import Idempotency
from kontora.commands.turns import Turns
from kontora.wire.owner_upload import OwnerUpload, read_upload

MOST_BYTES = 20 * 1024 * 1024
"""Of a body as it was sent, and again of what it unpacks to."""
READ_AT_ONCE = 2


class Desk(Protocol):
    """Takes uploads of authenticated clients."""

    async def take(
        self, client: Client, upload: OwnerUpload, *, idempotency: Idempotency | None = None, beside: int = 0
    ) -> int:
        """Keep an upload, and return the id of the request."""
        ...


class OwnerUploads:
    """Takes uploads. A client may send `at_once` at the same time; they are read off the event loop.

    `institutions`: by target, of the targets that are known. `now`: the time by which retention goes.
    `turns`: places for reading.
    """

    def __init__(
        self,
        desk: Desk,
        institutions: Mapping[str, str],
        now: Callable[[], datetime],
        *,
        turns: Turns | None = None,
        at_once: int = 8,
    ) -> None:
        self._desk = desk
        self._institutions = institutions
        self._now = now
        self._inside = ClientPlaces(at_once)
        self._turns = turns or Turns(READ_AT_ONCE)

    async def take(self, visit: Visit) -> Answer:
        """Keep an upload, whole or not at all."""
        with self._inside.place(visit.client.id) as beside:
            body, packed = await read_packed(visit)
            async with self._turns.turn(visit.client.id):
                plain, upload = await asyncio.to_thread(self._read, body, packed)
            idempotency = read_idempotency(visit, plain)
            request_id = await self._desk.take(visit.client, upload, idempotency=idempotency, beside=beside)
        visit.command_id = request_id
        told: dict[str, Any] = {"requestId": str(request_id)}
        if upload.warnings:
            told["warnings"] = [{"path": path, "message": wrong} for path, wrong in upload.warnings]
        return Answer(200, msgspec.json.encode(told), JSON)

    def _read(self, body: bytes, packed: bool) -> tuple[bytes, OwnerUpload]:
        plain = unpacked(body, MOST_BYTES) if packed else body
        return plain, read_upload(parsed(plain), at=self._now(), institutions=self._institutions)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoint."""
        return (
            Endpoint(
                method="POST",
                path="/v1/owner",
                name="uploadOwner",
                handle=self.take,
                summary="Upload what you know of an owner",
                description="All of it is kept, or none: what is wrong is listed by path. 20 MiB at most;"
                " with Content-Encoding gzip, also of what it unpacks to. Its data joins the owner's.",
                body={"$ref": "#/components/schemas/UploadedData"},
                reply="OwnerUploaded",
                failures=(404, 409, 429),
                json=True,
                body_limit=MOST_BYTES,
                idempotent=True,
            ),
        )
