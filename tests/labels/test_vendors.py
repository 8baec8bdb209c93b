"""Companies behind labels are told by the names they call themselves, and words that name nobody by none."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.labels.building import imported, mt, rule
from tests.labels.stories.telling import GOLDEN

from kontora.labels.brands import brand_rules, brand_vendors, brands
from kontora.labels.companies import company_names, company_rules
from kontora.labels.dictionary import Dictionary
from kontora.labels.labelling import VENDOR_COUNTRIES, Labeller, knowledge_of
from kontora.labels.normalising import plain
from kontora.labels.rules import EVERYWHERE, Rule, RulesBroken, rules_of
from kontora.labels.taxonomy import BY_NAME, Category
from kontora.labels.vendors import Told, VendorNames, letters, read_vendors, vendor_names

KINDS = {"pl": ("ZAPŁATA KARTĄ", "POLECENIE ZAPŁATY"), "es": ("PAGO CON TARJETA", "ADEUDO RECIBO")}
BILLS = ("utilities", "leasing", "debt collection")
TRADES = (Category.LIFESTYLE, Category.LIVING)


@cache
def all_rules(country: str) -> tuple[Rule, ...]:
    """Every rule of a country that gives a label."""
    rules = (*rules_of(country), *company_rules(country), *brand_rules(country))
    return tuple(one for one in rules if one.label is not None)


@cache
def phrases(country: str) -> frozenset[str]:
    """What an entry may speak of: phrases of rules, and the names that come from them unmended."""
    lists = {**brand_vendors(country), **company_names(country)}
    unmended = Dictionary(all_rules(country), lists).vendor_names.values()
    told = (phrase.removesuffix("*") for one in all_rules(country) for phrase in one.phrases)
    return frozenset(map(plain, (*told, *unmended)))


def told_names(country: str) -> set[str]:
    return set(knowledge_of(country).dictionary.vendor_names.values())


def places(place: str) -> tuple[str, ...]:
    return VENDOR_COUNTRIES if place == EVERYWHERE else (place,)


def listed(country: str) -> set[str]:
    """Names of the list for a country, and of the list of brands, by their letters."""
    mended = [read_vendors()[place] for place in (EVERYWHERE, country)]
    names = [name for one in mended for name in (*one.names, *one.written)]
    return {letters(name) for name in (*names, *(brand.name for brand in brands()))}


@pytest.mark.parametrize(
    ("country", "amount", "party", "label", "vendor"),
    [
        ("pl", "50", "STS S.A.", "gambling", "STS"),
        ("pl", "-50", "KRUK S.A.", "debt collection", "KRUK"),
        ("pl", "-50", "PROKURA NS FIZ", "debt collection", "KRUK"),
        ("pl", "-50", "P4 SP. Z O.O.", "telecom", "Play"),
        ("pl", "-50", "PAYPO SP. Z O.O.", "buy now pay later", "PayPo"),
        ("pl", "-50", "KOLEKTURA LOTTO 123", "gambling", "Totalizator Sportowy (Lotto)"),
        ("pl", "-50", "KOLEKTURA 123", "gambling", None),
        ("pl", "-50", "PYSZNE.PL SP. Z O.O.", "food with delivery", "Pyszne.pl"),
        ("pl", "-50", "PARKING WARSZAWA", "car", None),
        ("pl", "-50", "APTEKA POD ORŁEM", "healthcare", None),
        ("pl", "-900", "ING LEASE POLSKA SP. Z O.O.", "leasing", "ING Lease"),
        ("es", "-50", "AGUAS DEL HUESNA", "utilities", None),
        ("es", "-50", "CANAL DE ISABEL II", "utilities", "Canal de Isabel II"),
        ("es", "-50", "LOTERIAS Y APUESTAS 3780", "gambling", "Loterías y Apuestas del Estado"),
        ("es", "300", "MONEYMAN ID FINANCE SPAIN SAU", "payday loan payout", "MoneyMan"),
        ("es", "-90", "IBERIA LAE", "travel", "Iberia"),
        ("es", "-90", "ALD AUTOMOTIVE SAU", "leasing", "Ayvens"),
        ("es", "-50", "DIA 6307 GIJON", "grocery", "Dia"),
        ("es", "-50", "ENDESA ENERGIA SAU", "utilities", "Endesa"),
        ("es", "-50", "PARKING MADRID", "car", None),
        ("es", "-50", "STEAMGAMES.COM", "games", "Steam"),
        ("es", "-50", "AMZN MKTP ES", "household", "Amazon"),
        ("pl", "-50", "AMAZON EU SARL", "household", "Amazon"),
    ],
)
def test_a_company_is_told_by_its_own_name(
    country: str, amount: str, party: str, label: str, vendor: str | None
) -> None:
    by_card, by_debit = KINDS[country]
    kind = by_debit if label in BILLS else by_card
    told = Labeller(knowledge_of(country)).label(imported(mt(amount, "", party, kind=kind))).reasons[0][0]
    assert [one.vendor for one in told if one.label == label] == [vendor]


def test_a_name_loses_what_no_company_calls_itself_by() -> None:
    found = {
        "Vectra S.A.": "Vectra",
        "Billie GmbH": "Billie",
        "Pyszne sp. z o.o.": "Pyszne",
        "SAS": "SAS",
        "Answear": "Answear",
        "Answear.com": "Answear",
        "Trip.com": "Trip.com",
        "KOLPORTER": "Kolporter",
        "kolporter": "Kolporter",
        "ALSA": "ALSA",
        "x-kom": "x-kom",
        "POLOmarket": "POLOmarket",
    }
    named = {("grocery", written): written for written in found}
    assert VendorNames().resolve(named) == {("grocery", written): name for written, name in found.items()}


def test_all_writings_of_one_name_become_one() -> None:
    told = Told(names={"Amazon": ("AMZN",)}, written=("BlaBlaCar",))
    writings = ("Bla Bla Car", "Blablacar", "AMZN", "Amazon", "Caffe Nero", "Caffè Nero", "CaffeNero")
    named = {("travel", plain(one) + str(place)): one for place, one in enumerate(writings)}
    assert set(VendorNames((told,)).resolve(named).values()) == {"BlaBlaCar", "Amazon", "Caffè Nero"}


def test_a_phrase_that_names_nobody_has_no_vendor() -> None:
    names = VendorNames((Told(nobody=("Parking",)),))
    rules = (rule("car", "Parking", "Parking Saba", vendors=True),)
    assert Dictionary(rules, names=names).vendor_names == {}
    assert Dictionary(rules).vendor_names["car", "PARKING"] == "Parking"


def test_a_listed_company_is_told_in_a_rule_that_names_trades_too() -> None:
    names = VendorNames((Told(names={"Dia": ("supermercado dia",)}),))
    rules = (rule("grocery", "dia", "supermercado*", "supermercado dia"), rule("fee", "dia"))
    told = Dictionary(rules, names=names).vendor_names
    assert told == {("grocery", "DIA"): "Dia", ("grocery", "SUPERMERCADO DIA"): "Dia"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[pl]\nnobdy = ['Parking']", "nobdy"),
        ("[pl]\nnobody = [1]", "str"),
        ("[xx]\nnobody = []", "xx"),
        ("[pl]\nnobody = ['Parking', 'PARKING']", "twice"),
        ("[pl]\nnobody = ['-']", "no words"),
        ("[all]\nnobody = ['Parking']\n[pl.names]\n'Saba' = ['parking']", "twice"),
        ("[pl]\nwritten = ['Lux Med', 'LUXMED']", "two ways"),
        ("[pl.names]\n'KRUK' = ['Prokura']\n'Prokura' = []", "spelling"),
        ("[pl", "vendors.toml"),
    ],
)
def test_a_broken_list_is_refused(text: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "vendors.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulesBroken, match=message):
        vendor_names("pl", file)


@pytest.mark.parametrize("place", [EVERYWHERE, *VENDOR_COUNTRIES])
def test_every_entry_speaks_of_some_phrase_or_name(place: str) -> None:
    known = frozenset[str]().union(*map(phrases, places(place)))
    names = {letters(name) for country in places(place) for name in told_names(country)}
    told = read_vendors()[place]
    spellings = [one for given in told.names.values() for one in given]
    assert [one for one in (*spellings, *told.nobody) if plain(one) not in known] == []
    assert [one for one in (*told.names, *told.written) if letters(one) not in names] == []


@pytest.mark.parametrize("country", VENDOR_COUNTRIES)
def test_no_vendor_is_made_of_words_for_trades_only(country: str) -> None:
    companies = listed(country)
    trades = {
        plain(phrase.removesuffix("*"))
        for one in all_rules(country)
        if not one.vendors and BY_NAME[str(one.label)].category in TRADES
        for phrase in one.phrases
    }
    assert {"PARKING"} <= trades
    assert [
        name
        for name in told_names(country)
        if (set(plain(name).split()) <= trades or plain(name) in trades) and letters(name) not in companies
    ] == []


@pytest.mark.parametrize("country", VENDOR_COUNTRIES)
def test_no_vendor_is_written_as_banks_and_rules_write_it(country: str) -> None:
    told, mended = told_names(country), listed(country)
    assert len({letters(name) for name in told}) == len(told)
    odd = (
        name
        for name in told
        if plain(name).endswith((" S A", " SP Z O O", " S L", " SAU", " GMBH"))
        or (sum(map(str.isalpha, name)) > 4 and (name.isupper() or name.islower()))
    )
    assert [name for name in odd if letters(name) not in mended] == []


@pytest.mark.parametrize("country", VENDOR_COUNTRIES)
def test_the_vendors_of_the_stories_are_companies(country: str) -> None:
    lines = [
        line.rpartition("  [")[2].removesuffix("]")
        for file in GOLDEN.glob(f"{country}-*.txt")
        for line in file.read_text("utf-8").splitlines()
        if line.startswith(" " * 23) and line.endswith("]")
    ]
    found = {name for line in lines for name in line.split(", ")}
    assert len(found) > 20
    assert found <= told_names(country)
    assert found.isdisjoint({"Parking", "Apteka", "Kolektura", "Aguas", "Loterias", "P4", "Id Finance"})
