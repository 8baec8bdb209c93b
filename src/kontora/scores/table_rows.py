"""From a table of one owner's money transactions to a history.

Columns: date, amount; balance, currency, title, party, party_iban, account, labels (separated by `|`) may be
absent, all others are ignored. So the output of `kontora label` can be read as it is, also with semicolons,
decimal commas and days first.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import chain

from kontora.errors import InvalidArgument
from kontora.labels.table_rows import amount_of, delimiter_of
from kontora.labels.table_rows import day_of as day_in_words
from kontora.scores.history import History, Loan, Row
from kontora.scores.raw_rows import day_of, number

LABELS = "labels"
_NEEDED = ("date", "amount")


def history_of_table(lines: Iterable[str], loan: Loan | None = None) -> History:
    """Read lines of CSV, oldest or newest first; of several currencies, the one with most rows.

    Raises: InvalidArgument, with the line, if it cannot be read.
    """
    rest = iter(lines)
    first = next(rest, "")
    reader = csv.DictReader(chain([first], rest), restval="", delimiter=delimiter_of(first) or ",")
    columns = reader.fieldnames or ()
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        raise InvalidArgument(f"The table lacks the column {', '.join(missing)}.")
    found: list[tuple[str, Row]] = []
    accounts: dict[str, int] = {}
    try:
        for item in reader:
            account = accounts.setdefault(item.get("account") or "", len(accounts))
            found.append((item.get("currency") or "", _row(item, account)))
    except (ValueError, csv.Error) as error:
        raise InvalidArgument(f"Line {reader.line_num}: {error}.") from error
    if found and found[0][1].day > found[-1][1].day:
        found.reverse()
    many = Counter(currency for currency, _ in found)
    main = min(many, key=lambda name: (-many[name], name), default="")
    return History(
        [row for currency, row in found if currency == main],
        loan,
        is_labelled=LABELS in columns,
        currency_name=main or None,
    )


def day_after(history: History) -> date | None:
    """Return the day after the latest row: the first on which all of it is known; `None` without rows."""
    return date.fromordinal(history.rows[-1].day + 1) if history.rows else None


def _row(item: Mapping[str, str], account: int) -> Row:
    amount = _money(item["amount"])
    if amount is None:
        raise ValueError(f"the amount {item['amount']!r} is no number")
    return Row(
        _day(item["date"].strip()).toordinal(),
        amount,
        _money(item.get("balance") or ""),
        tuple(name.strip() for name in (item.get(LABELS) or "").split("|") if name.strip()),
        item.get("party_iban") or item.get("party") or None,
        account,
    )


def _day(text: str) -> date:
    """Read a day of a table, `2026-05-22` or `22.05.2026`. Raises: ValueError."""
    try:
        return day_of(text)
    except ValueError:
        return day_in_words(text)


def _money(text: str) -> float | None:
    """Read money of a table, `-12.5` or `-12,50`; `None`, where there is none."""
    found = number(text)
    if found is not None:
        return found
    try:
        return float(amount_of(text.strip()))
    except ValueError:
        return None
