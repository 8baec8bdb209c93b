"""What a client says of its own data: corrections that stand above every rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from kontora.labels.normalising import plain
from kontora.labels.reasons import Reason, Stage
from kontora.labels.row import Row
from kontora.labels.taxonomy import BY_NAME, ancestors, descendants, fits

SHORTEST_IBAN, POLISH_DIGITS = 15, 26


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
        if any(told is not None and not plain(told) for told in (self.party, self.title)):
            raise ValueError("the other side and the title have words")
        if unknown := {*self.add, *self.remove} - BY_NAME.keys():
            raise ValueError(f"there is no label {', '.join(sorted(unknown))}")
        if wrong := [name for name in self.add if not fits(name, is_credit=self.is_credit)]:
            raise ValueError(f"{', '.join(wrong)} does not fit money that goes this way")


class _Known(NamedTuple):
    """A correction ready to be asked. `place`: among all; `title`: its words between spaces."""

    place: int
    correction: Correction
    title: str | None


class Corrections:
    """The corrections of one client, oldest first; found by the other side, or by the title's first word."""

    def __init__(self, corrections: Iterable[Correction]) -> None:
        self._of_party: defaultdict[str, list[_Known]] = defaultdict(list)
        self._of_word: defaultdict[str, list[_Known]] = defaultdict(list)
        for place, one in enumerate(sorted(corrections, key=lambda one: one.made_at)):
            title = None if one.title is None else plain(one.title)
            known = _Known(place, one, None if title is None else f" {title} ")
            if one.party is not None:
                self._of_party[key_of_party(one.party)].append(known)
            elif title is not None:
                self._of_word[title.partition(" ")[0]].append(known)

    def apply(self, row: Row) -> None:
        """Change the labels of a row as the client wants them; parents come and go with their children."""
        for correction in self._fitting(row):
            for name in correction.remove:
                for gone in (name, *descendants(name)):
                    row.reasons.pop(gone, None)
            for name in correction.add:
                row.reasons[name] = Reason(name, Stage.CORRECTION, correction.id, correction.title or "")
                for parent in ancestors(name):
                    row.give(Reason(parent, Stage.PARENT, name, correction.title or ""))

    def _fitting(self, row: Row) -> list[Correction]:
        if not self._of_party and not self._of_word:
            return []
        words = row.words.title
        parties = {row.iban or "", row.words.party}
        found = [known for party in parties for known in self._of_party.get(party, ())]
        for word in set(words.split()) if self._of_word else ():
            found.extend(self._of_word.get(word, ()))
        return [
            correction
            for _, correction, title in sorted(found)
            if correction.is_credit == row.is_credit and (title is None or title in f" {words} ")
        ]


def key_of_party(party: str) -> str:
    """Return by what another side is found: its account number without spaces, or its name's plain words."""
    compact = party.replace(" ", "").upper()
    if compact.isdigit() and len(compact) == POLISH_DIGITS:
        return f"PL{compact}"
    is_number = compact[2:4].isdigit() and len(compact) >= SHORTEST_IBAN
    return compact if is_number else plain(party)
