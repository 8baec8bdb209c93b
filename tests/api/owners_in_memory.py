"""A desk of analytics over owners that live in memory; it computes as the real one does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Protocol

from kontora.analytics.accounts_summary import accounts_summary
from kontora.analytics.income import incomes_of
from kontora.analytics.owner_summary import owner_summary
from kontora.analytics.profile import profile_of
from kontora.analytics.sources import owners_of, sources_of
from kontora.analytics.summary_parts import Question
from kontora.commands.answers import Client
from kontora.commands.owner_analytics import (
    IncomeReport,
    OwnerFeatures,
    OwnerProfile,
    ScoredOwner,
    Summary,
)
from kontora.commands.reply_signatures import new_reply_key, parse_reply_keys
from kontora.errors import InvalidOwnerExternalId
from kontora.labels.taxonomy import ancestors, in_order
from kontora.model import (
    Account,
    CreditCard,
    Import,
    MoneyTransaction,
    Owner,
    OwnerKind,
    TransactionStatus,
)
from kontora.scores.history import Loan
from kontora.scores.owner_features import COMMON_1
from kontora.scores.reading import history_of
from kontora.scores.served_model import ServedModel, score_owner, served_model

TODAY = date(2026, 5, 23)
CHANGED_AT = datetime(2026, 5, 23, 7, 35, 22, 335797, tzinfo=UTC)
IBAN = "PL26137013140000000000000001"
REPLY_KEYS = parse_reply_keys(new_reply_key())


class Noted(Protocol):
    """What fails as it is told to."""

    failure: BaseException | None


@cache
def default_served() -> ServedModel:
    return served_model()


def booked(days_ago: int, amount: str, *labels: str, balance: str | None = None) -> MoneyTransaction:
    """Book something; parents of labels join by themselves."""
    names = frozenset(labels).union(*(ancestors(label) for label in labels))
    return MoneyTransaction(
        TODAY - timedelta(days=days_ago),
        Decimal(amount),
        TransactionStatus.DONE,
        currency_balance=None if balance is None else Decimal(balance),
        party=labels[0] if labels else None,
        labels=in_order(names),
    )


def wage_earner() -> Import:
    """An owner with a wage, a rent and groceries over half a year, a card, and an account in euros."""
    items, balance = [], Decimal(1000)
    for days_ago in range(179, -1, -1):
        for amount, label in ((2800, "regular wage"), (-1500, "rent")) if days_ago % 30 == 13 else ():
            balance += amount
            items.append(booked(days_ago, str(amount), label, balance=str(balance)))
        if days_ago % 3 == 0:
            balance -= 20
            items.append(booked(days_ago, "-20", "grocery", balance=str(balance)))
    current = Account(
        "Konto 0",
        IBAN,
        "PLN",
        balance,
        active_since_at_least=date(2025, 11, 8),
        money_transactions=tuple(reversed(items)),
    )
    in_euros = Account("Euro", "DE89370400440532013000", "EUR", money_transactions=(booked(3, "50.00"),))
    card = CreditCard(
        "Visa", "c-1", "PLN", currency_balance=Decimal(-300), money_transactions=(booked(5, "-99.90"),)
    )
    return Import(
        "KontoBankApi",
        "KontoBank",
        CHANGED_AT,
        owners=(Owner("Jan Kowalski", OwnerKind.OWNER),),
        accounts=(current, in_euros),
        credit_cards=(card,),
    )


class InMemoryAnalytics:
    """Answers about the owners that it was told of; it fails as the intake is told to."""

    def __init__(self, desk: Noted) -> None:
        self._desk = desk
        self.reset()

    def reset(self) -> None:
        self.owners: dict[str, tuple[Import, ...]] = {}
        self.loans: list[Loan | None] = []
        self.model = default_served()
        self.country = "pl"

    def _targets(self, client: Client, owner_external_id: str) -> tuple[Import, ...]:
        if self._desk.failure is not None:
            raise self._desk.failure
        if client.id != "acme-test" or owner_external_id not in self.owners:
            raise InvalidOwnerExternalId
        return self.owners[owner_external_id]

    async def accounts_summary(self, client: Client, owner_external_id: str, question: Question) -> Summary:
        targets = self._targets(client, owner_external_id)
        return Summary(owners_of(targets), accounts_summary(sources_of(targets), question))

    async def owner_summary(self, client: Client, owner_external_id: str, question: Question) -> Summary:
        targets = self._targets(client, owner_external_id)
        return Summary(owners_of(targets), owner_summary(sources_of(targets), question))

    async def income(self, client: Client, owner_external_id: str) -> IncomeReport:
        targets = self._targets(client, owner_external_id)
        return IncomeReport(owners_of(targets), CHANGED_AT, incomes_of(sources_of(targets), TODAY))

    async def features(self, client: Client, owner_external_id: str) -> OwnerFeatures:
        targets = self._targets(client, owner_external_id)
        history = history_of(account for target in targets for account in target.accounts)
        values = COMMON_1.values(history, TODAY + timedelta(days=1))
        return OwnerFeatures(COMMON_1, history.currency_name, values)

    async def profile(self, client: Client, owner_external_id: str) -> OwnerProfile:
        targets = self._targets(client, owner_external_id)
        return OwnerProfile(profile_of(sources_of(targets), TODAY), self.country)

    async def score(self, client: Client, owner_external_id: str, loan: Loan | None) -> ScoredOwner:
        self.loans.append(loan)
        targets = self._targets(client, owner_external_id)
        scored = score_owner(self.model.scorer, targets, TODAY + timedelta(days=1), loan)
        return ScoredOwner(self.model, scored, self.country)

    def model_card(self, client: Client, model_id: str | None) -> str | None:
        if self._desk.failure is not None:
            raise self._desk.failure
        return self.model.card if model_id in {None, self.model.id} else None
