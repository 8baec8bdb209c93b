"""The ledgers: pure data from a seed, and what the recorded import says about login `test`."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from schwifty import IBAN

from kontobank.books import Books
from kontobank.countries import COUNTRIES
from kontobank.households import household
from kontobank.ledger import Household, Item
from kontobank.scenarios import listed, parse_login

TODAY = date(2026, 3, 18)


def home(name: str, country: str = "pl", seed: int = 1) -> Household:
    login = parse_login(name)
    assert login is not None
    return household(seed, COUNTRIES[country], login)


def booked(name: str, day: date = TODAY, country: str = "pl") -> list[Item]:
    return home(name, country).accounts[0].stream.booked(day)


@pytest.mark.parametrize("day", [TODAY, date(2026, 1, 31), date(2027, 8, 1), date(2020, 2, 29)])
def test_login_test_has_the_recorded_shape_on_every_day(day: date) -> None:
    items = booked("test", day)

    assert len(items) == 72
    assert len([item for item in items if item.entry.kind]) == 65
    assert len([item for item in items if item.party]) == 42
    assert len([item for item in items if item.entry.party_iban]) == 36
    assert all(item.booked_on == item.value_on + timedelta(days=1) for item in items)
    assert day - timedelta(days=6) <= items[0].value_on < day
    assert day - timedelta(days=182) <= items[-1].value_on < day - timedelta(days=176)


def test_login_test_has_two_owners_and_no_card() -> None:
    found = home("test")

    assert len(found.owners) == 2
    assert found.owners[0].address
    assert found.accounts[0].direct_debit
    assert found.cards == ()


def test_login_test_has_the_money_transactions_of_the_specification() -> None:
    found = Counter((item.title, item.cents, bool(item.party)) for item in booked("test"))

    assert found["Wynagrodzenie za pracę", 280000, True] == 5
    assert found["WPLATA", 35000, False] == 1
    assert found["BILETOMAT BILET ZTM", -240, False] == 1
    assert found["Zwrot za Sylwestra", -2000, True] == 1
    assert found["Przelew weryfikacyjny Oplata weryfikacyjna", -1, False] == 1
    assert any("PIZZAPORTAL" in title and cents == -3850 for title, cents, _ in found)
    salaries = {item.party for item in booked("test") if item.title.startswith("Wynagrodzenie")}
    assert len(salaries) == 1


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(
    "login", ["test", "test1", "many", "large", "history", "pending", "company", "quirk-16"]
)
def test_balances_form_a_chain_that_ends_in_the_balance_of_the_account(login: str, country: str) -> None:
    found = home(login, country)

    for place in found.places():
        items = place.stream.booked(TODAY)
        balances = [item.balance_cents or 0 for item in items]
        assert balances[0] == place.stream.balance_cents(TODAY)
        assert all(
            after - item.cents == before
            for item, after, before in zip(items, balances, balances[1:], strict=False)
        )
    assert all(
        item.balance_cents and item.balance_cents > 0 for item in found.accounts[0].stream.booked(TODAY)
    )


@pytest.mark.parametrize("country", COUNTRIES)
def test_account_numbers_have_right_check_digits(country: str) -> None:
    found = home("many", country)
    numbers = [account.number for account in found.accounts]
    numbers += [item.entry.party_iban for item in booked("many", TODAY, country) if item.entry.party_iban]

    for number in numbers:
        assert IBAN(number, validate_bban=True).country_code == country.upper()


def test_bank_25_has_wrong_check_digits() -> None:
    assert not IBAN(home("quirk-25").accounts[0].number, allow_invalid=True).is_valid


def test_the_same_seed_on_the_same_day_gives_the_same_bytes() -> None:
    login = parse_login("many.4")
    assert login is not None
    listings = []
    for seed in (7, 7, 8):
        books, country = Books(seed), COUNTRIES["es"]
        accounts = books.household(country, login).accounts
        listings.append([books.listing(country, login, account, TODAY).booked for account in accounts])

    assert listings[0] == listings[1]
    assert listings[0] != listings[2]


def test_another_number_is_somebody_else() -> None:
    first, second = home("many"), home("many.2")

    assert first.owners != second.owners
    assert not {a.number for a in first.accounts} & {a.number for a in second.accounts}


def test_a_money_transaction_keeps_day_id_and_balance_when_the_clock_moves() -> None:
    today, tomorrow = (
        {item.id: item for item in booked("pending", day)} for day in (TODAY, TODAY + timedelta(3))
    )

    kept = today.keys() & tomorrow.keys()
    assert len(kept) > 500
    assert all(today[key] == tomorrow[key] for key in kept)


def test_pending_items_are_booked_a_day_later_under_a_new_id() -> None:
    stream = home("pending").accounts[0].stream
    pending, later = stream.pending(TODAY), stream.booked(TODAY + timedelta(days=1))
    newly = [item for item in later if item.value_on == TODAY and item.entry.hold]

    assert len(pending) == len(newly) == 3
    assert not {item.id for item in pending} & {item.id for item in later}
    assert sum(a.cents != b.cents for a, b in zip(pending, newly, strict=True)) == 1
    assert sum(a.party != b.party for a, b in zip(pending, newly, strict=True)) == 1


def test_czech_money_transactions_carry_symbols() -> None:
    symbols = [dict(item.entry.symbols) for item in booked("test", TODAY, "cz")]

    assert {"VS"} in [set(one) for one in symbols]
    assert {"VS", "KS", "SS"} in [set(one) for one in symbols]


@pytest.mark.parametrize(
    ("login", "accounts", "cards", "money_transactions"),
    [
        ("test1", 1, 1, 72),
        ("many", 5, 2, 72),
        ("large", 1, 0, 5000),
        ("empty", 0, 0, 0),
        ("single", 1, 0, 72),
    ],
)
def test_a_scenario_has_what_its_description_says(
    login: str, accounts: int, cards: int, money_transactions: int
) -> None:
    found = home(login)

    assert (len(found.accounts), len(found.cards)) == (accounts, cards)
    assert (len(found.accounts[0].stream.booked(TODAY)) if accounts else 0) == money_transactions
    assert all(card.stream.balance_cents(TODAY) < 0 for card in found.cards)


def test_history_reaches_back_twenty_months() -> None:
    assert booked("history")[-1].value_on < TODAY - timedelta(days=600)


def test_every_listed_login_exists() -> None:
    for scenario in listed():
        assert parse_login(scenario.name.replace("<seconds>", "0.25")) is not None, scenario.name


@pytest.mark.parametrize(
    "name", ["", "nobody", "test.x", "fail-Nothing", "quirk-26", "slow-", "slow-9999", "many.-1"]
)
def test_other_logins_do_not_exist(name: str) -> None:
    assert parse_login(name) is None
