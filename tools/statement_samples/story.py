"""What happened on an account: the ledger that every bank's document is printed from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum, auto

from tools.statement_samples.people import Party


class Kind(Enum):
    """What happened, in nobody's words; each bank has its own."""

    CARD = auto()
    CARD_REFUND = auto()
    BLIK_WEB = auto()
    BLIK_SHOP = auto()
    BLIK_REFUND = auto()
    BLIK_SENT = auto()
    BLIK_RECEIVED = auto()
    CASH_OUT = auto()
    CASH_OUT_BLIK = auto()
    CASH_IN = auto()
    SENT = auto()
    RECEIVED = auto()
    SENT_INSIDE = auto()
    RECEIVED_INSIDE = auto()
    RECEIVED_AT_ONCE = auto()
    OWN_OUT = auto()
    OWN_IN = auto()
    TAX = auto()
    STANDING_ORDER = auto()
    DIRECT_DEBIT = auto()
    SENT_ABROAD = auto()
    RECEIVED_FROM_ABROAD = auto()
    CARD_FEE = auto()
    ACCOUNT_FEE = auto()
    COMMISSION = auto()
    INTEREST = auto()
    LOAN = auto()


BY_CARD = frozenset({Kind.CARD, Kind.CARD_REFUND, Kind.CASH_OUT})
AT_A_SHOP = frozenset({*BY_CARD, Kind.BLIK_WEB, Kind.BLIK_SHOP, Kind.BLIK_REFUND, Kind.CASH_OUT_BLIK})
OF_THE_BANK = frozenset({Kind.CARD_FEE, Kind.ACCOUNT_FEE, Kind.COMMISSION, Kind.INTEREST, Kind.LOAN})
CREDITS = frozenset(
    {
        Kind.CARD_REFUND,
        Kind.BLIK_REFUND,
        Kind.BLIK_RECEIVED,
        Kind.CASH_IN,
        Kind.RECEIVED,
        Kind.RECEIVED_INSIDE,
        Kind.RECEIVED_AT_ONCE,
        Kind.OWN_IN,
        Kind.RECEIVED_FROM_ABROAD,
        Kind.INTEREST,
    }
)


@dataclass(frozen=True)
class Foreign:
    """What was paid in another currency: `amount` signed; `rate`: the account's currency for one."""

    amount: Decimal
    currency: str
    rate: Decimal


@dataclass(frozen=True)
class Entry:
    """One movement. `booked_on`, `balance`: `None` while pending. `card`: first four and last four digits."""

    kind: Kind
    transaction_on: date
    booked_on: date | None
    amount: Decimal
    balance: Decimal | None
    serial: int
    party: Party | None = None
    city: str | None = None
    title: str | None = None
    card: tuple[str, str] | None = None
    foreign: Foreign | None = None

    @property
    def is_debit(self) -> bool:
        """Whether it leaves the account."""
        return self.amount < 0

    @property
    def place(self) -> str:
        """Return the shop and its town."""
        assert self.party is not None
        return " ".join(filter(None, (self.party.name, self.city)))


@dataclass(frozen=True)
class Difficulty:
    """What makes a document hard to read; each bank's printer heeds what its documents can have."""

    wraps: bool = False
    pending: int = 0
    foreign: bool = False
    hard_spaces: bool = False
    glued: bool = False
    lost_diacritics: bool = False
    promo: bool = False
    traps: bool = False
    account_tail: bool = False
    shifted: bool = False
    missing: bool = False
    several: int = 1
    older: bool = False
    password: str | None = None

    def but(self, **changes: object) -> Difficulty:
        """Return the same with some of it changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names and kinds are the fields'


@dataclass(frozen=True)
class Story:
    """An account over a time. `entries`: as booked, oldest first; pending ones, without balance, last."""

    owners: tuple[Party, ...]
    account: str
    account_name: str
    currency: str
    start: date
    end: date
    issued_on: date
    number: int
    opening: Decimal
    entries: tuple[Entry, ...]
    difficulty: Difficulty

    @property
    def booked(self) -> tuple[Entry, ...]:
        """Return the booked entries, oldest first."""
        return tuple(entry for entry in self.entries if entry.booked_on is not None)

    @property
    def closing(self) -> Decimal:
        """Return the balance after the last booked entry."""
        return self.opening + sum((entry.amount for entry in self.booked), Decimal(0))

    @property
    def credits(self) -> tuple[Decimal, ...]:
        """Return the booked amounts that came in."""
        return tuple(entry.amount for entry in self.booked if entry.amount > 0)

    @property
    def debits(self) -> tuple[Decimal, ...]:
        """Return the booked amounts that went out, negative."""
        return tuple(entry.amount for entry in self.booked if entry.amount < 0)
