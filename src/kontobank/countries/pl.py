"""Poland: złoty, NRB account numbers, the money transactions recorded in `wire.md` 9.2."""

from __future__ import annotations

from kontobank.account_numbers import polish_iban
from kontobank.countries.country import Country, Phrase

_IN, _OUT, _OWN = "PRZELEW PRZYCHODZĄCY", "PRZELEW ZEWNĘTRZNY", "PRZELEW WŁASNY"
_CARD, _BLIK, _ATM, _CASH = (
    "ZAPŁATA KARTĄ",
    "PŁATNOŚĆ BLIK",
    "WYPŁATA Z BANKOMATU",
    "WPŁATA GOTÓWKOWA W KASIE",
)
_STANDING, _TAX, _FEE, _SPLIT = "ZLECENIE STAŁE", "PRZELEW PODATKOWY", "OPŁATA", "PRZELEW PODZIELONY MPP"

_PHRASES: dict[str, tuple[Phrase, ...]] = {
    "salary": (
        Phrase(
            "Wynagrodzenie za pracę",
            "NORDVIK LOGISTYKA SP. Z O.O. UL. MAGAZYNOWA 4 05-850 OŻARÓW",
            _IN,
            280000,
            280000,
        ),
    ),
    "bonus": (
        Phrase(
            "Premia kwartalna",
            "NORDVIK LOGISTYKA SP. Z O.O. UL. MAGAZYNOWA 4 05-850 OŻARÓW",
            _IN,
            90000,
            140000,
        ),
    ),
    "rent": (
        Phrase("Czynsz za mieszkanie", "SPÓŁDZIELNIA MIESZKANIOWA PRZYSZŁOŚĆ", _STANDING, 98000, 139000),
        Phrase("Czynsz najmu mieszkania", "HALINA ZAWADZKA", _STANDING, 120000, 165000),
    ),
    "benefit": (Phrase("Świadczenie wychowawcze 800+", "ZAKŁAD UBEZPIECZEŃ SPOŁECZNYCH", _IN, 80000, 80000),),
    "phone": (
        Phrase("Faktura za telefon F{n}", "ORANGE POLSKA S.A.", _OUT, 4500, 7900),
        Phrase("T-Mobile abonament konto {n}", "T-MOBILE POLSKA S.A.", _OUT, 5000, 8900),
    ),
    "energy": (
        Phrase("Faktura za energię elektryczną {n}", "PGE OBRÓT S.A.", _OUT, 14000, 26000),
        Phrase("Rachunek za prąd nr {n}", "TAURON SPRZEDAŻ SP. Z O.O.", _OUT, 14000, 24000),
    ),
    "gas": (Phrase("Faktura za gaz {n}", "PGNIG OBRÓT DETALICZNY SP. Z O.O.", _OUT, 6000, 19000),),
    "insurance": (Phrase("Składka OC/AC polisa nr {n}", "PZU SA", _OUT, 52000, 98000),),
    "savings": (Phrase("Przelew na konto oszczędnościowe", None, _OWN, 0, 0),),
    "card payment": (Phrase("Spłata karty kredytowej", None, _OWN, 0, 0),),
    "gift": (Phrase("Na prezent dla mamy", "KATARZYNA WRONA", _IN, 10000, 15000),),
    "refund": (Phrase("Zwrot za Sylwestra", "TOMASZ BĄK", _OUT, 2000, 2000),),
    "split": (Phrase("Zrzutka na narty", "MONIKA LIS", _OUT, 15000, 32000),),
    "verification": (Phrase("Przelew weryfikacyjny Oplata weryfikacyjna", None, _OUT, 1, 1),),
    "delivery": (
        Phrase("Dotpay zamówienie PIZZAPORTAL M{n}", "DOTPAY S.A.", _BLIK, 3850, 3850, has_iban=False),
    ),
    "shop": (
        Phrase("Zamówienie {n}", "ALLEGRO SP. Z O.O.", _BLIK, 2500, 32000, has_iban=False),
        Phrase("Zamówienie x-kom {n}", "PAYU S.A.", _BLIK, 9900, 45000, has_iban=False),
        Phrase("Empik zamówienie {n}", "PRZELEWY24", _BLIK, 2900, 12900, has_iban=False),
        Phrase("Bilet kolejowy {n}", "PKP INTERCITY S.A.", _BLIK, 3900, 16900, has_iban=False),
    ),
    "grocery": (
        Phrase("BIEDRONKA {n} WARSZAWA POL", None, _CARD, 1900, 18000, "5411"),
        Phrase("LIDL WARSZAWA {n} POL", None, _CARD, 2500, 21000, "5411"),
        Phrase("ŻABKA Z{n} WARSZAWA", None, _CARD, 500, 4500, "5499"),
        Phrase("CARREFOUR EXPRESS {n} POL", None, _CARD, 1500, 9000, "5411"),
    ),
    "fuel": (
        Phrase("ORLEN STACJA NR {n} WARSZAWA", None, _CARD, 15000, 31000, "5541"),
        Phrase("CIRCLE K {n} PIASECZNO POL", None, _CARD, 14000, 29000, "5541"),
    ),
    "restaurant": (
        Phrase("MCDONALDS {n} WARSZAWA POL", None, _CARD, 2200, 7800, "5814"),
        Phrase("PIEROGARNIA POD LIPĄ WARSZAWA", None, _CARD, 4500, 14000, "5812"),
        Phrase("GREEN CAFFE NERO {n}", None, _CARD, 1400, 4200, "5814"),
    ),
    "pharmacy": (Phrase("APTEKA GEMINI {n} POL", None, _CARD, 1900, 16000, "5912"),),
    "ticket": (Phrase("BILETOMAT BILET ZTM", None, _CARD, 240, 240, "4111"),),
    "deposit": (Phrase("WPLATA", None, _CASH, 35000, 35000),),
    "atm": (Phrase("BANKOMAT PLANET CASH {n} WARSZAWA", None, _ATM, 10000, 40000, "6011"),),
    "streaming": (Phrase("NETFLIX.COM AMSTERDAM NLD", None, _CARD, 4900, 6700, "4899"),),
    "sale": (
        Phrase("Zapłata za fakturę FV/{n}", "BUDOMAX SP. Z O.O. SP. K.", _IN, 180000, 1450000),
        Phrase("FV {n} usługi transportowe", "HURTOWNIA WISŁA S.A.", _IN, 240000, 980000),
        Phrase("Faktura {n}", "DROGMET SP. Z O.O.", _IN, 90000, 760000),
    ),
    "supplier": (
        Phrase("/VAT/FV/{n} zakup towarów", "METALTECH SP. Z O.O.", _SPLIT, 120000, 690000),
        Phrase("Faktura {n} leasing", "MLEASING SP. Z O.O.", _OUT, 189000, 189000),
    ),
    "payroll": (Phrase("Wynagrodzenie za pracę", "ADAM SIKORA", _OUT, 480000, 620000),),
    "social": (Phrase("Składki ZUS", "ZAKŁAD UBEZPIECZEŃ SPOŁECZNYCH", _OUT, 310000, 360000),),
    "tax": (Phrase("VAT-7K", "URZĄD SKARBOWY WARSZAWA-MOKOTÓW", _TAX, 210000, 540000),),
    "fee": (Phrase("Opłata za prowadzenie rachunku", None, _FEE, 1500, 1500),),
}

