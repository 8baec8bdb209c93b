"""The arrays that training works with, and folds of people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from kontora.scores.features import FeatureSet, Values

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Flags = NDArray[np.bool_]


def table(values: Sequence[Values], features: FeatureSet) -> Floats:
    """Return a row a person and a column a feature; NaN where a value is not known."""
    rows = [[_number(one[feature.name]) for feature in features] for one in values]
    return np.array(rows, dtype=np.float64).reshape(len(values), len(features.features))


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def folds(good: Flags, many: int, seed: int) -> Iterator[tuple[Places, Places]]:
    """Split people into `many` folds with like shares of good outcomes; yield (training, test) places."""
    chance = np.random.default_rng(seed)
    fold_of = np.empty(len(good), dtype=np.intp)
    for outcome in (False, True):
        places = chance.permutation(np.flatnonzero(good == outcome))
        fold_of[places] = np.arange(len(places)) % many
    for fold in range(many):
        yield np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)


def outcomes_good(outcomes: Sequence[int]) -> Flags:
    """Return who repaid; an outcome of 1 is bad."""
    return np.array([not outcome for outcome in outcomes], dtype=np.bool_)
