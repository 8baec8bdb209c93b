"""The model that a server scores with: the one that comes with Kontora, or a file of the operator's own."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

from kontora.errors import ConfigurationError
from kontora.model import Import
from kontora.scores.additive import Curve
from kontora.scores.counterfactuals import Promise, what_would_change
from kontora.scores.history import Loan
from kontora.scores.model_file import DEFAULT, ScoreModel, read_model
from kontora.scores.reading import history_of
from kontora.scores.score_features import SCORE_1
from kontora.scores.scoring import Score, Scorer

LONGEST_ID = 100


@dataclass(frozen=True)
class ServedModel:
    """A model that is ready to score. `card`: its model card, Markdown."""

    scorer: Scorer
    card: str

    @property
    def id(self) -> str:
        """The id of the model."""
        return self.scorer.model.id


@dataclass(frozen=True)
class OwnerScore:
    """A score with its reasons, and the changes that would raise it most, the strongest first."""

    score: Score
    promises: tuple[Promise, ...]


def served_model(file: Path | None = None) -> ServedModel:
    """Read the model in this file, or the one that comes with Kontora, and the card beside it (`.md`).

    Raises: ConfigurationError, with what is wrong.
    """
    place = file or DEFAULT
    model = read_model(place)
    wrong = next(_flaws(model), None)
    if wrong is not None:
        raise ConfigurationError(f"The score model {place} cannot be used: {wrong}.")
    card = place.with_suffix(".md")
    try:
        text = card.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"The model card {card} cannot be read. `kontora score train --card` writes it beside the model."
        ) from error
    return ServedModel(Scorer(model), text)


def score_owner(scorer: Scorer, targets: Iterable[Import], day: date, loan: Loan | None = None) -> OwnerScore:
    """Score an owner's labelled accounts as known on the morning of that day.

    Raises: NoDataToCalculateScore, with what is missing.
    """
    accounts = [account for target in targets for account in target.accounts]
    history = history_of(accounts, loan)
    score = scorer.score(history, day)
    return OwnerScore(score, what_would_change(scorer, history, day))


def _flaws(model: ScoreModel) -> Iterator[str]:
    """Tell what would break a score, or make no sense of it."""
    if not 0 < len(model.id) <= LONGEST_ID or not model.id.isprintable():
        yield f"its id must be 1 to {LONGEST_ID} printable characters"
    lowest = [tier.lowest for tier in model.tiers]
    if not lowest or lowest[-1] > 0 or not _rises(reversed(lowest)):
        yield "its tiers must go down to 0"
    if not model.variants:
        yield "it has no variant"
    for variant in model.variants:
        inside = all(0 <= value <= 1 for value in variant.reference)
        if not variant.reference or not inside or list(variant.reference) != sorted(variant.reference):
            yield "a reference must hold scores from 0 to 1 in rising order"
        if not math.isfinite(variant.model.base):
            yield "a base must be a number"
        for curve in variant.model.curves:
            yield from _flaws_of_curve(curve)


def _flaws_of_curve(curve: Curve) -> Iterator[str]:
    if curve.feature not in SCORE_1.by_name:
        yield f"its feature {curve.feature[:LONGEST_ID]!r} is unknown to this version of Kontora"
    if not curve.knots or len(curve.knots) != len(curve.adds):
        yield f"the curve of {curve.feature[:LONGEST_ID]!r} needs as many knots as values"
    if not _rises(curve.knots) or not all(map(math.isfinite, (*curve.knots, *curve.adds))):
        yield f"the knots of {curve.feature[:LONGEST_ID]!r} must rise"


def _rises(values: Iterable[float]) -> bool:
    return all(low < high for low, high in pairwise(values))
