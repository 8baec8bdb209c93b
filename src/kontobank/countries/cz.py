"""Czechia: koruna, account numbers divisible by 11, variable, constant and specific symbols."""

from __future__ import annotations

from kontobank.account_numbers import czech_iban
from kontobank.countries.country import Country, Phrase

_IN, _OUT, _OWN, _STANDING = (
    "Příchozí úhrada",
    "Odchozí úhrada",
    "Převod mezi vlastními účty",
    "Trvalý příkaz",
)
_CARD, _ATM, _CASH, _FEE = "Platba kartou", "Výběr z bankomatu", "Vklad hotovosti", "Poplatek"

_PHRASES: dict[str, tuple[Phrase, ...]] = {
    "salary": (Phrase("Mzda", "SEVERKA STROJÍRNY S.R.O.", _IN, 3850000, 3850000),),
    "bonus": (Phrase("Odměna za pololetí", "SEVERKA STROJÍRNY S.R.O.", _IN, 700000, 1200000),),
    "rent": (Phrase("Nájemné", "JIŘÍ KRATOCHVÍL", _STANDING, 1350000, 1790000),),
    "benefit": (Phrase("Rodičovský příspěvek", "ÚŘAD PRÁCE ČR", _IN, 750000, 750000),),
    "phone": (Phrase("O2 vyúčtování služeb", "O2 CZECH REPUBLIC A.S.", _OUT, 49900, 79900),),
    "energy": (Phrase("Záloha elektřina", "ČEZ PRODEJ, A.S.", _OUT, 180000, 260000),),
    "gas": (Phrase("Záloha plyn", "INNOGY ENERGIE, S.R.O.", _OUT, 110000, 170000),),
    "insurance": (Phrase("Povinné ručení", "ČESKÁ PODNIKATELSKÁ POJIŠŤOVNA", _OUT, 420000, 690000),),
    "savings": (Phrase("Spoření", None, _OWN, 0, 0),),
    "card payment": (Phrase("Splátka kreditní karty", None, _OWN, 0, 0),),
    "gift": (Phrase("K narozeninám", "LENKA MALÁ", _IN, 50000, 100000),),
    "refund": (Phrase("Vrácení za Silvestra", "PETR HÁJEK", _OUT, 15000, 15000),),
    "split": (Phrase("Chata o víkendu", "ONDŘEJ BENEŠ", _OUT, 90000, 180000),),
    "verification": (Phrase("Ověřovací platba", None, _OUT, 1, 1),),
    "delivery": (Phrase("GoPay Dáme jídlo {n}", "GOPAY S.R.O.", _CARD, 28900, 42900, has_iban=False),),
    "shop": (
        Phrase("Alza objednávka {n}", "ALZA.CZ A.S.", _CARD, 29900, 349900, has_iban=False),
        Phrase("ComGate Mall {n}", "COMGATE PAYMENTS", _CARD, 39900, 199900, has_iban=False),
    ),
    "grocery": (
        Phrase("ALBERT {n} PRAHA", None, _CARD, 15000, 120000, "5411"),
        Phrase("LIDL DĚKUJE {n} BRNO", None, _CARD, 20000, 150000, "5411"),
        Phrase("KAUFLAND {n} PRAHA", None, _CARD, 25000, 180000, "5411"),
    ),
    "fuel": (Phrase("BENZINA {n} PRAHA", None, _CARD, 90000, 170000, "5541"),),
    "restaurant": (Phrase("HOSTINEC U LÍPY BRNO", None, _CARD, 18000, 62000, "5812"),),
    "pharmacy": (Phrase("DR. MAX LÉKÁRNA {n}", None, _CARD, 9900, 79000, "5912"),),
    "ticket": (Phrase("DPP JÍZDENKA PRAHA", None, _CARD, 3000, 3000, "4111"),),
    "deposit": (Phrase("VKLAD", None, _CASH, 500000, 500000),),
    "atm": (Phrase("BANKOMAT KB {n} PRAHA", None, _ATM, 100000, 300000, "6011"),),
    "streaming": (Phrase("SPOTIFY STOCKHOLM SWE", None, _CARD, 16900, 25900, "4899"),),
    "sale": (Phrase("Faktura {n}", "STAVEBNINY MORAVA S.R.O.", _IN, 2500000, 12000000),),
    "supplier": (Phrase("Úhrada faktury {n}", "KOVO DÍLY A.S.", _OUT, 1500000, 8000000),),
    "payroll": (Phrase("Mzda zaměstnanec", "JANA DVOŘÁKOVÁ", _OUT, 2900000, 3600000),),
    "social": (Phrase("Sociální pojištění", "ČSSZ", _OUT, 1200000, 1600000),),
    "tax": (Phrase("DPH", "FINANČNÍ ÚŘAD PRO HL. M. PRAHU", _OUT, 1500000, 4200000),),
    "fee": (Phrase("Poplatek za vedení účtu", None, _FEE, 9900, 9900),),
}

CZECHIA = Country(
    code="cz",
    currency="CZK",
    bank="8490",
    bic="KNTBCZPP",
    other_banks=("0100", "0300", "0600", "0800", "2010", "5500"),
    make_iban=czech_iban,
    first_names=(
        ("Jan", "Petr", "Tomáš", "Martin", "Jakub", "Lukáš", "Ondřej", "Pavel"),
        ("Jana", "Marie", "Eva", "Hana", "Lenka", "Tereza", "Veronika", "Alena"),
    ),
    last_names=(
        ("Novák", "Nováková"),
        ("Svoboda", "Svobodová"),
        ("Dvořák", "Dvořáková"),
        ("Černý", "Černá"),
        ("Procházka", "Procházková"),
        ("Kučera", "Kučerová"),
        ("Veselý", "Veselá"),
        ("Horák", "Horáková"),
    ),
    streets=("Lipová", "Školní", "Zahradní", "Nádražní", "Krátká", "Polní"),
    towns=("110 00 Praha", "602 00 Brno", "702 00 Ostrava", "301 00 Plzeň", "460 01 Liberec"),
    address="{street} {house}, {town}",
    companies=("TRUHLÁŘSTVÍ JAVOR S.R.O.", "PEKÁRNA U MLÝNA S.R.O."),
    account_names=("Běžný účet", "Spořicí účet", "Účet na dovolenou", "Dětský účet", "Účet Premium"),
    display_names=("Můj účet", "Úspory", "Dovolená", "Pro děti", "Domácnost"),
    card_names=("Visa", "Mastercard Gold"),
    phrases=_PHRASES,
    symbols=True,
    credit_limit=8_000_000,
)
