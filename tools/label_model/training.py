"""Training one model: a logistic regression for each label, and the threshold that keeps it precise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from kontora.labels.model import Weights, features_of
from kontora.labels.taxonomy import BY_NAME, fits
from tools.label_model.examples import Taught

BITS = 18
FOLDS = 4
STRENGTH = 8.0
PRECISION = 0.95
FEWEST_TAUGHT, FEWEST_HITS = 8, 5
LOWEST_THRESHOLD, NEVER = 0.85, 2.0
SMALLEST_WEIGHT = 0.05
FEWEST_WITH_FEATURE = 3
NEEDS_NEIGHBOURS = frozenset(
    {
        "monthly",
        "own transfer",
        "savings",
        "person transfer",
        "refund",
        "chargeback",
        "regular wage",
        "salary",
    }
)


@dataclass(frozen=True)
class Learned:
    """One label of a model. `precision`, `hits`, `misses`: on tests of groups that it was not trained on."""

    label: str
    threshold: float
    precision: float
    hits: int
    misses: int


def learnable(examples: Iterable[Taught]) -> tuple[str, ...]:
    """Return the labels that are told by words alone, taught often enough, and tested often enough."""
    lessons: Counter[str] = Counter()
    tests: Counter[str] = Counter()
    for one in examples:
        (tests if one.is_test else lessons).update(one.labels)
    parents = {label.parent for label in BY_NAME.values()}
    return tuple(
        name
        for name in BY_NAME
        if lessons[name] >= FEWEST_TAUGHT
        and tests[name] >= FEWEST_HITS
        and name not in parents
        and name not in NEEDS_NEIGHBOURS
    )


def train(country: str, examples: Sequence[Taught]) -> tuple[Weights, list[Learned]]:
    """Train on all but the tests; thresholds are found on tests of groups that were left out."""
    table, features = _table(examples)
    folds = np.array([crc32(one.group.encode()) % FOLDS for one in examples])
    test = np.array([one.is_test for one in examples])
    labels = learnable(examples)
    weights: dict[int, list[tuple[int, float]]] = {}
    intercepts, learned = [], []
    for place, label in enumerate(labels):
        wanted = np.array([label in one.labels for one in examples])
        may = np.array([fits(label, is_credit=one.is_credit) for one in examples])
        learned.append(_threshold(label, table, wanted, test, may, folds))
        model = _fitted(table[~test], wanted[~test])
        intercepts.append(round(float(model.intercept_[0]), 4))
        for column in np.flatnonzero(np.abs(model.coef_[0]) >= SMALLEST_WEIGHT):
            weight = round(float(model.coef_[0][column]), 2)
            weights.setdefault(int(features[column]), []).append((place, weight))
    return (
        Weights(
            labels=labels,
            bits=BITS,
            intercepts=tuple(intercepts),
            thresholds=tuple(one.threshold for one in learned),
            weights={feature: tuple(found) for feature, found in sorted(weights.items())},
            trained_on=f"{country}: {int((~test).sum())} examples; thresholds by {int(test.sum())} misspelt"
            " rows",
        ),
        learned,
    )


def _table(examples: Sequence[Taught]) -> tuple[csr_matrix, np.ndarray]:
    """Return a row for each example, a column for each feature that several have, and the features."""
    rows, columns = [], []
    for place, one in enumerate(examples):
        found = {feature for feature, _ in features_of(one.words, BITS)}
        rows += [place] * len(found)
        columns += list(found)
    whole = csr_matrix(
        (np.ones(len(rows)), (rows, columns)), shape=(len(examples), 1 << BITS), dtype=np.float64
    )
    kept = np.flatnonzero(np.asarray(whole.sum(axis=0)).ravel() >= FEWEST_WITH_FEATURE)
    return whole[:, kept], kept


def _fitted(table: csr_matrix, wanted: np.ndarray) -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, solver="liblinear").fit(table, wanted)


def _threshold(
    label: str,
    table: csr_matrix,
    wanted: np.ndarray,
    test: np.ndarray,
    may: np.ndarray,
    folds: np.ndarray,
) -> Learned:
    """Find the lowest threshold at which the label is precise on tests of groups that were left out."""
    probabilities = np.zeros(len(wanted))
    for fold in range(FOLDS):
        out, known = folds == fold, (folds != fold) & ~test
        if wanted[known].any() and (out & test).any():
            probabilities[out & test] = _fitted(table[known], wanted[known]).predict_proba(table[out & test])[
                :, 1
            ]
    seen, right = probabilities[test & may], wanted[test & may]
    best = Learned(label, NEVER, 1.0, 0, int(right.sum()))
    steps = {max(LOWEST_THRESHOLD, int(1000 * float(one)) / 1000) for one in seen[right]}
    for threshold in sorted(steps, reverse=True):
        given = seen >= threshold
        hits = int((given & right).sum())
        precision = hits / max(1, int(given.sum()))
        if precision >= PRECISION and hits >= FEWEST_HITS:
            best = Learned(label, threshold, precision, hits, int(right.sum()) - hits)
    return best
