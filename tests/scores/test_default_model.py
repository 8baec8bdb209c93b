from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

from tools import berka

from kontora.scores.model_file import default_model
from kontora.scores.score_features import SCORE_1
from kontora.scores.training.population import read_population

ROOT = Path(__file__).parents[2]
CARD = (ROOT / "docs" / "score-model-card.md").read_text(encoding="utf-8")


def test_it_says_what_it_was_trained_on_and_by_how_few_bad_outcomes() -> None:
    model = default_model()
    assert model.origin.startswith("Berka: ")
    assert (model.people, model.bad) == (309, 24)
    assert model.features_version == SCORE_1.name
    assert {curve.feature for variant in model.variants for curve in variant.model.curves} <= set(
        SCORE_1.by_name
    )


def test_its_card_is_the_one_in_the_docs() -> None:
    model = default_model()
    assert f"`{model.id}`, trained {model.trained_at:%Y-%m-%d}" in CARD
    assert model.inputs_sha256 in CARD
    for metric in model.metrics:
        assert f"{metric.value:.3f} ({metric.low:.3f} to {metric.high:.3f})" in CARD, metric


def test_it_keeps_what_is_claimed_of_it() -> None:
    metrics = {(metric.of, metric.name): metric for metric in default_model().metrics}
    asked = "with the loan that is asked for"
    assert 0.8 <= metrics[f"additive, {asked}", "calibrationSlope"].value <= 1.2
    for rival in ("untuned boosting", "untuned histogram"):
        assert metrics[f"{rival}, {asked}", "aucLeadOfKept"].value >= -0.01


def test_a_score_is_computed_without_loading_what_trains_it() -> None:
    script = (
        "import sys, kontora.scores.scoring, kontora.scores.counterfactuals, kontora.scores.reading;"
        "import kontora.scores.research;"
        "sys.exit(bool({'numpy', 'scipy', 'sklearn'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def _write(file: Path, head: str, *rows: str) -> None:
    file.write_text("\n".join((head, *rows)) + "\n")


def test_the_berka_converter_takes_rows_before_the_loan_and_the_owner_only(
    tmp_path, monkeypatch, capsys
) -> None:
    source, out = tmp_path / "berka", tmp_path / "out"
    source.mkdir()
    loans, owners, clients, rows = [], [], [], []
    for n in range(12):
        loans.append(f"{n},{100 + n},9803{n + 1:02},96396,12,8033.0,{'B' if n < 5 else 'A'}")
        owners += [f"{n},{n},{100 + n},OWNER", f"{n + 50},{n + 50},{100 + n},DISPONENT"]
        clients += [f"{n},{'70621' if n % 2 else '70121'}3,1", f"{n + 50},330101,1"]
        head = f"{n},1,{100 + n},1998-02-0"
        loan = f"x,{n},1998-03-{n + 1:02}"
        rows += [
            f"{head}1,withdrawal,withdrawal in cash,30.0,-20.0,sanction interest,,0.0,{loan},-30.0",
            f"{head}2,withdrawal,remittance to another bank,50.0,9.0,household,QR,13943797.0,{loan},-50.0",
            f"{n},1,{100 + n},1998-03-{n + 1:02},credit,credit in cash,99.0,99.0,,,,{loan},99.0",
        ]
    rows = [row.split(",", 2)[0] + "," + row.split(",", 2)[2] for row in rows]
    _write(source / "loan.csv", "loan_id,account_id,date,amount,duration,payments,status", *loans)
    _write(source / "disp.csv", "disp_id,client_id,account_id,type", *owners)
    _write(source / "client.csv", "client_id,birth_number,district_id", *clients)
    _write(
        source / "trans_preloan_raw.csv",
        "trans_id,account_id,date,type,operation,amount,balance,k_symbol,bank,account,src,loan_id,loan_date,signed",
        *rows,
    )
    monkeypatch.setattr(sys, "argv", ["berka", str(source), str(out)])
    assert berka.main() == 0
    assert "12 loans with raw rows, 5 of them bad" in capsys.readouterr().out
    people = read_population(out)
    assert people.bad == 5
    assert {person.groups["group_sex"] for person in people.people} == {"men", "women"}
    assert {person.groups["group_age"] for person in people.people} == {"under 30"}
    for person in people.people:
        assert [row.labels for row in person.history.rows] == [("late payment",), ("utilities",)]
        assert [row.party for row in person.history.rows] == [None, "QR/13943797"]
    with (out / "people.csv").open() as stream:
        assert next(csv.DictReader(stream))["loan_instalment"] == "8033.0"
