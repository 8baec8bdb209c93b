"""From a table of one owner's money transactions to a history.

Columns: date, amount; balance, currency, title, party, party_iban, account, labels (separated by `|`) may be
absent, all others are ignored. So the output of `kontora label` can be read as it is.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from kontora.errors import InvalidArgument
from kontora.scores.history import History, Loan, Row
from kontora.scores.raw_rows import day_of, number

LABELS = "labels"
_NEEDED = ("date", "amount")


def history_of_table(lines: Iterable[str], loan: Loan | None = None) -> History:
    """Read lines of CSV, oldest or newest first; of several currencies, the one with most rows.

    Raises: InvalidArgument, with the line, if it cannot be read.
    """
    reader = csv.DictReader(lines, restval="")
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
    amount = number(item["amount"])
    if amount is None:
        raise ValueError(f"the amount {item['amount']!r} is no number")
    return Row(
        day_of(item["date"].strip()).toordinal(),
        amount,
        number(item.get("balance")),
        tuple(name.strip() for name in (item.get(LABELS) or "").split("|") if name.strip()),
        item.get("party_iban") or item.get("party") or None,
        account,
    )
