"""The model: a base and one curve a feature, added up in log-odds of repayment."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping

import msgspec


class Curve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a feature adds to the log-odds: straight lines between `knots`, level outside them.

    0 is what the average owner of the reference population gets, and one whose value is not known.
    """

    feature: str
    knots: tuple[float, ...]
    adds: tuple[float, ...]

    def at(self, value: float | None) -> float:
        """Return what this value adds."""
        if value is None:
            return 0.0
        right = bisect_right(self.knots, value)
        if right == 0:
            return self.adds[0]
        if right == len(self.knots):
            return self.adds[-1]
        low, high = self.knots[right - 1], self.knots[right]
        part = (value - low) / (high - low)
        return self.adds[right - 1] + part * (self.adds[right] - self.adds[right - 1])


class Additive(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A calibrated additive model. `base`: the log-odds of the average owner."""

    base: float
    curves: tuple[Curve, ...]

    def contributions(self, values: Mapping[str, float | None]) -> dict[str, float]:
        """Return what each feature adds to the log-odds of repayment, in the model's order."""
        return {curve.feature: curve.at(values.get(curve.feature)) for curve in self.curves}

    def probability(self, contributions: Mapping[str, float]) -> float:
        """Return the probability of repayment that base and contributions add up to."""
        return probability_of(math.fsum((self.base, *contributions.values())))

    def scaled(self, intercept: float, slope: float) -> Additive:
        """Return intercept + slope x this model: how it is calibrated without losing its parts."""
        return Additive(
            intercept + slope * self.base,
            tuple(
                Curve(one.feature, one.knots, tuple(slope * add for add in one.adds)) for one in self.curves
            ),
        )

    def rounded(self, digits: int) -> Additive:
        """Return this model with numbers short enough to be read and compared."""
        return Additive(
            round(self.base, digits),
            tuple(
                Curve(
                    one.feature,
                    tuple(round(knot, digits) for knot in one.knots),
                    tuple(round(add, digits) for add in one.adds),
                )
                for one in self.curves
            ),
        )


def probability_of(log_odds: float) -> float:
    """Turn log-odds into a probability."""
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    grown = math.exp(log_odds)
    return grown / (1 + grown)


def log_odds_of(probability: float) -> float:
    """Turn a probability between 0 and 1 into log-odds."""
    return math.log(probability) - math.log1p(-probability)
