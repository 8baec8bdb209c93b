"""What a model learns from: rows judged by hand, the rules' own examples, and names of brands."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from zlib import crc32

import msgspec

from kontora.labels.brands import brands
from kontora.labels.labelling import Labeller, knowledge_of
from kontora.labels.model import LabelModel
from kontora.labels.normalising import Words, words_of
from kontora.labels.rules import rules_of
from kontora.labels.taxonomy import fits
from kontora.model import Account, Import, MoneyTransaction, TransactionStatus
from tools.label_bench.gold import IMPORTED_AT, OPEN, read_gold

FIELDS = ("kind", "party", "title")
LONG = 5
TAUGHT_WAYS = (1, 2)
CASES = Path(__file__).parents[2] / "tests" / "labels" / "cases"


@dataclass(frozen=True, slots=True)
class Taught:
    """One example. `group`: those of one group never stand on both sides of a test.

    `is_test`: a row judged by a person and misspelt, so that no rule knows it: what a model will be asked.
    Only these say how precise it is, and it does not learn from them.
    """

    group: str
    words: Words
    labels: frozenset[str]
    is_credit: bool
    is_test: bool = False


def taught(country: str) -> Iterator[Taught]:
    """Return all examples of a country. The locked part of the gold set is not looked at."""
    is_open = _Rules(country)
    for group, item, labels in (*_gold(country), *_cases(country)):
        is_credit = item.currency_amount > 0
        for one in (item, *(misspelt(item, way) for way in TAUGHT_WAYS)):
            yield Taught(group, _words(one), labels, is_credit)
        harmed = misspelt(item)
        if is_open(harmed):
            yield Taught(group, _words(harmed), labels, is_credit, is_test=True)
    yield from _of_rules(country)
    yield from _of_brands(country)


class _Rules:
    """Tells whether the rules of a country leave a money transaction to the model."""

    def __init__(self, country: str) -> None:
        self._model = LabelModel(None)
        self._labeller = Labeller(replace(knowledge_of(country), model=self._model))

    def __call__(self, item: MoneyTransaction) -> bool:
        before = self._model.asked
        account = Account("Account", "1", "EUR", money_transactions=(item,))
        self._labeller.label(Import("Gold", "Gold", IMPORTED_AT, accounts=(account,)))
        return self._model.asked > before


def _gold(country: str) -> Iterator[tuple[str, MoneyTransaction, frozenset[str]]]:
    for row in read_gold(OPEN, country):
        yield row.account, row.item, row.labels


def _cases(country: str) -> Iterator[tuple[str, MoneyTransaction, frozenset[str]]]:
    with (CASES / f"{country}.csv").open(encoding="utf-8", newline="") as lines:
        for number, told in enumerate(csv.DictReader(lines)):
            item = MoneyTransaction(
                IMPORTED_AT.date(),
                Decimal(told["amount"]),
                TransactionStatus.DONE,
                title=told["title"] or None,
                party=told["party"] or None,
                kind=told["kind"] or None,
                mcc=told["mcc"] or None,
            )
            yield f"case {number}", item, frozenset(told["labels"].split("|")) - {""}


def misspelt(item: MoneyTransaction, way: int = 0) -> MoneyTransaction:
    """Drop a letter of every longer word; in one way always the same letter of a word."""
    texts = {name: text for name in FIELDS if (text := getattr(item, name)) is not None}
    return msgspec.structs.replace(
        item, **{name: _without_a_letter(text, way) for name, text in texts.items()}
    )


def _without_a_letter(text: str, way: int) -> str:
    words = text.split(" ")
    return " ".join(_shorter(word, way) if len(word) >= LONG and word.isalpha() else word for word in words)


def _shorter(word: str, way: int) -> str:
    place = 1 + (crc32(word.encode()) + way) % (len(word) - 2)
    return word[:place] + word[place + 1 :]


def _words(item: MoneyTransaction) -> Words:
    return words_of(item.kind, item.party, item.title)


def _of_rules(country: str) -> Iterator[Taught]:
    for rule in rules_of(country):
        if rule.label is None:
            continue
        for example in rule.examples:
            words = words_of(example.kind, example.party, example.title)
            yield Taught(rule.id, words, frozenset({rule.label}), example.amount > 0)


def _of_brands(country: str) -> Iterator[Taught]:
    for brand in brands():
        if country in brand.countries and fits(brand.label, is_credit=False):
            yield Taught(brand.name, words_of(None, brand.name, None), frozenset({brand.label}), False)
