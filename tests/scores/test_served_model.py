"""The model that a server scores with: what comes along, and what a file of one's own must hold."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kontora.errors import ConfigurationError
from kontora.model import Account, Import, MoneyTransaction, TransactionStatus
from kontora.scores.history import Loan
from kontora.scores.model_file import default_model
from kontora.scores.served_model import score_owner, served_model

DOCS = Path(__file__).parents[2] / "docs"
DAY = date(2026, 6, 1)


def test_the_model_that_comes_along_has_its_card_inside_the_package() -> None:
    served = served_model()
    assert served.id == default_model().id
    assert served.card == (DOCS / "score-model-card.md").read_text()
    assert served.id in served.card.splitlines()[0]


def own(folder: Path, change: Callable[[dict[str, Any]], object] = lambda model: None) -> Path:
    """Write a model of one's own, changed, with its card."""
    model = json.loads(msgspec.json.encode(default_model()))
    model["id"] = "mine"
    change(model)
    file = folder / "mine.json"
    file.write_bytes(msgspec.json.encode(model))
    (folder / "mine.md").write_text("# Model card: mine\n")
    return file


def test_a_model_of_ones_own_is_read_with_the_card_beside_it(tmp_path: Path) -> None:
    served = served_model(own(tmp_path))
    assert (served.id, served.card) == ("mine", "# Model card: mine\n")


def test_a_model_without_a_card_is_refused(tmp_path: Path) -> None:
    file = own(tmp_path)
    (tmp_path / "mine.md").unlink()
    with pytest.raises(ConfigurationError, match=r"mine\.md cannot be read.*--card"):
        served_model(file)


def curve(model: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = model["variants"][0]["model"]["curves"][0]
    return found


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda model: model.update(id=""), "its id"),
        (lambda model: model.update(id="x" * 101), "its id"),
        (lambda model: model.update(tiers=[]), "tiers"),
        (lambda model: model["tiers"].reverse(), "tiers"),
        (lambda model: model["tiers"].pop(), "tiers"),
        (lambda model: model.update(variants=[]), "no variant"),
        (lambda model: model["variants"][0].update(reference=[]), "reference"),
        (lambda model: model["variants"][0].update(reference=[0.5, 0.1]), "reference"),
        (lambda model: model["variants"][0].update(reference=[0.5, 1.1]), "reference"),
        (lambda model: curve(model).update(feature="age"), "'age' is unknown"),
        (lambda model: curve(model)["knots"].pop(), "as many knots"),
        (lambda model: curve(model).update(knots=[], adds=[]), "as many knots"),
        (lambda model: curve(model)["knots"].reverse(), "must rise"),
        (lambda model: model.update(features_version="score-0"), "score-0"),
        (lambda model: model.update(colour="red"), "no score model"),
        (lambda model: model.pop("tiers"), "no score model"),
    ],
)
def test_a_model_that_could_not_score_is_refused_with_what_is_wrong(
    tmp_path: Path, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        served_model(own(tmp_path, change))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read"):
        served_model(tmp_path / "nothing.json")


def data(many: int) -> Import:
    """Two accounts of a year."""
    accounts = []
    for number in range(2):
        balance, items = Decimal(5000), []
        for place in range(many // 2):
            amount = Decimal(6500) if place % 80 == 0 else Decimal(-79)
            balance += amount
            on = DAY - timedelta(days=365 - place * 365 * 2 // many)
            items.append(
                MoneyTransaction(
                    on,
                    amount,
                    TransactionStatus.DONE,
                    currency_balance=balance,
                    party=f"party {place % 30}",
                    labels=("compensation",) if amount > 0 else ("grocery",),
                )
            )
        accounts.append(
            Account("K", f"PL{number}", "PLN", balance, money_transactions=tuple(reversed(items)))
        )
    return Import("K", "K", datetime(2026, 6, 1, tzinfo=UTC), accounts=tuple(accounts))


def test_a_score_comes_with_what_would_raise_it_and_with_the_loan_that_is_asked_for() -> None:
    without = score_owner(served_model().scorer, [data(400)], DAY)
    asked = score_owner(served_model().scorer, [data(400)], DAY, Loan(900_000, 9_000, 100))
    assert without.score.value > asked.score.value
    assert all(promise.value > asked.score.value for promise in asked.promises)
    assert asked.promises


def test_accounts_of_several_banks_are_scored_together() -> None:
    whole = data(400)
    parts = [msgspec.structs.replace(whole, accounts=(account,)) for account in whole.accounts]
    scorer = served_model().scorer
    assert score_owner(scorer, parts, DAY) == score_owner(scorer, [whole], DAY)


def test_an_owner_with_2000_money_transactions_is_scored_within_milliseconds() -> None:
    scorer, owner = served_model().scorer, data(2000)
    score_owner(scorer, [owner], DAY)
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        score_owner(scorer, [owner], DAY)
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.1
