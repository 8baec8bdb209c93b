"""Every scenario of KontoBank ends as docs/scenarios.md says, over real HTTP (Show 4)."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from tests.harness.callers import Reply, pair_of
from tests.harness.towns import Town

TABLE = Path(__file__).parents[2] / "docs" / "scenarios.md"
SLOW_LOGIN = "slow-0.2"


@dataclass(frozen=True)
class Row:
    """A row of the table: what is expected of a login."""

    login: str
    sign_in: str
    ending: str
    hint: str
    owners: str
    accounts: str
    cards: str
    money_transactions: str

    @property
    def kinds(self) -> dict[str, int]:
        """How many owners of which kind."""
        return {kind: int(count) for count, kind in re.findall(r"(\d+) `(\w+)`", self.owners)}


def read_table() -> list[Row]:
    """Read the rows of the documentation."""
    rows = []
    for line in TABLE.read_text().splitlines():
        if line.startswith("| `"):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            rows.append(Row(cells[0].strip("`"), *cells[2:9]))
    return rows


ROWS = read_table()


def test_the_table_has_every_login_that_the_bank_lists() -> None:
    program = str(Path(sys.executable).with_name("kontobank"))
    listed = subprocess.run([program, "scenarios", "--json"], check=True, capture_output=True, timeout=30)
    assert [row.login for row in ROWS] == [row["login"] for row in json.loads(listed.stdout)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.login)
def test_a_login_ends_as_the_documentation_says(town: Town, row: Row) -> None:
    login = row.login.replace("slow-<seconds>", SLOW_LOGIN)
    town.bank.control("POST", "reset")
    town.gate.clear()
    signed_in = town.caller.sign_in(login, f"owner of {login}")
    assert shown(str(signed_in.status), signed_in.failure) == row.sign_in
    if signed_in.status != 200:
        assert row.ending == "—"
        assert (signed_in.friendly_message is not None) is (row.hint == "yes")
        return
    started = town.caller.start(pair_of(signed_in))
    assert started.status == 202
    ended = town.caller.ended(started.command_id)
    assert shown(ended.state, ended.failure) == row.ending
    assert (ended.friendly_message is not None) is (row.hint == "yes")
    data = town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": f"owner of {login}"})
    if ended.state != "successful":
        assert "<result" not in ended.body
        assert (data.status, data.failure) == (404, "InvalidOwnerExternalId")
        return
    check_result(ended, row, served=town.gate.served())
    assert data.body.count("<moneyTransaction>") == ended.body.count("<moneyTransaction>")


def check_result(ended: Reply, row: Row, *, served: int) -> None:
    """Compare a result with a row, and with what the bank served."""
    listed = ended.found(r"(?s)<owners>(.*?)</owners>") or ""
    kinds = re.findall(r"<kind>(\w+)</kind>", listed)
    assert {kind: kinds.count(kind) for kind in kinds} == row.kinds
    assert ended.body.count("<account>") == int(row.accounts)
    assert ended.body.count("<creditCard>") == int(row.cards)
    count = ended.body.count("<moneyTransaction>")
    assert count == served
    expected = {"all": count, "none": 0}.get(row.money_transactions)
    assert count == (int(row.money_transactions) if expected is None else expected)
    assert count > 0 or row.money_transactions == "none"
    assert "partialDueToTimeout" not in ended.body
    assert ended.progress == 100


def shown(word: str | None, failure: str | None) -> str:
    """Write an outcome as the table does."""
    return f"`{word}`" if failure is None else f"`{word}` `{failure}`"


def test_twenty_months_of_history_are_imported(town: Town) -> None:
    days = re.findall(r"<transactionOn>([\d-]+)</transactionOn>", town.imported("history").body)
    assert days == sorted(days, reverse=True)
    assert date.fromisoformat(days[-1]) < date.today() - timedelta(days=580)


def test_a_failed_check_of_an_iban_is_told_and_not_repaired(town: Town) -> None:
    command_id = town.imported("quirk-25").command_id
    with psycopg.connect(town.database_url) as db:
        row = db.execute(
            "select detail from event where command_id = %s and kind = 'command_ended'", (command_id,)
        ).fetchone()
    assert row is not None
    assert row[0]["violations"] >= 1


def test_pending_items_are_booked_on_the_next_day_and_stand_once_in_the_merged_data(town: Town) -> None:
    town.bank.control("POST", "reset")
    owner = "owner of pending"
    town.caller.send("DELETE", "/v1/data.xml", {"ownerExternalId": owner})
    before = town.imported("pending", owner)
    pending = before.body.count("<status>PENDING</status>")
    assert pending >= 3
    town.bank.move_clock(86_400)
    town.gate.clear()
    after = town.imported("pending", owner)
    assert after.body.count("<moneyTransaction>") == town.gate.served()
    merged = town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": owner})
    town.bank.move_clock(0)
    assert merged.body.count("<status>PENDING</status>") == after.body.count("<status>PENDING</status>")
    booked_before = before.body.count("<status>DONE</status>")
    assert merged.body.count("<status>DONE</status>") == booked_before + pending
