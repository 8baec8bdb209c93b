"""What Kontora's replies tell, as frozen data: money is `Decimal`, debit negative; unknown is `None`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Session:
    """A session at a bank. `signature` and `multiple_access_id` are secrets; `repr` hides them."""

    id: str
    signature: str = field(repr=False)
    owner_external_id: str | None = None
    multiple_access_id: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A person or company. `kind`: `OWNER`, `CO_OWNER` or `COMPANY`; `None` is possible on one account."""

    name: str
    kind: str | None = None
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


@dataclass(frozen=True, slots=True)
class Vendor:
    """A company behind a money transaction, and the label that it stands for."""

    label: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyTransaction:
    """One movement of money. `status`: `DONE`, `PENDING`, `PLANNED` or `REJECTED`.

    `currency_balance` is the balance after it. `booked_on` is `None` while it is not booked. `labels` and
    `vendors` are empty where they are not switched on for the client.
    """

    transaction_on: date
    currency_amount: Decimal
    status: str
    booked_on: date | None = None
    currency_balance: Decimal | None = None
    title: str | None = None
    party: str | None = None
    party_iban: str | None = None
    kind: str | None = None
    variable_symbol: str | None = None
    constant_symbol: str | None = None
    specific_symbol: str | None = None
    labels: frozenset[str] = frozenset()
    vendors: tuple[Vendor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A payment account; money transactions newest first. `partial_due_to_timeout`: some are missing."""

    name: str
    iban: str
    currency_name: str
    currency_balance: Decimal | None = None
    currency_funds_available: Decimal | None = None
    friendly_name: str | None = None
    active_since_at_least: date | None = None
    direct_debit: bool | None = None
    money_transactions: tuple[MoneyTransaction, ...] = ()
    owners: tuple[Owner, ...] = ()
    partial_due_to_timeout: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditCard:
    """A credit card; a negative balance is debt. `number` is masked."""

    name: str
    card_id: str
    currency_name: str
    iban: str | None = None
    number: str | None = None
    currency_balance: Decimal | None = None
    currency_funds_available: Decimal | None = None
    limit: Decimal | None = None
    interest: Decimal | None = None
    due_date: date | None = None
    money_transactions: tuple[MoneyTransaction, ...] = ()
    owners: tuple[Owner, ...] = ()
    partial_due_to_timeout: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialMetadata:
    """A credential that the bank wants next, such as `STATIC_PASSWORD` or `SMS_CODE`. `mask` is JSON text."""

    kind: str
    name: str
    description: str | None = None
    supported: bool = True
    asterisked: bool = False
    mask: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """What one command brought.

    `credit_cards` is `None` where the target has no cards, empty where the owner has none.
    `money_transactions` is filled only by the commands that read one account or one card;
    `credentials` only by `enter_credential`.
    """

    owners: tuple[Owner, ...] = ()
    accounts: tuple[Account, ...] = ()
    credit_cards: tuple[CreditCard, ...] | None = None
    money_transactions: tuple[MoneyTransaction, ...] = ()
    credentials: tuple[CredentialMetadata, ...] = ()
    command_id: str | None = None
    target: str | None = None
    institution: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a command ended without a result. `friendly_message` is for the owner, in their language."""

    name: str
    message: str
    friendly_message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandReply:
    """Where a command stands. `state`: `setup`, `in_progress`, `successful`, `error` or `fatal`.

    `progress` is per cent; a finished command need not show 100.
    """

    id: str
    name: str
    state: str
    progress: float = 0.0
    target: str | None = None
    institution: str | None = None
    failure: Failure | None = None
    result: ImportResult | None = None

    @property
    def is_final(self) -> bool:
        """Tell whether the state can still change."""
        return self.state not in {"setup", "in_progress"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetData:
    """The data of one owner at one bank. `origin`: `scraper` (any bank, also PSD2), `pdf` or `upload`."""

    name: str
    official_name: str | None = None
    institution: str | None = None
    origin: str | None = None
    owners: tuple[Owner, ...] = ()
    accounts: tuple[Account, ...] = ()
    credit_cards: tuple[CreditCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerData:
    """All data of one owner over all their imports, one target for each bank."""

    external_id: str
    created_at: datetime | None = None
    updated_at: datetime | None = None
    last_change_at: datetime | None = None
    origin: str | None = None
    targets: tuple[TargetData, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A connection to a bank that the catalogue offers. `favicon` is a `data:` URL, where asked for."""

    name: str
    country: str
    institution: str
    official_name: str
    official_url: str | None = None
    login_name: str | None = None
    beta: bool = False
    psd2: bool = False
    account_types: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    credentials: tuple[CredentialMetadata, ...] = ()
    favicon: str | None = field(default=None, repr=False)
