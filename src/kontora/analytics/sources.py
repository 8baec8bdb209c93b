"""What the summaries look at: each account and card of an owner, with what was booked on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from kontora.model import Account, AccountOwner, CreditCard, Import, TransactionStatus


class SourceKind(StrEnum):
    """What holds the money."""

    ACCOUNT = "ACCOUNT"
    CREDIT_CARD = "CREDIT_CARD"


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A booked money transaction. `balance`: after it; `labels`: our names."""

    on: date
    amount: Decimal
    balance: Decimal | None
    labels: frozenset[str]


class Source(msgspec.Struct, frozen=True):
    """An account or a credit card. `entries`: oldest first; `known_until`: the last day that was read.

    `iban` is set for accounts, `card_id` for cards.
    """

    kind: SourceKind
    target: str
    institution: str
    origin: str
    name: str
    iban: str | None
    card_id: str | None
    currency_name: str
    balance: Decimal | None
    active_since_at_least: date | None
    known_until: date
    entries: tuple[Entry, ...]

    def between(self, start: date, end: date) -> list[Entry]:
        """Return what was booked on these days, both included."""
        return [entry for entry in self.entries if start <= entry.on <= end]


class OwnerName(msgspec.Struct, frozen=True):
    """A person or company, as replies name them."""

    name: str
    kind: str


def sources_of(targets: Iterable[Import]) -> tuple[Source, ...]:
    """Return accounts, then credit cards, of each target, in the order of the imports.

    Only what is booked counts: pending, planned and rejected money transactions are left out.
    """
    return tuple(_sources(targets))


def _sources(targets: Iterable[Import]) -> Iterator[Source]:
    # Few sets of labels stand on many money transactions: equal ones are one object, quickly compared.
    known: dict[tuple[str, ...], frozenset[str]] = {}
    for target in targets:
        for account in target.accounts:
            yield _source(target, account, known)
        for card in target.credit_cards or ():
            yield _source(target, card, known)


def _source(
    target: Import, held: Account | CreditCard, known: dict[tuple[str, ...], frozenset[str]]
) -> Source:
    account = held if isinstance(held, Account) else None
    return Source(
        kind=SourceKind.CREDIT_CARD if account is None else SourceKind.ACCOUNT,
        target=target.target,
        institution=target.institution,
        origin=target.origin,
        name=held.name,
        iban=None if account is None else account.iban,
        card_id=held.card_id if isinstance(held, CreditCard) else None,
        currency_name=held.currency_name,
        balance=held.currency_balance,
        active_since_at_least=None if account is None else account.active_since_at_least,
        known_until=target.ends_on or target.imported_at.date(),
        entries=tuple(
            Entry(
                item.transaction_on,
                item.currency_amount,
                item.currency_balance,
                known.setdefault(item.labels, frozenset(item.labels)),
            )
            for item in reversed(held.money_transactions)
            if item.status is TransactionStatus.DONE
        ),
    )


def owners_of(targets: Sequence[Import]) -> tuple[OwnerName, ...]:
    """Return each person or company once, as first named; a holder of an account alone is an `OWNER`."""
    found: dict[str, OwnerName] = {}
    for target in targets:
        for owner in target.owners:
            found.setdefault(_plain(owner.name), OwnerName(owner.name, owner.kind.value))
    if not found:
        for holder in _holders(targets):
            kind = "OWNER" if holder.kind is None else holder.kind.value
            found.setdefault(_plain(holder.name), OwnerName(holder.name, kind))
    return tuple(found.values())


def _holders(targets: Iterable[Import]) -> Iterator[AccountOwner]:
    for target in targets:
        for account in target.accounts:
            yield from account.owners
        for card in target.credit_cards or ():
            yield from card.owners


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
