"""Labelling what belongs together: all imports of one owner, so that transfers between banks are seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, islice
from typing import TypeVar

import msgspec

from kontora.labels.corrections import Correction
from kontora.labels.labelling import Knowledge, Labelled, Labeller, knowledge_of
from kontora.labels.rules import COUNTRIES
from kontora.model import Account, CreditCard, Import

Source = TypeVar("Source", Account, CreditCard)
Know = Callable[[str], Knowledge | None]
"""What is known of a country; `None` where there are no rules."""


def known_of(country: str) -> Knowledge | None:
    """Return what is known of a country, read once; `None` for a country without rules.

    Raises: RulesBroken.
    """
    return knowledge_of(country) if country in COUNTRIES else None


def label_together(
    imports: Sequence[Import], corrections: Iterable[Correction] = (), *, know: Know = known_of
) -> tuple[Labelled, ...]:
    """Label imports of one owner as one whole; the answer has their order.

    Each is labelled by its own country's rules, beside the account numbers and owners of all. Without a
    country, or for one without rules, an import comes back with no labels.
    """
    corrections = tuple(corrections)
    found: dict[int, Labelled] = {}
    for country in dict.fromkeys(item.country for item in imports):
        knowledge = None if country is None else know(country)
        mine = [place for place, item in enumerate(imports) if item.country == country]
        if knowledge is None:
            found |= {place: _bare(imports[place]) for place in mine}
            continue
        whole = Labeller(knowledge, corrections).label(_whole(imports, country))
        found |= {place: part for place, part in enumerate(_split(whole, imports)) if place in mine}
    return tuple(found[place] for place in range(len(imports)))


def country_of(imports: Iterable[Import]) -> str | None:
    """Return the country of most money transactions; `None`, if no import has one."""
    counts = Counter[str]()
    for item in imports:
        if item.country is not None:
            counts[item.country] += size_of(item)
    # Of equals the first name: the answer does not depend on the order of imports.
    return min(counts, key=lambda country: (-counts[country], country), default=None)


def size_of(imported: Import) -> int:
    """Return how many money transactions an import has."""
    return sum(len(source.money_transactions) for source in _sources(imported))


def _sources(imported: Import) -> list[Account | CreditCard]:
    return [*imported.accounts, *(imported.credit_cards or ())]


def _whole(imports: Sequence[Import], country: str | None) -> Import:
    """Return one import of all accounts and cards; those of other countries lend their numbers alone."""
    accounts = (
        account if item.country == country else _emptied(account)
        for item in imports
        for account in item.accounts
    )
    cards = (
        card if item.country == country else _emptied(card)
        for item in imports
        for card in item.credit_cards or ()
    )
    return msgspec.structs.replace(
        imports[0],
        country=country,
        owners=tuple(owner for item in imports for owner in item.owners),
        accounts=tuple(accounts),
        credit_cards=tuple(cards),
    )


def _emptied(source: Source) -> Source:
    return msgspec.structs.replace(source, money_transactions=())


def _split(whole: Labelled, imports: Sequence[Import]) -> Iterable[Labelled]:
    """Give each import its accounts and cards back, with their reasons."""
    accounts = iter(whole.imported.accounts)
    cards = iter(whole.imported.credit_cards or ())
    among = len(whole.imported.accounts)
    of_accounts, of_cards = iter(whole.reasons[:among]), iter(whole.reasons[among:])
    for item in imports:
        number = len(item.credit_cards or ())
        part = msgspec.structs.replace(
            item,
            accounts=tuple(islice(accounts, len(item.accounts))),
            credit_cards=None if item.credit_cards is None else tuple(islice(cards, number)),
        )
        reasons = chain(islice(of_accounts, len(item.accounts)), islice(of_cards, number))
        yield Labelled(part, tuple(reasons))


def _bare(imported: Import) -> Labelled:
    """Return an import without labels, whatever it was stored with."""
    part = msgspec.structs.replace(
        imported,
        accounts=tuple(map(_unlabelled, imported.accounts)),
        credit_cards=None
        if imported.credit_cards is None
        else tuple(map(_unlabelled, imported.credit_cards)),
    )
    return Labelled(
        part, tuple(tuple(() for _ in source.money_transactions) for source in _sources(imported))
    )


def _unlabelled(source: Source) -> Source:
    if not any(item.labels or item.vendors for item in source.money_transactions):
        return source
    items = (msgspec.structs.replace(item, labels=(), vendors=()) for item in source.money_transactions)
    return msgspec.structs.replace(source, money_transactions=tuple(items))
