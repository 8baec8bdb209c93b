"""Tax numbers of companies, as banks write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from stdnum.cz import dic
from stdnum.es import cif
from stdnum.pl import nip
from stdnum.pt import nif
from tests.labels.building import imported, mt

from kontora.labels.companies import companies, company_rules
from kontora.labels.labelling import Labeller, knowledge_of
from kontora.labels.reasons import Stage
from kontora.labels.rules import COUNTRIES, RulesBroken

CHECKS = {"pl": nip, "es": cif, "cz": dic, "pt": nif}


def test_every_number_has_the_right_check_digit() -> None:
    assert {one.country for one in companies()} == set(COUNTRIES)
    assert [one for one in companies() if not CHECKS[one.country].is_valid(one.tax_number)] == []


@pytest.mark.parametrize(
    ("country", "amount", "title", "label", "vendor"),
    [
        ("pl", "-50", "UMOWA 88123 NIP: 526-025-09-95", "telecom", "Orange"),
        ("pl", "-50", "NIP 526-02-50-995 FV 12", "telecom", "Orange"),
        ("pl", "-50", "ID PŁATNOŚCI PL5260250995", "telecom", "Orange"),
        ("es", "-50", "CIF A46103834", "grocery", "Mercadona"),
        ("es", "-50", "emisor ESA95758389", "utilities", "Iberdrola"),
        ("es", "150", "Q2826000H 2026", "tax refund", "Agencia Tributaria"),
        ("cz", "-50", "IČO 60193336", "telecom", "O2"),
        ("pt", "-50", "NIF 504 615 947", "telecom", "MEO"),
    ],
)
def test_a_tax_number_tells_who_is_paid(
    country: str, amount: str, title: str, label: str, vendor: str
) -> None:
    told = Labeller(knowledge_of(country)).label(imported(mt(amount, title))).reasons[0][0]
    (found,) = [one for one in told if one.label == label]
    assert (found.stage, found.vendor) == (Stage.TABLE, vendor)


def test_a_number_is_known_as_a_whole_and_in_its_country_only() -> None:
    for country, title in (("pl", "REF 15260250995"), ("pl", "5260250996"), ("es", "5260250995")):
        found = Labeller(knowledge_of(country)).label(imported(mt("-50", title))).reasons[0][0]
        assert "telecom" not in {one.label for one in found}


@pytest.mark.parametrize("line", ["pl\t5260250995\ttelecom", "pl\t5260250995\ttelecoms\tOrange", ""])
def test_a_broken_line_is_refused_with_its_number(line: str, tmp_path: Path) -> None:
    file = tmp_path / "tax_numbers.tsv"
    file.write_text(f"# notice\n{line}\n", encoding="utf-8")
    with pytest.raises(RulesBroken, match="line 2"):
        company_rules("pl", file)
