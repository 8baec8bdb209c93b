"""What would change a score most: single changes of the data, each applied and scored again.

A promise is what the changed data score, computed by the same code from the same rows; so whoever makes the
change gets the promised score.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date

import msgspec

from kontora.scores.history import NOT_SPENT, YEAR_DAYS, History, Loan, Row
from kontora.scores.quantities import CASH_WITHDRAWAL, COLLECTION, FAILED, GAMBLING, LATE
from kontora.scores.scoring import Scorer

LESS_SPENT = 0.9
SMALLER_LOAN = 0.5
LONGER_LOAN = 0.75
CUSHION_MONTHS = 0.5
SMALLEST_GAIN = 0.0005


@dataclass(frozen=True)
class Promise:
    """A change that would raise the score. `history`: the changed data; `value`: what they score."""

    name: str
    words: str
    value: float
    gain: float
    history: History


def what_would_change(scorer: Scorer, history: History, day: date) -> tuple[Promise, ...]:
    """Return the changes that would raise the score, the strongest first; empty, if none would."""
    now = scorer.probability(history, day)
    found = []
    for name, words, changed in _changes(history, day):
        value = scorer.probability(changed, day)
        if value - now >= SMALLEST_GAIN:
            found.append(Promise(name, words, value, value - now, changed))
    return tuple(sorted(found, key=lambda promise: -promise.gain))


def _changes(history: History, day: date) -> Iterator[tuple[str, str, History]]:
    for name, words, labels in (
        ("noDebtCollection", "Had debt collectors and bailiffs not had to be paid", COLLECTION),
        ("noLatePayments", "Had no payment been late", LATE),
        ("noFailedPayments", "Had no payment failed", FAILED),
        ("noGambling", "Without gambling", GAMBLING),
        ("noCash", "Had the money withdrawn in cash stayed in the account", CASH_WITHDRAWAL),
    ):
        if history.before(day).labelled(YEAR_DAYS, labels):
            yield name, words, without(history, day, labels)
    yield "lessSpent", "Had a tenth less been spent in the last 12 months", spending(history, day, LESS_SPENT)
    income = history.before(day).income
    if income:
        cushion = _round(CUSHION_MONTHS * income)
        words = f"Had {_money(cushion, history)} more stood in the account in the last 12 months"
        yield "cushion", words, with_cushion(history, day, cushion)
    loan = history.loan
    if loan is not None and loan.instalment is not None:
        yield (
            "lowerInstalment",
            f"Were the instalment a quarter lower, {_money(LONGER_LOAN * loan.instalment, history)} a month",
            history.changed(loan=msgspec.structs.replace(loan, instalment=LONGER_LOAN * loan.instalment)),
        )
        yield (
            "smallerLoan",
            "Were the loan and its instalment half as large",
            history.changed(loan=_half(loan)),
        )


def without(history: History, day: date, labels: Collection[str]) -> History:
    """Return the data as if no row of the last year with these labels had been booked."""
    unwanted = frozenset(labels)
    return _rebooked(history, day, lambda row: 0.0 if not unwanted.isdisjoint(row.labels) else row.amount)


def spending(history: History, day: date, part: float) -> History:
    """Return the data as if only this part of each debit of the last year had been spent."""
    return _rebooked(
        history,
        day,
        lambda row: row.amount * part if row.amount < 0 and NOT_SPENT.isdisjoint(row.labels) else row.amount,
    )


def with_cushion(history: History, day: date, amount: float) -> History:
    """Return the data as if the first account that tells its balance had held this much more for a year."""
    start = day.toordinal() - YEAR_DAYS
    account = next((row.account for row in history.rows if row.balance is not None), None)
    return history.changed(
        [
            msgspec.structs.replace(row, balance=row.balance + amount)
            if row.balance is not None and row.account == account and row.day >= start
            else row
            for row in history.rows
        ]
    )


def _rebooked(history: History, day: date, amount_of: Callable[[Row], float]) -> History:
    """Book the rows of the last year with other amounts; those of 0 vanish, balances follow."""
    start, end = day.toordinal() - YEAR_DAYS, day.toordinal()
    moved: dict[int, float] = {}
    rows = []
    for row in history.rows:
        amount = amount_of(row) if start <= row.day < end else row.amount
        by = moved[row.account] = moved.get(row.account, 0.0) + amount - row.amount
        if not amount and row.amount:
            continue
        balance = None if row.balance is None else row.balance + by
        rows.append(msgspec.structs.replace(row, amount=amount, balance=balance))
    return history.changed(rows)


def _half(loan: Loan) -> Loan:
    return Loan(
        None if loan.amount is None else loan.amount * SMALLER_LOAN,
        None if loan.instalment is None else loan.instalment * SMALLER_LOAN,
        loan.months,
    )


def _round(amount: float) -> float:
    """Round to two significant digits: nobody keeps 1 234.56 in reserve."""
    return float(f"{amount:.1e}")


def _money(amount: float, history: History) -> str:
    return f"{amount:,.0f} {history.currency_name or ''}".replace(",", " ").strip()
