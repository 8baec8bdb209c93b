"""Labelling beside the event loop: small imports in place, others in a thread, by turns of clients."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterable, Sequence

import structlog

from kontora.commands.turns import Turns
from kontora.errors import LabelsFailed
from kontora.labels.corrections import Correction
from kontora.labels.labelling import Labelled
from kontora.labels.rules import COUNTRIES
from kontora.labels.together import Know, known_of, label_together, size_of
from kontora.model import Import

log = structlog.get_logger("kontora.commands")

# A few milliseconds' work: a thread would have to fight for its turn.
MOST_IN_PLACE = 200
# Threads that compute share one interpreter, so a client gains nothing by a second one; others need not
# wait for its largest data, though.
AT_ONCE = 3


class LabelWork:
    """Labels imports for whoever asks. `know`: what is known of a country.

    `turns`: places for this and for other work of its kind.
    """

    def __init__(self, know: Know = known_of) -> None:
        self._know = know
        self._read: set[str | None] = {None}
        self.turns = Turns(AT_ONCE)

    async def label(
        self, imports: Sequence[Import], corrections: Iterable[Correction] = (), *, client_id: str = ""
    ) -> tuple[Labelled, ...]:
        """Label imports of one owner as one whole. `client_id`: whose turn it takes.

        Raises: LabelsFailed, whatever goes wrong: labels that are missing would look like labels that do not
        hold.
        """
        size = sum(size_of(item) for item in imports)
        try:
            # The rules of a country take long to read, once.
            if size <= MOST_IN_PLACE and self._read.issuperset(item.country for item in imports):
                return label_together(imports, corrections, know=self._know)
            async with self.turns.turn(client_id):
                found = await asyncio.to_thread(label_together, imports, corrections, know=self._know)
        except Exception as error:
            log.exception("labelling_failed", countries=_countries(imports), money_transactions=size)
            raise LabelsFailed from error
        self._note_read(imports)
        return found

    def _note_read(self, imports: Iterable[Import]) -> None:
        """Note whose rules are read now: they stay for good, so the garbage collector need not look at them.

        It stops everything while it looks.
        """
        fresh = {item.country for item in imports} - self._read
        self._read |= fresh
        if fresh & {*COUNTRIES}:
            gc.freeze()


def _countries(imports: Iterable[Import]) -> str:
    return ",".join(sorted({item.country or "" for item in imports}))
