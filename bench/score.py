"""From an owner's imported accounts to a score with its reasons: 2,000 money transactions of a year."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from bench.rows import Row, percentile, row
from kontora.model import Account, MoneyTransaction, TransactionStatus
from kontora.scores.counterfactuals import what_would_change
from kontora.scores.model_file import default_model
from kontora.scores.reading import history_of
from kontora.scores.scoring import Scorer

ROWS = 2000
ACCOUNTS = 2
RUNS = 100
TODAY = date(2026, 11, 20)
LABELS = (("grocery",), ("restaurant",), ("cash withdrawal",), ("gambling",), ("late payment",), ())


async def run(say: Callable[[str], None]) -> list[Row]:
    """Score one owner again and again, each time from the import."""
    scorer = Scorer(default_model())
    accounts = _accounts(random.Random(5))
    scored = [_milliseconds(lambda: scorer.score(history_of(accounts), TODAY)) for _ in range(RUNS)]
    say(f"score: median {statistics.median(scored):.2f} ms, 95 % within {percentile(scored, 0.95):.2f} ms")
    changed = [
        _milliseconds(lambda: what_would_change(scorer, history_of(accounts), TODAY))
        for _ in range(RUNS // 10)
    ]
    return [
        row(
            f"score of one owner with {ROWS} money transactions, with its reasons (median of {RUNS})",
            statistics.median(scored),
            "ms",
            target="<= 5",
        ),
        row(
            f"what would change that score most (median of {RUNS // 10})",
            statistics.median(changed),
            "ms",
        ),
    ]


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _accounts(chance: random.Random) -> list[Account]:
    return [
        Account(
            name=f"account {number}",
            iban=f"account {number}",
            currency_name="PLN",
            money_transactions=tuple(_rows(chance, ROWS // ACCOUNTS)),
        )
        for number in range(ACCOUNTS)
    ]


def _rows(chance: random.Random, many: int) -> list[MoneyTransaction]:
    balance = Decimal(5000)
    found = []
    for number in range(many):
        days_ago = 365 - number * 365 // many
        is_wage = number % (many // 12) == 0
        amount = Decimal(6500) if is_wage else -Decimal(chance.randint(200, 15000)) / 100
        balance += amount
        found.append(
            MoneyTransaction(
                transaction_on=TODAY - timedelta(days=days_ago),
                currency_amount=amount,
                status=TransactionStatus.DONE,
                currency_balance=balance,
                party=f"party {chance.randint(1, 60)}",
                labels=("compensation", "salary") if is_wage else chance.choice(LABELS),
            )
        )
    return found[::-1]
