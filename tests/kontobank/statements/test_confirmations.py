"""Confirmations: one money transaction a page, booked or not, with both sides named."""

from __future__ import annotations

import re

import pytest
from tests.kontobank.statements.conftest import NOW
from tests.kontobank.statements.documents import cents, fact, pages

from kontobank.books import Books
from kontobank.countries import COUNTRIES
from kontobank.ledger import Item
from kontobank.scenarios import Login, parse_login
from kontobank.statements.desk import Desk
from kontobank.statements.facts import reference
from kontobank.statements.periods import NotIssued


def login_of(name: str) -> Login:
    login = parse_login(name)
    assert login is not None
    return login


def confirmed(desk: Desk, name: str, *numbers: str, is_unbooked: bool = False) -> list[list[str]]:
    account = desk.account(login_of(name))
    return pages(desk.confirmations(login_of(name), account, numbers, is_unbooked=is_unbooked).pdf)


def shown(books: Books, desk: Desk, name: str) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    listing = books.listing(COUNTRIES["pl"], login_of(name), desk.account(login_of(name)), NOW.date())
    return listing.booked_items, listing.pending_items


def test_a_confirmation_tells_what_the_ledger_knows(desk: Desk, books: Books) -> None:
    account = desk.account(login_of("test1"))
    own = ", ".join(person.name for person in account.owners)
    items, _ = shown(books, desk, "test1")
    found = confirmed(desk, "test1", *(str(place) for place in range(1, 51)))

    assert len(found) == 50
    for lines, item in zip(found, items, strict=False):
        side, other = ("nadawcy", "odbiorcy") if item.cents <= 0 else ("odbiorcy", "nadawcy")
        named, unnamed = ("Nadawca:", "Odbiorca:") if item.cents <= 0 else ("Odbiorca:", "Nadawca:")
        assert fact(lines, "Status:") == "zaksięgowana"
        assert fact(lines, "Data operacji:") == str(item.value_on)
        assert fact(lines, "Data księgowania:") == str(item.booked_on)
        assert cents((fact(lines, "Kwota:") or "").removesuffix(" PLN")) == item.cents
        assert fact(lines, "Rodzaj operacji:") == item.entry.kind
        assert fact(lines, "Tytuł:") == item.title
        assert fact(lines, named) == own
        assert fact(lines, unnamed) == item.party
        assert (fact(lines, f"Rachunek {side}:") or "").replace(" ", "") == account.number
        assert (fact(lines, f"Rachunek {other}:") or "").replace(" ", "") == (item.entry.party_iban or "")
        assert fact(lines, "Numer referencyjny:") == reference(item)
        assert fact(lines, "Data wystawienia:") == "2026-10-18"


def test_what_is_not_booked_is_confirmed_as_such(desk: Desk, books: Books) -> None:
    _, pending = shown(books, desk, "pending")
    found = confirmed(desk, "pending", "1", "2", "3", is_unbooked=True)

    for lines, item in zip(found, pending, strict=True):
        assert fact(lines, "Status:") == "niezaksięgowana"
        assert fact(lines, "Data księgowania:") is None
        assert cents((fact(lines, "Kwota:") or "").removesuffix(" PLN")) == item.cents


def test_a_reference_finds_its_money_transaction_again_and_is_the_only_one_of_its_kind(
    desk: Desk, books: Books
) -> None:
    booked, pending = shown(books, desk, "large")
    references = [reference(item) for item in (*booked, *pending)]

    assert len(set(references)) == len(references) == 5000
    assert all(re.fullmatch(r"KB\d{16}", one) for one in references)
    for number in (references[40], booked[40].id):
        assert fact(confirmed(desk, "large", number)[0], "Numer referencyjny:") == references[40]


def test_pages_of_several_confirmations_are_counted(desk: Desk) -> None:
    found = confirmed(desk, "test1", "3", "1")
    assert [f"Strona {page} z 2" in lines for page, lines in enumerate(found, start=1)] == [True, True]
    assert all("Potwierdzenie wykonania operacji" in lines for lines in found)


@pytest.mark.parametrize("numbers", [["0"], ["73"], ["1", "x"], ["KB0000000000000000"], ["-1"], [""]])
def test_a_money_transaction_that_is_not_there_is_refused(desk: Desk, numbers: list[str]) -> None:
    with pytest.raises(NotIssued, match="There is no money transaction"):
        confirmed(desk, "test1", *numbers)


def test_at_least_one_and_at_most_fifty_are_confirmed_at_once(desk: Desk) -> None:
    for numbers in ([], ["1"] * 51):
        with pytest.raises(NotIssued, match="1 to 50"):
            confirmed(desk, "test1", *numbers)


def test_nothing_unbooked_is_confirmed_as_booked(desk: Desk, books: Books) -> None:
    _, pending = shown(books, desk, "pending")
    with pytest.raises(NotIssued):
        confirmed(desk, "pending", reference(pending[0]))
