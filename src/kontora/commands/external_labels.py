"""Labels for data that a client sends and nobody keeps."""

from __future__ import annotations

from dataclasses import dataclass

from kontora.commands.answers import Client
from kontora.commands.features import LABELS, check_feature
from kontora.commands.labelled_imports import as_told
from kontora.commands.room import CommandRoom
from kontora.labels.together import size_of
from kontora.model import Import
from kontora.store import events


@dataclass(frozen=True)
class ExternalLabelDesk:
    """Labels what authenticated clients send."""

    room: CommandRoom

    async def label(self, client: Client, imported: Import) -> Import:
        """Label an import with the client's corrections; of it only the number of rows is noted.

        Raises: CommandNotAvailable, LabelsFailed.
        """
        check_feature(client, LABELS)
        labelled = await as_told(self.room, client.id, client.features, imported)
        async with self.room.database.tx() as db:
            await events.append(
                db,
                events.Event(
                    kind="external_data_labelled",
                    client_id=client.id,
                    outcome="ok",
                    detail={"money_transactions": size_of(imported)},
                ),
            )
        return labelled
