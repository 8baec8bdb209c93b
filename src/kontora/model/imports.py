"""`Import`: owners, accounts, credit cards and money transactions, as frozen data.

Money is `Decimal` in the account's currency, debit negative. `…_on` is the bank's calendar day,
`…_at` is UTC. Unknown is `None`. Lists are tuples; money transactions stand newest first.
Names follow the wire format in snake case.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec


class OwnerKind(StrEnum):
    """What a person or company is to an account."""

    OWNER = "OWNER"
    CO_OWNER = "CO_OWNER"
    COMPANY = "COMPANY"


class TransactionStatus(StrEnum):
    """Where a money transaction stands at the bank."""

    DONE = "DONE"
    PENDING = "PENDING"
    PLANNED = "PLANNED"
    REJECTED = "REJECTED"


class Owner(msgspec.Struct, frozen=True, omit_defaults=True):
    """A person or company as the bank knows them."""

    name: str
    kind: OwnerKind
    address: str | None = None
    polish_pesel: str | None = None
    polish_nip: str | None = None
    polish_regon: str | None = None
    phone: str | None = None
    email: str | None = None
    citizenship: str | None = None
    nationality: str | None = None
    personal_document_type: str | None = None
    personal_document_number: str | None = None
    birth_date: date | None = None
    birth_place: str | None = None


class AccountOwner(msgspec.Struct, frozen=True, omit_defaults=True):
    """An owner as written on one account or card."""

    name: str
    address: str | None = None
    kind: OwnerKind | None = None


# `gc=False`: these hold texts, numbers and days only, so no cycle can go through them, and there are many.
class Vendor(msgspec.Struct, frozen=True, gc=False):
    """A company behind a money transaction, for the sake of one of its labels."""

    label: str
    name: str


class MoneyTransaction(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One movement of money, from the holder's view.

    `currency_balance` is the balance after it. `booked_on` is `None` while it is not booked.
    `internal_id` is the bank's own id, which may change between imports. `labels` are names of the
    taxonomy; they and `vendors` are made anew whenever data is told, and never stored. `raw` is the
    bank's item as it came (JSON), kept as long as the data lives.
    """

    transaction_on: date
    currency_amount: Decimal
    status: TransactionStatus
    booked_on: date | None = None
    currency_balance: Decimal | None = None
    title: str | None = None
    party: str | None = None
    party_iban: str | None = None
    kind: str | None = None
    variable_symbol: str | None = None
    constant_symbol: str | None = None
    specific_symbol: str | None = None
    mcc: str | None = None
    internal_id: str | None = None
    labels: tuple[str, ...] = ()
    raw: bytes | None = None
    vendors: tuple[Vendor, ...] = ()


class Account(msgspec.Struct, frozen=True, omit_defaults=True):
    """A payment account. `iban` holds the bank's own number where the bank gives no IBAN."""

    name: str
    iban: str
    currency_name: str
    currency_balance: Decimal | None = None
    currency_funds_available: Decimal | None = None
    friendly_name: str | None = None
    active_since_at_least: date | None = None
    direct_debit: bool | None = None
    money_transactions: tuple[MoneyTransaction, ...] = ()
    owners: tuple[AccountOwner, ...] = ()
    partial_due_to_timeout: bool = False


class CreditCard(msgspec.Struct, frozen=True, omit_defaults=True):
    """A credit card. A negative `currency_balance` is debt; `number` is masked."""

    name: str
    card_id: str
    currency_name: str
    iban: str | None = None
    number: str | None = None
    currency_balance: Decimal | None = None
    currency_funds_available: Decimal | None = None
    owners: tuple[AccountOwner, ...] = ()
    limit: Decimal | None = None
    interest: Decimal | None = None
    due_date: date | None = None
    money_transactions: tuple[MoneyTransaction, ...] = ()
    partial_due_to_timeout: bool = False


class Import(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that one read of one target brought.

    `credit_cards` is `None` where the target has no cards, empty where the owner has none.
    `origin`: `scraper` (any bank, also through PSD2), `pdf` or `upload`. `ends_on`: the last day that the
    data speaks of, where it is not the day of the import: the end of a statement's period. `country`: whose
    words its money transactions are written in, two small letters.
    """

    target: str
    institution: str
    imported_at: datetime
    owners: tuple[Owner, ...] = ()
    accounts: tuple[Account, ...] = ()
    credit_cards: tuple[CreditCard, ...] | None = None
    origin: str = "scraper"
    ends_on: date | None = None
    country: str | None = None
