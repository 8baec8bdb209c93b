"""When two money transactions, or two names, from different reads are the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from kontora.model import MoneyTransaction

Likeness = Callable[[MoneyTransaction], Hashable | None]
"""What must be equal; `None` where an item cannot be compared so."""


def _in_all(item: MoneyTransaction) -> Hashable:
    return (item.transaction_on, item.currency_amount, item.title, item.party)


def _in_booking_and_balance(item: MoneyTransaction) -> Hashable | None:
    if item.booked_on is None or item.currency_balance is None:
        return None
    return (item.booked_on, item.currency_amount, item.currency_balance)


def _in_booking(item: MoneyTransaction) -> Hashable | None:
    return None if item.booked_on is None else (item.booked_on, item.currency_amount)


def _in_day(item: MoneyTransaction) -> Hashable:
    return (item.transaction_on, item.currency_amount)


SAME: tuple[Likeness, ...] = (_in_all,)
"""Reads of the same source: day, amount, title and party."""

LIKE_IN_OTHER_WORDS: tuple[Likeness, ...] = (_in_all, _in_booking_and_balance, _in_booking, _in_day)
"""A statement and another source, surest first: a document cuts titles and orders names its own way, but
days and amounts are exact, and each source shows all of a day."""


def same_name(name: str) -> Hashable:
    """Return what is equal for one name in two spellings: `KOWALSKI JAN` and `Jan Kowalski`."""
    return tuple(sorted(name.casefold().split()))
