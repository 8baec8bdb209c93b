"""Whether the numbers of a statement agree. There is no switch: what a layout carries is always checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.layout import Layout, Order, Running
from kontora.statements.readings import PageCarry, Place, Statement, StatementRow


def check_arithmetic(statement: Statement, layout: Layout) -> tuple[FailedVerification, ...]:
    """Return all that does not add up, with the place and the row (from 1, as printed); empty, if all does.

    Rows that are not booked yet have no part in balances and sums.
    Source: pdf.md, 5; wire.md, 10.3.
    """
    arithmetic = layout.arithmetic
    if arithmetic is None:
        raise ValueError(f"{layout.name} is no statement")
    found: list[FailedVerification] = []
    if arithmetic.running is Running.CHAIN:
        found += _chain(statement, layout)
    elif arithmetic.running is Running.MULTISET:
        found += _multiset(statement)
    if arithmetic.opening_and_closing:
        found += _opening_and_closing(statement)
    found += _totals(statement)
    if arithmetic.carry:
        found += _carries(statement, layout)
    if arithmetic.amount_in_text:
        found += _amounts_in_text(statement)
    return tuple(found)


def booked_rows(statement: Statement) -> tuple[StatementRow, ...]:
    """Return the rows that are booked, as printed."""
    return tuple(row for row in statement.rows if row.money_transaction.booked_on is not None)


def _failed(message: str, place: Place | None) -> FailedVerification:
    return FailedVerification(
        name=Verification.AMOUNTS,
        severity=Severity.HIGH,
        message=message,
        page=place.page if place else None,
        box=place.box if place else None,
    )


def _in_booking_order(statement: Statement, layout: Layout) -> Sequence[StatementRow]:
    rows = booked_rows(statement)
    return rows[::-1] if layout.order is Order.NEWEST_FIRST else rows


def _balance(row: StatementRow) -> Decimal:
    balance = row.money_transaction.currency_balance
    # A booked row of a table with balances has one, else it was not read.
    assert balance is not None
    return balance


def _chain(statement: Statement, layout: Layout) -> Iterator[FailedVerification]:
    rows = _in_booking_order(statement, layout)
    if rows and statement.opening_balance is not None:
        first = rows[0]
        if statement.opening_balance + first.money_transaction.currency_amount != _balance(first):
            yield _does_not_follow(first)
    for before, row in pairwise(rows):
        if _balance(before) + row.money_transaction.currency_amount != _balance(row):
            yield _does_not_follow(row)
    if statement.closing_balance is not None:
        last = _balance(rows[-1]) if rows else statement.opening_balance
        if last is not None and last != statement.closing_balance:
            yield _failed(
                "The closing balance is not the balance after the last row.", statement.closing_place
            )


def _does_not_follow(row: StatementRow) -> FailedVerification:
    return _failed(f"Balance after row {row.order + 1} does not follow.", row.balance_place)


def _multiset(statement: Statement) -> Iterator[FailedVerification]:
    """Each balance before a row is that after another, but for the oldest row."""
    rows = booked_rows(statement)
    after = Counter(_balance(row) for row in rows)
    without = []
    for row in reversed(rows):
        before = _balance(row) - row.money_transaction.currency_amount
        if after[before] > 0:
            after[before] -= 1
        else:
            without.append(row)
    # Rows are printed newest first, more or less: the first one found from the end is the oldest.
    for row in without[1:]:
        yield _failed(f"No balance leads to the balance of row {row.order + 1}.", row.balance_place)


def _opening_and_closing(statement: Statement) -> Iterator[FailedVerification]:
    opening, closing = statement.opening_balance, statement.closing_balance
    if opening is None or closing is None:
        yield _failed("The opening or the closing balance is missing.", None)
        return
    moved = sum((row.money_transaction.currency_amount for row in booked_rows(statement)), Decimal(0))
    if opening + moved != closing:
        yield _failed(
            "The opening balance and the rows do not make the closing balance.", statement.closing_place
        )


def _totals(statement: Statement) -> Iterator[FailedVerification]:
    totals = statement.totals
    amounts = [row.money_transaction.currency_amount for row in booked_rows(statement)]
    credits = [amount for amount in amounts if amount > 0]
    debits = [amount for amount in amounts if amount < 0]
    zeros = len(amounts) - len(credits) - len(debits)
    sums = (
        ("sum of credits", totals.credits, sum(credits, Decimal(0))),
        ("sum of debits", totals.debits, sum(debits, Decimal(0))),
        ("sum of all rows", totals.total, sum(amounts, Decimal(0))),
    )
    for name, stated, counted in sums:
        if stated is not None and stated != counted:
            yield _failed(f"The {name} is not that of the rows.", totals.place)
    counts = (
        ("number of credits", totals.credit_count, len(credits)),
        ("number of debits", totals.debit_count, len(debits)),
        ("number of rows", totals.total_count, len(amounts) - zeros),
    )
    for name, said, number in counts:
        # A row of zero counts on whichever side the bank likes.
        if said is not None and not number <= said <= number + zeros:
            yield _failed(f"The {name} is not that of the rows.", totals.place)


def _carries(statement: Statement, layout: Layout) -> Iterator[FailedVerification]:
    """A balance carried from page to page is that after the rows before it, and comes over unchanged."""
    if layout.order is not Order.OLDEST_FIRST:
        return
    for carry in statement.carries:
        expected = _balance_after(statement, carry.row)
        if expected is not None and expected != carry.balance:
            which = "brought" if carry.is_brought_forward else "carried"
            yield _failed(
                f"The balance {which} forward on page {carry.place.page} does not follow.", carry.place
            )
    for left, right in _pairs(statement.carries):
        if left.balance != right.balance:
            yield _failed(
                f"The balance brought forward on page {right.place.page} is not that of the page before.",
                right.place,
            )


def _balance_after(statement: Statement, count: int) -> Decimal | None:
    """Return the balance after so many rows as printed, from the opening balance or the rows' own."""
    rows = [row for row in statement.rows[:count] if row.money_transaction.booked_on is not None]
    if statement.opening_balance is not None:
        amounts = (row.money_transaction.currency_amount for row in rows)
        return sum(amounts, statement.opening_balance)
    return rows[-1].money_transaction.currency_balance if rows else None


def _pairs(carries: Sequence[PageCarry]) -> Iterator[tuple[PageCarry, PageCarry]]:
    for left, right in pairwise(carries):
        if not left.is_brought_forward and right.is_brought_forward:
            yield left, right


def _amounts_in_text(statement: Statement) -> Iterator[FailedVerification]:
    for row in statement.rows:
        if row.amount_in_text is not None and abs(row.amount_in_text) != abs(
            row.money_transaction.currency_amount
        ):
            yield _failed(
                f"The amount of row {row.order + 1} is not the one that its description repeats.",
                row.amount_place,
            )
