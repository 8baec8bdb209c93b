"""What a client says of its own data: corrections that stand above every rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from kontora.labels.normalising import plain
from kontora.labels.reasons import Reason, Stage
from kontora.labels.row import Row
from kontora.labels.taxonomy import BY_NAME, ancestors, descendants, fits


class Correction(msgspec.Struct, frozen=True):
    """A client's rule: money of that other side, and with these words in its title if any, has the labels.

    `party`: a name or an account number; `title`: words, or `None` for any. `is_credit`: which way the money
    goes. `add`, `remove`: labels. The later of two that fit wins.
    """

    id: str
    party: str | None
    title: str | None
    is_credit: bool
    add: tuple[str, ...]
    remove: tuple[str, ...]
    made_at: datetime

    def __post_init__(self) -> None:
        if self.party is None and self.title is None:
            raise ValueError("a correction names the other side, or words of the title")
        if unknown := {*self.add, *self.remove} - BY_NAME.keys():
            raise ValueError(f"there is no label {', '.join(sorted(unknown))}")
        if wrong := [name for name in self.add if not fits(name, is_credit=self.is_credit)]:
            raise ValueError(f"{', '.join(wrong)} does not fit money that goes this way")


class Corrections:
    """The corrections of one client, oldest first."""

    def __init__(self, corrections: Iterable[Correction]) -> None:
        self._all = [
            (one, _key(one.party), None if one.title is None else f" {plain(one.title)} ")
            for one in sorted(corrections, key=lambda one: one.made_at)
        ]

    def apply(self, row: Row) -> None:
        """Change the labels of a row as the client wants them; parents come and go with their children."""
        for correction, party, title in self._all:
            if correction.is_credit != row.is_credit or (party and party not in {row.iban, row.words.party}):
                continue
            if title is not None and title not in f" {row.words.title} ":
                continue
            for name in correction.remove:
                for gone in (name, *descendants(name)):
                    row.reasons.pop(gone, None)
            for name in correction.add:
                row.reasons[name] = Reason(name, Stage.CORRECTION, correction.id, correction.title or "")
                for parent in ancestors(name):
                    row.give(Reason(parent, Stage.PARENT, name, correction.title or ""))


def _key(party: str | None) -> str | None:
    if party is None:
        return None
    compact = party.replace(" ", "").upper()
    is_number = compact[2:4].isdigit() and len(compact) > 14
    return compact if is_number else plain(party)
