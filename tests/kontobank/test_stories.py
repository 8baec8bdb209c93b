"""The owners whose story shows: in every country, told by rows whose amounts add up to nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kontobank.countries import COUNTRIES, Country
from kontobank.cycles import CYCLE_DAYS
from kontobank.households import household
from kontobank.ledger import Account
from kontobank.scenarios import parse_login
from kontobank.stories import STORIES

TODAY = date(2026, 11, 25)
EVERYWHERE = [(country, story) for country in COUNTRIES.values() for story in STORIES]


def account(country: Country, story: str, variant: int = 0) -> Account:
    login = parse_login(f"{story}.{variant}" if variant else story)
    assert login is not None
    return household(7, country, login).accounts[0]


def named(pair: tuple[Country, str]) -> str:
    return f"{pair[0].code}-{pair[1]}"


@pytest.mark.parametrize("pair", EVERYWHERE, ids=named)
def test_a_story_shows_half_a_year_with_an_amount_in_every_row(pair: tuple[Country, str]) -> None:
    items = account(*pair).stream.booked(TODAY)
    assert 70 <= len(items) <= 200
    assert all(item.cents for item in items)
    assert sum(item.cents for item in items) == 0
    assert items[-1].value_on >= TODAY - timedelta(days=CYCLE_DAYS)


@pytest.mark.parametrize("pair", EVERYWHERE, ids=named)
def test_what_is_left_over_goes_the_way_that_the_story_tells(pair: tuple[Country, str]) -> None:
    country, story = pair
    for variant in range(25):
        entries = account(country, story, variant).stream.entries
        credits = {entry.title for entry in entries if entry.cents > 0}
        debits = {entry.title for entry in entries if entry.cents < 0}
        # A title on both sides: a saver who takes from the deposit, a loan that is paid out by the borrower.
        assert not credits & debits, (variant, credits & debits)


@pytest.mark.parametrize("country", COUNTRIES.values(), ids=lambda country: country.code)
def test_only_overdrawn_stories_fall_below_zero(country: Country) -> None:
    for name, story in STORIES.items():
        lowest = min(item.balance_cents or 0 for item in account(country, name).stream.booked(TODAY))
        assert (lowest < 0) is story.is_overdrawn, name


@pytest.mark.parametrize("country", COUNTRIES.values(), ids=lambda country: country.code)
def test_somebody_else_in_the_same_story_has_other_amounts_and_another_name(country: Country) -> None:
    one, other = account(country, "wage-earner"), account(country, "wage-earner", 3)
    assert one.number != other.number
    assert one.stream.entries != other.stream.entries
