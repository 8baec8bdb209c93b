"""The arithmetic of statements: what agrees is silent, and one wrong number is found with its place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.statements.rows.layout_parts import COLUMNS, FIELDS, PARTS, TABLE, layout_of

from kontora.model import AccountOwner, MoneyTransaction, OwnerKind, TransactionStatus
from kontora.statements.arithmetic import check_arithmetic
from kontora.statements.findings import Severity, Verification
from kontora.statements.imports import latest_balance, newest_first, to_import
from kontora.statements.layout import Layout
from kontora.statements.readings import PageCarry, Place, Statement, StatementRow, Totals

DAY = date(2026, 9, 1)
AMOUNTS = st.lists(
    st.integers(-(10**6), 10**6).filter(bool).map(lambda cents: Decimal(cents) / 100), max_size=12
)
SUMS = {"credits": {"labels": ["Uznania"]}, "debits": {"labels": ["Obciążenia"]}}
COUNTS = {"credit_count": {"labels": ["Uznania"]}, "debit_count": {"labels": ["Obciążenia"]}}
CHAIN = layout_of(
    fields={**FIELDS, **SUMS, **COUNTS},
    table={**TABLE, "brought_forward": "Z przeniesienia"},
    arithmetic={"sums": True, "counts": True, "carry": True},
)
NEWEST_FIRST = layout_of(order="newest-first", arithmetic={"opening_and_closing": False})
MULTISET = layout_of(order="unordered", arithmetic={"running": "multiset", "opening_and_closing": False})
NO_BALANCES = layout_of(
    table={**TABLE, "grid": {**TABLE["grid"], "columns": COLUMNS[:4]}}, arithmetic={"running": "none"}
)
IN_TEXT = layout_of(
    description={**PARTS["description"], "amount_in_text": "na ([0-9,]+)"},
    arithmetic={"amount_in_text": True},
)


def place(row: int, column: float = 0.0) -> Place:
    return Place(1 + row // 10, (column, 700.0 - row, column + 10, 706.0 - row))


def row(order: int, amount: Decimal, balance: Decimal | None, **changes: Any) -> StatementRow:
    item = MoneyTransaction(
        transaction_on=DAY + timedelta(days=order),
        currency_amount=amount,
        status=TransactionStatus.DONE,
        booked_on=DAY + timedelta(days=order),
        currency_balance=balance,
    )
    return StatementRow(
        item, order, place(order), place(order, 1), place(order, 2), place(order, 3), **changes
    )


def statement(amounts: list[Decimal], opening: Decimal = Decimal("100.00"), **changes: Any) -> Statement:
    """A statement whose every number agrees."""
    rows = []
    balance = opening
    for order, amount in enumerate(amounts):
        balance += amount
        rows.append(row(order, amount, balance))
    credits = [amount for amount in amounts if amount > 0]
    debits = [amount for amount in amounts if amount < 0]
    plain = Statement(
        iban="PL12345678901234567890123456",
        iban_place=place(0),
        currency="PLN",
        account_name="Konto",
        owners=(AccountOwner("Jan Próbny", "Długa 1", OwnerKind.OWNER),),
        period_start=DAY,
        period_end=DAY,
        period_place=None,
        opening_balance=opening,
        opening_place=place(90),
        closing_balance=balance,
        closing_place=place(91),
        rows=tuple(rows),
        totals=Totals(
            credits=sum(credits, Decimal(0)),
            debits=sum(debits, Decimal(0)),
            total=sum(amounts, Decimal(0)),
            credit_count=len(credits),
            debit_count=len(debits),
            total_count=len(amounts),
            place=place(92),
        ),
    )
    return msgspec.structs.replace(plain, **changes)


def history(amounts: list[Decimal]) -> Statement:
    """The same, newest first, without opening and closing balance."""
    whole = statement(amounts)
    rows = tuple(
        msgspec.structs.replace(each, order=order) for order, each in enumerate(reversed(whole.rows))
    )
    return msgspec.structs.replace(
        whole, rows=rows, opening_balance=None, closing_balance=None, totals=Totals(), opening_place=None
    )


def with_row(whole: Statement, order: int, **changes: Any) -> Statement:
    """Change one row's money transaction."""
    rows = list(whole.rows)
    item = msgspec.structs.replace(rows[order].money_transaction, **changes)
    rows[order] = msgspec.structs.replace(rows[order], money_transaction=item)
    return msgspec.structs.replace(whole, rows=tuple(rows))


def messages(whole: Statement, layout: Layout) -> list[str]:
    found = check_arithmetic(whole, layout)
    assert all(item.name is Verification.AMOUNTS and item.severity is Severity.HIGH for item in found)
    return [item.message for item in found]


