"""Merging an owner's imports: each account, card and money transaction once; the newer import is right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import TypeVar

import msgspec

from kontora.model import Account, CreditCard, Import, MoneyTransaction, Owner, TransactionStatus

Part = TypeVar("Part", Owner, Account, CreditCard)
Source = TypeVar("Source", Account, CreditCard)
Fingerprint = tuple[date, Decimal, str | None, str | None]

UNSETTLED = (TransactionStatus.PENDING, TransactionStatus.PLANNED)


def merge_imports(imports: Sequence[Import]) -> tuple[Import, ...]:
    """Merge imports into one per target, targets in the order of their first import.

    The order given does not matter; `imported_at` decides what is newer. Merging an import with
    itself changes nothing.
    """
    by_target: defaultdict[str, list[Import]] = defaultdict(list)
    for item in sorted(imports, key=lambda item: item.imported_at):
        by_target[item.target].append(item)
    return tuple(reduce(_merged, items) for items in by_target.values())


def _merged(older: Import, newer: Import) -> Import:
    cards = None
    if older.credit_cards is not None or newer.credit_cards is not None:
        cards = _parts(older.credit_cards or (), newer.credit_cards or (), _card_key, _source)
    return msgspec.structs.replace(
        newer,
        origin=older.origin,
        owners=_parts(older.owners, newer.owners, _owner_key, _filled),
        accounts=_parts(older.accounts, newer.accounts, _account_key, _account),
        credit_cards=cards,
    )


def _owner_key(owner: Owner) -> Hashable:
    return (owner.name, owner.kind)


def _account_key(account: Account) -> Hashable:
    return (account.iban, account.currency_name)


def _card_key(card: CreditCard) -> Hashable:
    return (card.card_id, card.currency_name)


def _parts(
    older: Sequence[Part],
    newer: Sequence[Part],
    key_of: Callable[[Part], Hashable],
    merge: Callable[[Part, Part], Part],
) -> tuple[Part, ...]:
    """Pair parts by key and place among equals; the newer's come first, in their order."""
    before: dict[tuple[Hashable, int], Part] = dict(_numbered(older, key_of))
    merged: list[Part] = []
    for key, part in _numbered(newer, key_of):
        known = before.pop(key, None)
        merged.append(part if known is None else merge(known, part))
    return tuple(merged + list(before.values()))


def _numbered(
    parts: Sequence[Part], key_of: Callable[[Part], Hashable]
) -> list[tuple[tuple[Hashable, int], Part]]:
    seen: Counter[Hashable] = Counter()
    numbered = []
    for part in parts:
        key = key_of(part)
        numbered.append(((key, seen[key]), part))
        seen[key] += 1
    return numbered


def _filled(older: Part, newer: Part) -> Part:
    """Take the newer part, and from the older what the newer does not know."""
    gaps = {
        name: value
        for name in newer.__struct_fields__
        if getattr(newer, name) in (None, ()) and (value := getattr(older, name)) not in (None, ())
    }
    return msgspec.structs.replace(newer, **gaps) if gaps else newer


def _account(older: Account, newer: Account) -> Account:
    merged = _source(older, newer)
    if older.active_since_at_least is None or merged.active_since_at_least is None:
        return merged
    earliest = min(older.active_since_at_least, merged.active_since_at_least)
    return msgspec.structs.replace(merged, active_since_at_least=earliest)


def _source(older: Source, newer: Source) -> Source:
    """Merge an account or card; one read without its money transactions leaves those that are known."""
    silent = not newer.money_transactions and not newer.partial_due_to_timeout
    return msgspec.structs.replace(
        _filled(older, newer),
        money_transactions=_money_transactions(older, newer),
        partial_due_to_timeout=older.partial_due_to_timeout if silent else newer.partial_due_to_timeout,
    )


def _money_transactions(
    older: Account | CreditCard, newer: Account | CreditCard
) -> tuple[MoneyTransaction, ...]:
    """Keep all of the newer read, and of the older what the newer did not reach.

    Money transactions equal in date, amount, title and party are the same up to their number. An
    unsettled one that a newer, whole read of its days no longer shows was booked under other words, or
    cancelled: it goes.
    """
    left = _left_over(older.money_transactions, newer.money_transactions)
    if left and newer.money_transactions and not newer.partial_due_to_timeout:
        reached = min(item.transaction_on for item in newer.money_transactions)
        left = [item for item in left if item.status not in UNSETTLED or item.transaction_on < reached]
    return _woven(newer.money_transactions, left)


def _left_over(
    older: Sequence[MoneyTransaction], newer: Sequence[MoneyTransaction]
) -> list[MoneyTransaction]:
    """Return the older ones without an equal among the newer, in their order; settled ones pair first."""
    unpaired = Counter(map(_fingerprint, newer))
    paired: set[int] = set()
    for settled in (True, False):
        for place, item in enumerate(older):
            fingerprint = _fingerprint(item)
            if (item.status not in UNSETTLED) is settled and unpaired[fingerprint] > 0:
                unpaired[fingerprint] -= 1
                paired.add(place)
    return [item for place, item in enumerate(older) if place not in paired]


def _fingerprint(item: MoneyTransaction) -> Fingerprint:
    return (item.transaction_on, item.currency_amount, item.title, item.party)


def _woven(
    newer: Sequence[MoneyTransaction], left: Sequence[MoneyTransaction]
) -> tuple[MoneyTransaction, ...]:
    """Weave two lists that stand newest first into one, each in its own order."""
    if not left:
        return tuple(newer)
    woven: list[MoneyTransaction] = []
    rest = iter(left)
    next_left = next(rest, None)
    for item in newer:
        while next_left is not None and next_left.transaction_on > item.transaction_on:
            woven.append(next_left)
            next_left = next(rest, None)
        woven.append(item)
    if next_left is not None:
        woven.extend((next_left, *rest))
    return tuple(woven)
