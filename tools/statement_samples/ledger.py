"""Invents what happened on an account, from a seed: the same seed always tells the same story."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tools.statement_samples import people
from tools.statement_samples.numbers import account_number, digits, foreign_iban
from tools.statement_samples.people import Party
from tools.statement_samples.story import (
    AT_A_SHOP,
    BY_CARD,
    CREDITS,
    OF_THE_BANK,
    Difficulty,
    Entry,
    Foreign,
    Kind,
    Story,
)

OTHER_BANKS = ("1020", "1050", "1090", "1140", "1160", "1240", "1560", "2030", "2490", "1870", "1940")
TAX_OFFICE_BANK = "1010"
RATES = {"EUR": "4.2735", "GBP": "5.0480", "CZK": "0.1712", "USD": "3.9125", "CHF": "4.5561"}
CENT = Decimal("0.01")
USUAL_ROWS = (0, 1, 2, 5, 8, 12, 12, 15, 17, 20, 22, 24, 26, 28, 30, 33, 36, 40, 55, 105)
FREQUENCY = {Kind.CARD: 14, Kind.SENT: 6, Kind.RECEIVED: 3, Kind.BLIK_WEB: 4, Kind.BLIK_SHOP: 3}


@dataclass(frozen=True)
class Bank:
    """What of a bank the story depends on. `first`, `last`: months of its documents, (year, month)."""

    prefix: str
    kinds: tuple[Kind, ...]
    account_names: tuple[str, ...]
    first: tuple[int, int] = (2024, 1)
    last: tuple[int, int] = (2026, 9)
    days: int | None = None
    sole_traders: bool = True


def write(bank: Bank, rng: Random, rows: int | None, difficulty: Difficulty) -> Story:
    """Tell a story of `rows` booked movements and the pending ones that `difficulty` asks for."""
    start, end = _period(bank, rng)
    shouts = rng.random() < 0.5
    account = account_number(bank.prefix, rng.randrange(10**8))
    opening = Decimal(rng.randrange(80_000, 900_000)) / 100
    count = rng.choice(USUAL_ROWS) if rows is None else rows
    makers = _Entries(bank, rng, difficulty, account, start)
    days = _booking_days(rng, start, end, count)
    entries = []
    balance = opening
    for place, day in enumerate(days):
        is_last = place == count - 1
        entry = makers.booked(day, balance, first=place == 0)
        if is_last and balance + entry.amount == opening:
            entry = replace(entry, amount=entry.amount + CENT)
        balance += entry.amount
        entries.append(replace(entry, balance=balance))
    entries += [makers.pending(end) for _ in range(difficulty.pending)]
    owners = _owners(bank, rng)
    return Story(
        owners=tuple(owner.shouted() for owner in owners) if shouts else owners,
        account=account,
        account_name=rng.choice(bank.account_names),
        currency="PLN",
        start=start,
        end=end,
        issued_on=_next_working_day(end + timedelta(days=1)) if bank.days is None else end,
        number=start.month,
        opening=opening,
        entries=tuple(entries),
        difficulty=difficulty,
    )


def _period(bank: Bank, rng: Random) -> tuple[date, date]:
    low, high = (year * 12 + month - 1 for year, month in (bank.first, bank.last))
    year, month = divmod(rng.randrange(low, high + 1), 12)
    if bank.days is None:
        return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])
    end = date(year, month + 1, rng.randrange(1, 28))
    return end - timedelta(days=bank.days - 1), end


def _owners(bank: Bank, rng: Random) -> tuple[Party, ...]:
    address = _address(rng)
    if bank.sole_traders and rng.random() < 0.2:
        return (Party(rng.choice(people.TRADES).format(name=_person(rng)), address),)
    count = 2 if rng.random() < 0.15 else 1
    names: list[str] = []
    while len(names) < count:
        name = _person(rng)
        names += [name] if name not in names else []
    return tuple(Party(name, address) for name in names)


def _person(rng: Random) -> str:
    if rng.random() < 0.5:
        return f"{rng.choice(people.FEMALE)} {rng.choice(people.FEMALE_SURNAMES)}"
    return f"{rng.choice(people.MALE)} {rng.choice(people.MALE_SURNAMES)}"


def _address(rng: Random) -> tuple[str, str]:
    code, town = rng.choice(people.TOWNS)
    flat = f"/{rng.randrange(1, 90)}" if rng.random() < 0.6 else ""
    return f"{rng.choice(people.STREETS)} {rng.randrange(1, 140)}{flat}", f"{code} {town}"


def _is_working_day(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in {
        (1, 1),
        (1, 6),
        (5, 1),
        (5, 3),
        (8, 15),
        (11, 1),
        (11, 11),
        (12, 24),
        (12, 25),
        (12, 26),
    }


def _next_working_day(day: date) -> date:
    while not _is_working_day(day):
        day += timedelta(days=1)
    return day


def _booking_days(rng: Random, start: date, end: date, count: int) -> Sequence[date]:
    days = (start + timedelta(days=after) for after in range((end - start).days + 1))
    working = [day for day in days if _is_working_day(day)]
    if count < 2:
        return [rng.choice(working) for _ in range(count)]
    # The first and the last lie apart, so that the direction of the document can be seen.
    return [working[0], *sorted(rng.choices(working[1:], k=count - 2)), working[-1]]


class _Entries:
    """Makes one entry after another. Serial numbers rise, as those of a bank do."""

    def __init__(
        self, bank: Bank, rng: Random, difficulty: Difficulty, own_account: str, start: date
    ) -> None:
        self.rng = rng
        self.difficulty = difficulty
        self.bank = bank
        self.own_account = own_account
        self.start = start
        self.serial = rng.randrange(10_000, 90_000)
        self.kinds = bank.kinds
        self.weights = [FREQUENCY.get(kind, 1) for kind in bank.kinds]
        self.card = (rng.choice(("4246", "5375", "5162", "4251")), digits(rng, 4))
        self.known = [self._other_person() for _ in range(4)]

    def booked(self, day: date, balance: Decimal, *, first: bool) -> Entry:
        """Make an entry booked on `day`; its balance is still to be set."""
        kind = self.rng.choices(self.kinds, self.weights)[0]
        late = self.rng.randrange(1, 4) if kind in BY_CARD and not first else 0
        # Only a card's day comes before its booking; never before the time that the document is about.
        entry = self._entry(kind, max(self.start, day - timedelta(days=late)), balance)
        return replace(entry, booked_on=day)

    def pending(self, end: date) -> Entry:
        """Make a card payment of the last day that is not booked yet."""
        kind = Kind.CARD if Kind.CARD in self.kinds else self.kinds[0]
        return self._entry(kind, end, Decimal(500))

    def _entry(self, kind: Kind, transaction_on: date, balance: Decimal) -> Entry:
        self.serial += self.rng.randrange(1, 900)
        entry = Entry(
            kind=kind,
            transaction_on=transaction_on,
            booked_on=None,
            amount=self._amount(kind, balance),
            balance=None,
            serial=self.serial,
        )
        if kind in AT_A_SHOP:
            return self._at_a_shop(entry)
        if kind in OF_THE_BANK or kind is Kind.CASH_IN:
            return replace(entry, title=self._title(entry), card=self._card(kind))
        return self._transfer(entry)

    def _amount(self, kind: Kind, balance: Decimal) -> Decimal:
        rng = self.rng
        if kind in CREDITS:
            high = {Kind.RECEIVED: 1_250_000, Kind.INTEREST: 900, Kind.CARD_REFUND: 20_000}.get(kind, 260_000)
            return Decimal(rng.randrange(1, high)) / 100
        if kind in OF_THE_BANK and kind is not Kind.LOAN:
            return -Decimal(rng.choice((100, 299, 500, 700, 1200, 2900))) / 100
        if rng.random() < 0.06:
            striking = [
                cents for cents in (1, 10, 99_999, 100_000, 123_456, 1_000_000) if cents < balance * 80
            ]
            return -Decimal(rng.choice(striking or [1])) / 100
        most = int(max(balance, Decimal(120)) * 40)
        return -Decimal(rng.randrange(100, max(most, 4000))) / 100

    def _card(self, kind: Kind) -> tuple[str, str] | None:
        return self.card if kind in BY_CARD or kind is Kind.CARD_FEE else None

    def _at_a_shop(self, entry: Entry) -> Entry:
        rng = self.rng
        if self.difficulty.foreign and entry.kind in (Kind.CARD, Kind.CARD_REFUND) and rng.random() < 0.5:
            name, city, currency = rng.choice(people.FOREIGN_SHOPS)
            rate = Decimal(RATES[currency]) + Decimal(rng.randrange(-300, 300)) / 10_000
            original = (entry.amount / rate).quantize(CENT) or CENT.copy_sign(entry.amount)
            amount = (original * rate).quantize(CENT) or CENT.copy_sign(entry.amount)
            foreign = Foreign(original, currency, rate)
            return replace(
                entry, party=Party(name), city=city, amount=amount, foreign=foreign, card=self.card
            )
        city: str | None = rng.choice(people.TOWNS)[1].upper()
        name = rng.choice(people.SHOPS)
        if entry.kind in (Kind.BLIK_WEB, Kind.BLIK_REFUND):
            name, city = rng.choice(people.WEB_SHOPS), None
        elif entry.kind in (Kind.CASH_OUT, Kind.CASH_OUT_BLIK):
            name = f"BANKOMAT {digits(rng, 5)}"
        elif self.difficulty.wraps and rng.random() < 0.3:
            name = rng.choice(people.LONG_SHOPS)
        return replace(entry, party=Party(name), city=city, card=self._card(entry.kind))

    def _transfer(self, entry: Entry) -> Entry:
        kind, rng = entry.kind, self.rng
        if kind in (Kind.OWN_IN, Kind.OWN_OUT):
            other = account_number(self.bank.prefix, int(self.own_account[10:]) % 10**8 + 7)
            return replace(entry, party=Party("Konto oszczędnościowe", (), other), title="Przelew własny")
        if kind is Kind.TAX:
            office = Party("Urząd Skarbowy w Próbowicach", (), account_number(TAX_OFFICE_BANK, 7_000_000))
            title = f"/TI/N0000000000/OKR/{entry.transaction_on:%y}M{entry.transaction_on:%m}/SFP/PIT5"
            return replace(entry, party=office, title=title)
        party = self._counterparty(kind)
        title = self._title(entry)
        if self.difficulty.missing and rng.random() < 0.3:
            title = None
        return replace(entry, party=party, title=title)

    def _counterparty(self, kind: Kind) -> Party:
        rng = self.rng
        if kind in (Kind.SENT_ABROAD, Kind.RECEIVED_FROM_ABROAD):
            name, city, _ = rng.choice(people.FOREIGN_SHOPS)
            return Party(name, (city,), foreign_iban("DE", rng.randrange(10**8), length=18))
        if kind in (Kind.SENT_INSIDE, Kind.RECEIVED_INSIDE):
            number = account_number(self.bank.prefix, rng.randrange(10**8))
            return Party(_person(rng), _address(rng), number)
        if kind in (Kind.BLIK_SENT, Kind.BLIK_RECEIVED):
            return replace(rng.choice(self.known), address=())
        if self.difficulty.wraps and rng.random() < 0.4:
            return self._firm(rng.choice(people.LONG_FIRMS))
        if kind is Kind.RECEIVED and rng.random() < 0.5:
            return self._firm(rng.choice(people.EMPLOYERS))
        if rng.random() < 0.4:
            return self._firm(rng.choice(people.FIRMS))
        party = rng.choice(self.known)
        return replace(party, address=()) if self.difficulty.missing and rng.random() < 0.3 else party

    def _firm(self, name: str) -> Party:
        # A firm keeps its account: the number follows from the name.
        number = sum(place * ord(letter) for place, letter in enumerate(name, 1)) % 10**8
        bank = OTHER_BANKS[number % len(OTHER_BANKS)]
        return Party(name, _address(Random(name)), account_number(bank, number))

    def _other_person(self) -> Party:
        rng = self.rng
        return Party(
            _person(rng), _address(rng), account_number(rng.choice(OTHER_BANKS), rng.randrange(10**8))
        )

    def _title(self, entry: Entry) -> str:
        own = {
            Kind.CARD_FEE: "Opłata miesięczna za kartę",
            Kind.ACCOUNT_FEE: "Opłata za prowadzenie rachunku",
            Kind.COMMISSION: "Prowizja za przelew",
            Kind.INTEREST: "Kapitalizacja odsetek",
            Kind.LOAN: "Spłata raty kredytu",
            Kind.CASH_IN: "Wpłata gotówki",
        }.get(entry.kind)
        if own:
            return own
        rng = self.rng
        titles = people.TITLES
        if self.difficulty.wraps and rng.random() < 0.4:
            titles = people.LONG_TITLES
        elif self.difficulty.traps and rng.random() < 0.5:
            titles = people.TRAP_TITLES
        return rng.choice(titles).format(
            month=people.MONTHS[entry.transaction_on.month - 1],
            month_number=f"{entry.transaction_on:%m}",
            year=entry.transaction_on.year,
            number=digits(rng, 6),
            small=rng.randrange(2, 34),
            iso=entry.transaction_on.isoformat(),
            dotted=f"{entry.transaction_on:%d.%m.%Y}",
        )