@given(AMOUNTS)
def test_what_adds_up_is_silent(amounts: list[Decimal]) -> None:
    assert messages(statement(amounts), CHAIN) == []
    assert messages(history(amounts), NEWEST_FIRST) == []
    assert messages(history(amounts), MULTISET) == []
    assert messages(statement(amounts), NO_BALANCES) == []


@given(AMOUNTS.filter(bool), st.data())
def test_one_wrong_amount_or_balance_is_found(amounts: list[Decimal], data: st.DataObject) -> None:
    order = data.draw(st.integers(0, len(amounts) - 1))
    off = data.draw(st.sampled_from([Decimal("0.01"), Decimal("-9.00"), Decimal("1000.00")]))
    whole = statement(amounts)
    item = whole.rows[order].money_transaction
    assert item.currency_balance is not None
    assert messages(with_row(whole, order, currency_amount=item.currency_amount + off), CHAIN)
    assert messages(with_row(whole, order, currency_balance=item.currency_balance + off), CHAIN)
    assert messages(with_row(whole, order, currency_amount=item.currency_amount + off), NO_BALANCES)


@given(AMOUNTS.filter(lambda amounts: len(amounts) > 1), st.data())
def test_one_wrong_balance_in_a_history_is_found(amounts: list[Decimal], data: st.DataObject) -> None:
    whole = history(amounts)
    order = data.draw(st.integers(0, len(amounts) - 1))
    balance = whole.rows[order].money_transaction.currency_balance
    assert balance is not None
    # So far off that it is no other row's balance.
    wrong = with_row(whole, order, currency_balance=balance + Decimal("98765432.10"))
    assert messages(wrong, NEWEST_FIRST)
    assert messages(wrong, MULTISET)


@given(AMOUNTS, st.randoms())
def test_the_order_within_a_history_does_not_matter_to_a_multiset(amounts: list[Decimal], rng: Any) -> None:
    whole = history(amounts)
    rows = list(whole.rows)
    rng.shuffle(rows)
    assert messages(msgspec.structs.replace(whole, rows=tuple(rows)), MULTISET) == []


def test_a_row_that_is_missing_or_printed_twice_is_found() -> None:
    whole = statement([Decimal("-10.00"), Decimal("5.00"), Decimal("-1.00")])
    missing = msgspec.structs.replace(whole, rows=(whole.rows[0], whole.rows[2]))
    twice = msgspec.structs.replace(whole, rows=(whole.rows[0], *whole.rows))
    assert "Balance after row 3 does not follow." in messages(missing, CHAIN)
    assert messages(twice, CHAIN)


def test_a_failure_names_the_row_and_its_place_and_no_amount() -> None:
    whole = with_row(statement([Decimal("-10.00")] * 14), 12, currency_balance=Decimal("1234.56"))
    found = check_arithmetic(whole, CHAIN)
    assert [item.message for item in found] == [
        "Balance after row 13 does not follow.",
        "Balance after row 14 does not follow.",
    ]
    assert (found[0].page, found[0].box) == (2, whole.rows[12].balance_place.box)
    assert all("1234" not in item.message for item in found)


def test_a_wrong_closing_balance_is_found_at_its_place() -> None:
    whole = statement([Decimal("-10.00")], closing_balance=Decimal("91.00"))
    found = check_arithmetic(whole, CHAIN)
    assert [item.message for item in found] == [
        "The closing balance is not the balance after the last row.",
        "The opening balance and the rows do not make the closing balance.",
    ]
    assert all(item.box == whole.closing_place.box for item in found)


def test_opening_and_closing_must_be_there_where_the_layout_has_them() -> None:
    whole = statement([Decimal("-10.00")], opening_balance=None)
    assert messages(whole, NO_BALANCES) == ["The opening or the closing balance is missing."]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("credits", "The sum of credits is not that of the rows."),
        ("debits", "The sum of debits is not that of the rows."),
        ("total", "The sum of all rows is not that of the rows."),
        ("credit_count", "The number of credits is not that of the rows."),
        ("debit_count", "The number of debits is not that of the rows."),
        ("total_count", "The number of rows is not that of the rows."),
    ],
)
def test_each_sum_and_count_is_compared(name: str, message: str) -> None:
    whole = statement([Decimal("-10.00"), Decimal("4.00")])
    totals = msgspec.structs.replace(whole.totals, **{name: getattr(whole.totals, name) + 1})
    assert messages(msgspec.structs.replace(whole, totals=totals), CHAIN) == [message]


