"""The parts of the demo, each on its own."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from kontora.client import Account, CreditCard, ImportResult, MoneyTransaction, Owner, Vendor
from kontora.demo import leash
from kontora.demo.label_words import label_counts, most_telling
from kontora.demo.onward import Places, addresses, print_shell_lines, shell_lines
from kontora.demo.screen import Screen
from kontora.demo.tables import shown_iban, shown_money, tables

PLACES = Places(
    "http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3", "k" * 64, "test1", "o-1", Path("/x")
)


def _money_transaction(number: int) -> MoneyTransaction:
    return MoneyTransaction(
        transaction_on=date(2026, 5, 30 - number),
        currency_amount=Decimal("-1234.5") if number else Decimal("8250"),
        currency_balance=Decimal("259402.51"),
        status="PENDING" if number == 0 else "DONE",
        booked_on=None if number == 0 else date(2026, 5, 30 - number),
        title="Przelew środków na rachunek\noszczędnościowy nr 2",
        party="Spółdzielnia Mieszkaniowa Zacisze ul. Długa 12/3 00-001 Warszawa",
        labels=frozenset({"rent", "monthly"}),
        vendors=(Vendor("rent", "Zacisze"),),
    )


RESULT = ImportResult(
    owners=(
        Owner(
            name="Anna Nowak",
            kind="OWNER",
            address="Lipowa 1/2 00-001 Warszawa",
            birth_date=date(1984, 1, 18),
        ),
        Owner(name="Jan Nowak", kind="CO_OWNER"),
    ),
    accounts=(
        Account(
            name="Konto Osobiste Wygodne z Bardzo Długą Nazwą",
            iban="PL26137013140000000000000001",
            currency_name="PLN",
            currency_balance=Decimal("1259402.51"),
            active_since_at_least=date(2025, 3, 1),
            direct_debit=True,
            owners=(Owner(name="Anna Nowak"),),
            money_transactions=tuple(_money_transaction(number) for number in range(25)),
        ),
        Account(name="Konto EUR", iban="PL1", currency_name="EUR"),
    ),
    credit_cards=(
        CreditCard(
            name="Visa",
            card_id="c-1",
            number="425125******1111",
            currency_name="PLN",
            currency_balance=Decimal("-300"),
            limit=Decimal("5000"),
        ),
    ),
)


def _printed(width: int) -> list[str]:
    console = Console(file=io.StringIO(), width=width, highlight=False)
    for part in tables(RESULT, width):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_the_tables_fit_and_show_dates_numbers_and_amounts_whole(width: int) -> None:
    lines = _printed(width)
    assert max(len(line.rstrip()) for line in lines) <= width
    text = "\n".join(lines)
    for whole in (
        "PL26137013140000000000000001",
        "1 259 402.51",
        "425125******1111",
        "2025-03-01",
        "CO_OWNER",
    ):
        assert whole in text
    rows = [line for line in lines if line.startswith("2026-05-")]
    assert len(rows) == 10
    assert all("Spółdziel" in row and "Przelew" in row for row in rows)
    assert "[pending]" in rows[0] and "+8 250.00" in rows[0]
    assert "-1 234.50" in rows[1]
    assert all("rent" in row for row in rows)
    assert ("rent (Zacisze)" in rows[1]) is (width >= 104)
    assert "15 more; 25 in all, 2026-05-06 to 2026-05-30" in text
    assert "25 of 25 with labels: monthly 25, rent 25" in text
    assert "Konto EUR PL1: no money transactions" in text


def test_nothing_that_a_bank_sends_is_taken_for_markup_or_a_control_code() -> None:
    hostile = ImportResult(owners=(Owner(name="[red]Anna[/red]\x1b[31m", kind="OWNER"),))
    console = Console(file=io.StringIO(), width=80)
    for part in tables(hostile, 80):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    printed = console.file.getvalue()
    assert "[red]Anna[/red]" in printed
    assert "\x1b" not in printed


def test_the_most_telling_labels_come_first_and_parents_stand_back() -> None:
    labels = {"monthly", "compensation", "salary", "regular wage", "payment processor"}
    assert most_telling(labels) == ["regular wage", "monthly", "payment processor"]
    assert most_telling({"welfare", "500+"}) == ["500+"]
    assert most_telling({"a label of a later version", "bank", "loan", "repayment"}) == [
        "a label of a later version",
        "repayment",
        "bank",
    ]


def test_labels_are_counted_on_one_line_as_long_as_there_is_room() -> None:
    items = [_money_transaction(1), replace(_money_transaction(2), labels=frozenset())]
    assert label_counts(items, 80) == "1 of 2 with labels: monthly 1, rent 1"
    assert label_counts(items, 30) == "1 of 2 with labels: monthly 1"
    assert label_counts(items[1:], 80) == "0 of 1 with labels"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("1234567.5", "1 234 567.50"), ("-0.01", "-0.01"), ("0", "0.00"), ("-1000", "-1 000.00")],
)
def test_an_amount_is_shown_with_two_decimals_and_its_thousands_apart(amount: str, shown: str) -> None:
    assert shown_money(Decimal(amount)) == shown


def test_an_account_number_is_shown_in_groups_of_four() -> None:
    assert shown_iban("PL26137013140000000000000001") == "PL26 1370 1314 0000 0000 0000 0001"


def test_shell_lines_are_printed_unbroken() -> None:
    console = Console(file=io.StringIO(), width=60)
    print_shell_lines(console, PLACES, keep=False)
    assert isinstance(console.file, io.StringIO)
    printed = console.file.getvalue().splitlines()
    for _, line in shell_lines(PLACES):
        assert line in printed


def test_shell_lines_are_sound_shell() -> None:
    script = "\n".join(line for _, line in shell_lines(PLACES))
    done = subprocess.run(
        ["bash", "-n"], input=script, text=True, capture_output=True, timeout=10, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_key_is_not_in_the_repr_of_the_places() -> None:
    assert "kkkk" not in repr(PLACES)
    assert ("Metrics", "http://127.0.0.1:2/metrics") in addresses(PLACES)


def test_steps_are_told_line_by_line_where_nobody_watches() -> None:
    console = Console(file=io.StringIO(), width=80)
    with pytest.raises(KeyError), Screen(console) as screen:
        with screen.step("First"):
            pass
        with screen.step("Second"):
            raise KeyError
    assert isinstance(console.file, io.StringIO)
    first, second = console.file.getvalue().splitlines()
    assert re.fullmatch(r" *done  First  \d+\.\d\d s", first)
    assert re.fullmatch(r" *failed  Second  \d+\.\d\d s", second)


def test_steps_on_a_terminal_end_with_a_mark_and_a_full_bar() -> None:
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system=None)
    with Screen(console) as screen, screen.step("Default import", has_bar=True) as step:
        step.per_cent = 100
    assert isinstance(console.file, io.StringIO)
    shown = console.file.getvalue()
    assert "✓ Default import" in shown
    assert "━" * 22 in shown


def test_a_program_on_the_leash_ends_with_its_killed_parent(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    parent = (
        "import os, subprocess, sys; subprocess.Popen([sys.executable, '-I', '-S', "
        f"{leash.__file__!r}, str(os.getpid()), sys.executable, '-c', {child!r}]).wait()"
    )
    process = subprocess.Popen([sys.executable, "-c", parent])
    try:
        _await(lambda: note.exists() and note.read_text() != "")
        pid = int(note.read_text())
        assert _alive(pid)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    _await(lambda: not _alive(pid))


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _await(true_soon: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true_soon():
        assert time.monotonic() < deadline
        time.sleep(0.02)
