from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import typer
from tests.scores.people import DAY, fitted, owner, population, write_folder, write_table
from typer.testing import CliRunner, Result

from kontora.cli import score_train
from kontora.cli.app import app
from kontora.scores.features import Direction, Feature, FeatureSet, Unit
from kontora.scores.history import History
from kontora.scores.model_file import read_model, write_model
from kontora.scores.score_features import SCORE_1

AT = datetime(2026, 6, 1, tzinfo=UTC)


def kontora(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, list(arguments), input=stdin, catch_exceptions=False)


def test_a_score_is_explained_in_words_with_bars_and_what_would_change_it(tmp_path: Path) -> None:
    file = write_table(owner(2, troubled=True), tmp_path / "rows.csv")
    result = kontora("score", "explain", str(file))
    assert result.exit_code == 0
    for part in (
        "tier ",
        "% likely to repay",
        "An average owner",
        "Days below zero in 12 months",
        "█",
        "Sum",
    ):
        assert part in result.stdout
    assert "What would change it most" in result.stdout
    assert "Berka" in result.stdout
    assert "inputs sha256" in result.stdout


def test_stdin_reads_like_a_file_and_json_is_the_score(tmp_path: Path) -> None:
    file = write_table(owner(2, troubled=True), tmp_path / "rows.csv")
    options = ("--json", "--loan", "20000", "--instalment", "900", "--months", "24", "--on", str(DAY))
    from_file = kontora("score", "explain", str(file), *options)
    from_stdin = kontora("score", "explain", "-", *options, stdin=file.read_text())
    assert from_file.stdout == from_stdin.stdout
    found = json.loads(from_file.stdout)
    assert found["day"] == str(DAY)
    assert "instalmentToIncome90d" in {one["feature"] for one in found["explanations"]}


def test_the_day_is_the_one_after_the_last_row_and_the_order_of_the_file_does_not_matter(
    tmp_path: Path,
) -> None:
    history = owner(3, troubled=False)
    file = write_table(history, tmp_path / "rows.csv")
    head, *rows = file.read_text().splitlines()
    backwards = "\n".join([head, *reversed(rows)])
    first = json.loads(kontora("score", "explain", str(file), "--json").stdout)
    assert first["day"] == str(date.fromordinal(history.rows[-1].day + 1))
    assert json.loads(kontora("score", "explain", "-", "--json", stdin=backwards).stdout) == first


def test_a_model_of_ones_own_can_be_given(tmp_path: Path) -> None:
    write_model(fitted(population(40), model_id="mine-1"), tmp_path / "mine.json")
    file = write_table(owner(2, troubled=True), tmp_path / "rows.csv")
    result = kontora("score", "explain", str(file), "--model", str(tmp_path / "mine.json"))
    assert "Model mine-1" in result.stdout
    assert "Payments to debt collectors and bailiffs in 12 months" in result.stdout


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("date,amount\n", "NoDataToCalculateScore: The table has no money transactions."),
        ("date,amount\n2026-01-01,5\n", "NoDataToCalculateScore: The history is 1 days long"),
        ("day,amount\n", "InvalidArgument: The table lacks the column date."),
        ("date,amount\n2026-01-01,much\n", "InvalidArgument: Line 2: the amount 'much' is no number."),
        ("date,amount\nsoon,5\n", "InvalidArgument: Line 2:"),
    ],
)
def test_what_cannot_be_scored_is_told_in_one_line(table: str, complaint: str) -> None:
    result = kontora("score", "explain", "-", stdin=table)
    assert result.exit_code == 2
    assert complaint in result.stderr
    assert "Traceback" not in result.output


def test_a_missing_file_is_told_in_one_line() -> None:
    result = kontora("score", "explain", "nowhere.csv")
    assert result.exit_code == 2
    assert "InvalidArgument: nowhere.csv cannot be read" in result.stderr


def test_training_prints_the_table_and_writes_model_and_card(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    write_folder(population(40, loans=False), folder)
    model, card = tmp_path / "model.json", tmp_path / "card.md"
    result = kontora(
        "score", "train", str(folder), "--out", str(model), "--card", str(card), "--id", "mine-2"
    )
    assert result.exit_code == 0
    for part in (
        "AUC (95 %)",
        "additive",
        "untuned boosting",
        "one rule",
        "bound what can be claimed",
        "tier",
    ):
        assert part in result.stdout
    assert read_model(model).id == "mine-2"
    assert card.read_text().startswith("# Model card: mine-2")


def test_training_fails_on_a_feature_that_sees_past_the_decision(tmp_path: Path, capsys) -> None:
    def later(history: History, day: date) -> float:
        return float(sum(row.day >= day.toordinal() for row in history.rows))

    leak = Feature("rowsAfterDecision", Unit.COUNT, "planted", later, Direction.LOWERS)
    features = FeatureSet("score-1", (*SCORE_1.features, leak))
    folder = write_folder(population(40), tmp_path)
    with pytest.raises(typer.Exit) as ended:
        score_train.train_folder(folder, tmp_path / "model.json", None, None, features=features, at=AT)
    assert ended.value.exit_code == 2
    assert "FeatureLooksAhead: sees past the decision: rowsAfterDecision" in capsys.readouterr().err
    assert not (tmp_path / "model.json").exists()


def test_a_folder_without_people_is_refused(tmp_path: Path) -> None:
    result = kontora("score", "train", str(tmp_path))
    assert result.exit_code == 2
    assert "InvalidArgument: transactions.csv cannot be read" in result.stderr
