"""Owners of the practice bank, read through its API and labelled: what a person read is what comes out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.connectors.walking import practice_bank
from tests.labels.stories.telling import CLOCK, EVERY, TARGETS, golden, imported, told

TELLS = {
    "wage-earner": {
        "regular wage",
        "mortgage",
        "child benefit",
        "housing fee",
        "telecom",
        "grocery",
        "savings",
    },
    "sole-trader": {"freelance income", "business income", "zus", "vat", "leasing", "fuel"},
    "gambler": {"gambling", "payday loan payout", "payday loan repayment", "late payment", "loan payout"},
    "over-indebted": {"bailiff", "debt collection", "payday loan payout", "failed payment", "late payment"},
    "pensioner": {"pension", "healthcare", "cash withdrawal", "interest income", "savings"},
    "student": {"scholarship", "person transfer", "public transport", "games", "nightlife"},
}
"""Labels without which a story would not be told; a country may lack some of its institutions."""
ABSENT = {
    ("cz", "wage-earner"): {"child benefit"},
    ("es", "wage-earner"): {"child benefit"},
}


@pytest.fixture(scope="module")
def bank_url() -> Iterator[str]:
    with practice_bank(*CLOCK) as url:
        yield url


@pytest.mark.parametrize(("country", "story"), EVERY)
async def test_a_story_is_labelled_as_a_person_read_it(bank_url: str, country: str, story: str) -> None:
    assert told(await imported(bank_url, country, story)) == golden(country, story).read_text("utf-8")


@pytest.mark.parametrize("country", TARGETS)
def test_the_stories_show_in_their_labels(country: str) -> None:
    for story, labels in TELLS.items():
        told_lines = golden(country, story).read_text("utf-8").splitlines()[1::2]
        seen = {label for line in told_lines for label in line.strip().partition("  [")[0].split(", ")}
        assert labels - ABSENT.get((country, story), set()) <= seen, (story, labels - seen)
