"""The score for research: fit on people with outcomes, score others; nothing else is read or kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

from kontora.scores.additive import Additive
from kontora.scores.features import FeatureSet
from kontora.scores.model_file import default_model
from kontora.scores.raw_rows import history_of_person
from kontora.scores.score_features import SCORE_1


class Model:
    """The model that `kontora score train` trains, on raw rows. Until it is fitted it is the default model.

    A person: `{"id", "as_of": date, "loan": {"amount", "duration", "payments"} | None, "transactions":
    [{"date", "amount", "balance", "title", "party_account", "party_bank"}]}`. The same people and outcomes
    in the same order make the same model.
    """

    def __init__(self) -> None:
        self._models: tuple[Additive, Additive] | None = None

    def fit(self, people: Sequence[Mapping[str, Any]], outcomes: Sequence[int]) -> Self:
        """Learn from people; an outcome of 1 is bad. Nothing but they shapes curves and calibration."""
        from kontora.scores.training.fitting import fit
        from kontora.scores.training.numbers import outcomes_good, table

        read = [history_of_person(person) for person in people]
        good = outcomes_good(outcomes)

        def fitted(features: FeatureSet) -> Additive:
            values = [features.values(history, day) for history, day in read]
            return fit(table(values, features), good, features)

        with_loan = any(history.loan is not None for history, _ in read)
        alone = fitted(SCORE_1.without_loan())
        self._models = (alone, fitted(SCORE_1) if with_loan else alone)
        return self

    def score(self, people: Sequence[Mapping[str, Any]]) -> list[float]:
        """Return the probability of repayment of each person, also of those of whom little is known."""
        alone, with_loan = self._models or _default_models()
        found = []
        for person in people:
            history, day = history_of_person(person)
            model = alone if history.loan is None else with_loan
            found.append(model.probability(model.contributions(SCORE_1.values(history, day))))
        return found


def _default_models() -> tuple[Additive, Additive]:
    variants = {variant.knows_loan: variant.model for variant in default_model().variants}
    return variants[False], variants.get(True, variants[False])
