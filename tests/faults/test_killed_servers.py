"""`kill -9` of a server while it accepts a command, or sends a credential (fK1, fK2, fK3)."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
import urllib3
from tests.faults.conftest import OpenScene
from tests.faults.scene import Scene
from tests.harness.callers import Pair, Reply, pair_of
from tests.harness.databases import through
from tests.harness.gates import DatabaseGate, Exchange

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SECONDS = 60.0
OWNER = "the owner"
KEY = "one-key-for-both-tries"


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after it, before the 202"])
def test_a_server_killed_while_it_accepts_a_command(
    open_scene: OpenScene, measured: Callable[[float], None], committed: bool
) -> None:
    scene = open_scene()
    assert scene.database_url is not None
    gate = DatabaseGate(int(str(psycopg.conninfo.conninfo_to_dict(scene.database_url)["port"])))
    victim = scene.site.serve(name="victim", database_url=through(scene.database_url, gate.port))
    witness = scene.witness(victim)
    pair = witness.session("test1", OWNER)
    commit = gate.hold_commit_after("insert into command", answered=committed)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(witness.start, pair, key=KEY)
        commit.wait()
        victim.kill()
        with pytest.raises(urllib3.exceptions.HTTPError):
            asked.result()
    gate.close()
    commit.release(drop=True)
    killed_at = scene.history.fault_is_over()
    survivor = scene.witness(scene.site.serve(name="survivor"))
    scene.site.work()
    assert stored_commands(scene) == int(committed)
    again = survivor.start(pair, key=KEY)
    assert again.status == 202, again.body
    assert survivor.ended(again.command_id, SECONDS).state == "successful"
    measured(time.time() - killed_at)
    assert stored_commands(scene) == 1
    assert survivor.start(pair, key=KEY).command_id == again.command_id
    assert survivor.start(pair).failure == "DefaultImportAlreadyExecuted"
    scene.expect(OWNER, survivor, "test1")
    assert scene.complaints() == []


def stored_commands(scene: Scene) -> int:
    """Count the commands in the database."""
    assert scene.database_url is not None
    with psycopg.connect(scene.database_url) as db:
        row = db.execute("select count(*) from command").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("answered", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("kind", ["STATIC_PASSWORD", "SMS_CODE"])
def test_a_server_killed_while_it_sends_a_credential(
    open_scene: OpenScene, measured: Callable[[float], None], kind: str, answered: bool
) -> None:
    scene = open_scene()
    victim = scene.site.serve(name="victim")
    witness = scene.witness(victim)
    pair = opened(witness.send("POST", "/v1/session.xml", OPEN))
    entered(scene, pair, "STATIC_LOGIN", "test.7")
    if kind == "SMS_CODE":
        entered(scene, pair, "STATIC_PASSWORD", "Test123")
    hold = scene.gate.hold(is_a_credential, answered=answered)
    given = enter(scene, pair, kind, "Test123")
    hold.wait()
    victim.kill()
    hold.release(drop=True)
    killed_at = scene.history.fault_is_over()
    survivor = scene.witness(scene.site.serve(name="survivor"))
    ended = survivor.ended(given.command_id, SECONDS)
    measured(time.time() - killed_at)
    assert (ended.state, ended.failure) == ("error", "CommandInterrupted")
    assert survivor.start(pair).failure == "InvalidSessionId"
    time.sleep(1.0)
    reached = [call for call in scene.bank.calls("test.7") if call["operation"] == "updateConsentsPsuData"]
    assert len(reached) == (kind == "SMS_CODE") + answered
    assert scene.complaints() == []


OPEN = {"target": "KontoBankApi", "ownerExternalId": OWNER, "ip": "127.0.0.1"}


def is_a_credential(exchange: Exchange) -> bool:
    """Tell whether a request carries a password or a code."""
    return exchange.method == "PUT" and "/authorisations/" in exchange.path


def opened(reply: Reply) -> Pair:
    """Return the session that was opened."""
    assert reply.status == 200, reply.body
    return pair_of(reply)


def enter(scene: Scene, pair: Pair, kind: str, credential: str) -> Reply:
    """Give one credential."""
    form = {**pair.form, "credentialKind": kind, "credential": credential}
    reply = scene.witnesses[-1].send("POST", "/v1/command/enter-credential.xml", form)
    assert reply.status == 202, reply.body
    return reply


def entered(scene: Scene, pair: Pair, kind: str, credential: str) -> None:
    """Give one credential, and wait until the bank has taken it."""
    given = enter(scene, pair, kind, credential)
    assert scene.witnesses[-1].ended(given.command_id).state == "successful"


def test_a_server_that_does_everything_killed_in_the_middle_of_eight_imports(
    open_scene: OpenScene, measured: Callable[[float], None]
) -> None:
    scene = open_scene(worker="on")
    victim = scene.site.serve(name="victim")
    witness = scene.witness(victim)
    pairs = [witness.session(f"test1.{number}", f"owner {number}") for number in range(8)]
    scene.bank.behave(delay_ms=700)
    ids = [witness.start(pair).command_id for pair in pairs]
    time.sleep(1.0)
    victim.kill()
    scene.bank.behave(delay_ms=0)
    killed_at = scene.history.fault_is_over()
    survivor = scene.witness(scene.site.serve(name="survivor"))
    for command_id in ids:
        assert survivor.ended(command_id, SECONDS).state == "successful"
    measured(time.time() - killed_at)
    scene.expect("owner 0", survivor, "test1.0")
    assert scene.complaints() == []
