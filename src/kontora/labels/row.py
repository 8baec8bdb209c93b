"""A money transaction while it is labelled: what is known of it, and the reasons found so far."""

from __future__ import annotations

from datetime import date

import msgspec

from kontora.labels.dictionary import Hit
from kontora.labels.normalising import Words
from kontora.labels.reasons import Reason
from kontora.labels.rules import Fact


class Row(msgspec.Struct, eq=False, gc=False):
    """One money transaction. `cents`: signed, in hundredths. `party_key`: the other side, by number or name.

    `account`: the place of its account or card in the import; `place`: its own place there.
    `is_credit`: money comes in. `companies`: names of shops in its words, whatever they say of it.
    `named`: who the title names behind the bank's word for a transfer, where there is no party.
    """

    account: int
    place: int
    on: date
    cents: int
    words: Words
    mcc: str | None
    iban: str | None
    party_key: str | None
    facts: set[Fact] = set()
    hits: list[Hit] = []
    reasons: dict[str, Reason] = {}
    companies: tuple[str, ...] = ()
    named: str = ""
    is_credit: bool = False

    def __post_init__(self) -> None:
        self.is_credit = self.cents > 0

    def give(self, reason: Reason) -> None:
        """Take a reason; the first of a label stays."""
        self.reasons.setdefault(reason.label, reason)
