"""The database restarts, crashes, is down, hangs or is locked while imports run (Show 5, fB1, fB3, D05)."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import urllib3
from tests.faults.evidence import Witness
from tests.faults.scene import Scene, opened_scene
from tests.harness.callers import pair_of
from tests.harness.databases import OwnPostgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

IMPORTS = 6
SECONDS = 60.0
LOCKED_SECONDS = 30.0
# A caller's own deadline: whoever waits longer has given up.
PATIENCE_SECONDS = 15.0
HUNG_PATIENCE_SECONDS = 35.0

FAULTS: dict[str, Callable[[OwnPostgres], None]] = {
    "restarted": OwnPostgres.restart,
    "killed with all its connections": OwnPostgres.crash,
    "down for 20 s": lambda server: server.down(20.0),
    "hung for 45 s": lambda server: server.hang(45.0),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_database_is(
    own_postgres: OwnPostgres, tmp_path: Path, measured: Callable[[float], None], fault: str
) -> None:
    with opened_scene(tmp_path, own_postgres.url) as scene:
        witness = scene.witness(scene.site.serve())
        scene.site.work(name="first")
        scene.site.work(name="second")
        ids = begun(scene, witness)
        with asking(scene, witness):
            FAULTS[fault](own_postgres)
            over_at = scene.history.fault_is_over()
            last = max(ended_at(witness, command_id) for command_id in ids)
            time.sleep(3.0)
        measured(max(0.0, last - over_at))
        finish(scene, witness)
        assert scene.complaints() == []
        check_answers(scene, was_away=" s" in fault, hung=fault == "hung for 45 s")


def test_the_tables_are_locked_for_30_s(
    own_postgres: OwnPostgres, tmp_path: Path, measured: Callable[[float], None]
) -> None:
    with opened_scene(tmp_path, own_postgres.url) as scene:
        witness = scene.witness(scene.site.serve())
        scene.site.work(name="first")
        ids = begun(scene, witness)
        with asking(scene, witness):
            with psycopg.connect(own_postgres.url) as db:
                db.execute("lock table client, session, command, import, owner in access exclusive mode")
                time.sleep(LOCKED_SECONDS)
            over_at = scene.history.fault_is_over()
            last = max(ended_at(witness, command_id) for command_id in ids)
            time.sleep(3.0)
        measured(max(0.0, last - over_at))
        finish(scene, witness)
        assert scene.complaints() == []
        check_answers(scene, was_away=True)


def begun(scene: Scene, witness: Witness) -> list[str]:
    """Begin imports that will last through the fault; each step of the bank takes a while."""
    pairs = [witness.session(f"test1.{number}", f"owner {number}") for number in range(IMPORTS)]
    scene.bank.behave(delay_ms=1_000)
    replies = [witness.start(pair) for pair in pairs]
    assert {reply.status for reply in replies} == {202}
    time.sleep(0.5)
    return [reply.command_id for reply in replies]


@contextmanager
def asking(scene: Scene, witness: Witness) -> Iterator[None]:
    """Meanwhile somebody else goes on asking for imports: each is accepted durably, or refused with 503."""
    stop = threading.Event()

    def ask() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            with suppress(urllib3.exceptions.HTTPError):
                reply = witness.sign_in(f"single.{number}", f"late owner {number}")
                if reply.status == 200:
                    witness.start(pair_of(reply))
            stop.wait(0.5)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def ended_at(witness: Witness, command_id: str) -> float:
    """Wait for the end of a command; return the time."""
    assert witness.ended(command_id, SECONDS).state == "successful"
    return time.time()


def finish(scene: Scene, witness: Witness) -> None:
    """Wait for everything else that was accepted, and see that all works again."""
    scene.bank.behave(delay_ms=0)
    accepted = {e["command"] for e in scene.history.entries if e["op"] == "start" and e["status"] == 202}
    for command in accepted:
        witness.ended(str(command), SECONDS)
    scene.expect("owner 0", witness, "test1.0")


def check_answers(scene: Scene, *, was_away: bool, hung: bool = False) -> None:
    """Everybody was answered, in time; with 503 where the database could not serve, and with nothing else.

    A database that hangs keeps callers waiting for longer, for the connection is still there.
    """
    answers = Counter(entry["status"] for entry in scene.history.entries)
    assert set(answers) <= {200, 202, 503}, answers
    assert not was_away or answers[503] >= 2, answers
    longest = max(entry["seconds"] for entry in scene.history.entries)
    assert longest < (HUNG_PATIENCE_SECONDS if hung else PATIENCE_SECONDS)
