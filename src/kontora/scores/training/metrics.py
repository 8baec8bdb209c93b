"""How well scores tell who repays, with intervals by resampling people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kontora.scores.training.numbers import Flags, Floats

RESAMPLES = 1000
STEEPEST = 20.0
MOST_STEPS = 30
Measure = Callable[[Floats, Floats], float]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


class Resamples:
    """The same resamples of people for every measure, so that differences are paired.

    Good and bad are resampled apart: every resample has as many bad outcomes as the data.
    """

    def __init__(self, good: Flags, many: int = RESAMPLES, seed: int = 1) -> None:
        self.good = good
        chance = np.random.default_rng(seed)
        self._weights = np.zeros((many, len(good)))
        for places in (np.flatnonzero(good), np.flatnonzero(~good)):
            drawn = chance.multinomial(len(places), np.full(len(places), 1 / len(places)), size=many)
            self._weights[:, places] = drawn

    def estimate(self, measure: Callable[[Floats], float]) -> Estimate:
        """Measure the data, then each resample; `measure` takes how often each person counts."""
        value = measure(np.ones(len(self.good)))
        drawn = [measure(weights) for weights in self._weights]
        low, high = np.quantile(drawn, [0.025, 0.975])
        return Estimate(value, float(low), float(high))


def mean_auc(unseen: Floats, good: Flags) -> Callable[[Floats], float]:
    """Return the area under the ROC curve, the mean over the repeats (rows of `unseen`), by weights."""
    ordered = [np.unique(row, return_inverse=True)[1] for row in unseen]

    def measure(weights: Floats) -> float:
        return float(np.mean([_auc(places, weights, good) for places in ordered]))

    return measure


def _auc(places: np.ndarray[tuple[int, ...], np.dtype[np.intp]], weights: Floats, good: Flags) -> float:
    many = int(places.max()) + 1
    of_good = np.bincount(places[good], weights[good], many)
    of_bad = np.bincount(places[~good], weights[~good], many)
    worse = np.cumsum(of_bad) - of_bad / 2
    return float(of_good @ worse / (of_good.sum() * of_bad.sum()))


def mean_slope(unseen: Floats, good: Flags) -> Callable[[Floats], float]:
    """Return the calibration slope, the mean over the repeats, by weights: 1 is right, below 1 too bold."""

    def measure(weights: Floats) -> float:
        return float(np.mean([_slope(row, weights, good) for row in unseen]))

    return measure


def mean_intercept(unseen: Floats, good: Flags) -> Callable[[Floats], float]:
    """Return the observed less the predicted share of repayments, the mean over the repeats, by weights."""

    def measure(weights: Floats) -> float:
        expected = np.mean(1 / (1 + np.exp(-unseen)), axis=0)
        return float(weights @ (good - expected) / weights.sum())

    return measure


def mean_brier(unseen: Floats, good: Flags) -> Callable[[Floats], float]:
    """Return the Brier score, the mean over the repeats, by weights: 0 is best."""
    squares = np.mean((1 / (1 + np.exp(-unseen)) - good) ** 2, axis=0)
    return lambda weights: float(weights @ squares / weights.sum())


def _slope(scores: Floats, weights: Floats, good: Flags) -> float:
    """Regress the outcome on the log-odds by Newton steps from nothing known; held within +-STEEPEST."""
    spread = float(scores.std())
    if not spread:
        return 0.0
    columns = np.stack([np.ones_like(scores), (scores - scores.mean()) / spread], axis=1)
    share = float(weights @ good / weights.sum())
    pair = np.array([np.log(share / (1 - share)), 0.0])
    for _ in range(MOST_STEPS):
        chances = 1 / (1 + np.exp(-columns @ pair))
        gradient = columns.T @ (weights * (good - chances))
        bend = (columns * (weights * chances * (1 - chances))[:, None]).T @ columns + 1e-9 * np.eye(2)
        step = np.linalg.solve(bend, gradient)
        pair = np.clip(pair + np.clip(step, -2, 2), -STEEPEST, STEEPEST)
        if np.abs(step).max() < 1e-7:
            break
    return float(np.clip(pair[1] / spread, -STEEPEST, STEEPEST))
