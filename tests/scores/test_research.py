from __future__ import annotations

import random
import time
from datetime import datetime, timedelta

import pytest
from tests.scores.people import DAY, as_person, owner

from kontora.scores.history import Loan
from kontora.scores.raw_rows import history_of_person, loan_of
from kontora.scores.research import Model

PEOPLE = [as_person(owner(seed, troubled=seed % 3 == 0), name=str(seed)) for seed in range(60)]
OUTCOMES = [int(seed % 3 == 0 and seed % 4 != 0) for seed in range(60)]


def test_the_score_is_the_probability_of_repayment() -> None:
    scores = Model().fit(PEOPLE, OUTCOMES).score(PEOPLE)
    assert all(0 < score < 1 for score in scores)
    bad = [score for score, outcome in zip(scores, OUTCOMES, strict=True) if outcome]
    good = [score for score, outcome in zip(scores, OUTCOMES, strict=True) if not outcome]
    assert sum(bad) / len(bad) < sum(good) / len(good) - 0.3


def test_the_same_people_make_the_same_model_whatever_their_ids() -> None:
    renamed = [{**person, "id": str(random.Random(n).random())} for n, person in enumerate(PEOPLE)]
    nameless = [{key: value for key, value in person.items() if key != "id"} for person in PEOPLE]
    first = Model().fit(PEOPLE, OUTCOMES).score(PEOPLE)
    assert Model().fit(renamed, OUTCOMES).score(renamed) == first
    assert Model().fit(nameless, OUTCOMES).score(nameless) == first


def test_rows_on_the_day_and_after_it_are_ignored() -> None:
    later = [
        {
            **person,
            "transactions": [
                *person["transactions"],
                {"date": DAY, "amount": -1e6, "balance": -1e6, "title": "sanction interest"},
                {"date": DAY + timedelta(days=40), "amount": 1e6, "balance": 1e6, "title": None},
            ],
        }
        for person in PEOPLE
    ]
    first = Model().fit(PEOPLE, OUTCOMES).score(PEOPLE)
    assert Model().fit(later, OUTCOMES).score(later) == first


def test_people_of_whom_little_is_known_get_a_score_near_the_average() -> None:
    model = Model().fit(PEOPLE, OUTCOMES)
    loan = {"amount": 5000, "duration": 12, "payments": 450}
    nobody = {"id": 1, "as_of": DAY, "loan": None, "transactions": []}
    one_row = {**nobody, "transactions": PEOPLE[0]["transactions"][:1]}
    for person in (nobody, one_row, {**nobody, "loan": loan}, {**one_row, "loan": loan}):
        assert 0.05 < model.score([person])[0] < 0.99
    assert model.score([]) == []


@pytest.mark.parametrize("missing", ["balance", "title", "party_account", "party_bank"])
def test_columns_may_be_missing(missing: str) -> None:
    def bare(value: object) -> list[dict[str, object]]:
        return [
            {
                **person,
                "transactions": [
                    {**row, missing: value}
                    if value != "absent"
                    else {key: kept for key, kept in row.items() if key != missing}
                    for row in person["transactions"]
                ],
            }
            for person in PEOPLE
        ]

    for value in (None, float("nan"), "absent"):
        people = bare(value)
        assert all(0 < score < 1 for score in Model().fit(people, OUTCOMES).score(people))


def test_loans_may_be_missing_for_some_or_for_all() -> None:
    without = [{**person, "loan": None} for person in PEOPLE]
    mixed = [*PEOPLE[:30], *without[30:]]
    for people in (without, mixed):
        scores = Model().fit(people, OUTCOMES).score(people)
        assert all(0 < score < 1 for score in scores)


def test_a_model_that_learnt_without_loans_does_not_look_at_one() -> None:
    without = [{**person, "loan": None} for person in PEOPLE]
    model = Model().fit(without, OUTCOMES)
    assert model.score(PEOPLE) == model.score(without)


