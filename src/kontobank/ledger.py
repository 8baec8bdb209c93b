"""What the bank keeps of its owners: people, accounts, cards, and endless streams of money transactions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

_EPOCH = date(2020, 1, 6)  # a Monday; where all streams count their days from


@dataclass(frozen=True, slots=True)
class Person:
    """An owner: a person, or a company."""

    name: str
    address: str
    is_company: bool = False


@dataclass(frozen=True, slots=True)
class Hold:
    """How a money transaction looks before it is booked, where that differs."""

    cents: int
    party: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One money transaction of a cycle. `day` counts from the start of the cycle; debit is negative."""

    day: int
    cents: int
    title: str
    party: str | None = None
    party_iban: str | None = None
    kind: str | None = None
    mcc: str | None = None
    symbols: tuple[tuple[str, str], ...] = ()
    hold: Hold | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One money transaction on a calendar day. Pending: not booked, without balance."""

    id: str
    entry: Entry
    value_on: date
    booked_on: date | None
    cents: int
    party: str | None
    title: str
    balance_cents: int | None


@dataclass(frozen=True)
class Stream:
    """A cycle of entries that repeats for ever, so that every window of its length holds the same ones.

    The amounts of a cycle add up to zero: the balance after an entry depends on the entry only, and a
    money transaction keeps its day, its id and its balance when the bank's clock moves.
    """

    key: str
    days: int
    entries: tuple[Entry, ...]
    opening_cents: int
    window_days: int
    since: date | None = None

    def booked(self, today: date) -> list[Item]:
        """Return what is booked by that day, newest first."""
        balances, cents = [], self.opening_cents
        for entry in self.entries:
            cents += entry.cents
            balances.append(cents)
        items = [self._booked_item(*place, balances) for place in self._places(today)]
        items.reverse()
        return items

    def pending(self, today: date) -> list[Item]:
        """Return what is made today and booked tomorrow, newest first."""
        cycle, day = divmod((today - _EPOCH).days, self.days)
        return [
            Item(
                self._id("P", cycle, slot),
                entry,
                today,
                None,
                entry.hold.cents,
                entry.hold.party,
                entry.hold.title,
                None,
            )
            for slot, entry in reversed(list(enumerate(self.entries)))
            if entry.day == day and entry.hold is not None
        ]

    def between(self, first: date, last: date) -> list[Item]:
        """Return what is made on these days, both included, also what is still to come; oldest first."""
        items = []
        for offset in range((last - first).days + 1):
            cycle, day = divmod((first - _EPOCH).days + offset, self.days)
            items += [
                Item(
                    self._id("S", cycle, slot),
                    entry,
                    first + timedelta(days=offset),
                    None,
                    entry.cents,
                    entry.party,
                    entry.title,
                    None,
                )
                for slot, entry in enumerate(self.entries)
                if entry.day == day
            ]
        return items

    def balance_cents(self, today: date) -> int:
        """Return the booked balance by that day."""
        newest = max(self._places(today), default=None)
        slot = -1 if newest is None else newest[1]
        return self.opening_cents + sum(entry.cents for entry in self.entries[: slot + 1])

    def _places(self, today: date) -> Iterator[tuple[int, int]]:
        last = (today - _EPOCH).days - 1
        first = last - self.window_days + 1
        if self.since is not None:
            first = max(first, (self.since - _EPOCH).days)
        for cycle in range(first // self.days, last // self.days + 1):
            start = cycle * self.days
            for slot, entry in enumerate(self.entries):
                if first <= start + entry.day <= last:
                    yield cycle, slot

    def _booked_item(self, cycle: int, slot: int, balances: list[int]) -> Item:
        entry = self.entries[slot]
        value_on = _EPOCH + timedelta(days=cycle * self.days + entry.day)
        booked_on = value_on + timedelta(days=1)
        identity = self._id("B", cycle, slot)
        return Item(
            identity, entry, value_on, booked_on, entry.cents, entry.party, entry.title, balances[slot]
        )

    def _id(self, state: str, cycle: int, slot: int) -> str:
        digest = sha256(f"{self.key}/{state}/{cycle}/{slot}".encode()).digest()
        return f"{state}{int.from_bytes(digest[:8]) % 10**17:017d}"


@dataclass(frozen=True)
class Account:
    """A payment account. `number` is the IBAN, or the bank's own number where there is no IBAN."""

    number: str
    has_iban: bool
    name: str
    display_name: str
    product: str
    type_code: str
    currency: str
    owners: tuple[Person, ...]
    opened_on: date
    direct_debit: bool
    stream: Stream
    status: str = "enabled"


@dataclass(frozen=True)
class Card:
    """A credit card. The balance of its stream is negative: debt."""

    number: str
    name: str
    display_name: str
    currency: str
    owners: tuple[Person, ...]
    limit_cents: int
    interest: str
    due_day: int
    account_number: str
    stream: Stream


@dataclass(frozen=True)
class Household:
    """All that the bank keeps for one login."""

    owners: tuple[Person, ...]
    accounts: tuple[Account, ...]
    cards: tuple[Card, ...]

    def places(self) -> list[Account | Card]:
        """List the accounts, then the cards."""
        return [*self.accounts, *self.cards]
