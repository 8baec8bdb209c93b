"""What a merchant category code or an account number says by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from kontora.labels.rules import COUNTRIES, RulesBroken
from kontora.labels.tables import BY_CODE, Number, PublicPayers, label_of_code, numbers
from kontora.labels.taxonomy import BY_NAME, fits


@pytest.mark.parametrize(
    ("iban", "number"),
    [
        ("PL12 1010 0071 2221 0000 0000 0000", "pl.tax.micro_account"),
        ("PL12101000710000000000000000", None),
        ("PL77600000020260001234563218", "pl.zus.contribution_account"),
        ("PL77600000020270001234563218", None),
        ("CZ92 0710 0007 2100 7762 7311", "cz.tax.income"),
        ("CZ5207100007050077628621", "cz.tax.vat"),
        ("CZ1507100210120077724621", "cz.social.employers"),
        ("CZ7707100000002356304557", None),
        ("ES6507100007210077627311", None),
    ],
)
def test_a_public_payer_is_known_by_the_beginning_of_its_number(iban: str, number: str | None) -> None:
    found = PublicPayers(numbers()).of(iban.replace(" ", ""))
    assert (None if found is None else found.id) == number


def test_the_longest_beginning_wins() -> None:
    known = (Number("bank", "pl", "1010", debit="tax"), Number("office", "pl", "10100071", debit="vat"))
    found = PublicPayers(known).of("PL12101000710000000000000000")
    assert found is not None and found.id == "office"


def test_numbers_are_of_countries_and_labels_that_are_there() -> None:
    for one in numbers():
        assert one.id.startswith(f"{one.country}.") and one.country in COUNTRIES
        assert one.begins.isdigit()
        assert one.debit is None or fits(one.debit, is_credit=False)
        assert one.credit is None or fits(one.credit, is_credit=True)


@pytest.mark.parametrize(
    "text",
    ['number = [{id = "x", country = "pl", begins = "1", debit = "taxes"}]', "number = 1", "number = [", ""],
)
def test_a_broken_table_of_numbers_is_refused_with_its_name(text: str, tmp_path: Path) -> None:
    file = tmp_path / "numbers.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RulesBroken, match=r"numbers\.toml"):
        numbers(file)


def test_codes_name_labels_that_are_there_and_unknown_ones_nothing() -> None:
    assert set(BY_CODE.values()) <= BY_NAME.keys()
    codes = ("5411", " 3001 ", "7542", "8099", "5941", "6012", "9999", "x")
    assert [label_of_code(code) for code in codes] == [
        "grocery",
        "travel",
        "car",
        "healthcare",
        "sport",
        None,
        None,
        None,
    ]
