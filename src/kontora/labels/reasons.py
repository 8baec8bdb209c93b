"""Why a label stands: the stage that gave it, the rule, the words, and how sure that is."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Stage(StrEnum):
    """What decided, in the order in which it is asked."""

    CORRECTION = "correction"
    TABLE = "table"
    DICTIONARY = "dictionary"
    MODEL = "model"
    SEQUENCE = "sequence"
    PARENT = "parent"


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why a label stands. `matched`: the words or the number that it was read from, as normalised.

    `confidence`: 0 to 1; 1 where a rule decides. `vendor`: the company behind it, where it is known.
    """

    label: str
    stage: Stage
    rule: str
    matched: str
    confidence: float = 1.0
    vendor: str | None = None
