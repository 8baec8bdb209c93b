"""What a model learns from: rows judged by hand, the rules' own examples, and names of brands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kontora.labels.brands import brands
from kontora.labels.normalising import Words, words_of
from kontora.labels.rules import rules_of
from kontora.labels.taxonomy import fits
from tools.label_bench.damage import damaged
from tools.label_bench.gold import OPEN, read_gold


@dataclass(frozen=True, slots=True)
class Taught:
    """One example. `group`: those of one group never stand on both sides of a test.

    `is_judged`: a whole row whose labels a person gave; only these say how precise a model is.
    """

    group: str
    words: Words
    labels: frozenset[str]
    is_credit: bool
    is_judged: bool


def taught(country: str) -> Iterator[Taught]:
    """Return all examples of a country. The locked part of the gold set is not looked at."""
    yield from _judged(country)
    yield from _of_rules(country)
    yield from _of_brands(country)


def _judged(country: str) -> Iterator[Taught]:
    for row in read_gold(OPEN, country):
        for item in (row.item, damaged(row.id, row.item)):
            words = words_of(item.kind, item.party, item.title)
            # A row and its damaged copy are one judgement.
            yield Taught(row.account, words, row.labels, item.currency_amount > 0, item is row.item)


def _of_rules(country: str) -> Iterator[Taught]:
    for rule in rules_of(country):
        if rule.label is None:
            continue
        for example in rule.examples:
            words = words_of(example.kind, example.party, example.title)
            yield Taught(rule.id, words, frozenset({rule.label}), example.amount > 0, False)


def _of_brands(country: str) -> Iterator[Taught]:
    for brand in brands():
        if country in brand.countries and fits(brand.label, is_credit=False):
            yield Taught(brand.name, words_of(None, brand.name, None), frozenset({brand.label}), False, False)
