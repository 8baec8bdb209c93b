"""An owner's whole data with labels, for analytics and data.xml: made anew whenever it is asked for."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

from kontora.commands.answers import Client
from kontora.commands.label_corrections import corrections_of
from kontora.commands.owners import FIRST_ORIGIN, stored_data
from kontora.commands.room import CommandRoom
from kontora.labels.reasons import Reason
from kontora.labels.together import country_of
from kontora.model import Import
from kontora.wire.merge import merge_imports


@dataclass(frozen=True, slots=True)
class LabelledOwner:
    """All that is known of an owner now. `targets`: merged, one import each, labelled as one whole.

    `country`: that of most money transactions, `None` if no import has one. `reasons`: by target, then by
    account or card (cards come after accounts), then by money transaction.
    """

    owner_id: int
    owner_external_id: str
    created_at: datetime
    changed_at: datetime
    origin: str
    targets: tuple[Import, ...]
    country: str | None
    reasons: tuple[tuple[tuple[tuple[Reason, ...], ...], ...], ...]


async def labelled_owner(
    room: CommandRoom, client: Client, owner_external_id: str, *, kind: str
) -> LabelledOwner:
    """Read all that is stored of an owner, merge it and label it, with the client's corrections of today.

    Leaves an event of this `kind`.
    Raises: InvalidOwnerExternalId, if there is nothing; LabelsFailed.
    """
    async with room.owner_turns.turn(client.id):
        owner, imports = await stored_data(room, client, owner_external_id, kind=kind)
        async with room.turns.turn(client.id):
            targets = await asyncio.to_thread(merge_imports, imports)
        corrections = await corrections_of(room, client.id)
        labelled = await room.label_work.label(targets, corrections, client_id=client.id)
    return LabelledOwner(
        owner_id=owner.id,
        owner_external_id=owner_external_id,
        created_at=owner.created_at,
        changed_at=owner.changed_at,
        origin=owner.origin or FIRST_ORIGIN,
        targets=tuple(one.imported for one in labelled),
        country=country_of(targets),
        reasons=tuple(one.reasons for one in labelled),
    )
