"""All data of an owner: read merged, or deleted now."""

from __future__ import annotations

import asyncio

from kontora.api.bodies import read_parameters
from kontora.api.desk import Desk
from kontora.api.endpoints import OWNER_ID, Endpoint, Parameter
from kontora.api.envelope import XML, Envelope
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client, OwnerData
from kontora.commands.features import LABELS
from kontora.commands.turns import Turns
from kontora.connectors.catalogue import Catalogue
from kontora.statements.library import layouts
from kontora.wire.merge import merge_imports
from kontora.wire.told_labels import Shown
from kontora.wire.xml import render_owner_data

RENDERED_AT_ONCE = 2

_OWNER = (
    Parameter(name="ownerExternalId", description="Your id of the owner.", required=True, schema=OWNER_ID),
)


class Data:
    """Reads and deletes owners' data. It is merged and rendered off the event loop, by turns of clients."""

    def __init__(self, desk: Desk, envelope: Envelope, catalogue: Catalogue) -> None:
        self._desk = desk
        self._envelope = envelope
        self._official_names = {
            layout.institution.target: layout.institution.official_name for layout in layouts()
        } | {target.name: target.institution.official_name for target in catalogue}
        self._turns = Turns(RENDERED_AT_ONCE)

    async def read(self, visit: Visit) -> Answer:
        """Return all data of an owner."""
        owner_external_id = (await read_parameters(visit)).required("ownerExternalId")
        if LABELS in visit.client.features:
            payload = await self._with_labels(visit.client, owner_external_id)
        else:
            data = await self._desk.owner_data(visit.client, owner_external_id)
            async with self._turns.turn(visit.client.id):
                payload = await asyncio.to_thread(self._merged, data)
        body = self._envelope.success(
            payload, user=visit.client.id, owner_external_id=owner_external_id, schema="get_data.xsd"
        )
        return Answer(200, body, XML)

    async def _with_labels(self, client: Client, owner_external_id: str) -> bytes:
        data = await self._desk.labelled_owner(client, owner_external_id)

        def work() -> bytes:
            return render_owner_data(
                data.targets,
                owner_external_id=data.owner_external_id,
                created_at=data.created_at,
                last_change_at=data.changed_at,
                origin=data.origin,
                official_names=self._official_names,
                shown=Shown.to(client.features),
            )

        async with self._turns.turn(client.id):
            return await asyncio.to_thread(work)

    def _merged(self, data: OwnerData) -> bytes:
        return render_owner_data(
            merge_imports(data.imports),
            owner_external_id=data.owner_external_id,
            created_at=data.created_at,
            last_change_at=data.last_change_at,
            origin=data.origin,
            official_names=self._official_names,
        )

    async def delete(self, visit: Visit) -> Answer:
        """Delete all data of an owner."""
        owner_external_id = (await read_parameters(visit)).required("ownerExternalId")
        await self._desk.delete_owner(visit.client, owner_external_id)
        body = self._envelope.success(b"", user=visit.client.id, owner_external_id=owner_external_id)
        return Answer(200, body, XML)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints."""
        return (
            Endpoint(
                method="GET",
                path="/v1/data.xml",
                name="readData",
                handle=self.read,
                summary="Read all data of an owner, merged over all imports",
                query=_OWNER,
                reply="DataReply",
                failures=(404,),
            ),
            Endpoint(
                method="DELETE",
                path="/v1/data.xml",
                name="deleteData",
                handle=self.delete,
                summary="Delete all data of an owner now",
                query=_OWNER,
                failures=(404,),
            ),
        )
