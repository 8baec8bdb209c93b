"""Stories: owners whose money transactions tell how they live, one CSV file of data for each country."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from random import Random

from kontobank.countries import Country
from kontobank.cycles import CYCLE_DAYS, balanced, monthly, party_iban
from kontobank.ledger import Entry


@dataclass(frozen=True, slots=True)
class Story:
    """A story: what it tells, and whether the account is overdrawn at times."""

    told: str
    is_overdrawn: bool = False


STORIES: dict[str, Story] = {
    "wage-earner": Story("a wage, a mortgage, a child: pays everything in time and saves what is left"),
    "sole-trader": Story("invoices and card takings, contributions, VAT, a leased car"),
    "gambler": Story("a wage that goes to bookmakers; a payday loan, then a bank loan", is_overdrawn=True),
    "over-indebted": Story(
        "payday loans that repay each other, a bailiff on the wage, a returned direct debit",
        is_overdrawn=True,
    ),
    "pensioner": Story("a pension, a housing fee, medicine; what is left is deposited"),
    "student": Story("a scholarship, parents, small jobs, a shared room, evenings out"),
}
"""Each story, by the login that has it."""

REST = "rest"


def story_cycle(rng: Random, country: Country, story: str) -> tuple[Entry, ...]:
    """Return the cycle of a story: amounts within their bounds, and what is left over, in equal parts."""
    lines = _lines(country.code, story)
    entries = [_entry(rng, country, line, day) for line in lines for day in _days(line["days"])]
    open_ones = [entry for entry in entries if not entry.cents]
    part = -sum(entry.cents for entry in entries) // len(open_ones)
    # One of them stays open: it gets the cents that do not divide.
    return balanced(replace(entry, cents=part) if entry in open_ones[:-1] else entry for entry in entries)


@cache
def _lines(country: str, story: str) -> tuple[dict[str, str], ...]:
    text = files("kontobank.stories").joinpath(country, f"{story}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _days(told: str) -> Iterator[int]:
    """Return days of a cycle: `monthly 9`, `every 7 from 3`, or the days themselves: `5 66 128`."""
    match told.split():
        case ["monthly", first]:
            yield from monthly(int(first))
        case ["every", step, "from", first]:
            yield from range(int(first), CYCLE_DAYS, int(step))
        case days:
            yield from map(int, days)


def _entry(rng: Random, country: Country, line: dict[str, str], day: int) -> Entry:
    mcc, party = line["mcc"] or None, line["party"] or None
    return Entry(
        day=day,
        cents=_cents(rng, line["amount"]),
        title=line["title"].replace("{n}", str(rng.randrange(1000, 9999))),
        party=party,
        party_iban=party_iban(country, party) if party is not None and mcc is None else None,
        kind=line["kind"],
        mcc=mcc,
    )


def _cents(rng: Random, told: str) -> int:
    """Return an amount in cents: `-15.00`, one between `-15.00..-40.00`, or 0 for `rest`."""
    if told == REST:
        return 0
    low, high = sorted(round(float(part) * 100) for part in (told.split("..") * 2)[:2])
    return rng.randint(low, high)
