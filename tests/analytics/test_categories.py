from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analytics.accounts import LABEL_NAMES

from kontora.analytics.categories import LONGEST_CATEGORY, MOST_CATEGORIES, Category, parse_categories
from kontora.errors import InvalidBody
from kontora.labels.taxonomy import ALIASES, BY_NAME, stands

NAMES = st.sampled_from([*BY_NAME, *ALIASES])
LABELS = LABEL_NAMES.map(frozenset)


def category(text: str) -> Category:
    (found,) = parse_categories([text])
    return found


def holds(text: str, *labels: str) -> bool:
    return category(text).holds(frozenset(labels))


def errors(*texts: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidBody) as refused:
        parse_categories(texts)
    assert refused.value.name == "InvalidParameter"
    return list(refused.value.errors)


def test_or_takes_what_has_any_and_and_what_has_both() -> None:
    assert holds("label:bailiff|debt collection", "debt collection")
    assert not holds("label:salary&monthly", "salary")
    assert holds("label:salary&monthly", "salary", "monthly")


def test_tilde_leaves_out() -> None:
    assert holds("label:tax~zus", "tax", "vat")
    assert not holds("label:tax~zus", "tax", "zus")


def test_and_and_not_bind_tighter_than_or_and_go_from_left_to_right() -> None:
    text = "label:rent|salary&monthly~bonus"
    assert holds(text, "rent", "bonus")
    assert holds(text, "salary", "monthly")
    assert not holds(text, "salary", "monthly", "bonus")
    assert not holds(text, "monthly")


def test_clients_names_stand_for_ours() -> None:
    assert holds("label:internal", "own transfer")
    assert holds("label:500+", "social benefit", "child benefit")
    assert holds("label:repayment~bank", "loan", "loan repayment", "leasing")
    assert holds("label:repayment&bank", "loan", "loan repayment", "mortgage")


def test_spaces_around_operators_are_ignored_and_those_in_names_are_not() -> None:
    assert holds("label: bailiff | debt collection ", "debt collection")
    (found,) = errors("label:debt  collection")
    assert "Did you mean debt collection?" in found[1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("label:sallary", "The label at character 7 is not known. Did you mean salary?"),
        ("label:salary| Rent", "The label at character 15 is not known. Did you mean rent?"),
        ("label:", "A label is missing at character 7."),
        ("label:salary&", "A label is missing at character 14."),
        ("label:|salary", "A label is missing at character 7."),
        ("label:salary&~rent", "A label is missing at character 14."),
        ("label:" + "x" * LONGEST_CATEGORY, f"It is over {LONGEST_CATEGORY} characters."),
        ("salary", "It is not known. Labels begin with label:, such as label:salary."),
        ("Balance", "It is not known. Did you mean balance?"),
        ("LABEL:salary", "It is not known."),
        (7, "Send text, such as label:salary."),
        (None, "Send text, such as label:salary."),
    ],
)
def test_what_is_not_known_is_told_by_its_place_and_with_what_is(text: object, told: str) -> None:
    assert errors("balance", text) == [("categories[1]", errors(text)[0][1])]
    assert errors(text)[0][1].startswith(told)


def test_every_wrong_category_is_told_at_once_and_none_is_repeated() -> None:
    found = errors("label:SECRET-1", "label:salary", "SECRET-2")
    assert [path for path, _ in found] == ["categories[0]", "categories[2]"]
    assert "SECRET" not in str(found)


def test_a_hundred_categories_are_read_and_not_one_more() -> None:
    assert len(parse_categories(["label:salary"] * MOST_CATEGORIES)) == MOST_CATEGORIES
    assert errors(*["label:salary"] * (MOST_CATEGORIES + 1)) == [("categories", "There are more than 100.")]


def test_categories_stay_in_the_order_asked_also_when_they_repeat() -> None:
    texts = ["balance", "label:rent", "allTransactions", "label:rent"]
    assert [one.text for one in parse_categories(texts)] == texts


def test_only_categories_that_name_own_money_count_it() -> None:
    assert category("allTransactions").counts_own_money
    for text in ("label:internal", "label:own transfer", "label:savings", "label:rent|internal"):
        assert category(text).counts_own_money, text
    assert not category("label:standing order|rent").counts_own_money


@given(NAMES, NAMES, LABELS)
def test_or_and_and_not_agree_with_logic(first: str, second: str, labels: frozenset[str]) -> None:
    has, has_too = stands(first, labels), stands(second, labels)
    assert holds(f"label:{first}|{second}", *labels) == (has or has_too)
    assert holds(f"label:{first}&{second}", *labels) == (has and has_too)
    assert holds(f"label:{first}~{second}", *labels) == (has and not has_too)
    both, without = holds(f"label:{first}&{second}", *labels), holds(f"label:{first}~{second}", *labels)
    assert not (both and without)
    assert (both or without) == has


@given(st.text(st.sampled_from("abc |&~:+"), max_size=40))
def test_whatever_is_asked_is_read_or_refused_by_name(text: str) -> None:
    for asked in (text, f"label:{text}"):
        try:
            parse_categories([asked])
        except InvalidBody as refused:
            assert refused.errors[0][0] == "categories[0]"
