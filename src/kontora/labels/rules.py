"""Rules as data: what a rule file may say, decoded strictly; each rule carries its own examples.

A rule file is TOML, `rulebook/<country>/*.toml`, or `rulebook/all/*.toml` for every country. Adding a rule
is one entry; a brand is one line in a rule's `phrases`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from kontora.labels.normalising import plain
from kontora.labels.taxonomy import BY_NAME, Sign

FOLDER = Path(__file__).parent / "rulebook"
COUNTRIES = ("pl", "es", "cz", "pt")
EVERYWHERE = "all"
LONGEST_PHRASE = 120
PATTERN_SIGNS = (".*", "\\", "[", "]", "(?", ".+", "|", "^", "$", "{", "}")


class Field(StrEnum):
    """Where a phrase may stand."""

    KIND = "kind"
    PARTY = "party"
    TITLE = "title"


class Fact(StrEnum):
    """What the words say of the way the money went, beside labels; rules may ask for it.

    `nameless`: a transfer of which the bank names no other side: its title is all somebody's own words.
    `private refund`: somebody gives back what another paid for them; recorded replies label it with nothing.
    """

    CARD = "card"
    CASH = "cash"
    TRANSFER = "transfer"
    PHONE = "phone"
    DIRECT_DEBIT = "direct debit"
    PROCESSOR = "processor"
    PERSON = "person"
    BUSINESS = "business"
    ABROAD = "abroad"
    NAMELESS = "nameless"
    PRIVATE_REFUND = "private refund"


class Example(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A money transaction in a rule's own test. `amount`: debit negative."""

    title: str = ""
    party: str = ""
    kind: str = ""
    amount: float = -10.0
    mcc: str | None = None


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule: any of its phrases in one of its fields gives the label or fact, unless something forbids it.

    `phrases`: words as people write them; `*` at the end lets the last word go on ("WYNAGRODZ*"). `with`:
    one of these must stand there, too; `unless`: none of these may. `when`, `when_any`, `when_not`: facts
    that all, or one, or none of which must hold. `least`, `most`: bounds of the amount without its sign.
    `weight`: which rule wins in a category where matches are equally long. `vendors`: whether the phrases
    name companies. `merchant`: the phrases name merchants or trades, which friends write, too ("cena
    mercadona"): between people they say nothing, and on a transfer only the other side's name counts.
    `yields`: the phrases leave the trade open ("bar", "hotel"): the merchant category code decides, where
    one says something, or a merchant's rule that does not yield. `brand`: the phrases are brands or trades,
    some of them plain words: a merchant's rule that also counts in a title only behind a card, a processor
    or a direct debit, or at the beginning of a title with nobody beside it. `decides`: wins in its category
    over longer matches of rules that do not: who is paid ("Kruk S.A.") says more than the words for it
    ("spłata raty pożyczki").
    """

    id: str
    phrases: tuple[str, ...]
    examples: tuple[Example, ...]
    label: str | None = None
    fact: Fact | None = None
    fields: tuple[Field, ...] = (Field.PARTY, Field.TITLE)
    with_: tuple[str, ...] = msgspec.field(default=(), name="with")
    unless: tuple[str, ...] = ()
    when: tuple[Fact, ...] = ()
    when_any: tuple[Fact, ...] = ()
    when_not: tuple[Fact, ...] = ()
    sign: Sign | None = None
    least: float | None = None
    most: float | None = None
    weight: int = 0
    vendors: bool = False
    merchant: bool = False
    yields: bool = False
    brand: bool = False
    decides: bool = False
    near_misses: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        if (self.label is None) == (self.fact is None):
            raise ValueError(f"{self.id}: a rule gives a label or a fact")
        if self.label is not None and self.label not in BY_NAME:
            raise ValueError(f"{self.id}: label: there is no {self.label}")
        for field, told in (("phrases", self.phrases), ("fields", self.fields), ("examples", self.examples)):
            if not told:
                raise ValueError(f"{self.id}: {field}: there is none")
        for field, phrases in (("phrases", self.phrases), ("with", self.with_), ("unless", self.unless)):
            for phrase in phrases:
                _check_phrase(f"{self.id}: {field}: {phrase!r:.60}", phrase)
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError(f"{self.id}: least: it is more than most")


def _check_phrase(place: str, phrase: str) -> None:
    """Refuse what could never be met, or asks for more than words: patterns are not a language here."""
    words = phrase.removesuffix("*")
    if not plain(words):
        raise ValueError(f"{place}: a phrase has words")
    if len(phrase) > LONGEST_PHRASE:
        raise ValueError(f"{place}: a phrase has at most {LONGEST_PHRASE} characters")
    if any(sign in words for sign in PATTERN_SIGNS):
        raise ValueError(f"{place}: a phrase is words, not a pattern")


class RuleFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of rules."""

    rule: tuple[Rule, ...]


class RulesBroken(ValueError):
    """A rule file cannot be built; says which file and which field."""


def read_rules(file: Path) -> tuple[Rule, ...]:
    """Read one file.

    Raises: RulesBroken.
    """
    try:
        told: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
        return msgspec.convert(told, RuleFile).rule
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise RulesBroken(f"{file.parent.name}/{file.name}: {error}") from error


@cache
def rules_of(country: str, folder: Path = FOLDER) -> tuple[Rule, ...]:
    """Return the rules for a country: those for all, then its own.

    Raises: RulesBroken, also if two have the same id.
    """
    rules = tuple(rule for file in _files(country, folder) for rule in read_rules(file))
    ids = [rule.id for rule in rules]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise RulesBroken(f"two rules are called {', '.join(sorted(twice))}")
    return rules


def _files(country: str, folder: Path) -> Iterator[Path]:
    for name in (EVERYWHERE, country):
        yield from sorted((folder / name).glob("*.toml"))
