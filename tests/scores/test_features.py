from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scores.people import ADVERSE, DAY, fitted, owner, population, with_debit

from kontora.scores.features import Direction, Unit
from kontora.scores.history import History, Loan, Row
from kontora.scores.model_file import default_model
from kontora.scores.owner_features import COMMON_1
from kontora.scores.score_features import SCORE_1
from kontora.scores.scoring import Scorer
from kontora.scores.words import shown

TODAY = DAY.toordinal()
# wire.md, 9.9
FIRST_SET = [
    "monthsOfHistory",
    "activeDaysShare90d",
    "incomeMonthlyAverage90d",
    "incomeMonthlyMedian6m",
    "incomeVariation6m",
    "salaryCount90d",
    "salaryGapDaysMedian",
    "outgoingMonthlyAverage90d",
    "balanceAverage90d",
    "balanceMinimum90d",
    "negativeBalanceDays90d",
    "loanRepaymentMonthlyAverage90d",
    "debtToIncome90d",
    "newLoansCount90d",
    "gamblingShare90d",
    "cashWithdrawalShare90d",
    "failedPaymentsCount90d",
    "counterpartiesCount90d",
]
ROWS = [
    Row(TODAY - 90, 3000.0, 3500.0, ("compensation", "salary"), "employer"),
    Row(TODAY - 80, -600.0, 2900.0, ("loan repayment", "loan"), "bank"),
    Row(TODAY - 60, 3000.0, 5900.0, ("compensation", "salary"), "employer"),
    Row(TODAY - 50, -5950.0, -50.0, ("travel",), "airline"),
    Row(TODAY - 40, 40.0, -10.0, ("failed payment",), "shop"),
    Row(TODAY - 31, 3000.0, 2990.0, ("compensation", "salary"), "employer"),
    Row(TODAY - 20, -300.0, 2690.0, ("gambling",), "bookmaker"),
    Row(TODAY - 10, 1500.0, 4190.0, ("loan payout", "loan"), "lender"),
    Row(TODAY - 5, -250.0, 3940.0, ("cash withdrawal",), None),
]


def test_common_1_is_the_first_set_of_the_wire_format() -> None:
    assert [feature.name for feature in COMMON_1] == FIRST_SET


def test_common_1_of_a_history_that_can_be_worked_out_by_hand() -> None:
    found = COMMON_1.values(History(ROWS), DAY)
    assert found == pytest.approx(
        {
            "monthsOfHistory": 3.0,
            "activeDaysShare90d": 0.1,
            "incomeMonthlyAverage90d": 3000.0,
            "incomeMonthlyMedian6m": 3000.0,
            "incomeVariation6m": math.sqrt(2 / 3),
            "salaryCount90d": 3.0,
            "salaryGapDaysMedian": 29.5,
            "outgoingMonthlyAverage90d": 7100 / 3,
            "balanceAverage90d": sum(
                (35000, 2900 * 20, 5900 * 10, -50 * 10, -10 * 9, 2990 * 11, 2690 * 10, 4190 * 5, 3940 * 5)
            )
            / 90,
            "balanceMinimum90d": -50.0,
            "negativeBalanceDays90d": 19.0,
            "loanRepaymentMonthlyAverage90d": 200.0,
            "debtToIncome90d": 200 / 3000,
            "newLoansCount90d": 1.0,
            "gamblingShare90d": 300 / 7100,
            "cashWithdrawalShare90d": 250 / 7100,
            "failedPaymentsCount90d": 1.0,
            "counterpartiesCount90d": 2.0,
        }
    )


def test_without_rows_nothing_is_made_up() -> None:
    for features in (COMMON_1, SCORE_1):
        values = features.values(History([]), DAY)
        assert {name: value for name, value in values.items() if value is not None and value != 0} == {}
        assert values["balanceAverage90d" if features is COMMON_1 else "balanceAverageToIncome90d"] is None


def test_what_needs_labels_is_not_known_where_nobody_looked_for_any() -> None:
    bare = [Row(row.day, row.amount, row.balance, (), row.party) for row in ROWS]
    values = SCORE_1.values(History(bare, is_labelled=False), DAY)
    assert {
        feature.name for feature in SCORE_1 if feature.label and values[feature.name] is not None
    } == set()


def test_no_scored_feature_is_in_money() -> None:
    assert [feature.name for feature in SCORE_1 if feature.unit is Unit.MONEY] == []
    assert [feature.name for feature in SCORE_1 if feature.direction is Direction.NOT_SCORED] == []


