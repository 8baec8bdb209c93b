"""What stands in a statement and in a confirmation, taken from the same ledger as the answers of the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kontobank.books import Listing
from kontobank.ledger import Account, Item
from kontobank.statements.periods import Period


@dataclass(frozen=True, slots=True)
class Total:
    """How many money transactions of one sign, and their sum; debits are negative."""

    count: int
    cents: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement. `booked` and `pending`: oldest first. Balances and totals are of what is booked."""

    account: Account
    period: Period
    opening_cents: int
    closing_cents: int
    credits: Total
    debits: Total
    booked: tuple[Item, ...]
    pending: tuple[Item, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """List the rows as they are printed: booked, then pending."""
        return self.booked + self.pending


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a money transaction; what the bank does not know is `None`."""

    name: str | None
    number: str | None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The confirmation of one money transaction, as the holder of the account sees it."""

    item: Item
    currency: str
    reference: str
    issued_on: date
    sender: Party
    recipient: Party


def statement(account: Account, listing: Listing, period: Period, today: date) -> Statement:
    """Take a statement from what the account shows today.

    What is pending today belongs to a statement that goes up to today, and to no other.
    """
    start, end = listing.between(period.first, period.last)
    booked = tuple(reversed(listing.booked_items[start:end]))
    pending = tuple(reversed(listing.pending_items)) if period.last == today else ()
    return Statement(
        account=account,
        period=period,
        opening_cents=account.stream.balance_cents(period.first - timedelta(days=1)),
        closing_cents=account.stream.balance_cents(period.last),
        credits=_total(item.cents for item in booked if item.cents > 0),
        debits=_total(item.cents for item in booked if item.cents <= 0),
        booked=booked,
        pending=pending,
    )


def confirmation(account: Account, item: Item, today: date) -> Confirmation:
    """Take the confirmation of a money transaction of that account."""
    own = Party(holders(account), account.number)
    other = Party(item.party, item.entry.party_iban)
    sender, recipient = (own, other) if item.cents <= 0 else (other, own)
    return Confirmation(item, account.currency, reference(item), today, sender, recipient)


def holders(account: Account) -> str:
    """Return the names of the owners, the first owner first."""
    return ", ".join(person.name for person in account.owners)


def reference(item: Item) -> str:
    """Return the number by which the bank finds a money transaction again. Example: KB0412345678901234"""
    return f"KB{item.id[-16:]}"


def _total(amounts: Iterable[int]) -> Total:
    found = list(amounts)
    return Total(len(found), sum(found))
