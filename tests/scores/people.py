"""Invented owners for tests: steady ones and ones in trouble, and the tables and dictionaries of them."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from kontora.scores.history import History, Loan, Row
from kontora.scores.model_file import TIERS, ScoreModel, Variant
from kontora.scores.score_features import SCORE_1
from kontora.scores.training.fitting import fit
from kontora.scores.training.numbers import table
from kontora.scores.training.population import Person, Population

DAY = date(2026, 6, 1)
ADVERSE = ("debt collection", "bailiff", "late payment", "failed payment", "gambling")


def owner(seed: int, *, troubled: bool, days: int = 300, loan: Loan | None = None) -> History:
    """Invent an owner who is paid monthly, shops, and, if troubled, gambles, is late and pays collectors."""
    chance = random.Random(seed)
    wage = chance.uniform(3000, 8000)
    balance = wage * chance.uniform(0.1, 0.6 if troubled else 3)
    rows = []

    def book(days_ago: int, amount: float, labels: tuple[str, ...], party: str | None) -> None:
        nonlocal balance
        balance += amount
        rows.append(Row(DAY.toordinal() - days_ago, round(amount, 2), round(balance, 2), labels, party))

    for days_ago in range(days, 0, -1):
        if days_ago % 30 == 10:
            book(
                days_ago,
                wage * chance.uniform(0.6 if troubled else 0.98, 1.02),
                ("compensation",),
                "employer",
            )
        if chance.random() < 0.4:
            book(days_ago, -wage * chance.uniform(0.01, 0.12), ("grocery",), f"shop {chance.randint(1, 9)}")
        if chance.random() < 0.05:
            book(days_ago, -wage * chance.uniform(0.05, 0.2), ("cash withdrawal",), None)
        if troubled and chance.random() < 0.06:
            label = chance.choice(ADVERSE)
            book(days_ago, -wage * chance.uniform(0.01, 0.1), (label,), label)
    return History(rows, loan, currency_name="PLN")


def population(many: int = 60, *, loans: bool = True, seed: int = 0) -> Population:
    """Invent people of whom a third is in trouble; most of these do not repay."""
    people = []
    for number in range(many):
        chance = random.Random(seed * 1000 + number)
        troubled = number % 3 == 0
        loan = Loan(chance.uniform(5000, 30000), chance.uniform(200, 1500), 24) if loans else None
        bad = chance.random() < (0.75 if troubled else 0.05)
        people.append(
            Person(
                owner(seed * 1000 + number, troubled=troubled, loan=loan),
                DAY,
                not bad,
                {"group_town": chance.choice(("Gdynia", "Łódź"))},
            )
        )
    return Population(tuple(people), "Invented for tests.", "0" * 64)


def fitted(people: Population, *, model_id: str = "test-1") -> ScoreModel:
    """Fit a model on everybody, without measuring it."""
    import datetime

    import numpy as np

    good = np.array([person.repaid for person in people.people])
    variants = []
    for features in (SCORE_1.without_loan(), SCORE_1) if people.has_loans else (SCORE_1,):
        values = table([features.values(one.history, one.day) for one in people.people], features)
        variants.append(
            Variant(features is SCORE_1 and people.has_loans, fit(values, good, features), (0.2, 0.6, 0.9))
        )
    return ScoreModel(
        id=model_id,
        trained_at=datetime.datetime(2026, 6, 1, tzinfo=datetime.UTC),
        features_version=SCORE_1.name,
        origin=people.about,
        people=len(people.people),
        bad=people.bad,
        inputs_sha256=people.sha256,
        protocol="none",
        tiers=TIERS,
        metrics=(),
        variants=tuple(variants),
    )


def with_debit(history: History, days_ago: int, amount: float, label: str) -> History:
    """Book one more debit, last of its day, with its effect on the balances that follow."""
    day = DAY.toordinal() - days_ago
    before = [row for row in history.rows if row.day <= day]
    later = [row for row in history.rows if row.day > day]
    started = later[0].balance - later[0].amount if later else 0.0
    balance = before[-1].balance if before else started
    new = Row(day, -amount, balance - amount, (label,), label)
    moved = [msgspec.structs.replace(row, balance=row.balance - amount) for row in later]
    return history.changed([*before, new, *moved])


def as_person(history: History, *, loan: bool = True, name: str = "anybody") -> dict[str, Any]:
    """Write an owner as research does."""
    titles = {
        "late payment": "withdrawal in cash sanction interest",
        "compensation": "collection from another bank",
    }
    return {
        "id": name,
        "as_of": DAY,
        "loan": {"amount": 20000.0, "duration": 24, "payments": 900.0} if loan else None,
        "transactions": [
            {
                "date": date.fromordinal(row.day),
                "amount": row.amount,
                "balance": row.balance,
                "title": titles.get(row.labels[0], row.labels[0]),
                "party_account": row.party,
                "party_bank": None if row.party is None else "XY",
            }
            for row in history.rows
        ],
    }


def write_folder(
    people: Population, folder: Path, *, change: Callable[[str], str] = lambda text: text
) -> Path:
    """Write a training folder; `change` may spoil the text of people.csv."""
    with (folder / "transactions.csv").open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "date", "amount", "balance", "party", "labels"])
        for number, person in enumerate(people.people):
            for row in person.history.rows:
                writer.writerow(
                    [
                        number,
                        date.fromordinal(row.day),
                        row.amount,
                        row.balance,
                        row.party or "",
                        "|".join(row.labels),
                    ]
                )
    lines = ["id,decided_on,outcome,loan_amount,loan_instalment,loan_months,group_town"]
    for number, person in enumerate(people.people):
        loan = person.history.loan or Loan()
        lines.append(
            f"{number},{person.day},{int(not person.repaid)},{loan.amount or ''},{loan.instalment or ''},"
            f"{loan.months or ''},{person.groups['group_town']}"
        )
    (folder / "people.csv").write_text(change("\n".join(lines) + "\n"))
    (folder / "about.txt").write_text(people.about + "\n")
    return folder


def write_table(history: History, file: Path) -> Path:
    """Write an owner's rows as `kontora label` leaves them."""
    with file.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["date", "amount", "currency", "title", "party", "account", "labels", "balance"])
        for row in history.rows:
            writer.writerow(
                [
                    date.fromordinal(row.day),
                    row.amount,
                    "PLN",
                    "",
                    row.party or "",
                    "A",
                    "|".join(row.labels),
                    row.balance,
                ]
            )
    return file