def test_rows_that_are_not_booked_yet_have_no_part_in_sums_and_balances() -> None:
    whole = statement([Decimal("-10.00"), Decimal("4.00")])
    pending = row(2, Decimal("-500.00"), None)
    item = msgspec.structs.replace(
        pending.money_transaction, booked_on=None, status=TransactionStatus.PENDING
    )
    rows = (*whole.rows, msgspec.structs.replace(pending, money_transaction=item, balance_place=None))
    assert messages(msgspec.structs.replace(whole, rows=rows), CHAIN) == []


def test_a_carried_balance_is_that_after_the_rows_before_it() -> None:
    whole = statement([Decimal("-10.00"), Decimal("4.00")])
    good = (
        PageCarry(Decimal("90.00"), 1, place(9), is_brought_forward=False),
        PageCarry(Decimal("90.00"), 1, place(10), is_brought_forward=True),
    )
    assert messages(msgspec.structs.replace(whole, carries=good), CHAIN) == []
    wrong = (good[0], msgspec.structs.replace(good[1], balance=Decimal("91.00")))
    assert messages(msgspec.structs.replace(whole, carries=wrong), CHAIN) == [
        "The balance brought forward on page 2 does not follow.",
        "The balance brought forward on page 2 is not that of the page before.",
    ]


def test_an_amount_that_its_description_contradicts_is_found() -> None:
    whole = statement([Decimal("-27.00")])
    said = msgspec.structs.replace(whole.rows[0], amount_in_text=Decimal("27.00"))
    assert messages(msgspec.structs.replace(whole, rows=(said,)), IN_TEXT) == []
    other = msgspec.structs.replace(said, amount_in_text=Decimal("72.00"))
    found = check_arithmetic(msgspec.structs.replace(whole, rows=(other,)), IN_TEXT)
    assert [item.message for item in found] == [
        "The amount of row 1 is not the one that its description repeats."
    ]
    assert found[0].box == other.amount_place.box


def test_a_row_of_zero_may_count_on_either_side() -> None:
    whole = statement([Decimal("0.00"), Decimal("4.00")])
    for credit_count, debit_count in ((2, 0), (1, 1), (1, 0)):
        totals = msgspec.structs.replace(
            whole.totals, credit_count=credit_count, debit_count=debit_count, total_count=2
        )
        assert messages(msgspec.structs.replace(whole, totals=totals), CHAIN) == []


def test_money_transactions_of_an_import_stand_newest_first() -> None:
    amounts = [Decimal("-10.00"), Decimal("4.00"), Decimal("1.00")]
    found = [item.currency_amount for item in newest_first(statement(amounts), CHAIN)]
    assert found == amounts[::-1]
    again = [item.currency_amount for item in newest_first(history(amounts), NEWEST_FIRST)]
    assert again == amounts[::-1]


def test_the_balance_of_an_import_is_the_latest_that_is_printed() -> None:
    amounts = [Decimal("-10.00"), Decimal("4.00"), Decimal("1.00")]
    assert latest_balance(statement(amounts), CHAIN) == Decimal("95.00")
    assert latest_balance(history(amounts), NEWEST_FIRST) == Decimal("95.00")
    assert latest_balance(history([]), NEWEST_FIRST) is None
    assert latest_balance(history([]), MULTISET) is None


@given(AMOUNTS.filter(lambda amounts: bool(amounts) and sum(amounts) != 0), st.randoms())
def test_the_latest_balance_of_unordered_rows_is_the_end_of_their_chain(
    amounts: list[Decimal], rng: Any
) -> None:
    whole = history(amounts)
    rows = [
        with_row(whole, place, transaction_on=DAY, booked_on=DAY).rows[place] for place in range(len(amounts))
    ]
    rng.shuffle(rows)
    shuffled = msgspec.structs.replace(whole, rows=tuple(rows))
    assert latest_balance(shuffled, MULTISET) == Decimal("100.00") + sum(amounts)


def test_an_import_says_that_it_comes_from_a_pdf() -> None:
    found = to_import(statement([Decimal("-10.00")]), CHAIN, datetime(2026, 10, 1, tzinfo=UTC))
    assert (found.origin, found.target, found.institution) == ("pdf", "Some", "Some")
    assert found.credit_cards is None
    assert [(owner.name, owner.address, owner.kind) for owner in found.owners] == [
        ("Jan Próbny", "Długa 1", OwnerKind.OWNER)
    ]
    (account,) = found.accounts
    assert (account.name, account.currency_balance) == ("Konto", Decimal("90.00"))
    assert account.owners == (AccountOwner("Jan Próbny", "Długa 1", OwnerKind.OWNER),)
