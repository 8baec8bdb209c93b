"""Who lives behind a login: owners, accounts and cards, made from the seed and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from kontobank import cycles
from kontobank.account_numbers import broken_iban, masked_card
from kontobank.countries import Country
from kontobank.ledger import Account, Card, Entry, Household, Person, Stream
from kontobank.scenarios import Login, Scenario
from kontobank.stories import story_cycle

_LARGE_DAYS, _LARGE_PER_DAY = 80, 62.5


def household(seed: int, country: Country, login: Login) -> Household:
    """Make the household of a login: the same for the same seed, country and login."""
    rng = cycles.seeded(f"{seed}/{country.code}/{login.scenario.name}/{login.scenario.quirk}/{login.variant}")
    scenario = login.scenario
    owners = _company(rng, country) if scenario.is_company else _people(rng, country, scenario.owners)
    accounts = tuple(_account(rng, country, login, owners, index) for index in range(scenario.accounts))
    cards = tuple(_card(rng, country, owners, accounts, index) for index in range(scenario.cards))
    if scenario.quirk == 16:
        accounts += (_space(rng, country, owners, "enabled"), _space(rng, country, owners, "deleted"))
    return Household(owners, accounts, cards)


def _people(rng: Random, country: Country, count: int) -> tuple[Person, ...]:
    surname, address = rng.choice(country.last_names), _address(rng, country)
    men_first = rng.random() < 0.5
    people = []
    for index in range(count):
        gender = (index + men_first) % 2
        first_name = rng.choice(country.first_names[gender])
        people.append(Person(f"{first_name} {surname[gender]}", address))
    return tuple(people)


def _company(rng: Random, country: Country) -> tuple[Person, ...]:
    return (Person(rng.choice(country.companies), _address(rng, country), is_company=True),)


def _address(rng: Random, country: Country) -> str:
    return country.address.format(
        street=rng.choice(country.streets),
        house=rng.randrange(1, 120),
        flat=rng.randrange(1, 40),
        town=rng.choice(country.towns),
    )


def _account(rng: Random, country: Country, login: Login, owners: tuple[Person, ...], index: int) -> Account:
    scenario = login.scenario
    iban = country.make_iban(rng, country.bank)
    days, entries = _life(rng, country, login, index)
    is_savings = index == 1
    return Account(
        number=broken_iban(iban) if scenario.quirk == 25 else iban if scenario.has_iban else iban[4:],
        has_iban=scenario.has_iban,
        name=country.account_names[index % len(country.account_names)],
        display_name=country.display_names[index % len(country.display_names)],
        product="Business"
        if scenario.is_company
        else country.account_names[index % len(country.account_names)],
        type_code="SVGS" if is_savings else "CACC",
        currency=country.currency,
        owners=owners if index < 2 else owners[:1],
        opened_on=date(2012, 1, 2) + timedelta(days=rng.randrange(2500)),
        direct_debit=not is_savings,
        stream=_stream(iban, days, entries, scenario.window_days, floor=_floor(rng, country, scenario)),
    )


def _floor(rng: Random, country: Country, scenario: Scenario) -> int:
    """Return the lowest balance of an account, in cents."""
    return -country.credit_limit // 20 if scenario.is_overdrawn else rng.randrange(90_000, 400_000)


def _life(rng: Random, country: Country, login: Login, index: int) -> tuple[int, tuple[Entry, ...]]:
    """Return the length and the entries of an account's cycle. Only the first account is lived from."""
    life = login.scenario.life
    if login.scenario.is_company:
        return cycles.CYCLE_DAYS, cycles.company_cycle(rng, country)
    if life == "story" and index == 0:
        return cycles.CYCLE_DAYS, story_cycle(rng, country, login.scenario.name)
    if life == "large":
        return _LARGE_DAYS, cycles.purchases_cycle(rng, country, _LARGE_DAYS, _LARGE_PER_DAY, held=False)
    if life == "pending":
        return cycles.CYCLE_DAYS, cycles.purchases_cycle(rng, country, cycles.CYCLE_DAYS, 3, held=True)
    if index == 0:
        is_model = login.scenario.has("test", "test1") and login.variant == 0
        return cycles.CYCLE_DAYS, cycles.private_cycle(rng, country, is_model=is_model)
    if index == 2:
        return cycles.CYCLE_DAYS, cycles.purchases_cycle(rng, country, cycles.CYCLE_DAYS, 1, held=True)
    return cycles.CYCLE_DAYS, cycles.savings_cycle(rng, country)


def _stream(key: str, days: int, entries: tuple[Entry, ...], window_days: int, *, floor: int) -> Stream:
    """Return a stream whose balance never falls below `floor` cents."""
    lowest = cents = 0
    for entry in entries:
        cents += entry.cents
        lowest = min(lowest, cents)
    return Stream(key, days, entries, floor - lowest, window_days)


def _space(rng: Random, country: Country, owners: tuple[Person, ...], status: str) -> Account:
    iban = country.make_iban(rng, country.bank)
    entries = cycles.savings_cycle(rng, country)
    return Account(
        number=iban[4:],
        has_iban=False,
        name="Space",
        display_name="Space",
        product="Space",
        type_code="SVGS",
        currency=country.currency,
        owners=owners[:1],
        opened_on=date(2021, 5, 4),
        direct_debit=False,
        stream=_stream(iban, cycles.CYCLE_DAYS, entries, cycles.CYCLE_DAYS, floor=0),
        status=status,
    )


def _card(
    rng: Random, country: Country, owners: tuple[Person, ...], accounts: tuple[Account, ...], index: int
) -> Card:
    number = masked_card(rng)
    entries = cycles.card_cycle(rng, country)
    highest = cents = 0
    for entry in entries:
        cents += entry.cents
        highest = max(highest, cents)
    debt = rng.randrange(country.credit_limit // 50, country.credit_limit // 20)
    return Card(
        number=number,
        name=country.card_names[index % len(country.card_names)],
        display_name=country.card_names[index % len(country.card_names)],
        currency=country.currency,
        owners=owners[:1],
        limit_cents=country.credit_limit,
        interest=("18.50", "19.90", "16.00")[rng.randrange(3)],
        due_day=rng.randrange(3, 26),
        account_number=accounts[0].number,
        stream=Stream(
            f"{number}/{accounts[0].number}", cycles.CYCLE_DAYS, entries, -highest - debt, cycles.CYCLE_DAYS
        ),
    )
