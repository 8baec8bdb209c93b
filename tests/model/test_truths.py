"""The truths: make a sound import, break one thing, expect one complaint."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontora.model import (
    Account,
    CreditCard,
    Import,
    MoneyTransaction,
    Owner,
    OwnerKind,
    TransactionStatus,
)
from kontora.model.order import chain_breaks, newest_first
from kontora.model.truths import violations

TODAY = date(2026, 11, 20)
IBAN = "PL61109010140000071219812874"


def booked(days_ago: int, amount: Decimal, balance: Decimal | None, title: str = "ZAKUP") -> MoneyTransaction:
    on = TODAY - timedelta(days=days_ago)
    return MoneyTransaction(
        transaction_on=on,
        booked_on=on,
        currency_amount=amount,
        currency_balance=balance,
        status=TransactionStatus.DONE,
        title=title,
    )


@st.composite
def chains(draw: st.DrawFn) -> tuple[MoneyTransaction, ...]:
    """Draw a sound chain, newest first."""
    cents = draw(st.lists(st.integers(-(10**7), 10**7), min_size=3, max_size=12))
    gaps = draw(st.lists(st.integers(0, 5), min_size=len(cents), max_size=len(cents)))
    balance, days = Decimal(10**6), 0
    items = []
    for amount_cents, gap in zip(cents, gaps, strict=True):
        amount = Decimal(amount_cents) / 100
        items.append(booked(days, amount, balance))
        balance -= amount
        days += gap
    return tuple(items)


def sound(items: tuple[MoneyTransaction, ...]) -> Import:
    return Import(
        target="KontoBankApi",
        institution="KontoBank",
        imported_at=datetime(2026, 11, 20, 12, tzinfo=UTC),
        owners=(Owner(name="Jan Kowalski", kind=OwnerKind.OWNER, polish_pesel="44051401359"),),
        accounts=(
            Account(
                name="Konto 0",
                iban=IBAN,
                currency_name="PLN",
                currency_balance=items[0].currency_balance if items else Decimal(0),
                money_transactions=items,
            ),
        ),
        credit_cards=(CreditCard(name="Visa", card_id="c-1", currency_name="PLN"),),
    )


def with_account(imported: Import, **changes: object) -> Import:
    account = msgspec.structs.replace(imported.accounts[0], **changes)
    return msgspec.structs.replace(imported, accounts=(account,))


def with_item(imported: Import, place: int, **changes: object) -> Import:
    items = list(imported.accounts[0].money_transactions)
    items[place] = msgspec.structs.replace(items[place], **changes)
    return with_account(imported, money_transactions=tuple(items))


@given(chains())
def test_a_sound_import_has_no_violation(items: tuple[MoneyTransaction, ...]) -> None:
    assert violations(sound(items)) == ()


@given(chains(), st.data())
def test_one_wrong_cent_in_a_balance_is_found_where_it_is(
    items: tuple[MoneyTransaction, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(1, len(items) - 2)) if len(items) > 2 else 1
    wrong = (items[place].currency_balance or Decimal(0)) + Decimal("0.01")
    found = violations(with_item(sound(items), place, currency_balance=wrong))
    assert {one.rule for one in found} == {"balance_chain"}
    assert {one.path for one in found} <= {
        f"accounts[0].money_transactions[{near}].currency_balance" for near in (place - 1, place)
    }


LONG_AGO = TODAY - timedelta(days=9)
ITEMS = (
    booked(0, Decimal("-10.00"), Decimal("90.00")),
    booked(1, Decimal("50.00"), Decimal("100.00")),
    booked(3, Decimal("1.00"), Decimal("50.00")),
)


@pytest.mark.parametrize(
    ("broken", "path", "rule"),
    [
        (with_account(sound(ITEMS), iban=IBAN[:-1] + "5"), "accounts[0].iban", "check_digits"),
        (with_account(sound(ITEMS), currency_name="zł"), "accounts[0].currency_name", "currency"),
        (with_account(sound(ITEMS), currency_balance=None), "accounts[0].currency_balance", "present"),
        (
            with_account(sound(ITEMS), currency_balance=Decimal(1)),
            "accounts[0].currency_balance",
            "balance_chain",
        ),
        (
            with_item(sound(ITEMS), 1, party_iban="PL00109010140000071219812874"),
            "accounts[0].money_transactions[1].party_iban",
            "check_digits",
        ),
        (
            with_item(sound(ITEMS), 1, transaction_on=date(1999, 1, 1), booked_on=ITEMS[1].booked_on),
            "accounts[0].money_transactions[1].transaction_on",
            "date_in_range",
        ),
        (
            with_item(
                sound(ITEMS), 1, transaction_on=TODAY - timedelta(days=9), booked_on=TODAY - timedelta(days=9)
            ),
            "accounts[0].money_transactions[1].transaction_on",
            "newest_first",
        ),
        (
            msgspec.structs.replace(
                sound(ITEMS),
                owners=(Owner(name="Jan", kind=OwnerKind.OWNER, polish_pesel="44051401358"),),
            ),
            "owners[0].polish_pesel",
            "check_digits",
        ),
        (
            msgspec.structs.replace(
                sound(ITEMS),
                owners=(
                    Owner(
                        name="Jan",
                        kind=OwnerKind.OWNER,
                        polish_pesel="44051401359",
                        birth_date=date(1944, 5, 15),
                    ),
                ),
            ),
            "owners[0].birth_date",
            "agrees",
        ),
        (
            msgspec.structs.replace(sound(ITEMS), owners=(Owner(name=" ", kind=OwnerKind.OWNER),)),
            "owners[0].name",
            "present",
        ),
        (
            msgspec.structs.replace(
                sound(ITEMS), credit_cards=(CreditCard(name="V", card_id="1", currency_name="XXX"),)
            ),
            "credit_cards[0].currency_name",
            "currency",
        ),
    ],
)
def test_one_broken_thing_brings_one_complaint_that_names_the_field(
    broken: Import, path: str, rule: str
) -> None:
    assert [(one.path, one.rule) for one in violations(broken)] == [(path, rule)]


def test_a_complaint_holds_no_personal_data() -> None:
    broken = with_account(sound(ITEMS), iban=IBAN[:-1] + "5", currency_balance=Decimal("1234567.89"))
    assert "1234567" not in str(violations(broken))
    assert "0000071219812" not in str(violations(broken))


@given(chains())
def test_the_order_of_the_bank_does_not_matter(items: tuple[MoneyTransaction, ...]) -> None:
    assert (
        newest_first(tuple(reversed(items))) == newest_first(items)
        or len({i.transaction_on for i in items}) == 1
    )
    assert chain_breaks(newest_first(items)) == ()


def test_booking_days_decide_where_only_they_keep_the_chain() -> None:
    early = msgspec.structs.replace(ITEMS[0], transaction_on=TODAY - timedelta(days=2))
    mixed = (early, ITEMS[1], ITEMS[2])
    assert newest_first(mixed) == mixed


def test_pending_items_stand_in_no_chain() -> None:
    pending = MoneyTransaction(
        transaction_on=TODAY, currency_amount=Decimal(-5), status=TransactionStatus.PENDING, title="BLOKADA"
    )
    assert violations(sound_with_pending(pending)) == ()


def sound_with_pending(pending: MoneyTransaction) -> Import:
    return with_account(sound(ITEMS), money_transactions=(pending, *ITEMS))
