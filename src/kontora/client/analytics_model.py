"""What an owner's labelled data add up to, as frozen data: money is `Decimal`, debit negative."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from kontora.client.model import Owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Money transactions added up. `average` is `None` where `count` is 0."""

    count: int
    total: Decimal
    average: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryFlows:
    """What a category, such as `label:salary`, adds up to: all of it, credits, and debits."""

    category: str
    all: Sums
    incoming: Sums
    outgoing: Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class Balances:
    """Balances over a period; `None` where the bank gave none."""

    current: Decimal | None
    average_over_period: Decimal | None
    average_per_transaction: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthBalances:
    """Balances over a month; `None` where the bank gave none."""

    at_end: Decimal | None
    average_over_period: Decimal | None
    average_per_transaction: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSummary:
    """A calendar month, such as `2026-05`, cut to the period; `balance` only if asked for."""

    month: str
    start: date
    end: date
    active_days: int
    categories: tuple[CategoryFlows, ...]
    balance: MonthBalances | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What every summary tells. `categories` in the order asked; `months` oldest first, only if asked for.

    `balance` and `active_since_at_least` only if asked for.
    """

    currency_name: str
    active_days: int
    first_active_on: date | None
    categories: tuple[CategoryFlows, ...]
    active_since_at_least: date | None = None
    balance: Balances | None = None
    months: tuple[MonthSummary, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSummary(Summary):
    """One account or card. `kind`: `ACCOUNT`, with `iban`, or `CREDIT_CARD`, with `card_id`."""

    kind: str
    target: str
    institution: str
    origin: str
    name: str
    iban: str | None
    card_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencySummary(Summary):
    """All accounts and cards of one currency."""

    accounts_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountsSummary:
    """Sums of each account over a period; both of its days are included."""

    owner_external_id: str
    start: date
    end: date
    response_timestamp: datetime
    owners: tuple[Owner, ...]
    accounts: tuple[AccountSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerSummary:
    """Sums over all accounts, by currency, over a period; both of its days are included."""

    owner_external_id: str
    start: date
    end: date
    response_timestamp: datetime
    owners: tuple[Owner, ...]
    currencies: tuple[CurrencySummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """What joins labels in a category. `meaning`: `or`, `and`, `and not`."""

    operator: str
    meaning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogLabel:
    """A name that categories take. `group`: `debt`, `living`, …; `parent`: the label it stands under.

    `stands_for`: of an alias, the labels that it means.
    """

    category: str
    label: str
    group: str
    parent: str | None
    alias: bool
    countries: tuple[str, ...]
    stands_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryCatalog:
    """What a summary may be asked for."""

    specials: tuple[str, ...]
    operators: tuple[Operator, ...]
    labels: tuple[CatalogLabel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomePeriod:
    """Income of a period. `period`: `M-0`, `M-1`, `M-2`, or `LAST_90_DAYS`, which is divided by 3."""

    period: str
    start: date
    end: date
    salary: Decimal
    pension: Decimal
    welfare_and_alimony: Decimal
    invoice_payments: Decimal
    other_income: Decimal
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Income:
    """Income in one currency; of one account, or of all of them where `iban` is `None`."""

    currency_name: str
    iban: str | None
    periods: tuple[IncomePeriod, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplySignature:
    """A signature that was verified, and all that it takes to verify it again, years later.

    RSASSA-PKCS1-v1_5 with SHA-256 over `body`, the exact bytes of the reply. `public_key` is PEM; `key_id`
    its thumbprint (RFC 7638).
    """

    body: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    key_id: str
    public_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomeConfirmation:
    """An owner's income. `signature` only if asked for; then it was verified."""

    owner_external_id: str
    response_timestamp: datetime
    data_changed_at: datetime
    owners: tuple[Owner, ...]
    incomes: tuple[Income, ...]
    signature: ReplySignature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerFeature:
    """A number about an owner; `None` where it cannot be computed.

    `unit`: `money`, `count`, `days`, `share` (0 to 1) or `ratio`.
    """

    name: str
    value: Decimal | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerFeatures:
    """Numbers about an owner. A `feature_set` never changes its meaning; a new one gets a new name."""

    owner_external_id: str
    response_timestamp: datetime
    feature_set: str
    currency_name: str | None
    features: tuple[OwnerFeature, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Money transactions with a label that show a segment."""

    label: str
    count: int
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What an owner is like, such as `regularEarner`. `strength`: 0.5 to 1."""

    name: str
    strength: Decimal
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The segments of an owner, strongest first, over a period."""

    owner_external_id: str
    response_timestamp: datetime
    start: date
    end: date
    segments: tuple[Segment, ...]
