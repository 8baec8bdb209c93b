"""The small model learns from examples, and speaks only where it was precise on rows that it had not seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tools.label_model.examples import Taught, misspelt, taught
from tools.label_model.training import NEVER, learnable, train

from kontora.labels.model import LabelModel
from kontora.labels.normalising import words_of
from kontora.labels.reasons import Stage
from kontora.labels.row import Row
from kontora.model import MoneyTransaction, TransactionStatus

GROUPS = 60


def example(number: int, title: str, label: str | None) -> Taught:
    labels = frozenset() if label is None else frozenset({label})
    return Taught(f"group {number}", words_of("KARTA", None, title), labels, False)


def lesson() -> list[Taught]:
    """Lunches are told by their words; nothing tells what else there was."""
    lunches = [example(n, f"OBIAD BAR MLECZNY {n}", "restaurant") for n in range(GROUPS)]
    others = [example(n + GROUPS, f"SKLEP WIELOBRANZOWY {n}", None) for n in range(GROUPS)]
    return [copy for one in lunches + others for copy in (one, replace(one, is_test=True))]


def row(title: str, cents: int = -1500) -> Row:
    return Row(0, 0, date(2026, 5, 5), cents, words_of("KARTA", None, title), None, None, None)


def test_a_model_speaks_of_what_it_learned_with_its_words_and_its_probability() -> None:
    weights, learned = train("pl", lesson())
    (lunch,) = learned
    assert lunch.precision >= 0.95
    told = row("OBIAD DWA BAR MLECZNY")
    LabelModel(weights).label([told])
    reason = told.reasons["restaurant"]
    assert reason.stage is Stage.MODEL
    assert lunch.threshold <= reason.confidence <= 1
    assert "OBIAD" in reason.matched


def test_a_model_is_silent_on_other_words_and_on_the_wrong_sign() -> None:
    weights, _ = train("pl", lesson())
    unknown, credit = row("SKLEP WIELOBRANZOWY 7"), row("OBIAD BAR MLECZNY", cents=1500)
    LabelModel(weights).label([unknown, credit])
    assert unknown.reasons == {}
    assert credit.reasons == {}


def test_a_label_that_is_not_precise_on_rows_left_out_is_never_given() -> None:
    mixed = [
        replace(one, labels=frozenset({"restaurant"}) if n // 2 % 2 else frozenset())
        for n, one in enumerate(lesson())
    ]
    weights, (lunch,) = train("pl", mixed)
    assert lunch.threshold == NEVER
    told = row("OBIAD BAR MLECZNY 3")
    LabelModel(weights).label([told])
    assert told.reasons == {}


def test_the_same_lesson_gives_the_same_model() -> None:
    assert train("pl", lesson())[0] == train("pl", lesson())[0]


def test_labels_that_need_neighbours_or_follow_from_others_are_not_learned() -> None:
    labels = frozenset({"monthly", "loan", "grocery"})
    many = [Taught(str(n), words_of(None, None, "x"), labels, False, is_test=n % 2 == 0) for n in range(40)]
    assert learnable(many) == ("grocery",)
    assert learnable([one for one in many if not one.is_test]) == ()


@pytest.mark.parametrize("country", ["pl", "es", "cz", "pt"])
def test_a_country_teaches_with_judged_rows_rules_and_brands_and_tests_with_what_rules_leave(
    country: str,
) -> None:
    found = list(taught(country))
    tests = [one for one in found if one.is_test]
    assert len(tests) >= 300
    assert len(found) > len(tests) * 3
    assert {one.group for one in tests} <= {one.group for one in found if not one.is_test}


def test_a_misspelt_word_lacks_one_letter_and_short_words_and_numbers_stay() -> None:
    item = MoneyTransaction(
        date(2026, 5, 5), Decimal(-5), TransactionStatus.DONE, title="ZAKUP w sklepie 12345", party="Anna"
    )
    harmed = misspelt(item)
    assert harmed == misspelt(item)
    words = (harmed.title or "").split()
    assert [len(word) for word in words] == [4, 1, 6, 5]
    assert harmed.party == "Anna"
