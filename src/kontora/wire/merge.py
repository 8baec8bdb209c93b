"""Merging an owner's imports: each account, card and money transaction once; the newer import is right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from functools import reduce
from itertools import chain
from typing import TypeVar

import msgspec

from kontora.model import Account, CreditCard, Import, MoneyTransaction, Owner, TransactionStatus
from kontora.wire.likeness import LIKE_IN_OTHER_WORDS, SAME, Likeness, same_name

Part = TypeVar("Part", Owner, Account, CreditCard)
Source = TypeVar("Source", Account, CreditCard)

UNSETTLED = (TransactionStatus.PENDING, TransactionStatus.PLANNED)
UNKNOWN = (None, (), "")
STATEMENT, UPLOAD = "pdf", "upload"


def merge_imports(imports: Sequence[Import]) -> tuple[Import, ...]:
    """Merge imports into one per target, targets in the order of their first import.

    The order given does not matter; `imported_at` decides what is newer. Merging an import with
    itself changes nothing. What a statement tells of a bank that was also imported joins that bank's
    target: there the bank's own answer is right, and the statement adds what it did not reach. So does what
    a client uploaded: of an account that a bank or a statement told of, or for a target that is there.
    """
    by_target: defaultdict[str, list[Import]] = defaultdict(list)
    by_institution: defaultdict[str, list[Import]] = defaultdict(list)
    uploads: defaultdict[str, list[Import]] = defaultdict(list)
    for item in sorted(imports, key=lambda item: item.imported_at):
        if item.origin == STATEMENT:
            by_institution[item.institution].append(item)
        elif item.origin == UPLOAD:
            uploads[item.target].append(item)
        else:
            by_target[item.target].append(item)
    merged = [(_first(items), reduce(_merged, items)) for items in by_target.values()]
    for institution, statements in by_institution.items():
        first, read = _first(statements), _read_together(statements)
        banks = [place for place, (_, bank) in enumerate(merged) if bank.institution == institution]
        if not banks:
            merged.append((first, read))
        for place, part in _shared_out(read, [merged[place][1] for place in banks]):
            began, bank = merged[banks[place]]
            together = _merged(part, bank, in_other_words=True)
            origin = STATEMENT if first < began else bank.origin
            merged[banks[place]] = (min(first, began), msgspec.structs.replace(together, origin=origin))
    for items in uploads.values():
        _join(merged, _first(items), reduce(_added, items))
    return tuple(item for _, item in sorted(merged, key=lambda pair: pair[0]))


def _first(items: Sequence[Import]) -> datetime:
    return items[0].imported_at


def _read_together(statements: Sequence[Import]) -> Import:
    """Merge statements of one bank. The one whose data ends later is right, whenever it was sent."""
    by_end = sorted(statements, key=lambda item: item.ends_on or item.imported_at.date())
    return reduce(lambda older, newer: _merged(older, newer, in_other_words=True), by_end)


def _added(older: Import, newer: Import) -> Import:
    """Merge two uploads: one says nothing of what it does not hold, so that nothing goes."""
    return _merged(older, newer, shows_all=False)


def _join(merged: list[tuple[datetime, Import]], first: datetime, upload: Import) -> None:
    """Let accounts and cards join the target that has them, or has the upload's name; else it is one more."""
    shares: defaultdict[int, tuple[list[Account], list[CreditCard]]] = defaultdict(lambda: ([], []))
    targets = [one for _, one in merged]
    for account in upload.accounts:
        keys = [[_account_key(known) for known in one.accounts] for one in targets]
        shares[_home(targets, keys, _account_key(account), upload.target)][0].append(account)
    for card in upload.credit_cards or ():
        keys = [[_card_key(known) for known in one.credit_cards or ()] for one in targets]
        shares[_home(targets, keys, _card_key(card), upload.target)][1].append(card)
    for place, (accounts, cards) in (
        shares.items() or {_home(targets, [], None, upload.target): ((), ())}.items()
    ):
        part = msgspec.structs.replace(upload, accounts=tuple(accounts), credit_cards=tuple(cards) or None)
        if place == len(targets):
            merged.append((first, part))
            continue
        began, bank = merged[place]
        together = _merged(part, bank, in_other_words=True)
        origin = UPLOAD if first < began else bank.origin
        merged[place] = (min(first, began), msgspec.structs.replace(together, origin=origin))


def _home(targets: Sequence[Import], keys: Sequence[Sequence[Hashable]], key: Hashable, target: str) -> int:
    """Return the place of the target that has the key, or is called so; one beyond the last, if none does."""
    with_key = (place for place, known in enumerate(keys) if key in known)
    with_name = (place for place, one in enumerate(targets) if one.target == target)
    return next(chain(with_key, with_name), len(targets))


