"""Invented accounts for tests: entries written as short lines, and strategies that draw whole owners."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from kontora.analytics.sources import Entry, Source, SourceKind
from kontora.labels.taxonomy import BY_NAME, ancestors, fits
from kontora.model import Account, CreditCard, Import, MoneyTransaction, TransactionStatus

IBAN = "PL26137013140000000000000001"
SECOND_IBAN = "PL05137013140000000000000002"
START, END = date(2026, 5, 1), date(2026, 10, 31)
DONE = TransactionStatus.DONE


def entry(on: str, amount: str, *labels: str, balance: str | None = None) -> Entry:
    """Write an entry; parents of labels join by themselves."""
    everything = frozenset(labels).union(*(ancestors(label) for label in labels if label in BY_NAME))
    known = None if balance is None else Decimal(balance)
    return Entry(date.fromisoformat(on), Decimal(amount), known, everything)


def account(
    *entries: Entry,
    iban: str = IBAN,
    currency: str = "PLN",
    balance: str | None = None,
    since: date | None = None,
    known_until: date = END,
) -> Source:
    """Write an account; entries oldest first."""
    return Source(
        kind=SourceKind.ACCOUNT,
        target="KontoBank",
        institution="KontoBank",
        origin="scraper",
        name="Konto 0",
        iban=iban,
        card_id=None,
        currency_name=currency,
        balance=None if balance is None else Decimal(balance),
        active_since_at_least=since,
        known_until=known_until,
        entries=entries,
    )


def card(*entries: Entry, balance: str | None = None, currency: str = "PLN") -> Source:
    """Write a credit card."""
    return Source(
        kind=SourceKind.CREDIT_CARD,
        target="KontoBank",
        institution="KontoBank",
        origin="scraper",
        name="Visa",
        iban=None,
        card_id="c-1",
        currency_name=currency,
        balance=None if balance is None else Decimal(balance),
        active_since_at_least=None,
        known_until=END,
        entries=entries,
    )


def item(on: date, amount: str, *labels: str, status: TransactionStatus = DONE) -> MoneyTransaction:
    """Write a money transaction of the model."""
    return MoneyTransaction(on, Decimal(amount), status, labels=labels)


def imported(
    *accounts: Account, cards: tuple[CreditCard, ...] | None = None, at: datetime | None = None
) -> Import:
    """Write an import of the model."""
    moment = at or datetime(2026, 10, 31, 12, tzinfo=UTC)
    return Import("KontoBank", "KontoBank", moment, accounts=accounts, credit_cards=cards)


def _labels_of(amount: Decimal, names: list[str]) -> frozenset[str]:
    own = [name for name in names if fits(name, is_credit=amount > 0)]
    return frozenset(own).union(*(ancestors(name) for name in own))


AMOUNTS = st.decimals(-5000, 5000, places=2)
LABEL_NAMES = st.lists(st.sampled_from(sorted(BY_NAME)), max_size=3)


@st.composite
def entries(draw: st.DrawFn, *, most: int = 25) -> tuple[Entry, ...]:
    """Draw the entries of an account, oldest first; all with chained balances, or none."""
    days = draw(
        st.lists(st.dates(START - timedelta(days=40), END + timedelta(days=40)), max_size=most).map(sorted)
    )
    balance = draw(st.one_of(st.none(), AMOUNTS))
    found = []
    for day in days:
        amount = draw(AMOUNTS)
        balance = None if balance is None else balance + amount
        found.append(Entry(day, amount, balance, _labels_of(amount, draw(LABEL_NAMES))))
    return tuple(found)


@st.composite
def owners(draw: st.DrawFn) -> tuple[Source, ...]:
    """Draw an owner with up to four accounts and cards in up to two currencies."""
    found = []
    for place in range(draw(st.integers(1, 4))):
        currency = draw(st.sampled_from(["PLN", "EUR"]))
        made = draw(entries())
        if draw(st.booleans()):
            found.append(account(*made, iban=f"PL{place:026}", currency=currency, known_until=END))
        else:
            found.append(card(*made, currency=currency))
    return tuple(found)
