"""The accounts summary: each account and credit card of an owner for itself.

Source: wire.md, 9.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec
from msgspec import UNSET, UnsetType

from kontora.analytics.balances import Balances
from kontora.analytics.categories import Special
from kontora.analytics.sources import Source
from kontora.analytics.summary_parts import Balance, CategoryFlows, MonthSummary, Question, parts_of


class AccountSummary(msgspec.Struct, frozen=True, rename="camel"):
    """An account or a card over a period; what was not asked for is not there."""

    kind: str
    target: str
    institution: str
    origin: str
    name: str
    iban: str | None
    card_id: str | None
    currency_name: str
    first_active_on: date | None
    active_days: int
    categories: tuple[CategoryFlows, ...]
    active_since_at_least: date | UnsetType | None = UNSET
    balance: Balance | UnsetType = UNSET
    months: tuple[MonthSummary, ...] | UnsetType = UNSET


def accounts_summary(sources: Iterable[Source], question: Question) -> tuple[AccountSummary, ...]:
    """Sum up each account, in the order given; money between own accounts counts on both sides."""
    return tuple(_summary(source, question) for source in sources)


def _summary(source: Source, question: Question) -> AccountSummary:
    booked = source.between(question.period.start, question.period.end)
    parts = parts_of(question, booked, Balances([source]))
    asked = question.asks_for(Special.ACTIVE_SINCE)
    return AccountSummary(
        kind=source.kind.value,
        target=source.target,
        institution=source.institution,
        origin=source.origin,
        name=source.name,
        iban=source.iban,
        card_id=source.card_id,
        currency_name=source.currency_name,
        first_active_on=parts.first_active_on,
        active_days=parts.active_days,
        categories=parts.categories,
        active_since_at_least=source.active_since_at_least if asked else UNSET,
        balance=parts.balance,
        months=parts.months,
    )
