"""The rules of every country by their own examples, through the country's real labeller.

One file of one country: `pytest tests/labels/test_rulebook.py -k pl-debt`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

from kontora.labels.dictionary import Dictionary, key_of
from kontora.labels.labelling import Labeller, knowledge_of
from kontora.labels.normalising import words_of
from kontora.labels.reasons import Reason
from kontora.labels.resolving import INDEPENDENT, give_labels, note_facts
from kontora.labels.row import Row
from kontora.labels.rules import COUNTRIES, EVERYWHERE, FOLDER, Example, Field, Rule, read_rules, rules_of
from kontora.labels.taxonomy import BY_NAME, Sign, ancestors
from kontora.model import Account, Import, MoneyTransaction, Owner, OwnerKind, TransactionStatus

FILES = [
    pytest.param(country, file, id=f"{country}-{file.stem}" + ("-all" if folder == EVERYWHERE else ""))
    for country in COUNTRIES
    for folder in (EVERYWHERE, country)
    for file in sorted((FOLDER / folder).glob("*.toml"))
]
EVERY_FILE = [
    pytest.param(file, id=f"{folder}-{file.stem}")
    for folder in (EVERYWHERE, *COUNTRIES)
    for file in sorted((FOLDER / folder).glob("*.toml"))
]
SOMEBODY = "Owner Oftheexamples"
DAY = date(2026, 5, 4)


@pytest.mark.parametrize(("country", "file"), FILES)
def test_each_rule_holds_where_it_says_and_nowhere_near(country: str, file: Path) -> None:
    rules = read_rules(file)
    shown = [(rule, one, True) for rule in rules for one in rule.examples]
    missed = [(rule, one, False) for rule in rules for one in rule.near_misses]
    cases = [*shown, *missed]
    found = _labelled(country, [(rule, one) for rule, one, _ in cases])
    wrong = [
        _told(rule, one, stands, reasons)
        for (rule, one, stands), reasons in zip(cases, found, strict=True)
        if rule.label is not None and _stands(rule, reasons, stands) != stands
    ]
    wrong += [
        _told(rule, one, stands, ())
        for rule, one, stands in cases
        if rule.fact is not None and (rule.fact in _facts(country, one)) != stands
    ]
    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("file", EVERY_FILE)
def test_each_phrase_of_a_rule_can_be_met(file: Path) -> None:
    deaf = [f"{rule.id}: {phrase}" for rule in read_rules(file) for phrase in _never_met(rule)]
    assert not deaf, "what forbids or bounds these rules leaves no room:\n" + "\n".join(deaf)


@pytest.mark.parametrize("country", COUNTRIES, ids=[f"{country}-whole" for country in COUNTRIES])
def test_no_two_rules_quarrel_over_a_phrase(country: str) -> None:
    by_phrase: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules_of(country):
        for key in {key_of(phrase) for phrase in rule.phrases}:
            by_phrase[key].append(rule)
    quarrels = [
        f"{key.strip()}: {one.id} and {other.id}"
        for key, rules in by_phrase.items()
        for one, other in combinations(rules, 2)
        if _quarrel(one, other)
    ]
    assert not quarrels, "same phrase, category and weight:\n" + "\n".join(quarrels)


@pytest.mark.parametrize("country", COUNTRIES, ids=[f"{country}-whole" for country in COUNTRIES])
def test_rules_are_called_after_their_file(country: str) -> None:
    wrong = [
        rule.id
        for folder in (EVERYWHERE, country)
        for file in sorted((FOLDER / folder).glob("*.toml"))
        for rule in read_rules(file)
        if not rule.id.startswith(f"{folder}.{file.stem}.")
    ]
    assert not wrong


def _labelled(country: str, cases: Sequence[tuple[Rule, Example]]) -> list[tuple[Reason, ...]]:
    """Label each example in an account of its own, so that none is another's neighbour."""
    accounts = tuple(
        Account(name="A", iban=f"{number}", currency_name="EUR", money_transactions=tuple(_items(rule, one)))
        for number, (rule, one) in enumerate(cases)
    )
    whole = Import(
        target="Examples",
        institution="Examples",
        imported_at=datetime(2026, 11, 1, tzinfo=UTC),
        owners=(Owner(name=SOMEBODY, kind=OwnerKind.OWNER),),
        accounts=accounts,
    )
    return [told[0] for told in Labeller(knowledge_of(country)).label(whole).reasons]


