"""The books: households and their lists, made once for each seed, login and day, kept ready to be sent."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from kontobank import bodies
from kontobank.countries import COUNTRIES, Country
from kontobank.households import household
from kontobank.ledger import Account, Card, Household, Item
from kontobank.scenarios import Login

_MOST_HOUSEHOLDS = 5_000
_MOST_LISTS = 1_500


@dataclass(frozen=True)
class Listing:
    """What an account or card shows on one day, newest first; every item is encoded already."""

    booked: tuple[bytes, ...]
    booked_days: tuple[int, ...]
    booked_items: tuple[Item, ...]
    pending: tuple[bytes, ...]
    pending_items: tuple[Item, ...]
    booked_cents: int
    pending_cents: int
    places: dict[str, tuple[bool, int]]

    def between(self, first: date, last: date) -> tuple[int, int]:
        """Return the slice of booked items of those booking days, both included."""
        return (
            bisect_left(self.booked_days, -last.toordinal()),
            bisect_right(self.booked_days, -first.toordinal()),
        )


class Books:
    """All households of one seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._households: OrderedDict[tuple[str, str], Household] = OrderedDict()
        self._listings: OrderedDict[tuple[str, str, str, int], Listing] = OrderedDict()

    def household(self, country: Country, login: Login) -> Household:
        """Return who lives behind a login."""
        key = (country.code, login.name)
        found = self._households.get(key)
        if found is None:
            found = household(self._seed, COUNTRIES[country.code], login)
            _keep(self._households, key, found, _MOST_HOUSEHOLDS)
        return found

    def listing(self, country: Country, login: Login, place: Account | Card, today: date) -> Listing:
        """Return what an account or card shows on that day."""
        key = (country.code, login.name, place.stream.key, today.toordinal())
        found = self._listings.get(key)
        if found is None:
            found = _listing(login, place, today)
            _keep(self._listings, key, found, _MOST_LISTS)
        return found


def _listing(login: Login, place: Account | Card, today: date) -> Listing:
    booked, pending = place.stream.booked(today), place.stream.pending(today)
    quirk, currency = login.scenario.quirk, place.currency

    def render(item: Item, turn: int) -> dict[str, Any]:
        if isinstance(place, Card):
            return bodies.card_transaction(item, currency, place.number, quirk)
        return bodies.money_transaction(item, currency, quirk, turn)

    has_extras = login.scenario.has("unknown-fields")
    encode = msgspec.json.Encoder().encode
    bodies_of = [
        bodies.extended(render(item, turn), has_extras) for turn, item in enumerate((*booked, *pending))
    ]
    if quirk == 6:
        bodies.share_ids(bodies_of)
    lines = [encode(body) for body in bodies_of]
    places: dict[str, tuple[bool, int]] = {}
    for turn, body in enumerate(bodies_of):
        identity = str(body.get("transactionId") or body.get("cardTransactionId") or "")
        is_booked = turn < len(booked)
        places.setdefault(identity, (is_booked, turn if is_booked else turn - len(booked)))
    return Listing(
        booked=tuple(lines[: len(booked)]),
        booked_days=tuple(-item.booked_on.toordinal() for item in booked if item.booked_on),
        booked_items=tuple(booked),
        pending=tuple(lines[len(booked) :]),
        pending_items=tuple(pending),
        booked_cents=place.stream.balance_cents(today),
        pending_cents=sum(item.cents for item in pending),
        places=places,
    )


def _keep(store: OrderedDict[Any, Any], key: object, value: object, most: int) -> None:
    store[key] = value
    if len(store) > most:
        store.popitem(last=False)
