"""Scoring: a history and a day go in; the probability of repayment and all of its reasons come out."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from hashlib import sha256

import msgspec

from kontora.errors import ConfigurationError, NoDataToCalculateScore
from kontora.scores.additive import Additive
from kontora.scores.features import FeatureSet, Values
from kontora.scores.history import MONTH_DAYS, QUARTER_DAYS, History
from kontora.scores.model_file import ScoreModel, Tier, Variant
from kontora.scores.score_features import SCORE_1
from kontora.scores.words import words_of

FEWEST_ROWS = 10
MOST_EXPLANATIONS = 20
OTHER = "other"


class Explanation(msgspec.Struct, frozen=True):
    """What one feature adds to the log-odds of repayment. `label`: empty, where it is made of none.

    `value`: `None`, where it is not known, and for the row `other`, which holds what is not listed.
    """

    feature: str
    contribution: float
    label: str = ""
    value: float | None = None
    words: str = ""


class Score(msgspec.Struct, frozen=True):
    """A score with its reasons: base + contributions = log-odds of `value`.

    `percentile`: the part of the reference population that scores no higher. `explanations`: strongest
    first, features without influence left out. `inputs_sha256`, `model_id` and `features_version` say
    what it was computed from and how, so that it can be computed again.
    """

    value: float
    percentile: float
    tier: str
    base: float
    explanations: tuple[Explanation, ...]
    model_id: str
    features_version: str
    inputs_sha256: str
    day: date


class Scorer:
    """Scores owners by one model."""

    def __init__(self, model: ScoreModel, features: FeatureSet = SCORE_1) -> None:
        """Take a model and the features that it was trained on.

        Raises: ConfigurationError, if the model was trained on other ones.
        """
        if model.features_version != features.name:
            raise ConfigurationError(
                f"The score model {model.id} needs the features {model.features_version}; "
                f"this version of Kontora has {features.name}."
            )
        self.model = model
        self.features = features

    def score(self, history: History, day: date) -> Score:
        """Score an owner as known on the morning of that day.

        Raises: NoDataToCalculateScore, with what is missing.
        """
        variant = self.variant(history)
        values = self.features.values(history, day)
        self._require_data(history, day, variant.model, values)
        contributions = variant.model.contributions(values)
        value = variant.model.probability(contributions)
        return Score(
            value=value,
            percentile=bisect_right(variant.reference, value) / len(variant.reference),
            tier=tier_of(value, self.model.tiers),
            base=variant.model.base,
            explanations=self._explanations(contributions, values),
            model_id=self.model.id,
            features_version=self.features.name,
            inputs_sha256=inputs_sha256(history, day),
            day=day,
        )

    def probability(self, history: History, day: date) -> float:
        """Return the probability of repayment alone, also where data are too few for a score."""
        model = self.variant(history).model
        return model.probability(model.contributions(self.features.values(history, day)))

    def variant(self, history: History) -> Variant:
        """Return the model that fits the question: one that looks at the loan, if one is asked for."""
        fitting = [one for one in self.model.variants if one.knows_loan == (history.loan is not None)]
        return (fitting or self.model.variants)[0]

    def _require_data(self, history: History, day: date, model: Additive, values: Values) -> None:
        past = history.before(day)
        if not past.rows:
            raise NoDataToCalculateScore(f"There is no booked money transaction before {day}.")
        if past.days_known < MONTH_DAYS:
            raise NoDataToCalculateScore(
                f"The history is {past.days_known} days long; a score needs {MONTH_DAYS}."
            )
        if not past.last(QUARTER_DAYS):
            raise NoDataToCalculateScore(f"There is no money transaction of the last {QUARTER_DAYS} days.")
        if len(past.rows) < FEWEST_ROWS:
            raise NoDataToCalculateScore(
                f"There are {len(past.rows)} money transactions; a score needs {FEWEST_ROWS}."
            )
        unknown = [curve.feature for curve in model.curves if values[curve.feature] is None]
        if 2 * len(unknown) > len(model.curves):
            raise NoDataToCalculateScore(
                f"Too little can be told of the owner; not known: {', '.join(unknown)}."
            )

    def _explanations(self, contributions: Mapping[str, float], values: Values) -> tuple[Explanation, ...]:
        found = [
            Explanation(
                feature=name,
                contribution=contribution,
                label=self.features.by_name[name].label,
                value=values[name],
                words=words_of(self.features.by_name[name], values[name]),
            )
            for name, contribution in sorted(contributions.items(), key=lambda item: -abs(item[1]))
            if contribution
        ]
        if len(found) <= MOST_EXPLANATIONS:
            return tuple(found)
        listed, rest = found[: MOST_EXPLANATIONS - 1], found[MOST_EXPLANATIONS - 1 :]
        left = math.fsum(one.contribution for one in rest)
        return (*listed, Explanation(OTHER, left, words=f"{len(rest)} more, each with less influence"))


def tier_of(value: float, tiers: tuple[Tier, ...]) -> str:
    """Return the letter of a score; tiers stand from the best to the worst."""
    return next((tier.name for tier in tiers if value >= tier.lowest), tiers[-1].name)


def inputs_sha256(history: History, day: date) -> str:
    """Return the SHA-256 of all that a score of that day looks at: the same for the same inputs."""
    past = history.before(day)
    return sha256(
        msgspec.msgpack.encode((past.day, past.rows, history.loan, history.is_labelled))
    ).hexdigest()
