"""The check that no feature sees past the day of the decision: with and without the future it is the same."""

from __future__ import annotations

import math
from collections.abc import Iterable

from kontora.scores.features import FeatureSet
from kontora.scores.history import NOT_EARNED, TROUBLE, History, Row
from kontora.scores.training.population import Person

_LABELS: tuple[tuple[str, ...], ...] = (
    (),
    tuple(sorted(NOT_EARNED | TROUBLE)),
    ("compensation", "salary"),
    ("loan repayment", "cash withdrawal"),
)
_AFTER_DAYS = (0, 1, 15, 29, 30, 60, 91, 200, 366)
_AMOUNTS = (-1e6, 1e6)


class FeatureLooksAhead(Exception):
    """A feature changes with what happened after the decision; nothing may be trained on it."""


def refuse_leaks(people: Iterable[Person], features: FeatureSet) -> None:
    """Compare, for every person, each feature with and without rows from the day of the decision on.

    Where the data end before the decision, there is no future to see; so one is planted for everybody: large
    credits and debits under many labels, on the day itself and up to a year later.

    Raises: FeatureLooksAhead, naming the features.
    """
    found = set()
    for person in people:
        history, ordinal = person.history, person.day.toordinal()
        known = history.changed([row for row in history.rows if row.day < ordinal])
        seen = features.values(_with_future(history, ordinal), person.day)
        blind = features.values(known, person.day)
        found |= {name for name in blind if not _same(seen[name], blind[name])}
    if found:
        raise FeatureLooksAhead(f"sees past the decision: {', '.join(sorted(found))}")


def _with_future(history: History, ordinal: int) -> History:
    account = history.rows[-1].account if history.rows else 0
    planted = [
        Row(ordinal + after, amount, amount, labels, f"planted {after}", account)
        for after in _AFTER_DAYS
        for amount in _AMOUNTS
        for labels in _LABELS
    ]
    return history.changed([*history.rows, *planted])


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return one == other or (math.isnan(one) and math.isnan(other))
