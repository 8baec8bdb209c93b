"""Parse replies about what an owner's data add up to."""

from __future__ import annotations

from typing import Any

from kontora.client.analytics_model import (
    AccountsSummary,
    AccountSummary,
    Balances,
    CatalogLabel,
    CategoryFlows,
    CurrencySummary,
    Evidence,
    Income,
    IncomeConfirmation,
    IncomePeriod,
    MonthBalances,
    MonthSummary,
    Operator,
    OwnerFeature,
    OwnerFeatures,
    OwnerSummary,
    Profile,
    Segment,
    SummaryCatalog,
    Sums,
)
from kontora.client.json_documents import Fields, parse_object
from kontora.client.model import Owner


def parse_accounts_summary(body: bytes) -> AccountsSummary:
    """Read the sums of each account."""
    found = _content(body)
    accounts = tuple(_account(one) for one in found.objects("accounts"))
    return AccountsSummary(**_head(found), **_period(found), owners=_owners(found), accounts=accounts)


def parse_owner_summary(body: bytes) -> OwnerSummary:
    """Read the sums over all accounts."""
    found = _content(body)
    currencies = tuple(
        CurrencySummary(accounts_count=one.count("accountsCount"), **_summary(one))
        for one in found.objects("currencies")
    )
    return OwnerSummary(**_head(found), **_period(found), owners=_owners(found), currencies=currencies)


def parse_summary_catalog(body: bytes) -> SummaryCatalog:
    """Read what a summary may be asked for."""
    found = _content(body)
    return SummaryCatalog(
        specials=found.texts("specials"),
        operators=tuple(
            Operator(operator=one.text("operator"), meaning=one.text("meaning"))
            for one in found.objects("operators")
        ),
        labels=tuple(_label(one) for one in found.objects("labels")),
    )


def parse_income(body: bytes) -> IncomeConfirmation:
    """Read an owner's income."""
    found = _content(body)
    return IncomeConfirmation(
        **_head(found),
        data_changed_at=found.moment("dataChangedAt"),
        owners=_owners(found),
        incomes=tuple(_income(one) for one in found.objects("incomes")),
    )


def parse_features(body: bytes) -> OwnerFeatures:
    """Read numbers about an owner."""
    found = _content(body)
    return OwnerFeatures(
        **_head(found),
        feature_set=found.text("featureSet"),
        currency_name=found.optional("currencyName"),
        features=tuple(
            OwnerFeature(name=one.text("name"), value=one.money("value"), unit=one.text("unit"))
            for one in found.objects("features")
        ),
    )


def parse_profile(body: bytes) -> Profile:
    """Read what an owner is like."""
    found = _content(body)
    segments = tuple(_segment(one) for one in found.objects("segments"))
    return Profile(**_head(found), **_period(found), segments=segments)


def _content(body: bytes) -> Fields:
    return parse_object(body).object("content")


def _head(found: Fields) -> dict[str, Any]:
    return {
        "owner_external_id": found.text("ownerExternalId"),
        "response_timestamp": found.moment("responseTimestamp"),
    }


def _period(found: Fields) -> dict[str, Any]:
    return {"start": found.known_day("start"), "end": found.known_day("end")}


def _owners(found: Fields) -> tuple[Owner, ...]:
    return tuple(Owner(name=one.text("name"), kind=one.optional("kind")) for one in found.objects("owners"))


def _account(found: Fields) -> AccountSummary:
    return AccountSummary(
        kind=found.text("kind"),
        target=found.text("target"),
        institution=found.text("institution"),
        origin=found.text("origin"),
        name=found.text("name"),
        iban=found.optional("iban"),
        card_id=found.optional("cardId"),
        **_summary(found),
    )


def _summary(found: Fields) -> dict[str, Any]:
    balance = found.maybe("balance")
    return {
        "currency_name": found.text("currencyName"),
        "active_days": found.count("activeDays"),
        "first_active_on": found.day("firstActiveOn"),
        "categories": _categories(found),
        "active_since_at_least": found.day("activeSinceAtLeast"),
        "balance": None
        if balance is None
        else Balances(current=balance.money("current"), **_averages(balance)),
        "months": tuple(_month(one) for one in found.objects("months")),
    }


def _month(found: Fields) -> MonthSummary:
    balance = found.maybe("balance")
    return MonthSummary(
        month=found.text("month"),
        **_period(found),
        active_days=found.count("activeDays"),
        categories=_categories(found),
        balance=None
        if balance is None
        else MonthBalances(at_end=balance.money("atEnd"), **_averages(balance)),
    )


def _averages(balance: Fields) -> dict[str, Any]:
    return {
        "average_over_period": balance.money("averageOverPeriod"),
        "average_per_transaction": balance.money("averagePerTransaction"),
    }


def _categories(found: Fields) -> tuple[CategoryFlows, ...]:
    return tuple(
        CategoryFlows(
            category=one.text("category"),
            all=_sums(one.object("all")),
            incoming=_sums(one.object("incoming")),
            outgoing=_sums(one.object("outgoing")),
        )
        for one in found.objects("categories")
    )


def _sums(found: Fields) -> Sums:
    return Sums(count=found.count("count"), total=found.amount("total"), average=found.money("average"))


def _label(found: Fields) -> CatalogLabel:
    return CatalogLabel(
        category=found.text("category"),
        label=found.text("label"),
        group=found.text("group"),
        parent=found.optional("parent"),
        alias=found.flag("alias"),
        countries=found.texts("countries"),
        stands_for=found.texts("standsFor"),
    )


def _income(found: Fields) -> Income:
    return Income(
        currency_name=found.text("currencyName"),
        iban=found.optional("iban"),
        periods=tuple(_income_period(one) for one in found.objects("periods")),
    )


def _income_period(found: Fields) -> IncomePeriod:
    return IncomePeriod(
        period=found.text("period"),
        **_period(found),
        salary=found.amount("salary"),
        pension=found.amount("pension"),
        welfare_and_alimony=found.amount("welfareAndAlimony"),
        invoice_payments=found.amount("invoicePayments"),
        other_income=found.amount("otherIncome"),
        total=found.amount("total"),
    )


def _segment(found: Fields) -> Segment:
    return Segment(
        name=found.text("name"),
        strength=found.amount("strength"),
        evidence=tuple(
            Evidence(label=one.text("label"), count=one.count("count"), total=one.amount("total"))
            for one in found.objects("evidence")
        ),
    )
