from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests.scores.people import DAY, fitted, owner, population

from kontora.errors import ConfigurationError, NoDataToCalculateScore
from kontora.scores.additive import Additive, Curve, log_odds_of, probability_of
from kontora.scores.features import Direction, Feature, FeatureSet, Unit
from kontora.scores.history import History, Loan, Row
from kontora.scores.model_file import TIERS, ScoreModel, Variant, default_model, read_model, write_model
from kontora.scores.scoring import Scorer, tier_of

TODAY = DAY.toordinal()
LOAN = Loan(20000, 900, 24)
SCORER = Scorer(fitted(population()))


def _many_features(many: int) -> Scorer:
    features = FeatureSet(
        "many-1",
        tuple(
            Feature(
                f"f{n}", Unit.COUNT, f"number {n}", lambda _history, _day, n=n: float(n), Direction.RAISES
            )
            for n in range(many)
        ),
    )
    curves = tuple(Curve(f"f{n}", (0.0, 100.0), (-0.1, 0.3)) for n in range(many))
    model = ScoreModel(
        "m",
        datetime(2026, 6, 1, tzinfo=UTC),
        "many-1",
        "",
        1,
        1,
        "",
        "",
        TIERS,
        (),
        (Variant(False, Additive(0.4, curves), (0.5,)),),
    )
    return Scorer(model, features)


@pytest.mark.parametrize("scorer", [SCORER, Scorer(default_model()), _many_features(30)])
@pytest.mark.parametrize("loan", [None, LOAN])
@pytest.mark.parametrize("seed", range(8))
def test_base_and_contributions_sum_to_the_log_odds_of_the_score(
    scorer: Scorer, loan: Loan | None, seed: int
) -> None:
    score = scorer.score(owner(seed, troubled=bool(seed % 2), loan=loan), DAY)
    total = score.base + math.fsum(one.contribution for one in score.explanations)
    assert abs(total - log_odds_of(score.value)) < 1e-9
    strengths = [abs(one.contribution) for one in score.explanations if one.feature != "other"]
    assert strengths == sorted(strengths, reverse=True)
    assert all(strengths)


def test_beyond_twenty_explanations_one_row_holds_the_others() -> None:
    score = _many_features(30).score(owner(1, troubled=False), DAY)
    assert len(score.explanations) == 20
    assert score.explanations[-1].feature == "other"
    assert score.explanations[-1].label == ""
    assert score.explanations[-1].value is None
    twenty = _many_features(20).score(owner(1, troubled=False), DAY)
    assert "other" not in {one.feature for one in twenty.explanations}


def test_every_explanation_has_its_label_its_value_and_plain_words() -> None:
    score = SCORER.score(owner(3, troubled=True), DAY)
    found = {one.feature: one for one in score.explanations}
    gambling = found["gamblingToIncome90d"]
    assert gambling.label == "gambling"
    assert gambling.value is not None
    assert gambling.words == f"Gambled in 90 days, over income: {gambling.value:.2f}"


def test_the_troubled_score_lower_and_the_loan_counts() -> None:
    steady = [SCORER.probability(owner(seed, troubled=False), DAY) for seed in range(20)]
    troubled = [SCORER.probability(owner(seed, troubled=True), DAY) for seed in range(20)]
    assert min(steady) > 0.5
    assert sum(steady) - sum(troubled) > 5
    small, large = (owner(7, troubled=False, loan=Loan(1000 * much, 50 * much, 24)) for much in (1, 40))
    assert Scorer(default_model()).probability(large, DAY) < Scorer(default_model()).probability(small, DAY)


def test_percentile_is_the_part_of_the_reference_that_scores_no_higher() -> None:
    scorer = Scorer(msgspec.structs.replace(SCORER.model, variants=(_variant(0.0),)))
    assert scorer.score(owner(1, troubled=False), DAY).value == 0.5
    assert scorer.score(owner(1, troubled=False), DAY).percentile == 0.75


def _variant(base: float) -> Variant:
    return Variant(False, Additive(base, ()), (0.1, 0.4, 0.5, 0.9))


