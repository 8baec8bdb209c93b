"""`kontora statement`: PDFs read in children, for eyes and as JSON, and profiles learned from them."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from typer.testing import CliRunner, Result

from kontora.cli.app import app
from kontora.cli.composition import Composition

Run = Callable[..., Result]
SAMPLES = Path(__file__).parents[1] / "statements" / "samples"
PLAIN = SAMPLES / "mbank-statement" / "mbank-statement-plain.pdf"
CONFIRMATION = SAMPLES / "millennium-confirmation" / "millennium-confirmation-hard.pdf"
KONTORA = str(Path(sys.executable).with_name("kontora"))


def expected_of(sample: Path) -> Any:
    return json.loads(sample.with_suffix(".json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)


def told(line: str) -> Any:
    """A line of JSON without what the samples' expected data do not have."""
    found = json.loads(line, parse_float=Decimal, parse_int=Decimal)
    for name in ("failedVerifications", "fileName"):
        found.pop(name, None)
    for one in found.get("confirmations", ()):
        one.pop("generatedBy", None)
    return found


def altered(tmp_path: Path) -> Path:
    """A statement with a word in white that nobody sees."""
    file = tmp_path / "altered.pdf"
    with pikepdf.open(PLAIN) as pdf:
        page = pdf.pages[0]
        font = next(iter(page.resources.Font.keys()))
        page.contents_add(f"BT 3 Tr {font} 8 Tf 300 20 Td <0011002200330044> Tj ET".encode())
        pdf.save(file)
    return file


def test_one_file_prints_one_object_in_the_shape_of_the_api(kontora: Run) -> None:
    done = kontora("statement", str(PLAIN), "--json")
    assert done.exit_code == 0
    (line,) = done.stdout.splitlines()
    assert list(json.loads(line))[:2] == ["isConsistent", "target"]
    assert told(line) == expected_of(PLAIN)


@pytest.mark.parametrize("kind", ["statements", "confirmations"])
def test_every_sample_of_every_layout_says_what_it_is_expected_to_say(kontora: Run, kind: str) -> None:
    samples = [
        sample
        for sample in sorted(SAMPLES.glob("*/*.pdf"))
        if sample.parent.name.endswith("-confirmation") == (kind == "confirmations")
    ]
    options = ["--confirmation"] if kind == "confirmations" else []
    done = kontora("statement", *map(str, samples), "--json", "--trusted", *options)
    assert done.exit_code == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [json.loads(line)["fileName"] for line in lines] == [sample.name for sample in samples]
    assert len(samples) > 15
    for line, sample in zip(lines, samples, strict=True):
        assert told(line) == expected_of(sample), sample.name


def test_a_person_sees_account_owner_period_balances_ends_and_checks(kontora: Run) -> None:
    shown = kontora("statement", str(PLAIN)).stdout
    expected = expected_of(PLAIN)
    account = expected["accounts"][0]
    assert account["iban"] in shown.replace(" ", "")
    assert expected["owners"][0]["name"] in shown
    assert f"{expected['period']['start']} to {expected['period']['end']}" in shown
    assert f"{account['currencyBalance']:,.2f} PLN".replace(",", " ") in shown
    assert "amounts proved by" in shown and "running balance" in shown
    assert "2 more; --rows" in shown


def test_every_row_is_shown_on_request(kontora: Run) -> None:
    shown = kontora("statement", str(PLAIN), "--rows").stdout
    items = expected_of(PLAIN)["accounts"][0]["moneyTransactions"]
    assert all(f"{item['currencyAmount']:,.2f}".replace(",", " ") in shown for item in items)
    assert "--rows" not in shown


def test_confirmations_are_shown_one_by_one(kontora: Run) -> None:
    shown = kontora("statement", "--confirmation", str(CONFIRMATION)).stdout
    assert shown.count("╭─ Confirmation") == len(expected_of(CONFIRMATION)["confirmations"]) == 3


def test_an_altered_file_is_refused_with_what_was_found_and_where(kontora: Run, tmp_path: Path) -> None:
    done = kontora("statement", str(altered(tmp_path)))
    assert (done.exit_code, done.stdout) == (1, "")
    assert "PdfVerificationFailed" in done.stderr and "hiddenText" in done.stderr


