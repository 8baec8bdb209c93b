"""From raw rows, as researchers and lenders keep them, to a history. What is missing or odd is left out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from kontora.scores.history import History, Loan, Row
from kontora.scores.titles import labels_of_title

_LOAN_NAMES = (("amount",), ("payments", "payment", "instalment"), ("duration", "months"))


def history_of_person(person: Mapping[str, Any]) -> tuple[History, date]:
    """Read `{"id", "as_of", "loan", "transactions"}`; rows on or after `as_of` are dropped, `id` is not read.

    A transaction is `{"date", "amount", "balance", "title", "party_account", "party_bank"}`, the amount
    signed; all but date and amount may be missing. A loan has `amount`, `payments` (of a month), `duration`.
    """
    day = day_of(person["as_of"])
    items = _before(day, person.get("transactions") or ())
    rows = [row for item in items if (row := _row(item)) is not None]
    has_titles = any(text(item.get("title")) for item in items)
    return History(rows, loan_of(person.get("loan")), is_labelled=has_titles), day


def loan_of(loan: Mapping[str, Any] | None) -> Loan | None:
    """Read a loan; `None`, where nothing is known of one."""
    found = Loan(*(_first(loan or {}, names) for names in _LOAN_NAMES))
    return None if found == Loan() else found


def _first(loan: Mapping[str, Any], names: tuple[str, ...]) -> float | None:
    """Return the number under the first of these names that holds one above 0."""
    found = (number(loan.get(name)) for name in names)
    return next((one for one in found if one is not None and one > 0), None)


def day_of(value: Any) -> date:
    """Read a day: a date, a moment, or `1998-04-19`.

    Raises: ValueError.
    """
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def number(value: Any) -> float | None:
    """Read a number; `None`, where there is none, or none that one can compute with."""
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if math.isfinite(found) else None


def text(value: Any) -> str:
    """Read words; empty, where there are none (also where a table has its mark for a missing value)."""
    return value.strip() if isinstance(value, str) else ""


def _before(day: date, items: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return rows of earlier days, oldest first; within a day as they came (reversed, if newest first)."""
    found = [item for item in items if item.get("date") is not None and day_of(item["date"]) < day]
    if found and day_of(found[0]["date"]) > day_of(found[-1]["date"]):
        found.reverse()
    return found


def _row(item: Mapping[str, Any]) -> Row | None:
    amount = number(item.get("amount"))
    if amount is None:
        return None
    return Row(
        day_of(item["date"]).toordinal(),
        amount,
        number(item.get("balance")),
        labels_of_title(text(item.get("title"))),
        _party(item.get("party_bank"), item.get("party_account")),
    )


def _party(bank: Any, account: Any) -> str | None:
    """Tell counterparties apart by bank and account; an account may come as a number, 0 for none."""
    plain = number(account)
    known = text(account) if plain is None else f"{plain:.0f}".removeprefix("-") if plain else ""
    return f"{text(bank)}/{known}" if known else None