@pytest.mark.parametrize(
    ("value", "tier"),
    [(1.0, "A"), (0.95, "A"), (0.9499, "B"), (0.72, "C"), (0.65, "C"), (0.1, "D"), (0.0, "D")],
)
def test_tiers_go_by_the_score(value: float, tier: str) -> None:
    assert tier_of(value, TIERS) == tier


def test_the_same_inputs_give_the_same_score_and_hash_and_others_do_not() -> None:
    history = owner(5, troubled=True, loan=LOAN)
    first = SCORER.score(history, DAY)
    assert SCORER.score(owner(5, troubled=True, loan=LOAN), DAY) == first
    assert first.model_id == "test-1"
    assert first.features_version == "score-1"
    others = [
        SCORER.score(history, DAY + timedelta(days=1)),
        SCORER.score(history.changed(history.rows[1:]), DAY),
        SCORER.score(history.changed(loan=Loan(1, 1, 1)), DAY),
    ]
    assert len({first.inputs_sha256, *(other.inputs_sha256 for other in others)}) == 4


def test_a_model_of_a_file_scores_as_before(tmp_path) -> None:
    write_model(SCORER.model, tmp_path / "model.json")
    again = Scorer(read_model(tmp_path / "model.json"))
    history = owner(5, troubled=True, loan=LOAN)
    assert again.score(history, DAY) == SCORER.score(history, DAY)


def test_a_file_that_is_no_model_is_refused(tmp_path) -> None:
    (tmp_path / "model.json").write_text("{}")
    with pytest.raises(ConfigurationError, match="no score model"):
        read_model(tmp_path / "model.json")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_model(tmp_path / "none.json")


def test_a_model_of_other_features_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="needs the features score-9"):
        Scorer(msgspec.structs.replace(SCORER.model, features_version="score-9"))


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([], "no booked money transaction before 2026-06-01"),
        ([Row(TODAY + 1, 5.0)], "no booked money transaction before"),
        ([Row(TODAY - 20 + n, 5.0) for n in range(15)], "20 days long; a score needs 30"),
        ([Row(TODAY - 300 + n, 5.0) for n in range(15)], "no money transaction of the last 90 days"),
        ([Row(TODAY - 40 + n, 5.0) for n in range(3)], "3 money transactions; a score needs 10"),
    ],
)
def test_too_little_data_says_what_is_missing(rows: list[Row], missing: str) -> None:
    with pytest.raises(NoDataToCalculateScore, match=missing):
        SCORER.score(History(rows), DAY)


def test_a_history_without_balances_and_labels_is_too_little_and_names_what_is_not_known() -> None:
    rows = [Row(row.day, row.amount, None, (), row.party) for row in owner(1, troubled=False).rows]
    with pytest.raises(NoDataToCalculateScore, match=r"not known: .*latePaymentsCount12m"):
        SCORER.score(History(rows, is_labelled=False), DAY)


def test_probabilities_and_log_odds_turn_into_each_other() -> None:
    for log_odds in (-700.0, -30.0, -0.5, 0.0, 3.0, 30.0):
        assert 0 <= probability_of(log_odds) <= 1
    for probability in (1e-9, 0.3, 0.999):
        assert probability_of(log_odds_of(probability)) == pytest.approx(probability, rel=1e-12)


def test_a_curve_is_straight_between_knots_level_outside_and_nothing_where_unknown() -> None:
    curve = Curve("f", (0.0, 2.0, 4.0), (-1.0, 0.0, 3.0))
    assert [curve.at(x) for x in (None, -9.0, 0.0, 1.0, 2.0, 3.0, 4.0, 99.0)] == [
        0,
        -1,
        -1,
        -0.5,
        0,
        1.5,
        3,
        3,
    ]


def test_calibration_scales_every_part() -> None:
    plain = Additive(0.5, (Curve("f", (0.0, 1.0), (-1.0, 1.0)),))
    scaled = plain.scaled(0.1, 2.0)
    assert scaled.base == 1.1
    assert scaled.contributions({"f": 1.0}) == {"f": 2.0}
