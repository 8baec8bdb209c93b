from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import numpy as np
import pytest
from tests.scores.people import DAY, population, write_folder

from kontora.errors import InvalidArgument
from kontora.scores.features import Direction, Feature, FeatureSet, Unit, from_past
from kontora.scores.history import History, Past
from kontora.scores.score_features import SCORE_1
from kontora.scores.training.card import card_of
from kontora.scores.training.contenders import ADDITIVE, ONE_RULE, UNTUNED, Contender, contenders
from kontora.scores.training.fitting import fit, fit_uncalibrated, log_odds, platt
from kontora.scores.training.leaks import FeatureLooksAhead, refuse_leaks
from kontora.scores.training.metrics import Resamples, mean_auc, mean_brier, mean_intercept, mean_slope
from kontora.scores.training.numbers import folds, table
from kontora.scores.training.population import Population, read_population
from kontora.scores.training.protocol import limits, measure, verdicts
from kontora.scores.training.train import steps, train

AT = datetime(2026, 6, 1, tzinfo=UTC)
PEOPLE = population(60)
QUICK = tuple(one for one in contenders() if one.name in {ADDITIVE, ONE_RULE})


def _leaking(name: str, of) -> FeatureSet:
    planted = Feature(name, Unit.COUNT, "planted", of, Direction.LOWERS)
    return FeatureSet("score-1", (*SCORE_1.features, planted))


def _rows_of_all_time(history: History, _day: date) -> float:
    return float(len(history.rows))


def _late_payments_of_the_day_itself(history: History, day: date) -> float:
    return float(sum(row.day == day.toordinal() for row in history.rows))


def _income_of_the_month_around_the_day(history: History, day: date) -> float:
    return sum(row.amount for row in history.rows if abs(row.day - day.toordinal()) < 15 and row.amount > 0)


def _balance_at_the_end_of_the_data(history: History, _day: date) -> float:
    return history.rows[-1].balance if history.rows else 0.0


LEAKS = [
    _rows_of_all_time,
    _late_payments_of_the_day_itself,
    _income_of_the_month_around_the_day,
    _balance_at_the_end_of_the_data,
]


def test_no_feature_sees_past_the_decision() -> None:
    refuse_leaks(PEOPLE.people, SCORE_1)


@pytest.mark.parametrize("leak", LEAKS, ids=lambda leak: leak.__name__.strip("_"))
def test_nothing_is_trained_on_a_feature_that_sees_past_the_decision(leak) -> None:
    with pytest.raises(FeatureLooksAhead, match="planted1"):
        train(PEOPLE, model_id="m", at=AT, features=_leaking("planted1", leak), rivals=QUICK)


def test_a_leak_is_found_in_data_that_go_on_after_the_decision_too() -> None:
    going_on = tuple(dataclasses.replace(person, day=date(2026, 3, 1)) for person in PEOPLE.people)
    with pytest.raises(FeatureLooksAhead, match="planted2"):
        refuse_leaks(going_on, _leaking("planted2", _rows_of_all_time))


def test_a_feature_of_the_past_is_no_leak() -> None:
    honest = from_past(lambda past: float(len(past.rows)) if isinstance(past, Past) else None)
    refuse_leaks(PEOPLE.people, _leaking("honest", honest))


def _data(many: int = 400, seed: int = 0):
    chance = np.random.default_rng(seed)
    values = chance.normal(size=(many, 3))
    features = FeatureSet(
        "t",
        (
            Feature("up", Unit.RATIO, "up", _rows_of_all_time, Direction.RAISES),
            Feature("down", Unit.RATIO, "down", _rows_of_all_time, Direction.LOWERS),
            Feature("noise", Unit.RATIO, "noise", _rows_of_all_time, Direction.RAISES),
        ),
    )
    good = chance.random(many) < 1 / (1 + np.exp(-(0.8 + values[:, 0] - 1.5 * values[:, 1])))
    return values, good, features


def test_curves_follow_the_data_where_the_direction_allows() -> None:
    values, good, features = _data()
    curves = {curve.feature: curve for curve in fit(values, good, features).curves}
    assert curves["up"].adds[-1] - curves["up"].adds[0] > 1.5
    assert curves["down"].adds[0] - curves["down"].adds[-1] > 2
    for name, sign in (("up", 1), ("down", -1), ("noise", 1)):
        assert min(sign * np.diff(curves[name].adds)) >= 0


def test_data_against_the_direction_are_not_believed() -> None:
    values, good, features = _data()
    model = fit_uncalibrated(-values, good, features)
    for curve in model.curves:
        assert curve.feature == "noise" or max(curve.adds) - min(curve.adds) < 0.05


