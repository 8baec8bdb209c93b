"""Promises that hold with the real rules of every country, on rows of the open gold set and on free text."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.labels.building import imported, mt
from tools.label_bench.gold import OPEN, read_gold

from kontora.labels.labelling import Labeller, knowledge_of
from kontora.labels.rules import COUNTRIES
from kontora.labels.taxonomy import ancestors, fits
from kontora.model import MoneyTransaction

OF_NEIGHBOURS = {
    "monthly",
    "own transfer",
    "refund",
    "salary",
    "regular wage",
    "freelance income",
    "rent",
    "mortgage",
}
"""What the sequence pass decides; everything else a money transaction tells by itself."""
DAYS = st.dates(min_value=date(2025, 6, 1), max_value=date(2026, 6, 1))
AMOUNTS = st.sampled_from(
    ("-0.01", "-1.00", "-45.90", "-46.00", "-900.00", "45.90", "900.00", "2800.00", "0.00")
)
TEXT = st.text(max_size=60)


def rows_of(country: str) -> st.SearchStrategy[MoneyTransaction]:
    """Rows of the open gold set on other days, some with other amounts, and rows of free text."""
    told = [row.item for row in read_gold(OPEN, country)]
    moved = st.builds(
        lambda item, on, amount: msgspec.structs.replace(
            item,
            transaction_on=on,
            booked_on=on,
            currency_amount=item.currency_amount if amount is None else Decimal(amount),
        ),
        st.sampled_from(told),
        DAYS,
        st.none() | AMOUNTS,
    )
    free = st.builds(
        lambda amount, on, title, party, kind: mt(amount, title, party, on=on.isoformat(), kind=kind),
        AMOUNTS,
        DAYS,
        TEXT,
        st.none() | st.sampled_from(("ACME", "Anna Nowak")) | TEXT,
        st.none() | TEXT,
    )
    return moved | moved | free


def labelled(country: str, items: list[MoneyTransaction]) -> list[MoneyTransaction]:
    """Label the rows of one account."""
    whole = Labeller(knowledge_of(country)).label(imported(*items)).imported
    return list(whole.accounts[0].money_transactions)


@pytest.mark.parametrize("country", COUNTRIES)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_labelling_labelled_data_changes_nothing(country: str, data: st.DataObject) -> None:
    once = labelled(country, data.draw(st.lists(rows_of(country), max_size=15)))
    assert labelled(country, once) == once


@pytest.mark.parametrize("country", COUNTRIES)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_labels_do_not_depend_on_the_order_of_rows(country: str, data: st.DataObject) -> None:
    items = data.draw(st.lists(rows_of(country), max_size=15))
    places = data.draw(st.permutations(range(len(items))))
    here = labelled(country, items)
    there = labelled(country, [items[place] for place in places])
    assert [here[place].labels for place in places] == [item.labels for item in there]


@pytest.mark.parametrize("country", COUNTRIES)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_more_history_takes_no_label_away_that_needs_no_neighbours(country: str, data: st.DataObject) -> None:
    items = data.draw(st.lists(rows_of(country), max_size=10))
    more = data.draw(st.lists(rows_of(country), max_size=10))
    before, after = labelled(country, items), labelled(country, items + more)
    for one, other in zip(before, after, strict=False):
        assert set(one.labels) - OF_NEIGHBOURS <= set(other.labels)


@pytest.mark.parametrize("country", COUNTRIES)
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_labels_have_their_parents_and_fit_the_way_the_money_goes(country: str, data: st.DataObject) -> None:
    for item in labelled(country, data.draw(st.lists(rows_of(country), max_size=15))):
        is_credit = item.currency_amount > 0
        assert all(set(ancestors(name)) <= set(item.labels) for name in item.labels)
        assert all(fits(name, is_credit=is_credit) for name in item.labels)
        assert not item.labels or item.currency_amount


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_whole_open_part_keeps_its_labels_in_any_order_and_with_a_year_more(country: str) -> None:
    items = [row.item for row in read_gold(OPEN, country)]
    earlier = [
        msgspec.structs.replace(item, transaction_on=item.transaction_on - timedelta(365)) for item in items
    ]
    shuffled = items.copy()
    Random(7).shuffle(shuffled)
    before = labelled(country, items)
    after = labelled(country, items + earlier)
    for one, other in zip(before, after, strict=False):
        assert set(one.labels) <= set(other.labels)
    by_order = [sorted(map(repr, labelled(country, some))) for some in (items, shuffled)]
    assert by_order[0] == by_order[1]


def polish(*items: MoneyTransaction) -> list[set[str]]:
    """Return the labels by the Polish rules."""
    return [set(item.labels) for item in labelled("pl", list(items))]


IBAN = "PL36102058776555395693867062"
CASH_DESK = (
    "WPŁATA W KASIE",
    "Wpłata gotówkowa w kasie",
    "WPŁATA GOTÓWKI W KASIE",
    "wplata w kasie",
    "Wpłata gotówki",
)
TICKETS = (
    mt("-2.40", "BILETOMAT BILET ZTM", "BILETOMAT"),
    mt("-2.40", "BILETOMAT BILET ZTM", kind="ZAKUP PRZY UŻYCIU KARTY"),
    mt("-2.40", "BILETOMAT BILET ZTM", "BILETOMAT ZTM WARSZAWA", kind="Płatność kartą"),
    mt("-2.40", "BILETOMAT BILET ZTM"),
)
DELIVERIES = (
    mt("-38.50", "Dotpay zam. 55123 PIZZAPORTAL", "DOTPAY S.A."),
    mt("-38.50", "Płatność Dotpay PIZZAPORTAL.PL", "Dotpay", kind="Przelew"),
    mt("-38.50", "PIZZAPORTAL.PL nr 12345", "DOTPAY SP Z O O", kind="PRZELEW WYCHODZĄCY"),
    mt("-38.50", "DOTPAY PIZZAPORTAL"),
)


def months(*amounts: str, title: str, party: str | None, iban: str | None = None) -> list[MoneyTransaction]:
    """One money transaction on the tenth of each month."""
    return [
        mt(one, title, party, on=f"2026-{number:02d}-10", iban=iban) for number, one in enumerate(amounts, 1)
    ]


@pytest.mark.parametrize(
    "title", ["Oplata weryfikacyjna", "KONTOMATIK Opłata weryfikacyjna", "123 Oplata weryfikacyjna"]
)
def test_a_verification_is_one_and_monthly_where_another_lies_a_month_away(title: str) -> None:
    assert polish(mt("-0.01", title, iban=IBAN)) == [{"verification"}]
    twice = months("-0.01", "-0.01", title=title, party=None, iban=IBAN)
    assert polish(*twice) == [{"verification", "monthly"}] * 2


@pytest.mark.parametrize("kind", CASH_DESK)
def test_money_paid_in_at_a_cash_desk_is_a_cash_deposit(kind: str) -> None:
    assert polish(mt("350.00", "WPLATA", kind=kind)) == [{"cash deposit"}]


@pytest.mark.parametrize("title", ["Wynagrodzenie za pracę", "WYNAGRODZENIE ZA PRACE 05/2026"])
def test_five_wages_of_one_employer_are_regular_and_two_are_only_compensation(title: str) -> None:
    employer = "Zakłady Mleczarskie Łąka Sp. z o.o."
    wage = {"compensation", "regular wage", "salary", "monthly"}
    assert polish(*months(*["2800.00"] * 5, title=title, party=employer)) == [wage] * 5
    assert polish(*months(*["2800.00"] * 2, title=title, party=employer)) == [{"compensation", "monthly"}] * 2
    uneven = [
        mt("2800.00", title, employer, on=on)
        for on in ("2026-01-10", "2026-01-21", "2026-03-23", "2026-04-05", "2026-05-20")
    ]
    assert polish(*uneven) == [wage - {"monthly"}] * 5


@pytest.mark.parametrize("item", TICKETS)
def test_a_ticket_machine_sells_public_transport(item: MoneyTransaction) -> None:
    assert polish(item) == [{"public transport"}]


@pytest.mark.parametrize("item", DELIVERIES)
def test_a_processor_that_names_a_pizza_service_is_told_with_it(item: MoneyTransaction) -> None:
    assert polish(item) == [{"payment processor", "food with delivery"}]


@pytest.mark.parametrize("kind", [None, "PRZELEW WYCHODZĄCY", "Przelew"])
def test_a_private_phrase_with_nobody_named_has_no_label(kind: str | None) -> None:
    assert polish(mt("-20.00", "Zwrot za Sylwestra", kind=kind)) == [set()]


def test_a_private_refund_to_somebody_has_no_label_and_money_that_comes_from_them_is_between_people() -> None:
    paid_back = mt("-20.00", "Zwrot za Sylwestra", "TOMASZ BĄK", kind="PRZELEW ZEWNĘTRZNY")
    assert polish(paid_back) == [set()]
    got_back = mt("20.00", "Zwrot za Sylwestra", "TOMASZ BĄK", kind="PRZELEW PRZYCHODZĄCY")
    assert polish(got_back) == [{"person transfer"}]


def test_monthly_follows_its_rule_with_real_rules() -> None:
    """27 to 34 days, a tenth of the amount, both ends; with a counterparty; never groceries or cash."""
    start = date(2026, 3, 1)

    def pair(days: int, amount: str = "-100.00", **more: str | None) -> list[bool]:
        told = {"title": "skladka", "party": "Klub Filatelistyczny"} | more
        items = [
            mt("-100.00", str(told["title"]), told["party"]),
            mt(amount, str(told["title"]), told["party"]),
        ]
        placed = [
            msgspec.structs.replace(item, transaction_on=start + timedelta(offset))
            for item, offset in zip(items, (0, days), strict=True)
        ]
        return ["monthly" in found for found in polish(*placed)]

    assert [pair(days) for days in (26, 27, 30, 34, 35)] == [
        [False, False],
        [True, True],
        [True, True],
        [True, True],
        [False, False],
    ]
    assert [all(pair(30, amount)) for amount in ("-90.00", "-89.99", "-111.11", "-111.12", "100.00")] == [
        True,
        False,
        True,
        False,
        False,
    ]
    assert pair(30, party=None) == [False, False]
    assert pair(30, title="zakupy", party="BIEDRONKA 1234") == [False, False]