def _items(rule: Rule, example: Example) -> Iterator[MoneyTransaction]:
    yield _item(example, example.party)
    # Invoices make a freelancer only where a second payer has some, too.
    if rule.label == "freelance income":
        yield _item(example, f"{example.party} the second")


def _item(example: Example, party: str) -> MoneyTransaction:
    return MoneyTransaction(
        transaction_on=DAY,
        currency_amount=Decimal(str(example.amount)),
        status=TransactionStatus.DONE,
        title=example.title or None,
        party=party or None,
        kind=example.kind or None,
        mcc=example.mcc,
    )


def _stands(rule: Rule, reasons: Sequence[Reason], is_example: bool) -> bool:
    """Tell whether the label is there; a near miss of a worldwide rule may be right by a country's own."""
    is_own = not rule.id.startswith(f"{EVERYWHERE}.")
    return any(one.label == rule.label and (is_own or is_example or one.rule == rule.id) for one in reasons)


def _facts(country: str, example: Example) -> set[str]:
    row = _row(example.kind, example.party, example.title, example.amount)
    row.hits, seen = knowledge_of(country).dictionary.look_up(row.words)
    note_facts(row, seen)
    return set(row.facts)


def _row(kind: str, party: str, title: str, amount: float) -> Row:
    words = words_of(kind, party, title)
    return Row(0, 0, DAY, round(amount * 100), words, None, None, words.party or None)


def _never_met(rule: Rule) -> list[str]:
    dictionary = Dictionary((rule,))
    return [phrase for phrase in rule.phrases if not _is_met(rule, dictionary, phrase)]


def _is_met(rule: Rule, dictionary: Dictionary, phrase: str) -> bool:
    """Tell whether a phrase gives its rule's label or fact in each field that the rule looks at."""
    size = rule.least if rule.least is not None else min(rule.most or 10.0, 10.0)
    sign = rule.sign or (Sign.EITHER if rule.label is None else BY_NAME[rule.label].sign)
    beside = rule.with_[0].removesuffix("*") if rule.with_ else ""
    for field in rule.fields:
        fields = dict.fromkeys(Field, beside)
        fields[field] = f"{fields[field]} {phrase.removesuffix('*')}"
        row = _row(*(fields[name] for name in Field), -size if sign is Sign.DEBIT else size)
        row.facts |= {*rule.when, *rule.when_any[:1]}
        row.hits, seen = dictionary.look_up(row.words)
        note_facts(row, seen)
        give_labels(row, seen, ())
        if not (rule.label in row.reasons or rule.fact in row.facts):
            return False
    return True


def _quarrel(one: Rule, other: Rule) -> bool:
    if one.label is None or other.label is None:
        return False
    if one.weight != other.weight or one.decides != other.decides:
        return False
    mine, theirs = BY_NAME[one.label], BY_NAME[other.label]
    if mine.category is not theirs.category or mine.category.value == INDEPENDENT:
        return False
    if one.label == other.label or one.label in ancestors(other.label) or other.label in ancestors(one.label):
        return False
    return bool(set(one.fields) & set(other.fields)) and _meet(one, other)


def _meet(one: Rule, other: Rule) -> bool:
    """Tell whether a money transaction could satisfy both rules by what they ask beside the phrase."""
    signs = {rule.sign or BY_NAME[rule.label or ""].sign for rule in (one, other)}
    apart = signs == {Sign.CREDIT, Sign.DEBIT}
    apart |= (one.least or 0.0) > (other.most or float("inf"))
    apart |= (other.least or 0.0) > (one.most or float("inf"))
    for mine, theirs in ((one, other), (other, one)):
        apart |= bool(set(mine.when) & set(theirs.when_not))
        apart |= bool(mine.with_) and set(mine.with_) <= set(theirs.unless)
    return not apart


def _told(rule: Rule, example: Example, stands: bool, reasons: Sequence[Reason]) -> str:
    texts = " | ".join(text for text in (example.kind, example.party, example.title) if text)
    what = "is missing on" if stands else "stands on"
    because = ", ".join(f"{one.label} ({one.rule}: {one.matched})" for one in reasons) or "nothing"
    return f"{rule.id}: {rule.label or rule.fact} {what} {example.amount} {texts}; found {because}"
