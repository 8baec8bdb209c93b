"""Money transactions written from memory of real statements, one by one, and the labels they ought to get.

`cases/<country>.csv` holds rows that need no neighbours; they were written before anybody looked at whether
rules cover them, so they tell how rules do on words that nobody wrote them for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kontora.labels.labelling import Labeller, knowledge_of
from kontora.model import Account, Import, MoneyTransaction, Owner, OwnerKind, TransactionStatus

FOLDER = Path(__file__).parent / "cases"
COUNTRIES = sorted(file.stem for file in FOLDER.glob("*.csv"))
LEAST_PRECISION, LEAST_RECALL = 0.95, 0.90
SOMEBODY = "Owner Ofthecases"


@dataclass(frozen=True)
class Case:
    """A row and what it ought to be: `right` and `found` are labels with their parents."""

    row: dict[str, str]
    right: frozenset[str]
    found: frozenset[str]


@pytest.mark.parametrize("country", COUNTRIES)
def test_rows_that_no_rule_was_written_for_get_their_labels(country: str) -> None:
    cases = list(_cases(country))
    given = sum(len(case.found) for case in cases)
    wanted = sum(len(case.right) for case in cases)
    right = sum(len(case.found & case.right) for case in cases)
    precision, recall = right / given, right / wanted
    told = "\n".join(_told(case) for case in cases if case.found != case.right)
    assert precision >= LEAST_PRECISION, f"precision {precision:.3f}\n{told}"
    assert recall >= LEAST_RECALL, f"recall {recall:.3f}\n{told}"


def _cases(country: str) -> Iterator[Case]:
    with (FOLDER / f"{country}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    accounts = tuple(
        Account(name="A", iban=f"{place}", currency_name="EUR", money_transactions=(_item(row),))
        for place, row in enumerate(rows)
    )
    imported = Import(
        target="Cases",
        institution="Cases",
        imported_at=datetime(2026, 11, 1, tzinfo=UTC),
        owners=(Owner(name=SOMEBODY, kind=OwnerKind.OWNER),),
        accounts=accounts,
    )
    labelled = Labeller(knowledge_of(country)).label(imported).imported.accounts
    for row, account in zip(rows, labelled, strict=True):
        right = frozenset(row["labels"].split("|")) - {""}
        yield Case(row, right, frozenset(account.money_transactions[0].labels))


def _item(row: dict[str, str]) -> MoneyTransaction:
    return MoneyTransaction(
        transaction_on=date(2026, 5, 4),
        currency_amount=Decimal(row["amount"]),
        status=TransactionStatus.DONE,
        title=row["title"] or None,
        party=row["party"] or None,
        kind=row["kind"] or None,
        mcc=row["mcc"] or None,
    )


def _told(case: Case) -> str:
    texts = " | ".join(case.row[name] for name in ("kind", "party", "title", "mcc") if case.row[name])
    missed, wrong = sorted(case.right - case.found), sorted(case.found - case.right)
    return f"{case.row['amount']} {texts}: missed {missed}, wrong {wrong}"
