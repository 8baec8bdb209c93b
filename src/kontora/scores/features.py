"""What a feature is: a number that one sentence describes, made of money transactions before a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import cached_property

from kontora.scores.history import History, Past

Values = dict[str, float | None]


class Unit(StrEnum):
    """What a value counts, by its name on the wire. `money` is in the owner's currency."""

    MONEY = "money"
    COUNT = "count"
    DAYS = "days"
    SHARE = "share"
    RATIO = "ratio"


class Direction(IntEnum):
    """What more of a feature may do to the score: only raise it, only lower it, or it is not scored."""

    LOWERS = -1
    NOT_SCORED = 0
    RAISES = 1


@dataclass(frozen=True)
class Feature:
    """A number about an owner. `of`: `None` where it cannot be told.

    `words`: what it is, for people, such as `late payments in 12 months`; `label`: the label that it is made
    of, empty if none; `needs_loan`: whether it speaks of the loan that is asked for.
    """

    name: str
    unit: Unit
    words: str
    of: Callable[[History, date], float | None]
    direction: Direction = Direction.NOT_SCORED
    label: str = ""
    needs_loan: bool = False


@dataclass(frozen=True)
class FeatureSet:
    """Features under a name. A published set never changes its meaning; a new one gets a new name."""

    name: str
    features: tuple[Feature, ...]

    def values(self, history: History, day: date) -> Values:
        """Compute every feature of an owner as known on the morning of that day."""
        return {feature.name: feature.of(history, day) for feature in self.features}

    def without_loan(self) -> FeatureSet:
        """Return the features that speak of the owner alone."""
        return FeatureSet(self.name, tuple(one for one in self.features if not one.needs_loan))

    @cached_property
    def by_name(self) -> dict[str, Feature]:
        """The features by their names."""
        return {feature.name: feature for feature in self.features}

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.features)


def from_past(of: Callable[[Past], float | None]) -> Callable[[History, date], float | None]:
    """Make a feature of what was known before the day, and of nothing else."""
    return lambda history, day: of(history.before(day))
