"""The order of money transactions: newest first, and such that the balances chain where they can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from kontora.model import MoneyTransaction

LATEST = date.max


def newest_first(money_transactions: Sequence[MoneyTransaction]) -> tuple[MoneyTransaction, ...]:
    """Sort by day, newest first; within a day in the bank's order, turned round where it is oldest first.

    Banks that give balances chain them in booking order. Where sorting by the day of the money transaction
    breaks the chain and sorting by booking day keeps it, the booking day decides.
    """
    items = list(money_transactions)
    if len(items) > 1 and items[0].transaction_on < items[-1].transaction_on:
        items.reverse()
    by_day = tuple(sorted(items, key=lambda item: item.transaction_on, reverse=True))
    breaks = chain_breaks(by_day)
    if not breaks:
        return by_day
    by_booking = tuple(sorted(items, key=lambda item: item.booked_on or LATEST, reverse=True))
    return by_booking if len(chain_breaks(by_booking)) < len(breaks) else by_day


def chain_breaks(money_transactions: Sequence[MoneyTransaction]) -> tuple[int, ...]:
    """Return the places where balance minus amount is not the balance of the next older booked one.

    Items without a balance (not booked yet) are passed over; their neighbours still chain, as the bank
    counts them in only when they are booked.
    """
    balances: list[tuple[int, Decimal, Decimal]] = [
        (place, item.currency_balance, item.currency_amount)
        for place, item in enumerate(money_transactions)
        if item.currency_balance is not None and item.booked_on is not None
    ]
    gaps = {
        place
        for place, item in enumerate(money_transactions)
        if item.currency_balance is None and item.booked_on
    }
    return tuple(
        newer_place
        for (newer_place, balance, amount), (older_place, older_balance, _) in pairwise(balances)
        if balance - amount != older_balance and not any(newer_place < gap < older_place for gap in gaps)
    )