def test_curves_are_zero_on_average_and_for_the_unknown() -> None:
    values, good, features = _data()
    values[::3, 0] = np.nan
    model = fit(values, good, features)
    curve = model.curves[0]
    known = values[~np.isnan(values[:, 0]), 0]
    assert np.mean([curve.at(float(value)) for value in known]) == pytest.approx(0, abs=1e-9)
    told = log_odds(model, values[:1], features)[0]
    assert told == pytest.approx(
        model.base + sum(one.at(float(v)) for one, v in zip(model.curves[1:], values[0, 1:], strict=True))
    )


def test_the_table_and_a_single_owner_are_scored_alike() -> None:
    features = SCORE_1
    values = [features.values(one.history, one.day) for one in PEOPLE.people]
    good = np.array([one.repaid for one in PEOPLE.people])
    model = fit(table(values, features), good, features)
    told = log_odds(model, table(values, features), features)
    for row, found in zip(values, told, strict=True):
        assert model.base + sum(model.contributions(row).values()) == pytest.approx(found, abs=1e-9)


def test_fitting_twice_gives_the_same_model() -> None:
    values, good, features = _data()
    assert fit(values, good, features) == fit(values, good, features)


def test_platt_undoes_a_scale_and_never_turns_scores_round() -> None:
    chance = np.random.default_rng(3)
    truth = chance.normal(size=5000)
    good = chance.random(5000) < 1 / (1 + np.exp(-truth))
    intercept, slope = platt(4 * truth + 2, good)
    assert slope == pytest.approx(0.25, abs=0.03)
    assert intercept == pytest.approx(-0.5, abs=0.1)
    assert platt(-truth, good)[1] == 0


def test_calibration_does_not_believe_what_was_only_learnt_by_heart() -> None:
    features = FeatureSet(
        "t", tuple(Feature(f"f{n}", Unit.RATIO, "", _rows_of_all_time, Direction.RAISES) for n in range(40))
    )
    believed, by_heart = [], []
    for seed in range(4):
        chance = np.random.default_rng(seed)
        values, good = chance.normal(size=(120, 40)), chance.random(120) < 0.5
        believed.append(log_odds(fit(values, good, features), values, features).std())
        seen = log_odds(fit_uncalibrated(values, good, features), values, features)
        by_heart.append(platt(seen, good)[1] * seen.std())
    assert np.mean(by_heart) > 1
    assert np.mean(believed) < 0.5


def test_folds_split_everybody_once_with_like_shares() -> None:
    good = np.array([True] * 41 + [False] * 11)
    seen = []
    for training, test in folds(good, 5, seed=1):
        assert set(training) | set(test) == set(range(52))
        assert not set(training) & set(test)
        assert 2 <= (~good[test]).sum() <= 3
        seen += list(test)
    assert sorted(seen) == list(range(52))


def test_auc_counts_pairs_and_halves_ties() -> None:
    good = np.array([True, True, True, False, False])
    unseen = np.array([[3.0, 1.0, 2.0, 1.0, 0.0]])
    pairs = [(g > b) + (g == b) / 2 for g in (3, 1, 2) for b in (1, 0)]
    assert mean_auc(unseen, good)(np.ones(5)) == pytest.approx(sum(pairs) / 6)
    weights = np.array([1.0, 2.0, 0.0, 1.0, 1.0])
    assert mean_auc(unseen, good)(weights) == pytest.approx((2 + 2 * 1.5) / 6)


def test_calibration_is_told_as_it_is() -> None:
    chance = np.random.default_rng(4)
    truth = chance.normal(size=20000)
    good = chance.random(20000) < 1 / (1 + np.exp(-truth))
    weights = np.ones(20000)
    assert mean_slope(np.array([truth]), good)(weights) == pytest.approx(1, abs=0.05)
    assert mean_slope(np.array([3 * truth]), good)(weights) == pytest.approx(1 / 3, abs=0.02)
    assert mean_intercept(np.array([truth]), good)(weights) == pytest.approx(0, abs=0.02)
    assert mean_brier(np.array([np.zeros(20000)]), good)(weights) == pytest.approx(0.25)


def test_intervals_are_paired_and_hold_the_value() -> None:
    values, good, _ = _data()
    unseen = values[None, :, 0]
    resamples = Resamples(good, many=200)
    found = resamples.estimate(mean_auc(unseen, good))
    assert found.low < found.value < found.high
    same = mean_auc(unseen, good)
    nothing = resamples.estimate(lambda weights: same(weights) - mean_auc(2 * unseen, good)(weights))
    assert (nothing.value, nothing.low, nothing.high) == (0, 0, 0)


def test_no_contender_sees_the_outcome_of_the_people_it_is_tested_on() -> None:
    values, good, features = _data(100)
    shown = []

    def spy(train_values, train_good, test_values, _features):
        shown.append((len(train_values), len(train_good), len(test_values)))
        assert not {tuple(row) for row in train_values} & {tuple(row) for row in test_values}
        return test_values[:, 0]

    rows = measure(values, good, features, (Contender("spy", spy),))
    assert len(shown) == 25
    assert set(shown) == {(80, 80, 20)} or all(a + c == 100 for a, _, c in shown)
    assert rows[0].unseen.shape == (5, 100)


