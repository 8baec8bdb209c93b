from __future__ import annotations

import msgspec
import pytest
from tests.scores.people import DAY, fitted, owner, population

from kontora.scores.counterfactuals import spending, what_would_change, with_cushion, without
from kontora.scores.history import History, Loan, Row
from kontora.scores.model_file import default_model
from kontora.scores.scoring import Scorer

TODAY = DAY.toordinal()
LOAN = Loan(20000, 900, 24)
TRAINED, DEFAULT = Scorer(fitted(population(90))), Scorer(default_model())


@pytest.mark.parametrize("scorer", [TRAINED, DEFAULT], ids=["trained", "default"])
@pytest.mark.parametrize("seed", range(6))
def test_the_changed_data_get_the_promised_score(scorer: Scorer, seed: int) -> None:
    history = owner(seed, troubled=True, loan=LOAN)
    promises = what_would_change(scorer, history, DAY)
    assert promises
    for promise in promises:
        rows = msgspec.json.decode(msgspec.json.encode(promise.history.rows), type=list[Row])
        again = History(rows, promise.history.loan, currency_name="PLN")
        assert scorer.probability(again, DAY) == promise.value
        assert promise.gain == pytest.approx(promise.value - scorer.probability(history, DAY))
        assert promise.gain > 0
    assert [one.gain for one in promises] == sorted((one.gain for one in promises), reverse=True)


def test_what_is_promised_without_gambling_is_what_an_owner_who_never_gambled_scores() -> None:
    gambler = owner(2, troubled=True)
    rows, given_back = [], 0.0
    for row in gambler.rows:
        if "gambling" in row.labels:
            given_back -= row.amount
        else:
            rows.append(msgspec.structs.replace(row, balance=row.balance + given_back))
    promised = next(one for one in what_would_change(TRAINED, gambler, DAY) if one.name == "noGambling")
    assert promised.words == "Without gambling"
    assert promised.value == pytest.approx(TRAINED.probability(History(rows), DAY), abs=1e-12)


def test_a_cushion_is_told_in_the_currency_and_can_be_kept() -> None:
    history = owner(2, troubled=True)
    promised = next(one for one in what_would_change(TRAINED, history, DAY) if one.name == "cushion")
    amount = float("".join(sign for sign in promised.words if sign.isdigit())[:-2])
    assert "PLN more stood in the account" in promised.words
    richer = [msgspec.structs.replace(row, balance=row.balance + amount) for row in history.rows]
    assert TRAINED.probability(history.changed(richer), DAY) == pytest.approx(promised.value, abs=1e-12)


def test_a_smaller_loan_is_promised_only_where_one_is_asked_for() -> None:
    assert "smallerLoan" in {
        one.name for one in what_would_change(DEFAULT, owner(2, troubled=True, loan=LOAN), DAY)
    }
    assert "smallerLoan" not in {one.name for one in what_would_change(DEFAULT, owner(2, troubled=True), DAY)}


def test_removed_rows_give_their_money_back_to_their_own_account() -> None:
    rows = [
        Row(TODAY - 400, -1.0, 9.0, ("gambling",)),
        Row(TODAY - 9, -2.0, 7.0, ("gambling",)),
        Row(TODAY - 8, -3.0, 1.0, (), None, 1),
        Row(TODAY - 7, 1.0, 8.0),
    ]
    assert without(History(rows), DAY, ("gambling",)).rows == (
        rows[0],
        rows[2],
        Row(TODAY - 7, 1.0, 10.0),
    )


def test_less_spending_leaves_income_and_savings_alone() -> None:
    rows = [
        Row(TODAY - 9, -10.0, 90.0),
        Row(TODAY - 8, -10.0, 80.0, ("savings",)),
        Row(TODAY - 7, 5.0, 85.0),
    ]
    found = spending(History(rows), DAY, 0.5).rows
    assert [row.amount for row in found] == [-5.0, -10.0, 5.0]
    assert [row.balance for row in found] == [95.0, 85.0, 90.0]


def test_a_cushion_lies_in_one_account() -> None:
    rows = [Row(TODAY - 9, -1.0), Row(TODAY - 8, 1.0, 5.0, account=2), Row(TODAY - 7, 1.0, 6.0, account=3)]
    assert [row.balance for row in with_cushion(History(rows), DAY, 10.0).rows] == [None, 15.0, 6.0]
