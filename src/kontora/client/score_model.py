"""What Kontora tells of scores, as frozen data; probabilities are `float`, unknown is `None`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """The loan that is asked for, as far as it is known; money in the owner's currency."""

    amount: Decimal | int | None = None
    instalment: Decimal | int | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A reason for a score. `contribution`: in log-odds, below 0 where it lowers the score.

    `label`: what the feature is made of, where it is made of one. `value` is `None` where it is not known,
    and of `other`, the row for all that is beyond twenty.
    """

    label: str | None
    feature: str
    value: float | None
    contribution: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterfactual:
    """A change of the data, what the score would be after it, and how much that gains."""

    name: str
    score: float
    gain: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score by one model. `value`: the probability of repayment, 0 to 1; `tier`: `A` (best) to `D`.

    `percentile`: the part of the reference population that scores no higher. `base` and the contributions of
    `explanations`, strongest first, sum to the score in log-odds. `counterfactuals`: what would raise it
    most. With `model_id`, `features_version` and `inputs_sha256` it can be computed again; `card`: a path.
    """

    model_id: str
    retrained_at: datetime
    features_version: str
    inputs_sha256: str
    scored_on: date
    card: str
    value: float
    percentile: float
    tier: str
    base: float
    explanations: tuple[Explanation, ...]
    counterfactuals: tuple[Counterfactual, ...]
