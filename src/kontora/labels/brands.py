"""Brands: names of shops and lenders from lists, as rules that are weaker than those written by hand.

`rulebook/brands.tsv` is made by `python -m tools.brands`, and carries the notices of its sources.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from kontora.labels.normalising import plain
from kontora.labels.rules import FOLDER, Example, Fact, Rule, RulesBroken
from kontora.labels.taxonomy import BY_NAME

BRANDS = FOLDER / "brands.tsv"
WEAKER = -10
SHORTEST_JOINED = 7
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
            names[brand.label, brand.shown].extend(writings(brand.name))
    return tuple(_rule(label, shown, tuple(found)) for (label, shown), found in names.items())


@cache
def brand_vendors(country: str, file: Path = BRANDS) -> dict[tuple[str | None, str], str]:
    """Return the companies behind the brands of a country, by label and normalised phrase.

    Raises: RulesBroken.
    """
    return {
        (brand.label, plain(written)): brand.name
        for brand in reversed(brands(file))
        if country in brand.countries and brand.label != PROCESSOR
        for written in reversed(writings(brand.name))
    }


def writings(name: str) -> tuple[str, ...]:
    """Return a name as it is, and as terminals write it.

    "McDonald's": without its apostrophe; "MediaMarkt": as two words; "Burger King": as one; "Pull & Bear":
    with "and". One of each that a machine tells apart.
    """
    words = plain(name).split()
    joined = "".join(words)
    others = (
        name.replace("'", ""),
        name.replace("&", " and "),
        _in_words(name),
        joined if len(joined) >= SHORTEST_JOINED else name,
    )
    return tuple({plain(one): one for one in reversed((name, *others))}.values())


def _in_words(name: str) -> str:
    """Part a name where a small letter meets a capital."""
    pairs = zip(name, name[1:] + " ", strict=True)
    return "".join(f"{one} " if one.islower() and other.isupper() else one for one, other in pairs)


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
        yields=is_restricted,
        when_any=PURCHASE if is_restricted else (),
        when_not=(Fact.CASH,),
    )
