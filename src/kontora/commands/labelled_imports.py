"""One import as a client is told it: with labels, where they are switched on for the client."""

from __future__ import annotations

from collections.abc import Iterable

from kontora.commands.features import LABELS
from kontora.commands.label_corrections import corrections_of
from kontora.commands.room import CommandRoom
from kontora.model import Import


async def as_told(room: CommandRoom, client_id: str, features: Iterable[str], imported: Import) -> Import:
    """Return the import labelled by the client's corrections of today, or as it is, without the feature.

    Raises: LabelsFailed.
    """
    if LABELS not in features:
        return imported
    corrections = await corrections_of(room, client_id)
    (labelled,) = await room.label_work.label((imported,), corrections, client_id=client_id)
    return labelled.imported
