"""`kill -9` while uploads, corrections, labels, incomes and scores are being worked on (fK1, S12)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import urllib3
from tests.faults.conftest import OpenScene
from tests.faults.evidence import Witness
from tests.faults.scene import Scene
from tests.faults.test_killed_workers import Lock, locked, port_of, survived, wait_until_it_waits
from tests.harness.callers import Reply
from tests.harness.databases import through
from tests.harness.gates import DatabaseGate

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

OWNER = "the owner"
KEY = "one-key-for-both-tries"
ROWS = 400
SAID = {"party": "Sklep Pod Lipą", "direction": "outgoing", "add": ["grocery"]}
Ask = Callable[[Witness], Reply]
BOTH = pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after it"])


def upload(witness: Witness, *, key: str = KEY, owner: str = OWNER, rows: int = ROWS) -> Reply:
    """Upload so many money transactions: wages among purchases of a year."""
    items = [
        {
            "transactionOn": f"2026-{place % 10 + 1:02}-{place % 28 + 1:02}",
            "currencyAmount": 3100 if place % 40 == 0 else -15 - place % 80,
            "title": f"Wynagrodzenie {place}" if place % 40 == 0 else f"Zakup nr {place}",
            "party": "NORDVIK LOGISTYKA SP. Z O.O." if place % 40 == 0 else "BIEDRONKA 123",
        }
        for place in range(rows)
    ]
    account = {"iban": "PL26137013140000000000000001", "currencyName": "PLN", "moneyTransactions": items}
    return posted(witness, "owner", {"ownerExternalId": owner, "accounts": [account]}, key=key)


def posted(witness: Witness, path: str, body: Mapping[str, Any], *, key: str | None = None) -> Reply:
    headers = {"Content-Type": "application/json"} | ({} if key is None else {"Idempotency-Key": key})
    return witness.send("POST", f"/v1/{path}", headers=headers, body=json.dumps(body).encode())


def correct(witness: Witness) -> Reply:
    return posted(witness, "label-correction", SAID)


def income(witness: Witness) -> Reply:
    return witness.send("GET", "/v1/owner-income-confirmation", {"ownerExternalId": OWNER})


def score(witness: Witness) -> Reply:
    return witness.send("GET", "/v1/owner-scores.xml", {"ownerExternalId": OWNER})


def counted(scene: Scene, table: str, kind: str = "") -> int:
    """Count the rows of a table, or its events of a kind."""
    assert scene.database_url is not None
    only = "" if not kind else f" where kind = '{kind}'"
    with psycopg.connect(scene.database_url) as db:
        row = db.execute(f"select count(*) from {table}{only}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def killed_at_commit(
    scene: Scene, ask: Ask, after: str, *, committed: bool, first: Ask | None = None
) -> Witness:
    """Kill a server at the commit of what it is asked; return a witness of the one that comes after it."""
    assert scene.database_url is not None
    if first is not None:
        reply = first(scene.witness(scene.site.serve(name="before")))
        assert reply.status == 200, reply.body
    gate = DatabaseGate(port_of(scene.database_url))
    victim = scene.site.serve(name="victim", database_url=through(scene.database_url, gate.port))
    witness = scene.witness(victim)
    commit = gate.hold_commit_after(after, answered=committed)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(ask, witness)
        commit.wait()
        victim.kill()
        with pytest.raises(urllib3.exceptions.HTTPError):
            asked.result()
    gate.close()
    commit.release(drop=True)
    scene.history.fault_is_over()
    return scene.witness(scene.site.serve(name="survivor"))


def told_rows(witness: Witness, owner: str = OWNER) -> int:
    """Count the money transactions in an owner's data; none, if the owner is unknown."""
    reply = witness.send("GET", "/v1/data.xml", {"ownerExternalId": owner})
    assert reply.status in {200, 404}, reply.body
    return reply.body.count("<moneyTransaction>")


@BOTH
def test_a_server_killed_while_it_stores_an_upload(open_scene: OpenScene, committed: bool) -> None:
    scene = open_scene()
    survivor = killed_at_commit(scene, upload, "insert into import", committed=committed)
    assert counted(scene, "import") == counted(scene, "event", "owner_uploaded") == int(committed)
    assert told_rows(survivor) == (ROWS if committed else 0)
    first, again = upload(survivor), upload(survivor)
    assert (first.status, first.body) == (again.status, again.body) == (200, first.body)
    assert told_rows(survivor) == ROWS
    assert counted(scene, "import") == counted(scene, "event", "owner_uploaded") == 1
    assert upload(survivor, rows=ROWS - 1).failure == "IdempotencyConflict"


@BOTH
def test_a_server_killed_while_it_stores_a_correction(open_scene: OpenScene, committed: bool) -> None:
    scene = open_scene()
    survivor = killed_at_commit(scene, correct, "insert into label_correction", committed=committed)
    assert counted(scene, "label_correction") == int(committed)
    first, again = correct(survivor), correct(survivor)
    assert (first.status, first.body) == (again.status, again.body) == (201, first.body)
    (listed,) = json.loads(survivor.send("GET", "/v1/label-corrections").body)["corrections"]
    assert (listed["correctionId"], listed["party"]) == (
        json.loads(first.body)["correctionId"],
        SAID["party"],
    )


@BOTH
def test_a_server_killed_while_it_confirms_income_bills_it_once(
    open_scene: OpenScene, committed: bool
) -> None:
    scene = open_scene()
    survivor = killed_at_commit(scene, income, "income_confirmed_for =", committed=committed, first=upload)
    assert counted(scene, "event", "income_confirmed") == int(committed)
    assert [income(survivor).status for _ in range(3)] == [200, 200, 200]
    assert counted(scene, "event", "income_confirmed") == 1


@BOTH
def test_a_server_killed_while_it_scores_bills_no_score_that_it_did_not_make(
    open_scene: OpenScene, committed: bool
) -> None:
    scene = open_scene()
    survivor = killed_at_commit(scene, score, "score_calculated", committed=committed, first=upload)
    assert counted(scene, "event", "score_calculated") == int(committed)
    reply = score(survivor)
    assert reply.status == 200, reply.body
    assert counted(scene, "event", "score_calculated") == int(committed) + 1


def test_a_worker_killed_while_it_labels_an_import(
    open_scene: OpenScene, measured: Callable[[float], None]
) -> None:
    scene = open_scene()
    # Labels begin with a look at the client's corrections.
    lock = Lock("lock table label_correction in access exclusive mode", "select%from label_correction%")
    witness = scene.witness(scene.site.serve())
    pair = witness.session("test1", OWNER)
    victim = scene.site.work(name="victim")
    with locked(scene, lock):
        started = witness.start(pair)
        wait_until_it_waits(scene, lock)
        victim.kill()
    measured(survived(scene, "test1", started.command_id))
    assert "<label>salary</label>" in witness.poll(started.command_id).body
