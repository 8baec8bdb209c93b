"""The protocol: repeated stratified cross-validation; what is fitted never saw the people it is tested on.

Features know only rows before the decision. Curves, their strength and the calibration are fitted anew in
every fold, on its training part alone. Each person is tested once a repeat; measures are means over the
repeats, and intervals come from resampling people, the same resamples for every contender.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from kontora.scores.features import FeatureSet
from kontora.scores.training.contenders import ADDITIVE, UNTUNED, UNTUNED_HISTOGRAM, Contender
from kontora.scores.training.metrics import (
    Estimate,
    Resamples,
    mean_auc,
    mean_brier,
    mean_intercept,
    mean_slope,
)
from kontora.scores.training.numbers import Flags, Floats, folds

FOLDS = 5
REPEATS = 5
FEW_BAD = 200


@dataclass(frozen=True)
class Measured:
    """How a contender did. Calibration is `None` for what gives no probability.

    `auc_lead`: by how much the AUC of the kept model is higher, paired. `unseen`: log-odds, a row a repeat.
    """

    name: str
    auc: Estimate
    auc_lead: Estimate | None
    slope: Estimate | None
    in_the_large: Estimate | None
    brier: Estimate | None
    unseen: Floats


def text_of_protocol() -> str:
    """Say what is done, in a sentence for the model's file and card."""
    return (
        f"{FOLDS}-fold stratified cross-validation, repeated {REPEATS} times; only money transactions before "
        "the decision; fitting and calibration inside the folds; 95 % intervals from 1000 paired resamples "
        "of people"
    )


def measure(
    values: Floats,
    good: Flags,
    features: FeatureSet,
    rivals: Sequence[Contender],
    tick: Callable[[], None] = lambda: None,
) -> list[Measured]:
    """Measure contenders in the same folds, the kept one first. `tick` is called after each fold."""
    unseen = [np.empty((REPEATS, len(good))) for _ in rivals]
    # One thread: sums in a fixed order, and no threads that wait for each other over small data.
    with threadpool_limits(limits=1):
        for repeat in range(REPEATS):
            for training, test in folds(good, FOLDS, seed=1000 + repeat):
                for place, rival in enumerate(rivals):
                    learnt = rival.learn(values[training], good[training], values[test], features)
                    unseen[place][repeat, test] = learnt
                tick()
    resamples = Resamples(good)
    return [_measured(rival, row, unseen[0], resamples) for rival, row in zip(rivals, unseen, strict=True)]


def _measured(rival: Contender, unseen: Floats, kept: Floats, resamples: Resamples) -> Measured:
    good = resamples.good
    own, best = mean_auc(unseen, good), mean_auc(kept, good)
    calibrated = rival.is_probability
    return Measured(
        name=rival.name,
        auc=resamples.estimate(own),
        auc_lead=None if unseen is kept else resamples.estimate(lambda weights: best(weights) - own(weights)),
        slope=resamples.estimate(mean_slope(unseen, good)) if calibrated else None,
        in_the_large=resamples.estimate(mean_intercept(unseen, good)) if calibrated else None,
        brier=resamples.estimate(mean_brier(unseen, good)) if calibrated else None,
        unseen=unseen,
    )


def limits(people: int, bad: int, kept: Iterable[Measured]) -> str:
    """Say what so many bad outcomes allow to claim. `kept`: the kept model of each question."""
    width = max(one.auc.high - one.auc.low for one in kept)
    sentence = (
        f"{bad} bad outcomes among {people} people bound what can be claimed: the interval of the AUC is "
        f"{width:.2f} wide, and it does not hold the luck of which people were in the data at all."
    )
    return sentence if bad >= FEW_BAD else f"{sentence} Small differences between rows mean nothing."


def verdicts(rows: Sequence[Measured]) -> list[str]:
    """Say whether the kept model stands up to untuned boosting, and is calibrated."""
    said = []
    for row in rows:
        if row.name in {UNTUNED, UNTUNED_HISTOGRAM} and row.auc_lead is not None:
            holds = "holds" if row.auc_lead.value >= -0.01 else "DOES NOT HOLD"
            said.append(f"AUC at most 0.01 below {row.name}: {holds} (lead {row.auc_lead})")
        if row.name == ADDITIVE and row.slope is not None:
            holds = "holds" if 0.8 <= row.slope.value <= 1.2 else "DOES NOT HOLD"
            said.append(f"calibration slope between 0.8 and 1.2: {holds} ({row.slope})")
    return said