def test_the_order_of_rows_over_days_does_not_matter() -> None:
    backwards = [{**person, "transactions": person["transactions"][::-1]} for person in PEOPLE]
    model = Model().fit(PEOPLE, OUTCOMES)
    assert model.score(backwards) == model.score(PEOPLE)


def test_dates_may_be_words_or_moments() -> None:
    model = Model().fit(PEOPLE, OUTCOMES)
    person = PEOPLE[5]
    words = {
        **person,
        "as_of": DAY.isoformat(),
        "transactions": [{**row, "date": row["date"].isoformat()} for row in person["transactions"]],
    }
    moments = {**person, "as_of": datetime(DAY.year, DAY.month, DAY.day, 12)}
    assert model.score([words]) == model.score([moments]) == model.score([person])


def test_rows_that_cannot_be_read_are_left_out() -> None:
    odd = [{"date": None, "amount": 5}, {"date": DAY - timedelta(days=9), "amount": "much"}]
    person = {**PEOPLE[5], "transactions": [*PEOPLE[5]["transactions"], *odd]}
    assert len(history_of_person(person)[0].rows) == len(PEOPLE[5]["transactions"])


@pytest.mark.parametrize("outcomes", [[0] * 60, [1] * 60, [1] + [0] * 59])
def test_outcomes_that_teach_nothing_do_not_break_it(outcomes: list[int]) -> None:
    scores = Model().fit(PEOPLE, outcomes).score(PEOPLE)
    assert all(0 < score < 1 for score in scores)
    assert (sum(scores) / 60 > 0.5) is (sum(outcomes) < 30)


def test_until_it_is_fitted_it_is_the_default_model() -> None:
    scores = Model().score(PEOPLE)
    assert sum(scores[1::3]) > sum(scores[::3])


def test_three_hundred_people_take_seconds() -> None:
    began = time.monotonic()
    people, outcomes = PEOPLE * 5, OUTCOMES * 5
    Model().fit(people, outcomes).score(people)
    assert time.monotonic() - began < 15


def test_berka_titles_become_labels_and_accounts_become_counterparties() -> None:
    rows = [
        ("withdrawal in cash sanction interest", None, None),
        ("remittance to another bank household", 13943797.0, "QR"),
        ("credit in cash", 0.0, None),
        ("collection from another bank", "66487163", "ST"),
        ("VYBER KARTOU", float("nan"), float("nan")),
    ]
    person = {
        "as_of": DAY,
        "transactions": [
            {
                "date": DAY - timedelta(days=5),
                "amount": 1,
                "title": title,
                "party_account": account,
                "party_bank": bank,
            }
            for title, account, bank in rows
        ],
    }
    found = history_of_person(person)[0].rows
    assert [row.labels for row in found] == [
        ("late payment",),
        ("utilities",),
        ("cash deposit",),
        (),
        ("cash withdrawal",),
    ]
    assert [row.party for row in found] == [None, "QR/13943797", None, "ST/66487163", None]


def test_a_loan_may_name_its_parts_otherwise_and_nonsense_is_not_known() -> None:
    assert loan_of({"amount": "5000", "payments": 450.0, "duration": 12}) == Loan(5000, 450, 12)
    assert loan_of({"amount": 5000, "instalment": 450, "months": 12}) == Loan(5000, 450, 12)
    assert loan_of({"amount": 0, "payments": -1, "duration": float("nan")}) is None
    assert loan_of({}) is None


def test_a_title_of_a_later_row_does_not_tell_that_labels_are_known() -> None:
    earlier = {"date": DAY - timedelta(days=5), "amount": -1, "title": None}
    later = {"date": DAY, "amount": -1, "title": "sanction interest"}
    history, _ = history_of_person({"as_of": DAY, "transactions": [earlier, later]})
    assert len(history.rows) == 1
    assert not history.is_labelled
