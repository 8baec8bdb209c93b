"""Fitting the additive model: monotone curves, held back by a ridge penalty, calibrated on people left out.

A value becomes its place in the training population (-0.5 to 0.5, the direction of the feature turned so that
more is better). The curve over that place has four straight pieces whose slopes are never below 0: so no
model, whatever the data, can reward what is bad. With few bad outcomes the ridge decides how far it goes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from kontora.scores.additive import Additive, Curve
from kontora.scores.features import Direction, FeatureSet
from kontora.scores.training.numbers import Flags, Floats, folds

PIECES = 4
RIDGE = 1.0
MOST_KNOTS = 33
INNER_FOLDS = 5
FEWEST_TO_CALIBRATE = 5


@dataclass(frozen=True)
class Scale:
    """How a feature's values become columns: at each knot, how far each piece has been walked."""

    feature: str
    knots: Floats
    walked: Floats

    def columns(self, values: Floats) -> Floats:
        """Return a column a piece; NaN stays where a value is not known."""
        pieces = [np.interp(values, self.knots, self.walked[:, piece]) for piece in range(PIECES)]
        found = np.stack(pieces, axis=1)
        found[np.isnan(values)] = np.nan
        return found


def fit(values: Floats, good: Flags, features: FeatureSet) -> Additive:
    """Fit and calibrate: a table as of `numbers.table`, and who repaid.

    The calibration is Platt's: an affine map of the log-odds, fitted to people whom the model had not seen.
    """
    fewest = int(min(good.sum(), (~good).sum()))
    model = fit_uncalibrated(values, good, features)
    if fewest < FEWEST_TO_CALIBRATE:
        return model
    unseen = np.empty(len(good))
    for training, test in folds(good, INNER_FOLDS, seed=0):
        inner = fit_uncalibrated(values[training], good[training], features)
        unseen[test] = log_odds(inner, values[test], features)
    return model.scaled(*platt(unseen, good))


def fit_uncalibrated(values: Floats, good: Flags, features: FeatureSet) -> Additive:
    """Fit base and curves alone."""
    scales = [
        scale
        for place, feature in enumerate(features)
        if feature.direction != Direction.NOT_SCORED
        and (scale := _scale(feature.name, values[:, place], feature.direction)) is not None
    ]
    places = [list(features.by_name).index(scale.feature) for scale in scales]
    blocks = [scale.columns(values[:, place]) for scale, place in zip(scales, places, strict=True)]
    means = [np.nanmean(block, axis=0) for block in blocks]
    design = np.hstack(
        [np.nan_to_num(block - mean) for block, mean in zip(blocks, means, strict=True)]
        or [np.empty((len(good), 0))]
    )
    base, slopes = _solve(design, good)
    curves = []
    for place, (scale, mean) in enumerate(zip(scales, means, strict=True)):
        adds = (scale.walked - mean) @ slopes[place * PIECES : (place + 1) * PIECES]
        curves.append(Curve(scale.feature, tuple(scale.knots.tolist()), tuple(adds.tolist())))
    return Additive(base, tuple(curves))


def log_odds(model: Additive, values: Floats, features: FeatureSet) -> Floats:
    """Return the model's log-odds of repayment for each row of the table."""
    found = np.full(len(values), model.base)
    names = list(features.by_name)
    for curve in model.curves:
        column = values[:, names.index(curve.feature)]
        found += np.nan_to_num(np.interp(column, curve.knots, curve.adds))
    return found


def platt(unseen: Floats, good: Flags) -> tuple[float, float]:
    """Return intercept and slope (never below 0) that calibrate log-odds of unseen people.

    Source: Platt 1999, with his smoothed targets, which keep few outcomes from making the map too steep.
    """
    many_good, many_bad = int(good.sum()), int((~good).sum())
    targets = np.where(good, (many_good + 1) / (many_good + 2), 1 / (many_bad + 2))
    found = minimize(
        lambda pair: _loss(pair[0] + pair[1] * unseen, targets, np.stack([np.ones_like(unseen), unseen], 1)),
        np.array([0.0, 1.0]),
        jac=True,
        bounds=[(None, None), (0.0, None)],
        method="L-BFGS-B",
    )
    return float(found.x[0]), float(found.x[1])


def _scale(name: str, values: Floats, direction: Direction) -> Scale | None:
    """Return the scale of a feature; `None`, where all known values are the same."""
    known = np.sort(values[~np.isnan(values)])
    knots = np.unique(known)
    if len(knots) < 2:
        return None
    if len(knots) > MOST_KNOTS:
        knots = np.unique(knots[np.linspace(0, len(knots) - 1, MOST_KNOTS).round().astype(int)])
    below, not_above = np.searchsorted(known, knots, "left"), np.searchsorted(known, knots, "right")
    place = direction * ((below + not_above) / (2 * len(known)) - 0.5)
    edges = np.linspace(-0.5, 0.5, PIECES + 1)
    walked = np.clip(place[:, None], edges[:-1], edges[1:]) - edges[:-1]
    return Scale(name, knots, walked)


def _solve(design: Floats, good: Flags) -> tuple[float, Floats]:
    """Find the base and the slopes (not below 0) of the penalised logistic likelihood."""
    targets = good.astype(np.float64)
    columns = np.hstack([np.ones((len(good), 1)), design])
    share = (targets.sum() + 1) / (len(targets) + 2)

    def loss(weights: Floats) -> tuple[float, Floats]:
        value, gradient = _loss(columns @ weights, targets, columns)
        gradient[1:] += RIDGE * weights[1:]
        return value + RIDGE / 2 * float(weights[1:] @ weights[1:]), gradient

    start = np.zeros(columns.shape[1])
    start[0] = np.log(share / (1 - share))
    if len(set(good.tolist())) < 2:
        return float(start[0]), start[1:]
    found = minimize(
        loss,
        start,
        jac=True,
        bounds=[(None, None)] + [(0.0, None)] * design.shape[1],
        method="L-BFGS-B",
        options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7},
    )
    return float(found.x[0]), np.asarray(found.x[1:], dtype=np.float64)


def _loss(scores: Floats, targets: Floats, columns: Floats) -> tuple[float, Floats]:
    chances = 1 / (1 + np.exp(-scores))
    value = float(np.sum(np.logaddexp(0, scores) - targets * scores))
    return value, columns.T @ (chances - targets)
