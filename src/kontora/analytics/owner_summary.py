"""The owner summary: all accounts and credit cards of an owner together, one sum for each currency.

Source: wire.md, 9.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
from msgspec import UNSET, UnsetType

from kontora.analytics.balances import Balances
from kontora.analytics.categories import OWN_TRANSFER, Category, Special
from kontora.analytics.sources import Source
from kontora.analytics.summary_parts import Balance, CategoryFlows, MonthSummary, Question, parts_of


class CurrencySummary(msgspec.Struct, frozen=True, rename="camel"):
    """All accounts and cards of a currency over a period; what was not asked for is not there."""

    currency_name: str
    accounts_count: int
    first_active_on: date | None
    active_days: int
    categories: tuple[CategoryFlows, ...]
    active_since_at_least: date | UnsetType | None = UNSET
    balance: Balance | UnsetType = UNSET
    months: tuple[MonthSummary, ...] | UnsetType = UNSET


def owner_summary(sources: Iterable[Source], question: Question) -> tuple[CurrencySummary, ...]:
    """Sum up each currency, in the order in which the accounts have them.

    Money between the owner's own accounts counts in `allTransactions` and in categories that name it alone.
    """
    by_currency: dict[str, list[Source]] = {}
    for source in sources:
        by_currency.setdefault(source.currency_name, []).append(source)
    return tuple(_summary(currency, held, question) for currency, held in by_currency.items())


def _summary(currency: str, sources: Sequence[Source], question: Question) -> CurrencySummary:
    period = question.period
    booked = [entry for source in sources for entry in source.between(period.start, period.end)]
    parts = parts_of(question, booked, Balances(sources), _counts)
    since = min((one.active_since_at_least for one in sources if one.active_since_at_least), default=None)
    return CurrencySummary(
        currency_name=currency,
        accounts_count=len(sources),
        first_active_on=parts.first_active_on,
        active_days=parts.active_days,
        categories=parts.categories,
        active_since_at_least=since if question.asks_for(Special.ACTIVE_SINCE) else UNSET,
        balance=parts.balance,
        months=parts.months,
    )


def _counts(category: Category, labels: frozenset[str]) -> bool:
    if OWN_TRANSFER in labels and not category.counts_own_money:
        return False
    return category.holds(labels)
