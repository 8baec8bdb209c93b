"""Training, from top to bottom: refuse leaks, measure under the protocol, fit on everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import numpy as np

from kontora.scores.features import FeatureSet
from kontora.scores.model_file import TIERS, Metric, ScoreModel, Variant
from kontora.scores.score_features import SCORE_1
from kontora.scores.training.contenders import Contender, contenders
from kontora.scores.training.fitting import fit
from kontora.scores.training.leaks import refuse_leaks
from kontora.scores.training.numbers import Flags, Floats, table
from kontora.scores.training.population import Population
from kontora.scores.training.protocol import (
    REPEATS,
    Measured,
    limits,
    measure,
    text_of_protocol,
    verdicts,
)
from kontora.scores.training.reports import (
    WITH_LOAN,
    WITHOUT_LOAN,
    Report,
    Trained,
    chances_of,
    group_rows,
    tier_rows,
)

MOST_REFERENCES = 1000
DIGITS = 6


def steps(population: Population) -> int:
    """Return how often `tick` is called in a training."""
    return 1 + REPEATS * 5 * (2 if population.has_loans else 1)


def train(
    population: Population,
    *,
    model_id: str,
    at: datetime,
    features: FeatureSet = SCORE_1,
    rivals: Sequence[Contender] | None = None,
    tick: Callable[[], None] = lambda: None,
) -> Trained:
    """Train on a population. The same population gives the same model.

    Raises: FeatureLooksAhead.
    """
    refuse_leaks(population.people, features)
    tick()
    good = np.array([person.repaid for person in population.people])
    questions, variants = {}, []
    asked = [(WITHOUT_LOAN, features.without_loan())]
    if population.has_loans:
        asked.append((WITH_LOAN, features))
    for question, looked_at in asked:
        values = _values(population, looked_at)
        rows = measure(values, good, looked_at, rivals or contenders(), tick)
        questions[question] = rows
        model = fit(values, good, looked_at).rounded(DIGITS)
        variants.append(Variant(question == WITH_LOAN, model, _reference(rows[0])))
    return Trained(
        ScoreModel(
            id=model_id,
            trained_at=at,
            features_version=features.name,
            origin=population.about,
            people=len(population.people),
            bad=population.bad,
            inputs_sha256=population.sha256,
            protocol=text_of_protocol(),
            tiers=TIERS,
            metrics=tuple(_metrics(questions)),
            variants=tuple(variants),
        ),
        _report(population, questions, good),
    )


def _values(population: Population, features: FeatureSet) -> Floats:
    return table([features.values(one.history, one.day) for one in population.people], features)


def _report(population: Population, questions: dict[str, list[Measured]], good: Flags) -> Report:
    kept = list(questions.values())[-1][0]
    return Report(
        questions=questions,
        groups=group_rows(population.people, kept, good),
        tiers=tier_rows(kept, good, TIERS),
        limits=limits(len(population.people), population.bad, (rows[0] for rows in questions.values())),
        verdicts={question: verdicts(rows) for question, rows in questions.items()},
    )


def _metrics(questions: dict[str, list[Measured]]) -> list[Metric]:
    return [
        Metric(
            f"{row.name}, {question}",
            name,
            round(found.value, DIGITS),
            round(found.low, DIGITS),
            round(found.high, DIGITS),
        )
        for question, rows in questions.items()
        for row in rows
        for name, found in (
            ("auc", row.auc),
            ("aucLeadOfKept", row.auc_lead),
            ("calibrationSlope", row.slope),
            ("observedLessExpected", row.in_the_large),
            ("brier", row.brier),
        )
        if found is not None
    ]


def _reference(kept: Measured) -> tuple[float, ...]:
    """Return the reference scores, ascending; of many people, as many quantiles."""
    ordered = np.sort(chances_of(kept.unseen))
    if len(ordered) > MOST_REFERENCES:
        ordered = np.quantile(ordered, np.linspace(0, 1, MOST_REFERENCES))
    return tuple(round(float(chance), DIGITS) for chance in ordered)