def _shared_out(read: Import, banks: Sequence[Import]) -> list[tuple[int, Import]]:
    """Give each account of statements to the target that has it; what none has goes to the last one."""
    shares: defaultdict[int, list[Account]] = defaultdict(list)
    for account in read.accounts:
        has_it = (
            place
            for place, bank in enumerate(banks)
            if any(_account_key(account) == _account_key(known) for known in bank.accounts)
        )
        if banks:
            shares[next(has_it, len(banks) - 1)].append(account)
    return [
        (place, msgspec.structs.replace(read, accounts=tuple(accounts))) for place, accounts in shares.items()
    ]


def _merged(older: Import, newer: Import, *, in_other_words: bool = False, shows_all: bool = True) -> Import:
    """Merge two imports. `in_other_words`: one is no read of the same bank, and words things its own way.

    `shows_all`: the newer one has all that there is of its days, also what is not settled.
    """
    cards = None
    alike = LIKE_IN_OTHER_WORDS if in_other_words else SAME
    if older.credit_cards is not None or newer.credit_cards is not None:
        cards = _parts(
            older.credit_cards or (),
            newer.credit_cards or (),
            _card_key,
            lambda old, new: _source(old, new, alike, shows_all),
        )
    return msgspec.structs.replace(
        newer,
        origin=older.origin,
        owners=_parts(older.owners, newer.owners, _name_key if in_other_words else _owner_key, _filled),
        accounts=_parts(
            older.accounts,
            newer.accounts,
            _account_key,
            lambda old, new: _account(old, new, alike, shows_all),
        ),
        credit_cards=cards,
    )


def _owner_key(owner: Owner) -> Hashable:
    return (owner.name, owner.kind)


def _name_key(owner: Owner) -> Hashable:
    return same_name(owner.name)


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
        if getattr(newer, name) in UNKNOWN and (value := getattr(older, name)) not in UNKNOWN
    }
    return msgspec.structs.replace(newer, **gaps) if gaps else newer


def _account(older: Account, newer: Account, alike: Sequence[Likeness], shows_all: bool) -> Account:
    merged = _source(older, newer, alike, shows_all)
    if older.active_since_at_least is None or merged.active_since_at_least is None:
        return merged
    earliest = min(older.active_since_at_least, merged.active_since_at_least)
    return msgspec.structs.replace(merged, active_since_at_least=earliest)


def _source(older: Source, newer: Source, alike: Sequence[Likeness], shows_all: bool) -> Source:
    """Merge an account or card; one read without its money transactions leaves those that are known."""
    silent = not newer.money_transactions and not newer.partial_due_to_timeout
    return msgspec.structs.replace(
        _filled(older, newer),
        money_transactions=_money_transactions(older, newer, alike, shows_all),
        partial_due_to_timeout=older.partial_due_to_timeout if silent else newer.partial_due_to_timeout,
    )


def _money_transactions(
    older: Account | CreditCard, newer: Account | CreditCard, alike: Sequence[Likeness], shows_all: bool
) -> tuple[MoneyTransaction, ...]:
    """Keep all of the newer read, and of the older what the newer did not reach.

    Money transactions that are alike are the same up to their number. An unsettled one that a newer, whole
    read of its days no longer shows was booked under other words, or cancelled: it goes.
    """
    pairs = _pairs(older.money_transactions, newer.money_transactions, alike)
    left = [item for place, item in enumerate(older.money_transactions) if place not in pairs]
    if shows_all and left and newer.money_transactions and not newer.partial_due_to_timeout:
        reached = min(item.transaction_on for item in newer.money_transactions)
        left = [item for item in left if _is_settled(item) or item.transaction_on < reached]
    kept = list(newer.money_transactions)
    if alike is LIKE_IN_OTHER_WORDS:
        # Two sources of one day do not tell which is the later: what is booked in one of them is booked.
        for place, partner in pairs.items():
            if _is_settled(older.money_transactions[place]) and not _is_settled(kept[partner]):
                kept[partner] = older.money_transactions[place]
    return _woven(kept, left)


def _is_settled(item: MoneyTransaction) -> bool:
    return item.status not in UNSETTLED


def _pairs(
    older: Sequence[MoneyTransaction], newer: Sequence[MoneyTransaction], alike: Sequence[Likeness]
) -> dict[int, int]:
    """Pair the older ones with the newer that they are like, by their places; settled ones first."""
    pairs: dict[int, int] = {}
    for likeness in alike:
        free: defaultdict[Hashable, list[int]] = defaultdict(list)
        taken = set(pairs.values())
        for partner, item in enumerate(newer):
            if partner not in taken and (key := likeness(item)) is not None:
                free[key].append(partner)
        for settled in (True, False):
            for place, item in enumerate(older):
                if place in pairs or _is_settled(item) is not settled:
                    continue
                partners = free.get(likeness(item))
                if partners:
                    same = (one for one in partners if _is_settled(newer[one]) is settled)
                    pairs[place] = partner = next(same, partners[0])
                    partners.remove(partner)
    return pairs


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
