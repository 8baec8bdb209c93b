"""Every target of the target list has a place: a bank's folder, or a row of what is planned."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from kontora import connectors
from kontora.connectors.catalogue import Catalogue, found_facts

PLANNED = Path(connectors.__path__[0]) / "planned.csv"
COLUMNS = [
    "name",
    "institution",
    "country",
    "official_name",
    "login_name",
    "psd2",
    "account_types",
    "credential_kinds",
    "credit_cards",
]

# Copied from the catalogue of May 2023 (`spec/wire.md`, Appendix A).
TARGET_LIST = [
    "AgricoleApi",
    "AliorApi",
    "AliorCorporateApi",
    "BnpGoOnlineApi",
    "BosApi",
    "ESkok",
    "GetinApi",
    "IngApi",
    "Inteligo",
    "KasaStefczykaApi",
    "KontoBank",
    "KontoBankApi",
    "MBankApi",
    "MBankCorporateApi",
    "MillenniumApi",
    "NestBankApi",
    "NestBankCorporateApi",
    "Optima",
    "PekaoApi",
    "Pko",
    "PkoApi",
    "PkoCorporateApi",
    "Plus",
    "PocztowyApi",
    "SantanderApi",
    "SantanderCorporateApi",
    "KontoBankApi_cz",
    "KontoBank_cz",
    "KontoBankApi_ee",
    "KontoBank_ee",
    "KontoBankApi_es",
    "KontoBank_es",
    "KontoBankApi_lt",
    "KontoBank_lt",
    "KontoBankApi_lv",
    "KontoBank_lv",
    "KontoBank_ph",
    "KontoBankApi_pt",
    "KontoBank_pt",
    "KontoBankApi_ro",
    "AirbankApi_cz",
    "CsobApi_cz",
    "FioApi_cz",
    "KbApi_cz",
    "MBankApi_cz",
    "MonetaApi_cz",
    "RaiffeisenApi_cz",
    "SporitelnaApi_cz",
    "UnicreditApi_cz",
    "CitadeleApi_ee",
    "SebApi_ee",
    "SwedbankApi_ee",
    "Abanca_es",
    "Bankia_es",
    "Bankinter_es",
    "BbvaApi_es",
    "Caixa_es",
    "Cajamar_es",
    "EurocajaRural_es",
    "IbercajaApi_es",
    "Ibercaja_es",
    "ImaginApi_es",
    "Ing_es",
    "Kutxa_es",
    "Liberbank_es",
    "Openbank_es",
    "Pichincha_es",
    "RuralApi_es",
    "Rural_es",
    "SabadellApi_es",
    "SabadellEmpresas_es",
    "Sabadell_es",
    "Santander_es",
    "Unicaja_es",
    "UnicreditApi_it",
    "CitadeleApi_lt",
    "SebApi_lt",
    "SwedbankApi_lt",
    "CitadeleApi_lv",
    "SebApi_lv",
    "SwedbankApi_lv",
    "Bdo_ph",
    "Bpi_ph",
    "Metrobank_ph",
    "Security_ph",
    "ActivoApi_pt",
    "AgricoleApi_pt",
    "AtlanticoApi_pt",
    "BankinterApi_pt",
    "BicApi_pt",
    "BigApi_pt",
    "BpgApi_pt",
    "BpiApi_pt",
    "CaixaApi_pt",
    "CaixaBombarralApi_pt",
    "CaixaChamuscaApi_pt",
    "CaixaCreditoLeiriaApi_pt",
    "CaixaEconomicaApi_pt",
    "CaixaFranceApi_pt",
    "CaixaTorresVedrasApi_pt",
    "CofidisApi_pt",
    "CttApi_pt",
    "MillenniumApi_pt",
    "MontepioApi_pt",
    "NovoAcoresApi_pt",
    "NovoApi_pt",
    "SantanderApi_pt",
    "UnicreApi_pt",
    "BancaTransilvaniaApi_ro",
    "BcrApi_ro",
    "Brd_ro",
    "IngApi_ro",
    "UnicreditApi_ro",
]


def planned() -> list[dict[str, str]]:
    with PLANNED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_target_of_the_list_is_a_folder_or_a_row_and_never_both() -> None:
    built = {facts.name for facts in found_facts()}
    rows = {row["name"] for row in planned()}
    assert [name for name in TARGET_LIST if name not in built | rows] == []
    assert sorted(built & rows) == []
    assert sorted(rows - set(TARGET_LIST)) == []


def test_the_list_names_no_target_twice() -> None:
    assert [name for name, count in Counter(TARGET_LIST).items() if count > 1] == []
    assert [name for name, count in Counter(row["name"] for row in planned()).items() if count > 1] == []


def test_a_planned_target_tells_facts_only() -> None:
    with PLANNED.open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == COLUMNS
    for row in planned():
        suffix = "" if row["country"] == "pl" else f"_{row['country']}"
        assert row["name"].endswith(suffix), row
        assert row["psd2"] == ("yes" if row["name"].removesuffix(suffix).endswith("Api") else "no"), row
        known = (row["institution"], row["official_name"], row["account_types"], row["credential_kinds"])
        assert all(known) or not any(known), row
        assert row["credit_cards"] in ({"yes", "no"} if all(known) else {""}), row


def test_what_is_planned_is_not_in_the_catalogue() -> None:
    offered = {
        target.name for target in Catalogue.load(practice=True, practice_bank_url="http://127.0.0.1:1")
    }
    assert offered.isdisjoint(row["name"] for row in planned())
