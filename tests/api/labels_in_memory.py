"""A desk of labels in memory: it keeps corrections, and labels by rules of the tests' own."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.labels.building import KNOWLEDGE

from kontora.commands.answers import Client
from kontora.commands.label_corrections import Said
from kontora.errors import InvalidCorrectionId, KontoraError
from kontora.labels.corrections import Correction
from kontora.labels.together import label_together
from kontora.model import Import

MADE_AT = datetime(2026, 11, 20, 10, 0, 0, tzinfo=UTC)


class InMemoryLabels:
    """Keeps what one client says."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self.said: list[Said] = []
        self.labelled: list[Import] = []
        self.failure: KontoraError | None = None

    async def add(self, client: Client, said: Said) -> int:
        self._fail()
        self.said.append(said)
        return len(self.said)

    async def listed(self, client: Client) -> tuple[Correction, ...]:
        self._fail()
        return tuple(
            Correction(str(place), one.party, one.title, one.is_credit, one.add, one.remove, MADE_AT)
            for place, one in enumerate(self.said, 1)
        )

    async def remove(self, client: Client, correction_id: int) -> None:
        self._fail()
        if correction_id != len(self.said):
            raise InvalidCorrectionId
        self.said.pop()

    async def label(self, client: Client, imported: Import) -> Import:
        self._fail()
        self.labelled.append(imported)
        (labelled,) = label_together((imported,), know=lambda _: KNOWLEDGE)
        return labelled.imported

    def _fail(self) -> None:
        if self.failure is not None:
            raise self.failure
