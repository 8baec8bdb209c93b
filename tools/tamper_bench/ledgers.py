"""Where the figures of a sample stand on its pages, and what follows when one of them is changed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tools.tamper_bench.drawing import Run
from tools.tamper_bench.figures import value_of

SAME_LINE = 1.0


@dataclass(frozen=True)
class PrintedRow:
    """A money transaction on the page: its runs, and its place in the order of the ledger, oldest 0."""

    place: int
    amount: Run
    balance: Run | None
    line: tuple[Run, ...]


@dataclass(frozen=True)
class Figures:
    """All figures of a document: those of rows, and those around them (balances, sums, carry lines)."""

    rows: tuple[PrintedRow, ...]
    around: tuple[Run, ...]
    closing: Decimal | None


def figures_of(expected: dict[str, Any], runs: list[Run]) -> Figures:
    """Find the figures of a statement, or the amounts of confirmations."""
    money = [run for run in runs if value_of(run.text) is not None]
    if "confirmations" in expected:
        wanted = {abs(Decimal(str(item["currencyAmount"]))) for item in expected["confirmations"]}
        found = [run for run in money if abs(value_of(run.text) or 0) in wanted]
        return Figures(tuple(PrintedRow(0, run, None, _line(run, runs)) for run in found), (), None)
    account = expected["accounts"][0]
    entries = _in_order(account["moneyTransactions"])
    rows, used = [], set()
    for run in money:
        value = value_of(run.text)
        beside = [one for one in money if one is not run and _is_beside(run, one) and one.x > run.x]
        for place, (amount, balance) in enumerate(entries):
            if place in used or value != amount:
                continue
            after = next((one for one in beside if value_of(one.text) == balance), None)
            if balance is None or after is not None:
                used.add(place)
                rows.append(PrintedRow(place, run, after, _line(run, runs)))
                break
    taken = {id(run) for row in rows for run in (row.amount, row.balance)}
    around = tuple(run for run in money if id(run) not in taken)
    closing = account.get("currencyBalance")
    return Figures(tuple(rows), around, None if closing is None else Decimal(str(closing)))


def consequences(figures: Figures, row: PrintedRow, delta: Decimal) -> dict[int, Decimal]:
    """Return the new values, by `id` of the run, that keep the arithmetic when a row's amount changes."""
    old = value_of(row.amount.text)
    assert old is not None
    changes = {id(row.amount): old + delta}
    moved = {figures.closing: (figures.closing or Decimal(0)) + delta} if figures.closing is not None else {}
    for other in figures.rows:
        if other.balance is not None and other.place >= row.place:
            before = value_of(other.balance.text)
            assert before is not None
            changes[id(other.balance)] = moved[before] = before + delta
    amounts = [value_of(one.amount.text) or Decimal(0) for one in figures.rows]
    side = [amount for amount in amounts if (amount > 0) == (old > 0)]
    total, everything = sum(side, Decimal(0)), sum(amounts, Decimal(0))
    sums = {
        total: total + delta,
        -total: -(total + delta),
        everything: everything + delta,
    }
    for run in figures.around:
        value = value_of(run.text)
        assert value is not None
        if value in moved or value in sums:
            changes[id(run)] = moved.get(value, sums.get(value, value))
    return changes


def _in_order(entries: list[dict[str, Any]]) -> list[tuple[Decimal, Decimal | None]]:
    """Return amounts and balances, oldest first, by the chain of balances where the list breaks it."""
    listed = [
        (
            Decimal(str(one["currencyAmount"])),
            None if one["currencyBalance"] is None else Decimal(str(one["currencyBalance"])),
        )
        for one in reversed(entries)
    ]
    booked = [(amount, balance) for amount, balance in listed if balance is not None]
    if len(booked) < 2:
        return listed
    left = list(booked)
    afters = [balance for _, balance in booked]
    first = next((one for one in left if one[1] - one[0] not in afters), left[0])
    chain = [first]
    left.remove(first)
    while left:
        following = next((one for one in left if one[1] - one[0] == chain[-1][1]), left[0])
        chain.append(following)
        left.remove(following)
    return [*chain, *[one for one in listed if one[1] is None]]


def _is_beside(one: Run, other: Run) -> bool:
    return one.page == other.page and abs(one.y - other.y) < SAME_LINE


def _line(run: Run, runs: list[Run]) -> tuple[Run, ...]:
    return tuple(one for one in runs if _is_beside(run, one))
