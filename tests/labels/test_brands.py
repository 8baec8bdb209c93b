"""The brands that are shipped, and how they are compiled from lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tools.brands.__main__ import NOTICES
from tools.brands.choosing import Choices, chosen, read_choices, unmet
from tools.brands.reading import INDEX, SEED, Named, read_index, read_seed

from kontora.labels.brands import BRANDS, Brand, Shown, brand_rules, brand_vendors, brands, writings
from kontora.labels.normalising import plain
from kontora.labels.rules import COUNTRIES, RulesBroken
from kontora.labels.taxonomy import BY_NAME

HEAD = "name,label,country,scope,osm\n"


def compiled(*named: Named) -> list[Brand]:
    """Compile a few names."""
    return chosen(named, read_choices())


def shop(name: str, label: str = "grocery", country: str = "pl") -> Named:
    """A name of the index."""
    return Named(name, label, country, "nsi")


def test_the_shipped_file_carries_its_notices_and_names_each_country() -> None:
    head = [line for line in BRANDS.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    notices = NOTICES.read_text(encoding="utf-8").splitlines()
    assert head == [f"# {line}".rstrip() for line in notices]
    assert "Redistributions of source code must retain" in "\n".join(head)
    for country in COUNTRIES:
        assert sum(country in brand.countries for brand in brands()) > 1000


def test_the_company_behind_a_brand_is_called_as_it_calls_itself() -> None:
    assert brand_vendors("pl")["restaurant", "BURGERKING"] == "Burger King"
    assert brand_vendors("pl")["grocery", "ZABKA"] == "Żabka"


def test_nothing_that_is_left_out_is_shipped() -> None:
    shipped = {(country, plain(one.name)) for one in brands() for country in one.countries}
    assert not shipped & read_choices().left_out


def test_a_brand_says_one_thing_in_a_country_unless_the_way_of_the_money_decides() -> None:
    for country in COUNTRIES:
        said: dict[str, set[str]] = {}
        for rule in brand_rules(country):
            for phrase in rule.phrases:
                said.setdefault(plain(phrase), set()).add(rule.label or "")
        for name, labels in said.items():
            signs = {BY_NAME[label].sign for label in labels}
            assert len(labels) == 1 or len(signs) == len(labels), name


def test_names_are_gathered_by_country_and_written_as_people_do() -> None:
    found = compiled(shop("Lidl"), shop("lidl", country="es"), shop("LIDL", country="es"))
    assert found == [Brand("grocery", ("pl", "es"), Shown.ANYWHERE, "Lidl", "nsi")]


@pytest.mark.parametrize("name", ["Aj", "1-2-3", "와코루", "Bytom", "Paul", "Lidl"])
def test_short_numeric_foreign_and_ambiguous_names_are_left_out(name: str) -> None:
    assert bool(compiled(shop(name))) == (name == "Lidl")


def test_a_name_that_is_also_a_word_is_shown_in_purchases_only() -> None:
    assert [one.shown for one in compiled(shop("Dino"), shop("OMV", "fuel"))] == [Shown.IN_PURCHASES] * 2


def test_a_name_with_two_trades_says_nothing_unless_somebody_chose() -> None:
    assert compiled(shop("Neverheard"), shop("Neverheard", "fuel")) == []
    assert [one.label for one in compiled(shop("Orlen", "grocery"), shop("Orlen", "fuel"))] == ["fuel"]


def test_a_choice_about_a_name_that_no_list_has_is_found() -> None:
    choices = Choices(frozenset({("pl", "LIDL"), ("pl", "GONE")}), frozenset(), {}, {})
    assert unmet([shop("Lidl")], choices) == ["GONE"]


def test_a_longer_writing_of_a_name_is_needless() -> None:
    assert [one.name for one in compiled(shop("Lidl"), shop("Lidl Polska"))] == ["Lidl"]


def test_of_cars_only_workshops_and_washes_are_compiled() -> None:
    assert [one.name for one in compiled(shop("Norauto", "car"), shop("Toyota", "car"))] == ["Norauto"]


def test_the_index_is_read_without_banks_and_cash_machines(tmp_path: Path) -> None:
    file = tmp_path / INDEX
    rows = "Lidl,grocery,PL,wide,shop/supermarket\nmBank,_bank,PL,direct,amenity/bank\n"
    file.write_text(f"{HEAD}{rows}Ford,car,PL,wide,shop/car\n", encoding="utf-8")
    assert list(read_index(file)) == [Named("Lidl", "grocery", "pl", "nsi")]


def test_a_lender_of_the_seed_gives_a_label_for_each_way_and_words_give_none(tmp_path: Path) -> None:
    file = tmp_path / SEED
    told = {"_about": "x", "PL": {"payday_loan": ["VIVUS"], "salary": ["PENSJA"]}}
    file.write_text(json.dumps(told), encoding="utf-8")
    assert [one.label for one in read_seed(file)] == ["payday loan payout", "payday loan repayment"]
    assert [one.name for one in compiled(*read_seed(file))] == ["Vivus", "Vivus"]


def test_a_new_kind_of_names_in_the_seed_is_refused(tmp_path: Path) -> None:
    file = tmp_path / SEED
    file.write_text(json.dumps({"PL": {"jewellers": ["W. KRUK"]}}), encoding="utf-8")
    with pytest.raises(ValueError, match="jewellers"):
        list(read_seed(file))


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("McDonald's", {"MCDONALDS", "MC DONALD S"}),
        ("Burger King", {"BURGERKING"}),
        ("MediaMarkt", {"MEDIA MARKT"}),
        ("Pull & Bear", {"PULL AND BEAR", "PULLBEAR"}),
        ("Lidl", set()),
        ("Dr. Max", set()),
    ],
)
def test_a_name_is_known_as_terminals_write_it(name: str, more: set[str]) -> None:
    found = writings(name)
    assert {plain(one) for one in found} == {plain(name), *more}
    assert len(found) == len(more) + 1


@pytest.mark.parametrize(
    "line", ["grocery\tpl\tanywhere\tLidl", "gorcery\tpl\tanywhere\tLidl\tnsi", "grocery\tpl\tx\tLidl\tnsi"]
)
def test_a_broken_line_is_refused_with_its_number(line: str, tmp_path: Path) -> None:
    file = tmp_path / "brands.tsv"
    file.write_text(f"# notice\n{line}\n", encoding="utf-8")
    with pytest.raises(RulesBroken, match="line 2"):
        brands(file)
