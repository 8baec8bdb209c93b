"""Income confirmation: what came in, by kind of income, this month, the two before, and in 90 days.

Source: wire.md, 9.8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

import msgspec

from kontora.analytics.amounts import ZERO, average, cents, total
from kontora.analytics.periods import Period
from kontora.analytics.sources import Entry, Source, SourceKind
from kontora.labels.taxonomy import descendants

LAST_90_DAYS = "LAST_90_DAYS"
DAYS = 90
MONTHS = 3


class Kind(StrEnum):
    """A kind of income, by its field in the reply."""

    SALARY = "salary"
    PENSION = "pension"
    WELFARE = "welfare_and_alimony"
    INVOICES = "invoice_payments"
    OTHER = "other_income"


# The first that a credit carries decides: `freelance income` also carries its parent, `compensation`.
ASSIGNMENT: tuple[tuple[Kind, frozenset[str]], ...] = (
    (Kind.INVOICES, frozenset({"freelance income", "business income"})),
    (Kind.SALARY, frozenset({"compensation"})),
    (Kind.PENSION, frozenset({"pension"})),
    (Kind.WELFARE, frozenset({"social benefit", "alimony"})),
)
# What is no income, if it is none of the above: one's own money, money lent, given back or won.
NO_INCOME = frozenset(
    {
        "own transfer",
        "currency exchange",
        "refund",
        "chargeback",
        "failed payment",
        "loan",
        "verification",
        "cash deposit",
        "gambling",
        "investment",
    }
) | descendants("loan")


class IncomePeriod(msgspec.Struct, frozen=True, rename="camel"):
    """Income of a period by kind. `total`: what the kinds add up to."""

    period: str
    start: date
    end: date
    salary: Decimal
    pension: Decimal
    welfare_and_alimony: Decimal
    invoice_payments: Decimal
    other_income: Decimal
    total: Decimal


class Income(msgspec.Struct, frozen=True, rename="camel"):
    """Income in a currency: on all accounts where `iban` is `None`, else on one."""

    currency_name: str
    iban: str | None
    periods: tuple[IncomePeriod, ...]


def kind_of(entry: Entry) -> Kind | None:
    """Tell what kind of income a money transaction is; `None` for none."""
    if entry.amount <= 0:
        return None
    for kind, labels in ASSIGNMENT:
        if not labels.isdisjoint(entry.labels):
            return kind
    return Kind.OTHER if NO_INCOME.isdisjoint(entry.labels) else None


def incomes_of(sources: Iterable[Source], today: date) -> tuple[Income, ...]:
    """Return the income of each currency, and after it of each account in it, as known on that day.

    Credit cards have no income: what comes in there pays a debt, or gives money back.
    """
    by_currency: dict[str, list[Source]] = {}
    for source in sources:
        if source.kind is SourceKind.ACCOUNT:
            by_currency.setdefault(source.currency_name, []).append(source)
    found = []
    for currency, accounts in by_currency.items():
        found.append(Income(currency, None, _periods(accounts, today)))
        found.extend(Income(currency, account.iban, _periods([account], today)) for account in accounts)
    return tuple(found)


def periods_until(today: date) -> Iterator[tuple[str, Period, int]]:
    """Return each period with its name, and by how many months its sums are divided."""
    end = today
    for back in range(MONTHS):
        start = end.replace(day=1)
        yield f"M-{back}", Period(start, end), 1
        end = start - timedelta(days=1)
    yield LAST_90_DAYS, Period(today - timedelta(days=DAYS - 1), today), MONTHS


def _periods(accounts: Sequence[Source], today: date) -> tuple[IncomePeriod, ...]:
    return tuple(_period(accounts, name, period, months) for name, period, months in periods_until(today))


def _period(accounts: Sequence[Source], name: str, period: Period, months: int) -> IncomePeriod:
    amounts: dict[Kind, list[Decimal]] = {kind: [] for kind in Kind}
    for account in accounts:
        for entry in account.between(period.start, period.end):
            kind = kind_of(entry)
            if kind is not None:
                amounts[kind].append(entry.amount)
    sums = {kind.value: average(total(found), months) or ZERO for kind, found in amounts.items()}
    return IncomePeriod(name, period.start, period.end, **sums, total=cents(total(sums.values())))