def test_the_currency_does_not_change_what_is_scored() -> None:
    loan = Loan(20000, 900, 24)
    in_another = [Row(row.day, row.amount * 25, row.balance * 25, row.labels, row.party) for row in ROWS]
    first = SCORE_1.values(History(ROWS, loan), DAY)
    assert SCORE_1.values(History(in_another, Loan(500000, 22500, 24)), DAY) == pytest.approx(first)


def test_features_have_words_and_only_those_of_the_loan_need_one() -> None:
    for feature in (*COMMON_1, *SCORE_1):
        assert feature.words
    values = SCORE_1.without_loan().values(History(ROWS), DAY)
    assert [name for name, value in values.items() if value is None] == []
    assert [one.name for one in SCORE_1 if one.needs_loan and one.of(History(ROWS), DAY) is not None] == []


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (None, Unit.MONEY, "not known"),
        (0.123, Unit.SHARE, "12 %"),
        (0.012, Unit.SHARE, "1.2 %"),
        (0.0, Unit.SHARE, "0 %"),
        (3.0, Unit.COUNT, "3"),
        (29.5, Unit.DAYS, "29.5"),
        (-1234.5, Unit.MONEY, "-1 234.50"),
        (0.3333, Unit.RATIO, "0.33"),
    ],
)
def test_values_are_shown_in_their_unit(value: float | None, unit: Unit, said: str) -> None:
    assert shown(value, unit) == said


TRAINED = Scorer(fitted(population(90)))
DEFAULT = Scorer(default_model())


@pytest.mark.parametrize("scorer", [TRAINED, DEFAULT], ids=["trained", "default"])
def test_no_curve_goes_against_the_direction_of_its_feature(scorer: Scorer) -> None:
    for variant in scorer.model.variants:
        for curve in variant.model.curves:
            direction = scorer.features.by_name[curve.feature].direction
            steps = [direction * (b - a) for a, b in zip(curve.adds, curve.adds[1:], strict=False)]
            assert min(steps) >= 0, curve.feature
            assert list(curve.knots) == sorted(curve.knots)


def test_a_trained_model_has_learnt_from_debt_collection_and_gambling() -> None:
    influences = {
        curve.feature: max(curve.adds) - min(curve.adds) for curve in TRAINED.model.variants[1].model.curves
    }
    assert influences["debtCollectionsCount12m"] > 0.1
    assert influences["gamblingToIncome90d"] > 0.1


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 200),
    troubled=st.booleans(),
    with_loan=st.booleans(),
    debits=st.lists(
        st.tuples(st.integers(1, 299), st.floats(0.01, 5000), st.sampled_from(ADVERSE)),
        min_size=1,
        max_size=4,
    ),
)
def test_more_trouble_never_raises_the_score(
    seed: int, troubled: bool, with_loan: bool, debits: list[tuple[int, float, str]]
) -> None:
    history = owner(seed, troubled=troubled, loan=Loan(20000, 900, 24) if with_loan else None)
    worse, days_known = history, history.before(DAY).days_known
    for days_ago, amount, label in debits:
        worse = with_debit(worse, min(days_ago, days_known), amount, label)
    for scorer in (TRAINED, DEFAULT):
        assert scorer.probability(worse, DAY) <= scorer.probability(history, DAY) + 1e-12


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 200), less=st.floats(1, 20000), days_ago=st.integers(1, 300))
def test_days_with_less_money_never_raise_the_score(seed: int, less: float, days_ago: int) -> None:
    history = owner(seed, troubled=bool(seed % 2))
    start = TODAY - days_ago
    poorer = history.changed(
        [
            Row(row.day, row.amount, row.balance - less, row.labels, row.party) if row.day >= start else row
            for row in history.rows
        ]
    )
    for scorer in (TRAINED, DEFAULT):
        assert scorer.probability(poorer, DAY) <= scorer.probability(history, DAY) + 1e-12


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 200), after=st.integers(0, 400), amount=st.floats(-1e6, 1e6))
def test_what_happens_from_the_day_on_changes_nothing(seed: int, after: int, amount: float) -> None:
    history = owner(seed, troubled=bool(seed % 2), loan=Loan(20000, 900, 24))
    later = history.changed([*history.rows, Row(TODAY + after, amount, amount, ("gambling",), "later")])
    for features in (COMMON_1, SCORE_1):
        assert features.values(later, DAY) == features.values(history, DAY)
    assert TRAINED.score(later, DAY) == TRAINED.score(history, DAY)
