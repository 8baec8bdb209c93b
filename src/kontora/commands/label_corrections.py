"""Corrections: what a client says of labels, kept for it alone, in force at once for all that it reads."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import structlog

from kontora.commands.answers import Client
from kontora.commands.features import LABELS, check_feature
from kontora.commands.room import CommandRoom
from kontora.errors import InvalidCorrectionId, LabelCorrectionLimitExceeded
from kontora.labels.corrections import Correction, key_of_party
from kontora.labels.normalising import plain
from kontora.store import clients, events, label_corrections
from kontora.store.client_vault import ClientSealBroken
from kontora.store.ids import random_id
from kontora.store.vault import KeyDestroyed

log = structlog.get_logger("kontora.commands")

MOST_CORRECTIONS = 1_000
DIGESTED = "label-correction"


class Said(msgspec.Struct, frozen=True, array_like=True):
    """What a client says: money of that other side, with these words in its title, one way.

    `party`: a name or an account number; `title`: words; one of both is there. `add`, `remove`: our names.
    """

    party: str | None
    title: str | None
    is_credit: bool
    add: tuple[str, ...]
    remove: tuple[str, ...]

    def compared(self) -> bytes:
        """Return what is equal for corrections that mean the same."""
        return msgspec.msgpack.encode(
            (
                None if self.party is None else key_of_party(self.party),
                None if self.title is None else plain(self.title),
                self.is_credit,
                sorted(self.add),
                sorted(self.remove),
            )
        )


@dataclass(frozen=True)
class LabelCorrectionDesk:
    """Takes corrections of authenticated clients."""

    room: CommandRoom

    async def add(self, client: Client, said: Said) -> int:
        """Keep a correction and return its id. Said again, it has the same id, and is the latest.

        Raises: CommandNotAvailable, LabelCorrectionLimitExceeded.
        """
        check_feature(client, LABELS)
        vault, correction_id = self.room.vault.clients, random_id()
        digest = await vault.digest(said.compared(), client_id=client.id, context=DIGESTED)
        sealed = await vault.seal(
            msgspec.msgpack.encode(said), client_id=client.id, context=_context(correction_id)
        )
        async with self.room.database.tx() as db:
            # One at a time per client: the count and the insert belong together.
            await clients.lock(db, client.id)
            known = await label_corrections.renew(db, client.id, digest)
            if known is None:
                if await label_corrections.count(db, client.id) >= MOST_CORRECTIONS:
                    raise LabelCorrectionLimitExceeded
                await label_corrections.insert(db, correction_id, client.id, digest, sealed)
            await events.append(
                db, events.Event(kind="label_correction_added", client_id=client.id, outcome="ok")
            )
        return correction_id if known is None else known

    async def listed(self, client: Client) -> tuple[Correction, ...]:
        """Return a client's corrections, oldest first.

        Raises: CommandNotAvailable.
        """
        check_feature(client, LABELS)
        async with self.room.database.connection() as db:
            await events.append(
                db, events.Event(kind="label_corrections_listed", client_id=client.id, outcome="ok")
            )
        return await corrections_of(self.room, client.id)

    async def remove(self, client: Client, correction_id: int) -> None:
        """Forget a correction.

        Raises: CommandNotAvailable; InvalidCorrectionId, for an unknown one and another client's alike.
        """
        check_feature(client, LABELS)
        async with self.room.database.tx() as db:
            if not await label_corrections.delete(db, client.id, correction_id):
                raise InvalidCorrectionId
            await events.append(
                db, events.Event(kind="label_correction_removed", client_id=client.id, outcome="ok")
            )


async def corrections_of(room: CommandRoom, client_id: str) -> tuple[Correction, ...]:
    """Return a client's corrections, oldest first. Those whose key is lost are lost, and the log says so."""
    async with room.database.connection() as db:
        rows = await label_corrections.of_client(db, client_id)
    found = []
    for row in rows:
        try:
            plain_text = await room.vault.clients.open(
                row.sealed, client_id=client_id, context=_context(row.id)
            )
        except (KeyDestroyed, ClientSealBroken):
            log.warning("label_correction_lost", client_id=client_id)
            continue
        said = msgspec.msgpack.decode(plain_text, type=Said)
        found.append(
            Correction(
                str(row.id), said.party, said.title, said.is_credit, said.add, said.remove, row.made_at
            )
        )
    return tuple(found)


def _context(correction_id: int) -> str:
    return f"{DIGESTED}/{correction_id}"
