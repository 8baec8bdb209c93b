"""How an owner lives: the roles of money transactions and the days of a cycle they fall on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from random import Random

from kontobank.countries import Country, Phrase
from kontobank.ledger import Entry, Hold

CYCLE_DAYS = 182
_CREDITS = frozenset({"salary", "bonus", "benefit", "gift", "deposit", "sale"})
_MONTHS = (0, 30, 61, 91, 121, 152)


def monthly(first: int, months: Iterable[int] = range(6)) -> tuple[int, ...]:
    """Return a day of each month of a cycle, the first one given."""
    return tuple(first + _MONTHS[month] for month in months)


PRIVATE: dict[str, tuple[int, ...]] = {
    "salary": monthly(9, (0, 1, 2, 3, 4)),
    "bonus": (161,),
    "rent": monthly(11),
    "benefit": monthly(19),
    "phone": monthly(15),
    "energy": monthly(21, (0, 2, 4)),
    "gas": monthly(23, (1, 3, 5)),
    "insurance": (77,),
    "gift": (101,),
    "refund": (5,),
    "split": (50,),
    "savings": (163,),
    "verification": (33,),
    "delivery": (88,),
    "shop": (7, 36, 66, 97, 129, 158),
    "grocery": (2, 13, 27, 43, 57, 70, 84, 95, 110, 123, 137, 148, 166, 180),
    "fuel": (17, 62, 107, 154),
    "restaurant": (28, 74, 118, 171),
    "pharmacy": (46, 134),
    "ticket": (144,),
    "deposit": (112,),
    "atm": (54, 177),
    "streaming": (81,),
}
"""Days of a private owner's cycle: 72 money transactions, the recorded shape of login `test`."""

COMPANY: dict[str, tuple[int, ...]] = {
    "sale": tuple(range(3, 180, 7)),
    "supplier": tuple(range(5, 180, 11)),
    "payroll": monthly(9),
    "social": monthly(14),
    "tax": (24, 115),
    "fee": monthly(1),
    "fuel": tuple(range(8, 180, 17)),
    "savings": (170,),
}

_WITHOUT_KIND = 7


def seeded(words: str) -> Random:
    """Return dice that fall the same way for the same words."""
    return Random(words)  # noqa: S311  # invented people, nothing secret


def private_cycle(rng: Random, country: Country, *, is_model: bool) -> tuple[Entry, ...]:
    """Return the cycle of a private owner; the model owner has the recorded amounts."""
    raise_percent = 100 if is_model else rng.randrange(105, 240)
    entries = [
        _entry(rng, country, role, phrase, day, percent=raise_percent if role == "salary" else 100)
        for role, days in PRIVATE.items()
        for phrase, day in _told(rng, country, role, days)
    ]
    unnamed = sorted((e for e in entries if e.mcc == "5411"), key=lambda e: e.day)[:_WITHOUT_KIND]
    marked = [replace(e, kind=None) if any(e is other for other in unnamed) else e for e in entries]
    if len(unnamed) < _WITHOUT_KIND:
        raise ValueError("A private cycle needs seven purchases of groceries.")
    return balanced(marked)


def company_cycle(rng: Random, country: Country) -> tuple[Entry, ...]:
    """Return the cycle of a company."""
    return balanced(
        _entry(rng, country, role, phrase, day)
        for role, days in COMPANY.items()
        for phrase, day in _told(rng, country, role, days)
    )


def savings_cycle(rng: Random, country: Country) -> tuple[Entry, ...]:
    """Return the cycle of an account that is only saved on and emptied again."""
    own = country.phrases["savings"][0]
    cents = rng.randrange(30, 90) * 1000
    deposits = [Entry(day, cents, own.title, kind=own.kind) for day in monthly(10)]
    return balanced([*deposits, Entry(175, 0, own.title, kind=own.kind)])