def test_a_refusal_is_json_too_and_carries_no_data(kontora: Run, tmp_path: Path) -> None:
    done = kontora("statement", "--json", str(altered(tmp_path)))
    assert done.exit_code == 1
    refusal = json.loads(done.stdout)
    assert set(refusal) == {"exception", "failedVerifications"}
    assert refusal["exception"]["name"] == "PdfVerificationFailed"
    assert "hiddenText" in {one["name"] for one in refusal["failedVerifications"]}


def test_trusted_mode_tells_the_data_and_what_was_found(kontora: Run, tmp_path: Path) -> None:
    done = kontora("statement", "--json", "--trusted", str(altered(tmp_path)))
    assert done.exit_code == 0
    assert told(done.stdout) == expected_of(PLAIN)
    assert json.loads(done.stdout)["failedVerifications"]
    shown = kontora("statement", "--trusted", str(altered(tmp_path))).stdout
    assert "hiddenText" in shown and "Severity" in shown


def test_evidence_of_a_refused_file_is_written(kontora: Run, tmp_path: Path) -> None:
    out = tmp_path / "evidence" / "out.pdf"
    done = kontora("statement", str(altered(tmp_path)), "--evidence", str(out))
    assert done.exit_code == 1
    with pikepdf.open(out) as evidence:
        assert len(evidence.pages) == 2
    assert f"Evidence: {out}" in done.stderr


def test_no_evidence_is_written_where_nothing_is_suspicious(kontora: Run, tmp_path: Path) -> None:
    done = kontora("statement", str(PLAIN), "--evidence", str(tmp_path / "out.pdf"))
    assert done.exit_code == 0
    assert "Nothing suspicious" in done.stderr
    assert not (tmp_path / "out.pdf").exists()


def test_a_document_without_balances_is_read_if_that_is_accepted(kontora: Run) -> None:
    file = str(SAMPLES / "mbank-list" / "mbank-list-plain.pdf")
    assert json.loads(kontora("statement", "--json", file).stdout)["exception"]["name"] == "PdfInconsistent"
    accepted = kontora("statement", "--json", "--accept-inconsistent", file)
    assert (accepted.exit_code, json.loads(accepted.stdout)["isConsistent"]) == (0, False)
    assert "no balances" in kontora("statement", "--accept-inconsistent", file).stdout


def test_the_password_comes_by_standard_input(composition: Composition, tmp_path: Path) -> None:
    file = tmp_path / "mail.pdf"
    with pikepdf.open(PLAIN) as pdf:
        pdf.save(file, encryption=pikepdf.Encryption(owner="owner", user="44051401359", R=6))

    def run(*arguments: str, typed: str) -> Result:
        return CliRunner().invoke(app, ["statement", *arguments, str(file)], obj=composition, input=typed)

    assert run(typed="").exit_code == 1
    assert "PdfEncrypted" in run("--password-stdin", typed="wrong\n").stderr
    assert run("--password-stdin", typed="\n").exit_code == 2
    read = run("--password-stdin", "--json", "--trusted", typed="44051401359\n")
    assert told(read.stdout) == expected_of(PLAIN)


def test_several_files_are_told_in_their_order_and_one_refusal_makes_the_end_a_failure(
    kontora: Run, tmp_path: Path
) -> None:
    (tmp_path / "b.pdf").write_bytes(b"no PDF")
    files = [str(PLAIN), str(tmp_path / "b.pdf"), str(CONFIRMATION)]
    done = kontora("statement", "--json", *files)
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert done.exit_code == 1
    assert first["target"] == "MBank"
    assert (second["exception"]["name"], second["fileName"]) == ("NotPdf", "b.pdf")
    assert third["exception"]["message"] == "The document is a confirmation, not a statement."


def test_what_cannot_be_meant_is_a_usage_error(kontora: Run, tmp_path: Path) -> None:
    assert kontora("statement").exit_code == 2
    assert kontora("statement", str(tmp_path / "nothing.pdf")).exit_code == 2
    assert kontora("statement", str(tmp_path)).exit_code == 2
    assert kontora("statement", str(PLAIN), str(PLAIN), "--evidence", "x.pdf").exit_code == 2
    assert kontora("statement", str(PLAIN), "--nonsense").exit_code == 2


