"""What is measured side by side in the same folds: the model that is kept, and what it has to stand up to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier

from kontora.scores.features import FeatureSet
from kontora.scores.training.fitting import INNER_FOLDS, fit, log_odds, platt
from kontora.scores.training.numbers import Flags, Floats, folds

ADDITIVE = "additive"
TREES = "monotone trees"
UNTUNED = "untuned boosting"
UNTUNED_HISTOGRAM = "untuned histogram"
ONE_RULE = "one rule"
SUREST = 1e-6


@dataclass(frozen=True)
class Contender:
    """Learns from a training part and gives the log-odds of repayment of a test part.

    `learn`: training values, who of them repaid, test values, the features; nothing else is shown to it.
    """

    name: str
    learn: Callable[[Floats, Flags, Floats, FeatureSet], Floats]
    is_probability: bool = True


def contenders() -> tuple[Contender, ...]:
    """Return all, the model that is kept first."""
    return (
        Contender(ADDITIVE, _additive),
        Contender(TREES, _trees),
        Contender(UNTUNED, _untuned),
        Contender(UNTUNED_HISTOGRAM, _untuned_histogram),
        Contender(ONE_RULE, _one_rule, is_probability=False),
    )


def _additive(values: Floats, good: Flags, test: Floats, features: FeatureSet) -> Floats:
    return log_odds(fit(values, good, features), test, features)


def _trees(values: Floats, good: Flags, test: Floats, features: FeatureSet) -> Floats:
    """Boosted trees of depth 3, held back for few bad outcomes, calibrated like the additive model."""

    def grown(rows: Floats, outcome: Flags, asked: Floats) -> Floats:
        model = HistGradientBoostingClassifier(
            max_depth=3,
            learning_rate=0.05,
            max_iter=150,
            min_samples_leaf=10,
            l2_regularization=1.0,
            monotonic_cst=[int(feature.direction) for feature in features],
            random_state=0,
        )
        return _log_odds(model.fit(rows, outcome).predict_proba(asked)[:, 1])

    unseen = np.empty(len(good))
    for training, rest in folds(good, INNER_FOLDS, seed=0):
        unseen[rest] = grown(values[training], good[training], values[rest])
    intercept, slope = platt(unseen, good)
    return intercept + slope * grown(values, good, test)


def _untuned(values: Floats, good: Flags, test: Floats, _features: FeatureSet) -> Floats:
    """As the library has it; it takes no unknown values, so medians stand in for them."""
    known = np.isfinite(values).any(axis=0)
    medians = np.zeros(values.shape[1])
    medians[known] = np.nanmedian(values[:, known], axis=0)
    filled, asked = (np.where(np.isnan(part), medians, part) for part in (values, test))
    model = GradientBoostingClassifier(random_state=0).fit(filled, good)
    return _log_odds(model.predict_proba(asked)[:, 1])


def _untuned_histogram(values: Floats, good: Flags, test: Floats, _features: FeatureSet) -> Floats:
    model = HistGradientBoostingClassifier(random_state=0).fit(values, good)
    return _log_odds(model.predict_proba(test)[:, 1])


def _one_rule(values: Floats, good: Flags, test: Floats, features: FeatureSet) -> Floats:
    """The one threshold on one feature that parts good from bad best in the training part."""
    best, found = 0.0, np.zeros(len(test))
    for place, feature in enumerate(features):
        column, asked = (np.nan_to_num(part[:, place]) * (feature.direction or 1) for part in (values, test))
        for threshold in np.unique(column)[1:]:
            is_above = column >= threshold
            gain = float(is_above[good].mean() - is_above[~good].mean())
            if gain > best:
                best, found = gain, (asked >= threshold).astype(np.float64)
    return found


def _log_odds(chances: Floats) -> Floats:
    held = np.clip(chances, SUREST, 1 - SUREST)
    return np.asarray(np.log(held) - np.log1p(-held), dtype=np.float64)