def test_the_outcome_of_noise_cannot_be_told() -> None:
    values, _, features = _data(200)
    good = np.random.default_rng(9).random(200) < 0.8
    row = measure(values, good, features, QUICK)[0]
    assert row.auc.low < 0.6
    assert row.auc.value < 0.65


def test_the_kept_model_stands_up_to_untuned_boosting_on_simple_data() -> None:
    values, good, features = _data(100)
    rows = measure(values, good, features, [one for one in contenders() if one.name in {ADDITIVE, UNTUNED}])
    assert [row.name for row in rows] == [ADDITIVE, UNTUNED]
    assert [sentence for sentence in verdicts(rows) if "AUC" in sentence and "NOT" in sentence] == []


def test_a_training_measures_both_questions_and_the_card_tells_all() -> None:
    ticks: list[int] = []
    trained = train(PEOPLE, model_id="m-1", at=AT, rivals=QUICK, tick=lambda: ticks.append(1))
    assert len(ticks) == steps(PEOPLE) == 51
    assert [variant.knows_loan for variant in trained.model.variants] == [False, True]
    assert all(len(variant.reference) == 60 for variant in trained.model.variants)
    assert list(trained.model.variants[0].reference) == sorted(trained.model.variants[0].reference)
    assert {metric.name for metric in trained.model.metrics} >= {"auc", "calibrationSlope", "aucLeadOfKept"}
    assert sum(row.people for row in trained.report.tiers) == 60
    assert {row.group for row in trained.report.groups} == {"town: Gdynia", "town: Łódź"}
    assert f"{PEOPLE.bad} bad outcomes among 60 people bound what can be claimed" in trained.report.limits
    kept = [rows[0] for rows in trained.report.questions.values()]
    widest = max(one.auc.high - one.auc.low for one in kept)
    assert f"the interval of the AUC is {widest:.2f} wide" in trained.report.limits
    sure = dataclasses.replace(kept[0], auc=dataclasses.replace(kept[0].auc, low=kept[0].auc.high))
    assert limits(60, PEOPLE.bad, [*kept, sure]) == limits(60, PEOPLE.bad, [sure, *kept])
    assert limits(60, PEOPLE.bad, [*kept, sure]) == trained.report.limits
    card = card_of(trained, SCORE_1)
    for part in ("Invented for tests.", "must not be used for", "town: Gdynia", "score-1", PEOPLE.sha256):
        assert part in card
    for feature in SCORE_1:
        assert f"`{feature.name}`" in card
    assert trained.report.limits in card


def test_training_again_gives_the_same_model() -> None:
    people = population(40, loans=False)
    first, again = (train(people, model_id="m", at=AT, rivals=QUICK).model for _ in range(2))
    assert first == again
    assert [variant.knows_loan for variant in first.variants] == [False]


def test_a_folder_is_read_as_it_was_written(tmp_path) -> None:
    found = read_population(write_folder(PEOPLE, tmp_path))
    assert isinstance(found, Population)
    assert (len(found.people), found.bad, found.about) == (60, PEOPLE.bad, "Invented for tests.")
    expected = {person.history.rows[0].amount: person for person in PEOPLE.people}
    for person in found.people:
        like = expected[person.history.rows[0].amount]
        assert SCORE_1.values(person.history, DAY) == SCORE_1.values(like.history, DAY)
        assert (person.day, person.repaid, dict(person.groups)) == (like.day, like.repaid, dict(like.groups))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda text: text.replace("decided_on", "day"), "people.csv lacks the column decided_on"),
        (lambda text: text.replace("2026-06-01", "yesterday", 1), "people.csv, line 2: "),
        (lambda text: text.replace("2026-06-01,1,", "2026-06-01,bad,", 1), "neither 0 .repaid. nor 1"),
        (lambda text: text.replace("\n1,", "\n0,", 1), "the id 0 stands there twice"),
        (lambda text: text.replace("2026-06-01,1,", "2026-06-01,0,"), "needs at least 5 of each outcome"),
    ],
)
def test_a_folder_that_cannot_be_read_is_refused_with_the_place(tmp_path, spoil, complaint: str) -> None:
    write_folder(PEOPLE, tmp_path, change=spoil)
    with pytest.raises(InvalidArgument, match=complaint):
        read_population(tmp_path)


def test_an_amount_that_is_no_number_is_refused_and_a_missing_file_too(tmp_path) -> None:
    with pytest.raises(InvalidArgument, match=r"transactions.csv cannot be read"):
        read_population(tmp_path)
    write_folder(PEOPLE, tmp_path)
    (tmp_path / "transactions.csv").write_text("id,date,amount\n1,2026-01-01,much\n")
    with pytest.raises(InvalidArgument, match=r"transactions.csv, line 2: the amount 'much' is no number"):
        read_population(tmp_path)