def purchases_cycle(
    rng: Random, country: Country, days: int, per_day: float, *, held: bool
) -> tuple[Entry, ...]:
    """Return `days * per_day` card purchases and credits; held purchases are pending on their first day.

    Held ones come in turns: only the id changes at booking, or the amount, or the payee. They are
    evenly many on each day, and the credits come on top of them.
    """
    count = round(days * per_day)
    own = country.phrases["savings"][0]
    entries = [Entry(days - 1, 0, own.title, kind=own.kind)]
    for number in range(count if held else count - 1):
        is_credit = not held and number % 50 == 49
        role = "salary" if is_credit else rng.choice(("grocery", "fuel", "restaurant", "shop"))
        entry = _entry(rng, country, role, rng.choice(country.phrases[role]), number * days // count)
        entries.append(replace(entry, hold=_hold(entry, number)) if held else entry)
    if held:
        salary = country.phrases["salary"][0]
        entries += [_entry(rng, country, "salary", salary, day) for day in monthly(9)]
    return balanced(entries)


def card_cycle(rng: Random, country: Country) -> tuple[Entry, ...]:
    """Return the cycle of a credit card: purchases, and a payment every month."""
    roles = ("grocery", "fuel", "restaurant", "shop", "pharmacy", "streaming")
    entries = []
    for day in range(1, CYCLE_DAYS, 4):
        role = rng.choice(roles)
        entries.append(_entry(rng, country, role, rng.choice(country.phrases[role]), day))
    payment = -sum(entry.cents for entry in entries) // 6
    own = country.phrases["card payment"][0]
    entries += [Entry(day, payment, own.title, kind=own.kind) for day in monthly(26, range(5))]
    return balanced([*entries, Entry(178, 0, own.title, kind=own.kind)])


def balanced(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return the entries by day; the last one without an amount gets what makes the cycle add up to zero."""
    ordered = sorted(entries, key=lambda entry: entry.day)
    rest = -sum(entry.cents for entry in ordered)
    slot = max((i for i, entry in enumerate(ordered) if entry.cents == 0), default=len(ordered) - 1)
    ordered[slot] = replace(ordered[slot], cents=ordered[slot].cents + rest)
    return tuple(ordered)


def _told(rng: Random, country: Country, role: str, days: tuple[int, ...]) -> Iterable[tuple[Phrase, int]]:
    """Pair the days with phrases: repeated obligations keep theirs, shops take turns."""
    choices = country.phrases[role]
    if role in ("shop", "grocery", "fuel", "restaurant", "sale", "supplier"):
        start = rng.randrange(len(choices))
        pairs = [(choices[(start + turn) % len(choices)], day) for turn, day in enumerate(days)]
        return pairs if role != "grocery" else _supermarkets_first(choices, pairs)
    phrase = rng.choice(choices)
    if role == "rent":
        cents = rng.randint(phrase.low, phrase.high)
        phrase = replace(phrase, low=cents, high=cents)
    return [(phrase, day) for day in days]


def _supermarkets_first(
    choices: tuple[Phrase, ...], pairs: list[tuple[Phrase, int]]
) -> list[tuple[Phrase, int]]:
    supermarket = next(phrase for phrase in choices if phrase.mcc == "5411")
    return [(supermarket if turn % 2 == 0 else phrase, day) for turn, (phrase, day) in enumerate(pairs)]


def _entry(
    rng: Random, country: Country, role: str, phrase: Phrase, day: int, *, percent: int = 100
) -> Entry:
    cents = rng.randint(phrase.low, phrase.high) * percent // 100
    has_iban = phrase.has_iban and (phrase.party is not None or role in ("verification", "savings"))
    party = phrase.party or (_own_name(role))
    number = rng.randrange(1000, 9999)
    return Entry(
        day=day,
        cents=cents if role in _CREDITS else -cents,
        title=phrase.title.replace("{n}", str(number)),
        party=party,
        party_iban=party_iban(country, phrase.party or role) if has_iban and phrase.mcc is None else None,
        kind=phrase.kind,
        mcc=phrase.mcc,
        symbols=_symbols(rng, phrase) if country.symbols and has_iban and phrase.mcc is None else (),
    )


def _own_name(role: str) -> str | None:
    return "Rachunek własny" if role == "savings" else None


def _symbols(rng: Random, phrase: Phrase) -> tuple[tuple[str, str], ...]:
    variable = str(seeded(phrase.title).randrange(10**9, 10**10))
    if phrase.kind == "Trvalý příkaz":
        return (("VS", variable),)
    return (("VS", variable), ("KS", "0308"), ("SS", str(rng.randrange(1000, 9999))))


@cache
def party_iban(country: Country, name: str) -> str:
    """Return the account number of a payer or payee: the same one for everybody."""
    rng = seeded(f"party/{country.code}/{name}")
    return country.make_iban(rng, rng.choice(country.other_banks))


def _hold(entry: Entry, number: int) -> Hold:
    by_turn: tuple[Callable[[], Hold], ...] = (
        lambda: Hold(entry.cents, entry.party, entry.title),
        lambda: Hold(-abs(round(entry.cents, -3)) - 5000, entry.party, entry.title),
        lambda: Hold(entry.cents, "SUMUP LTD", entry.title),
    )
    return by_turn[number % 3]()
