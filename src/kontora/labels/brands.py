"""Brands: names of shops and lenders from lists, as rules that are weaker than those written by hand.

`rulebook/brands.tsv` is made by `python -m tools.brands`, and carries the notices of its sources.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from kontora.labels.rules import FOLDER, Example, Fact, Rule, RulesBroken
from kontora.labels.taxonomy import BY_NAME

BRANDS = FOLDER / "brands.tsv"
WEAKER = -10
PURCHASE = (Fact.CARD, Fact.PROCESSOR, Fact.DIRECT_DEBIT)
PROCESSOR = "payment processor"


class Shown(StrEnum):
    """Where a brand says something: wherever brands do, or only where the words tell of a purchase."""

    ANYWHERE = "anywhere"
    IN_PURCHASES = "purchases"


class Brand(msgspec.Struct, frozen=True):
    """A name, and what money with it is for. `countries`: where it works; `source`: the list it is from."""

    label: str
    countries: tuple[str, ...]
    shown: Shown
    name: str
    source: str


@cache
def brands(file: Path = BRANDS) -> tuple[Brand, ...]:
    """Read all brands.

    Raises: RulesBroken, with the line.
    """
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("#"):
            try:
                label, countries, shown, name, source = line.split("\t")
                found.append(Brand(label, tuple(countries.split(",")), Shown(shown), name, source))
            except ValueError as error:
                raise RulesBroken(f"{file.name}: line {number}: {error}") from error
            if label not in BY_NAME:
                raise RulesBroken(f"{file.name}: line {number}: there is no label {label}")
    return tuple(found)


def brand_rules(country: str, file: Path = BRANDS) -> tuple[Rule, ...]:
    """Return the brands of a country as rules, one for each label and way of being shown.

    Raises: RulesBroken.
    """
    names: defaultdict[tuple[str, Shown], list[str]] = defaultdict(list)
    for brand in brands(file):
        if country in brand.countries:
            names[brand.label, brand.shown].append(brand.name)
    return tuple(_rule(label, shown, tuple(found)) for (label, shown), found in names.items())


def _rule(label: str, shown: Shown, names: tuple[str, ...]) -> Rule:
    is_restricted = shown is Shown.IN_PURCHASES
    # How money went is told beside what it was for; cash from a machine is nobody's purchase.
    is_shop = label != PROCESSOR
    return Rule(
        id=f"brand.{label.replace(' ', '-')}{'.purchases' if is_restricted else ''}",
        phrases=names,
        examples=(Example(party=names[0]),),
        label=label,
        weight=WEAKER,
        vendors=is_shop,
        brand=is_shop,
        when_any=PURCHASE if is_restricted else (),
        when_not=(Fact.CASH,),
    )
