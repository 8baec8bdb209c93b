"""The labels: how many, whose children, which way, and by which names clients know them."""

from __future__ import annotations

from collections import Counter

import pytest

from kontora.labels.taxonomy import (
    ALIASES,
    BY_NAME,
    LABELS,
    Category,
    ancestors,
    descendants,
    fits,
    for_clients,
    in_order,
    meant_by,
    name_for_clients,
    stands,
)


def test_there_are_seventy_eight_labels_in_seven_categories() -> None:
    assert len(LABELS) == len(BY_NAME) == 78
    assert Counter(label.category for label in LABELS) == {
        Category.TECHNICAL: 12,
        Category.COMPENSATION: 9,
        Category.DEBT: 14,
        Category.STATE: 12,
        Category.CASH: 3,
        Category.LIFESTYLE: 15,
        Category.LIVING: 13,
    }


def test_parents_are_labels_that_stand_before_their_children() -> None:
    places = {label.name: place for place, label in enumerate(LABELS)}
    for label in LABELS:
        for parent in ancestors(label.name):
            assert places[parent] < places[label.name], label.name
            assert label.name in descendants(parent)


def test_a_child_goes_the_same_way_as_its_parent_or_one_of_the_parents_ways() -> None:
    for label in LABELS:
        for parent in ancestors(label.name):
            for is_credit in (True, False):
                assert fits(parent, is_credit=is_credit) or not fits(label.name, is_credit=is_credit)


def test_the_top_of_a_family_is_reached() -> None:
    assert ancestors("regular wage") == ("salary", "compensation")
    assert ancestors("mortgage") == ("loan repayment", "loan")
    assert ancestors("grocery") == ()


def test_labels_are_told_with_monthly_first_and_parents_before_children() -> None:
    assert in_order(frozenset({"grocery", "monthly"})) == ("monthly", "grocery")
    assert in_order(frozenset({"zus", "tax"})) == ("tax", "zus")


@pytest.mark.parametrize(
    ("names", "country", "told"),
    [
        ({"own transfer", "savings"}, "pl", {"internal", "savings"}),
        ({"compensation", "bonus"}, "pl", {"compensation", "extra pay"}),
        ({"social benefit", "child benefit"}, "pl", {"welfare", "500+"}),
        ({"social benefit", "child benefit"}, "cz", {"welfare", "child benefit"}),
        ({"loan", "loan repayment"}, "pl", {"loan", "repayment", "bank"}),
        ({"loan", "loan repayment", "leasing"}, "pl", {"loan", "repayment", "leasing"}),
        ({"loan", "loan payout"}, "es", {"loan", "loan payout", "bank"}),
        ({"loan", "payday loan repayment"}, "pl", {"loan", "payday loan repayment", "repayment"}),
        (
            {"loan", "loan repayment", "credit card repayment"},
            "pl",
            {"loan", "repayment", "credit card", "bank"},
        ),
        ({"compensation", "freelance income"}, "pl", {"compensation", "freelance income", "invoice"}),
        ({"business income"}, "pt", {"business income", "invoice"}),
        ({"grocery"}, "pl", {"grocery"}),
    ],
)
def test_clients_get_the_names_that_they_know(names: set[str], country: str, told: set[str]) -> None:
    found = for_clients(frozenset(names), country)
    assert set(found) == told
    assert len(found) == len(told)


@pytest.mark.parametrize(
    ("name", "names", "expected"),
    [
        ("repayment", {"payday loan repayment"}, True),
        ("repayment", {"loan payout"}, False),
        ("bank", {"loan repayment", "mortgage"}, True),
        ("bank", {"loan repayment", "buy now pay later"}, False),
        ("500+", {"child benefit"}, True),
        ("invoice", {"business income"}, True),
        ("salary", {"salary"}, True),
    ],
)
def test_expressions_take_both_names(name: str, names: set[str], expected: bool) -> None:
    assert stands(name, frozenset(names)) is expected


@pytest.mark.parametrize(
    ("name", "is_credit", "meant"),
    [
        ("rent", False, ("rent",)),
        ("rent", True, ()),
        ("internal", False, ("own transfer",)),
        ("500+", True, ("child benefit",)),
        ("bank", True, ("loan payout",)),
        ("repayment", False, ("loan repayment", "payday loan repayment")),
        ("gorcery", False, ()),
    ],
)
def test_a_name_means_the_labels_that_fit_the_way_the_money_goes(
    name: str, is_credit: bool, meant: tuple[str, ...]
) -> None:
    assert meant_by(name, is_credit=is_credit) == meant


def test_a_label_has_one_name_for_clients_of_a_country() -> None:
    assert name_for_clients("bonus", "pl") == "extra pay"
    assert [name_for_clients("child benefit", country) for country in ("pl", "cz")] == [
        "500+",
        "child benefit",
    ]
    assert {name_for_clients(name, "pt") for name in BY_NAME} <= {*BY_NAME, *ALIASES}


def test_a_name_that_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError):
        stands("gorcery", frozenset())
    assert not set(ALIASES) & BY_NAME.keys()
