"""Where a brand from a list says something, with a small rule book."""

from __future__ import annotations

import pytest
from tests.labels.building import KNOWLEDGE, imported, mt, rule

from kontora.labels.dictionary import Dictionary
from kontora.labels.labelling import Knowledge, Labeller
from kontora.labels.rules import Fact, Field
from kontora.model import MoneyTransaction

RULES = (
    rule("brand.grocery", "Lidl", "Dino Polska", label="grocery", brand=True, vendors=True, weight=-10),
    rule("own.grocery", "Lidl", label="grocery"),
    rule("brand.gambling", "Jan Hill", label="gambling", brand=True, vendors=True, weight=-10),
    rule("brand.apparel", "Mango", label="apparel", brand=True, vendors=True, weight=-10),
    rule("brand.investment", "Makler", label="investment", brand=True, vendors=True, weight=-10),
    rule("compensation", "pensja"),
    rule("payment processor", "PayPal"),
    rule("trade.beauty", "fryzjer", label="beauty", brand=True),
    rule("business", "fryzjer", fact=Fact.BUSINESS, fields=(Field.PARTY,)),
    rule("card", "karta", fact=Fact.CARD, fields=(Field.KIND,)),
    rule("transfer", "przelew", fact=Fact.TRANSFER, fields=(Field.KIND,)),
    rule("direct debit", "inkaso", fact=Fact.DIRECT_DEBIT, fields=(Field.KIND,)),
    rule("fuel", "stacja", when_any=(Fact.CARD, Fact.PROCESSOR)),
)
BRANDS = Knowledge(Dictionary(RULES), first_names=KNOWLEDGE.first_names)


def labels(item: MoneyTransaction) -> set[str]:
    """Return what one money transaction gets."""
    (found,) = Labeller(BRANDS).label(imported(item)).imported.accounts[0].money_transactions
    return set(found.labels)


@pytest.mark.parametrize(
    "item",
    [
        mt("-20", "zamowienie 7", "MANGO POLSKA"),
        mt("-20", "zamowienie 7", "MANGO POLSKA", kind="przelew"),
        mt("-20", "4110 WARSZAWA MANGO", kind="karta"),
        mt("-20", "WARSZAWA MANGO", mcc="5999"),
        mt("-20", "rata za MANGO", "Firma X", kind="inkaso"),
        mt("-20", "MANGO 17 WARSZAWA"),
        mt("-20", "MANGO17 WARSZAWA"),
    ],
)
def test_a_brand_speaks_as_the_other_side_in_a_purchase_and_alone_in_a_title(item: MoneyTransaction) -> None:
    assert labels(item) == {"apparel"}


@pytest.mark.parametrize(
    "item",
    [
        mt("-20", "sok mango"),
        mt("-20", "mango", "Anna Nowak"),
        mt("-20", "mango", "Sad Jakubowy", kind="przelew"),
        mt("-20", "mango i banany", "Sad Jakubowy"),
        mt("-20", "za Lidla"),
        mt("-20", "zwrot za Dino Polska", kind="przelew"),
        mt("-20", "", "Anna Mango"),
    ],
)
def test_a_brand_is_a_word_elsewhere(item: MoneyTransaction) -> None:
    assert not labels(item) & {"apparel", "grocery"}


def test_a_company_that_is_called_like_a_person_is_no_person() -> None:
    assert labels(mt("-20", "depozyt", "Jan Hill Limited")) == {"gambling"}
    assert labels(mt("-20", "depozyt", "Jan Hillman")) == {"person transfer"}
    assert labels(mt("-20", "depozyt", "Anna Jan Hill")) == {"person transfer"}


@pytest.mark.parametrize("phrase", ["Mango", "Mango*"])
def test_what_a_rule_written_by_hand_asks_is_not_passed_by(phrase: str) -> None:
    written = rule("own.apparel", phrase, label="apparel", unless=("reklamacja",))
    knowledge = Knowledge(Dictionary((*RULES, written)))
    items = (mt("-20", "reklamacja", "MANGO"), mt("-20", "zakup", "MANGO"))
    found = Labeller(knowledge).label(imported(*items)).reasons[0]
    assert [[(one.label, one.vendor) for one in row] for row in found] == [[], [("apparel", "Mango")]]


def test_a_fact_beside_it_takes_nothing_from_a_trade() -> None:
    assert labels(mt("-20", "strzyzenie", "FRYZJER ANNA")) == {"beauty"}


def test_a_processor_in_the_words_shows_a_purchase() -> None:
    assert labels(mt("-20", "zakup PAYPAL MANGO", "X")) == {"payment processor", "apparel"}
    assert labels(mt("-20", "zakup PAYPAL stacja")) == {"payment processor", "fuel"}


def test_a_rule_may_ask_for_one_of_several_facts() -> None:
    assert labels(mt("-20", "stacja")) == set()
    assert labels(mt("-20", "stacja", kind="karta")) == {"fuel"}


def test_the_vendor_is_told_by_the_list_where_the_rule_of_the_same_word_tells_none() -> None:
    told = Labeller(BRANDS).label(imported(mt("-20", "LIDL", kind="karta"))).reasons[0][0]
    assert [(reason.rule, reason.vendor) for reason in told] == [("own.grocery", "Lidl")]


def test_a_longer_writing_of_a_company_is_told_by_its_name() -> None:
    written = (
        rule("fuel", "Repsol E.S.", label="fuel", vendors=True),
        rule("insurance", "la mutua", label="insurance", vendors=True),
        rule("car", "Uber Trip", "Uber", "Cabify", label="car", vendors=True),
    )
    known = Dictionary(written, {("fuel", "REPSOL"): "Repsol", ("travel", "LA"): "LA"})
    assert known.vendor_names["fuel", "REPSOL E S"] == "Repsol"
    assert known.vendor_names["insurance", "LA MUTUA"] == "La Mutua"
    assert known.vendor_names["car", "UBER TRIP"] == "Uber"


def test_who_pays_a_wage_is_an_employer_whatever_they_sell() -> None:
    assert labels(mt("2800", "pensja", "Makler S.A.")) == {"compensation"}
    assert labels(mt("2800", "wypłata środków", "Makler S.A.")) == {"investment"}
    assert labels(mt("-2800", "pensja", "Makler S.A.")) == {"investment"}
