"""The gold set as imports: one for each owner, with the labels that are right beside them."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from kontora.model import Account, Import, MoneyTransaction, Owner, OwnerKind, TransactionStatus

GOLD = Path(__file__).parents[2] / "tests" / "gold"
COUNTRIES = ("pl", "es", "cz", "pt")
OPEN, LOCKED, BLIND = "open", "locked", "blind"
"""Rules are made on the first; the others are only measured."""
SEALS = ("LOCKED.sha256", "BLIND.sha256")
IMPORTED_AT = datetime(2026, 11, 1, tzinfo=UTC)


class GoldChanged(Exception):
    """A file that is only measured is not the one that was sealed."""


@dataclass(frozen=True, slots=True)
class GoldRow:
    """One money transaction and the labels that are right."""

    id: str
    owner: str
    account: str
    currency: str
    item: MoneyTransaction
    labels: frozenset[str]


Change = Callable[[str, MoneyTransaction], MoneyTransaction]


def check_seal(folder: Path = GOLD) -> None:
    """Compare the files that are only measured with their digests.

    Raises: GoldChanged.
    """
    lines = (line for seal in SEALS for line in (folder / seal).read_text(encoding="utf-8").splitlines())
    for line in lines:
        digest, name = line.split()
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise GoldChanged(f"tests/gold/{name} is not the file that was sealed: it may not be measured.")


def read_gold(part: str, country: str, folder: Path = GOLD) -> list[GoldRow]:
    """Return the rows of a part and country, accounts together, oldest first."""
    file = (folder if part == OPEN else folder / part) / f"{country}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return [_row(told) for told in csv.DictReader(lines)]


def _row(told: dict[str, str]) -> GoldRow:
    day = date.fromisoformat(told["date"])
    item = MoneyTransaction(
        transaction_on=day,
        booked_on=day,
        currency_amount=Decimal(told["amount"]),
        status=TransactionStatus.DONE,
        title=told["title"] or None,
        party=told["party"] or None,
        party_iban=told["party_iban"] or None,
        kind=told["kind"] or None,
        mcc=told["mcc"] or None,
    )
    labels = frozenset(told["labels"].split("|")) - {""}
    return GoldRow(told["id"], told["owner"], told["account"], told["currency"], item, labels)


def imports(rows: Sequence[GoldRow], change: Change) -> Iterator[tuple[Import, list[GoldRow]]]:
    """Return an import for each owner, its texts changed by `change`, with its rows in the import's order."""
    by_owner: defaultdict[str, defaultdict[str, list[GoldRow]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_owner[row.owner][row.account].append(row)
    for owner, accounts in by_owner.items():
        series = [list(reversed(found)) for found in accounts.values()]
        yield (
            Import(
                target="Gold",
                institution="Gold",
                imported_at=IMPORTED_AT,
                owners=(Owner(owner, OwnerKind.OWNER),),
                accounts=tuple(
                    Account(
                        name="Account",
                        iban=found[0].account,
                        currency_name=found[0].currency,
                        money_transactions=tuple(change(row.id, row.item) for row in found),
                    )
                    for found in series
                ),
            ),
            [row for found in series for row in found],
        )