POLAND = Country(
    code="pl",
    currency="PLN",
    bank="1840",
    bic="KNTBPLPW",
    other_banks=("1020", "1050", "1090", "1140", "1160", "1240", "2490"),
    make_iban=polish_iban,
    first_names=(
        ("Jan", "Piotr", "Marek", "Paweł", "Krzysztof", "Łukasz", "Andrzej", "Grzegorz", "Wojciech", "Rafał"),
        (
            "Anna",
            "Maria",
            "Katarzyna",
            "Agnieszka",
            "Ewa",
            "Joanna",
            "Zofia",
            "Małgorzata",
            "Barbara",
            "Iwona",
        ),
    ),
    last_names=(
        ("Kowalski", "Kowalska"),
        ("Nowak", "Nowak"),
        ("Wiśniewski", "Wiśniewska"),
        ("Wójcik", "Wójcik"),
        ("Kamiński", "Kamińska"),
        ("Lewandowski", "Lewandowska"),
        ("Zieliński", "Zielińska"),
        ("Szymański", "Szymańska"),
        ("Dąbrowski", "Dąbrowska"),
        ("Mazur", "Mazur"),
    ),
    streets=(
        "Lipowa",
        "Polna",
        "Leśna",
        "Słoneczna",
        "Krótka",
        "Szkolna",
        "Ogrodowa",
        "Brzozowa",
        "Kwiatowa",
    ),
    towns=(
        "00-001 Warszawa",
        "30-002 Kraków",
        "50-003 Wrocław",
        "61-004 Poznań",
        "80-005 Gdańsk",
        "90-006 Łódź",
    ),
    address="{street} {house}/{flat} {town}",
    companies=("JASKÓŁKA TRANSPORT SP. Z O.O.", "PIEKARNIA ZŁOTY KŁOS SP. J.", "STUDIO MODRZEW SP. Z O.O."),
    account_names=(
        "Konto 0",
        "Konto Oszczędnościowe Plus",
        "Konto na Wakacje",
        "Konto dla Młodych",
        "Konto Premium",
    ),
    display_names=("Konto", "Oszczędności", "Wakacje", "Dla córki", "Domowe"),
    card_names=("Visa", "Mastercard Gold"),
    phrases=_PHRASES,
    credit_limit=1_000_000,
)