def test_a_file_called_learn_is_read_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "learn").write_bytes(PLAIN.read_bytes())
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        [KONTORA, "statement", "./learn", "--json"],
        cwd=tmp_path,
        capture_output=True,
        timeout=30,
        check=True,
        env=environment,
    )
    assert told(done.stdout.decode()) == expected_of(PLAIN)
    assert done.stderr == b""


def test_a_profile_is_learned_and_refuses_what_another_program_has_saved(
    kontora: Run, composition: Any, tmp_path: Path
) -> None:
    samples = sorted(str(file) for file in PLAIN.parent.glob("*.pdf"))
    learned = kontora("statement", "learn", "mbank-statement", *samples, "--out", str(tmp_path / "own"))
    assert (learned.exit_code, learned.stdout) == (
        0,
        f"{tmp_path / 'own' / 'mbank-statement.profile.json'}\n",
    )
    resaved = tmp_path / "resaved.pdf"
    with pikepdf.open(PLAIN) as pdf:
        pdf.save(resaved)
    profiles = ["--profiles", str(tmp_path / "own")]
    set_once = replace(composition, environment={"KONTORA_STATEMENT_PROFILES_DIR": str(tmp_path / "own")})
    assert kontora("statement", str(resaved), obj=set_once).exit_code == 1
    assert kontora("statement", str(resaved)).exit_code == 0
    assert kontora("statement", str(PLAIN), *profiles).exit_code == 0
    refused = kontora("statement", "--json", str(resaved), *profiles)
    assert "structure" in {one["name"] for one in json.loads(refused.stdout)["failedVerifications"]}


def test_only_genuine_files_of_the_layout_teach_and_no_fewer_than_three(kontora: Run, tmp_path: Path) -> None:
    samples = sorted(str(file) for file in PLAIN.parent.glob("*.pdf"))
    out = ["--out", str(tmp_path)]
    for files, reason in (
        (samples[:2], "3 genuine files"),
        ([*samples, str(altered(tmp_path))], "altered.pdf is not genuine"),
        (
            [*samples, str(SAMPLES / "pko-statement" / "pko-statement-plain.pdf")],
            "of the layout pko-statement",
        ),
        ([*samples, str(CONFIRMATION)], "millennium-confirmation-hard.pdf: PdfLayoutNotSupported"),
    ):
        done = kontora("statement", "learn", "mbank-statement", *files, *out)
        assert done.exit_code == 2
        assert reason in done.stderr
    unknown = kontora("statement", "learn", "no-such-layout", *samples, *out)
    assert "mbank-statement" in unknown.stderr and unknown.exit_code == 2
    assert list(tmp_path.glob("*.json")) == []


def test_no_file_but_the_wanted_one_is_written_while_reading(tmp_path: Path) -> None:
    """All is kept in memory: nothing in the folder for temporary files, not even for a moment."""
    watched = tmp_path / "temporary"
    watched.mkdir()
    code = f"""
import os, sys, threading
from pathlib import Path
seen, done = set(), threading.Event()
def watch():
    while not done.is_set():
        seen.update(os.listdir({str(watched)!r}))
watcher = threading.Thread(target=watch)
watcher.start()
from typer.testing import CliRunner
from kontora.cli.app import app
result = CliRunner().invoke(app, ["statement", {str(PLAIN)!r}, "--json"])
done.set()
watcher.join()
assert result.exit_code == 0, result.stderr
print(sorted(seen))
"""
    environment = {**os.environ, "TMPDIR": str(watched), "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, env=environment
    )
    assert done.stdout == "[]\n"


def test_a_hostile_name_and_title_cannot_write_to_the_terminal(kontora: Run, tmp_path: Path) -> None:
    file = tmp_path / "[red]x[blink].pdf"
    file.write_bytes(PLAIN.read_bytes())
    assert "[red]x[blink].pdf" in kontora("statement", str(file)).stdout
    broken = tmp_path / "[bold]y.pdf"
    broken.write_bytes(io.BytesIO(b"x").getvalue())
    assert "[bold]y.pdf" in kontora("statement", str(broken)).stderr
