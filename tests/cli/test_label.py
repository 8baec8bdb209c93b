"""`kontora label`: a table with labels at its end, from files and through pipes."""

from __future__ import annotations

import csv
import io
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

KONTORA = str(Path(sys.executable).with_name("kontora"))
HEAD = "date,amount,currency,title,party,note,mcc,owner\n"
# Rules of the tables alone: they are there whatever the dictionary learns.
ROWS = (
    "2026-05-22,-15.00,PLN,ZAKUPY,,my note,5411,Jan Kowalski\n"
    '2026-05-21,-200.00,PLN,,KOWALSKI JAN,"a, b",,Jan Kowalski\n'
    "2026-05-20,-3.00,PLN,zzz qqq,,,,Jan Kowalski\n"
)


def kontora(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([KONTORA, *arguments], input=stdin, capture_output=True, timeout=60, check=False)


def cells(output: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(output.decode(), newline=""), delimiter=delimiter))


def test_labels_come_last_and_everything_else_stays(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(HEAD + ROWS)
    done = kontora("label", str(file), "--country", "pl")
    assert done.returncode == 0
    before, after = cells((HEAD + ROWS).encode()), cells(done.stdout)
    assert [row[:-1] for row in after] == before
    assert [row[-1] for row in after] == ["labels", "grocery", "own transfer", ""]
    assert b"3 rows, 1 account of 1 owner: 2 with labels (66.7 %)." in done.stderr
    assert b"Most frequent: grocery 1, own transfer 1" in done.stderr


@pytest.mark.parametrize("arguments", [("-",), ()])
def test_stdin_reads_like_a_file(arguments: tuple[str, ...]) -> None:
    done = kontora("label", *arguments, "--country", "pl", stdin=(HEAD + ROWS).encode())
    assert [row[-1] for row in cells(done.stdout)] == ["labels", "grocery", "own transfer", ""]


def test_labelling_what_is_labelled_changes_nothing() -> None:
    first = kontora("label", "-", "--country", "pl", "--explain", stdin=(HEAD + ROWS).encode())
    again = kontora("label", "-", "--country", "pl", "--explain", stdin=first.stdout)
    assert again.stdout == first.stdout


def test_every_label_says_why() -> None:
    done = kontora("label", "-", "--country", "pl", "--explain", stdin=(HEAD + ROWS).encode())
    told = [row[-2:] for row in cells(done.stdout)]
    assert told == [
        ["reasons", "labels"],
        ['grocery: table mcc "5411" 1.00', "grocery"],
        ['own transfer: sequence own name "KOWALSKI JAN" 1.00', "own transfer"],
        ["", ""],
    ]


def test_the_score_reads_what_was_labelled() -> None:
    head = "date,amount,balance,title,mcc\n"
    rows = "".join(
        f"2026-{1 + day // 28:02}-{1 + day % 28:02},-10.00,{500 - day},x,5411\n" for day in range(150)
    )
    labelled = kontora("label", "-", "--country", "pl", stdin=(head + rows).encode())
    scored = kontora("score", "explain", "-", stdin=labelled.stdout)
    assert scored.returncode == 0, scored.stderr
    assert b"tier " in scored.stdout
    assert b"no column `labels`" not in scored.stderr


def test_the_score_of_a_table_does_not_depend_on_how_its_numbers_are_written() -> None:
    days = [(f"2026-{1 + day // 28:02}", 1 + day % 28, 500 - day) for day in range(150)]
    plain = "date,amount,balance,labels\n" + "".join(
        f"{month}-{day:02},-10.50,{left}.25,grocery\n" for month, day, left in days
    )
    ours = "date;amount;balance;labels\n" + "".join(
        f"{day:02}.{month[5:]}.2026;-10,50;{left},25;grocery\n" for month, day, left in days
    )
    told = [kontora("score", "explain", "-", "--json", stdin=text.encode()).stdout for text in (plain, ours)]
    assert told[0] == told[1]
    assert told[0].startswith(b"{")


def test_the_score_reads_a_pipe_like_a_file_with_its_mark_and_in_utf_8_alone(tmp_path: Path) -> None:
    rows = "".join(f"2026-{1 + day // 28:02}-{1 + day % 28:02},-10.00,{500 - day},x\n" for day in range(150))
    table = ("date,amount,balance,labels\n" + rows).encode("utf-8-sig")
    file = tmp_path / "rows.csv"
    file.write_bytes(table)
    piped, read = kontora("score", "explain", "-", stdin=table), kontora("score", "explain", str(file))
    assert piped.returncode == 0, piped.stderr
    assert piped.stdout == read.stdout
    file.write_bytes(table + b"2026-06-01,-1.00,1,\xff\n")
    for source, stdin in ((str(file), b""), ("-", file.read_bytes())):
        done = kontora("score", "explain", source, stdin=stdin)
        assert done.returncode == 2
        assert done.stderr == b"InvalidArgument: The table is not UTF-8. Save it as CSV in UTF-8.\n"


def test_an_export_of_a_spreadsheet_is_read_and_written_in_its_own_way(tmp_path: Path) -> None:
    file, out = tmp_path / "rows.csv", tmp_path / "out.csv"
    text = "date;amount;title;mcc\r\n22.05.2026;-1 234,56;Żabka;5411\r\n"
    file.write_bytes(text.encode("utf-8-sig"))
    done = kontora("label", str(file), "--country", "pl", "--out", str(out))
    assert done.returncode == 0, done.stderr
    expected = "date;amount;title;mcc;labels\r\n22.05.2026;-1 234,56;Żabka;5411;grocery\r\n"
    assert out.read_bytes() == expected.encode("utf-8-sig")
    assert b"not UTF-8" not in done.stderr


@pytest.mark.parametrize(
    ("country", "encoding", "word"), [("pl", "cp1250", "Żabka łąka"), ("es", "cp1252", "Año niño")]
)
def test_what_windows_wrote_is_read_and_told(country: str, encoding: str, word: str) -> None:
    done = kontora(
        "label",
        "-",
        "--country",
        country,
        stdin=f"date,amount,title\n2026-05-22,-1,{word}\n".encode(encoding),
    )
    assert cells(done.stdout)[1][2] == word
    assert f"The table is not UTF-8. It is read as {encoding}".encode() in done.stderr


@pytest.mark.parametrize(
    ("stdin", "told"),
    [
        (
            b"\xef\xbb\xbfdate,amount\n2026-05-22,\xb3\n",
            b"InvalidArgument: The table is not UTF-8: byte 0xb3",
        ),
        (b"date,amount\n2026-05-22,-1,\x81\xb3\n", b"is not UTF-8, and not cp1250: byte 0x81"),
        ("date,amount\n2026-05-22,-1\n".encode("utf-16"), b"The table is not UTF-8 but UTF-16"),
        (b"date,amount\n2026-05-22,-1\n2026-05-23,x\n", b"Line 3, column amount: 'x' is no amount."),
        (b"", b"Line 1: the table lacks date and amount"),
    ],
)
def test_what_cannot_be_read_ends_with_one_line_and_nothing_is_written(
    stdin: bytes, told: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    out.write_text("what was there")
    done = kontora("label", "-", "--country", "pl", "--out", str(out), stdin=stdin)
    assert done.returncode == 2
    assert told in done.stderr
    assert b"Traceback" not in done.stderr
    assert done.stderr.startswith((b"InvalidArgument: ", b"The table is not UTF-8. It is read as"))
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]
    assert out.read_text() == "what was there"


def test_a_country_without_rules_is_named() -> None:
    done = kontora("label", "-", "--country", "de")
    assert done.returncode == 2
    assert b"There are no labels for 'de'. Countries: pl, es, cz, pt." in done.stderr


def test_a_file_may_be_written_over_itself(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(HEAD + ROWS)
    assert kontora("label", str(file), "--country", "pl", "--out", str(file)).returncode == 0
    assert file.read_text().startswith(HEAD.strip() + ",labels\n")


def test_a_reader_that_has_enough_ends_it_quietly(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(HEAD + ROWS * 20_000)
    process = subprocess.Popen(
        [KONTORA, "label", str(file), "--country", "pl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == HEAD.strip().encode() + b",labels\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(timeout=60) == 1


def test_an_output_that_takes_nothing_is_told(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(HEAD + ROWS)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [KONTORA, "label", str(file), "--country", "pl"],
            stdout=full, stderr=subprocess.PIPE, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(b"InvalidArgument: The output cannot be written: No space left on device.")
    assert b"Traceback" not in done.stderr


def test_a_terminal_shows_a_table_for_eyes(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(HEAD + ROWS + "2026-05-20,-3.00,PLN,[bold]brackets[/bold] [x],,,,Jan Kowalski\n" * 600)
    screen, terminal = pty.openpty()
    environment = {**os.environ, "COLUMNS": "120", "TERM": "xterm"}
    process = subprocess.Popen(
        [KONTORA, "label", str(file), "--country", "pl", "--explain"],
        stdin=subprocess.DEVNULL, stdout=terminal, stderr=subprocess.PIPE, env=environment,
    )  # fmt: skip
    os.close(terminal)
    shown = b""
    while True:
        try:
            shown += os.read(screen, 65536)
        except OSError:
            break
    os.close(screen)
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    text = shown.decode()
    assert "Labels, and why" in text
    assert 'table mcc "5411"' in text
    assert "[bold]brackets[/bold] [x]" in text
    assert "no label" in text
    assert b"The first 500 of 603 rows. All of them: --out OUT.csv" in said
    assert b"603 rows, 1 account of 1 owner" in said


def test_progress_is_shown_on_a_terminal_and_is_not_in_the_output(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(HEAD + ROWS * 2000)
    screen, terminal = pty.openpty()
    process = subprocess.Popen(
        [KONTORA, "label", str(file), "--country", "pl"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=terminal, env=os.environ | {"TERM": "xterm"},
    )  # fmt: skip
    os.close(terminal)
    assert process.stdout is not None
    output = process.stdout.read()
    process.stdout.close()
    said = b""
    while True:
        try:
            said += os.read(screen, 65536)
        except OSError:
            break
    os.close(screen)
    assert process.wait(timeout=60) == 0
    assert b"Labelling" in said
    assert len(cells(output)) == 6001
