"""Invented people, firms, shops and titles. No name, address or firm is anybody's on purpose."""

from __future__ import annotations

from dataclasses import dataclass

FEMALE = ("Anna", "Zofia", "Małgorzata", "Łucja", "Bożena", "Grażyna", "Świętosława", "Ewa", "Żaneta", "Iga")
MALE = ("Jan", "Paweł", "Łukasz", "Michał", "Stanisław", "Wacław", "Zdzisław", "Józef", "Bogusław", "Cezary")
FEMALE_SURNAMES = (
    "Wierzbińska",
    "Kąkolewicz",
    "Żółkowska",
    "Ćwiklak",
    "Śnieżko-Próbna",
    "Borówczak",
    "Gąsiorek",
    "Łękowa",
)
MALE_SURNAMES = (
    "Wierzbiński",
    "Kąkolewicz",
    "Żółkowski",
    "Ćwiklak",
    "Próbny",
    "Borówczak",
    "Gąsiorek",
    "Łęk",
)
STREETS = (
    "ul. Wymyślona",
    "ul. Źródlana",
    "al. Przykładowa",
    "ul. Świerszczowa",
    "pl. Testowy",
    "ul. Łąkowa",
    "os. Ćwiczebne",
)
TOWNS = (
    ("00-000", "Warszawa"),
    ("30-000", "Kraków"),
    ("90-000", "Łódź"),
    ("60-000", "Poznań"),
    ("80-000", "Gdańsk"),
    ("87-100", "Toruń"),
    ("25-000", "Kielce"),
    ("97-000", "Próbowice Małe"),
)
# People in business: the account is a person's, though the name looks like a company's.
TRADES = (
    "Usługi Remontowe {name}",
    "P.H.U. „PRÓBKA” {name}",
    "{name} Transport i Przeprowadzki",
    "Firma Handlowo-Usługowa WZÓR-BUD {name}",
    "Gabinet Kosmetyczny „Źrenica” {name}",
    "{name} Doradztwo",
)
SHOPS = (
    "SKLEP SPOŻYWCZY PRÓBKA 12",
    "STACJA PALIW WZÓR 417",
    "APTEKA POD LIPĄ",
    "PIEKARNIA ŻYTNIA",
    "KSIĘGARNIA ŚWIAT LITER",
    "BAR MLECZNY ŁYŻKA",
    "DROGERIA RÓŻA 8",
    "KINO ZACHĘTA",
    "MARKET WZORNIK 0231",
    "KWIACIARNIA",
    "PARKING 3 MAJA",
    "LODZIARNIA ZIMNY NOS",
)
LONG_SHOPS = (
    "PRZEDSIĘBIORSTWO HANDLU ARTYKUŁAMI GOSPODARSTWA DOMOWEGO „ŻÓŁTY CZAJNIK” ODDZIAŁ NUMER 2 PRZY DWORCU",
    "GOSPODARSTWO OGRODNICZE POD ŚWIERKAMI SPRZEDAŻ DETALICZNA WARZYW I OWOCÓW HALA TARGOWA STOISKO 114",
)
WEB_SHOPS = (
    "wzornik-ksiazek.example",
    "sklep.probka.example",
    "bilety-wzorcowe.example",
    "zabawki.example",
)
FOREIGN_SHOPS = (
    ("MUSTERBACKEREI", "BERLIN", "EUR"),
    ("CAFE EXEMPLE", "PARIS", "EUR"),
    ("SAMPLE BOOKS LTD", "LONDON", "GBP"),
    ("POTRAVINY VZOR", "PRAHA", "CZK"),
    ("EXAMPLE CLOUD INC", "SEATTLE", "USD"),
    ("MUSTER BERGBAHN", "ZERMATT", "CHF"),
)
FIRMS = (
    "Wodociągi Próbne sp. z o.o.",
    "Energia Wzorcowa S.A.",
    "Spółdzielnia Mieszkaniowa „Źródło”",
    "Telefonia Przykładowa S.A.",
    "Ubezpieczenia Ćwiczebne TU S.A.",
    "Przedszkole „Żabka i Bocian”",
    "Fundacja Łąka",
)
LONG_FIRMS = (
    "Przedsiębiorstwo Produkcyjno-Handlowo-Usługowe „KOLOROWE OKNA I DRZWI” Wierzbińska, Śnieżko-Próbna"
    " i Wspólnicy spółka jawna w restrukturyzacji",
    "Międzyzakładowa Kasa Zapomogowo-Pożyczkowa przy Ćwiczebnych Zakładach Wyrobów Papierniczych"
    " w Próbowicach Małych",
)
EMPLOYERS = ("Zakłady Wzorcowe S.A.", "Próbna Praca sp. z o.o.", "Urząd Gminy Próbowice Małe")
TITLES = (
    "czynsz {month} {year}",
    "Faktura VAT FV/{number}/{month_number}/{year}",
    "opłata za wodę nr klienta {number}",
    "zwrot za obiad",
    "prezent dla Świętosławy",
    "rata {small}/36 umowa nr {number}/2021",
    "składka {month}",
    "za bilety do kina, dzięki!",
    "przelew środków",
    "Zamówienie nr {number}",
)
LONG_TITLES = (
    "Rozliczenie opłat eksploatacyjnych za okres od stycznia do grudnia, lokal nr {small}, korekta do faktury"
    " {number}/{month_number}/{year} zgodnie z pismem z dnia 3 marca",
    "Zapłata za usługi remontowe: łazienka, przedpokój i kuchnia, protokół odbioru nr {number}, druga"
    " transza, reszta po usunięciu usterek (żółta farba)",
)
# Dates, amounts and account tails inside a title are not the row's own.
TRAP_TITLES = (
    "{iso} zaliczka 1 500,00 PLN",
    "{dotted} dopłata -12,34 do rachunku 1274",
    "kwota 99,99 saldo 0,00 nr 12345678901234567",
    "Saldo końcowe: 1,00 zgodnie z ustaleniami",
)
MONTHS = (
    "styczeń",
    "luty",
    "marzec",
    "kwiecień",
    "maj",
    "czerwiec",
    "lipiec",
    "sierpień",
    "wrzesień",
    "październik",
    "listopad",
    "grudzień",
)


@dataclass(frozen=True)
class Party:
    """Somebody. `address`: lines, empty where unknown; `account`: 26 digits, or an IBAN of elsewhere."""

    name: str
    address: tuple[str, ...] = ()
    account: str | None = None

    @property
    def whole(self) -> str:
        """Return name and address as one text."""
        return " ".join((self.name, *self.address))

    def shouted(self) -> Party:
        """Return the same in capital letters, as most banks print it."""
        return Party(self.name.upper(), tuple(line.upper() for line in self.address), self.account)
