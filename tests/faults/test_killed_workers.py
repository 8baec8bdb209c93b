"""`kill -9` of a worker at each point of an import: at the bank, and between writes (Show 5, fK5)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from tests.faults.conftest import OpenScene
from tests.faults.scene import Scene
from tests.harness.databases import through
from tests.harness.gates import DatabaseGate, Exchange

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SECONDS = 60.0
OWNER = "the owner"
STEPS = {
    "the list of accounts": "GET /v1/accounts",
    "the list of cards": "GET /v1/card-accounts",
    "a balance": "GET /v1/accounts/{id}/balances",
    "money transactions": "GET /v1/accounts/{id}/transactions",
    "a card's balance": "GET /v1/card-accounts/{id}/balances",
    "a card's money transactions": "GET /v1/card-accounts/{id}/transactions",
}
PAGES = (2, 9, 17, 25)


@dataclass(frozen=True)
class Lock:
    """A lock that the test holds, and the statement of the worker that waits for it."""

    take: str
    waiting: str


LOCKS = {
    "progress written": Lock("select 1 from command for update", "update command set progress%"),
    "the ending begun": Lock("select 1 from owner for update", "select 1 from owner%"),
    "the ending written, not told": Lock("lock table event in share mode", "insert into event%"),
    "the ending told, the import not stored": Lock("lock table import in share mode", "insert into import%"),
    "the ending durable, the job still there": Lock(
        "select 1 from procrastinate_jobs for update", "%procrastinate_finish_job%"
    ),
}


def killed(scene: Scene, login: str, arm: Callable[[Scene], Any], reach: Callable[[Any], None]) -> float:
    """Start an import, kill its worker at the point, start another worker; return the seconds to the end."""
    witness = scene.witness(scene.site.serve())
    pair = witness.session(login, OWNER)
    scene.gate.clear()
    victim = scene.site.work(name="victim")
    point = arm(scene)
    started = witness.start(pair)
    reach(point)
    victim.kill()
    return survived(scene, login, started.command_id)


def survived(scene: Scene, login: str, command_id: str) -> float:
    """Start another worker, wait for the end, and ask the checker; return the seconds since the kill."""
    killed_at = scene.history.fault_is_over()
    witness = scene.witnesses[-1]
    scene.site.work(name="heir")
    ended = witness.ended(command_id, SECONDS)
    seconds = time.time() - killed_at
    scene.expect(OWNER, witness, login)
    assert ended.state == "successful", ended.body
    assert ended.body.count("<moneyTransaction>") == scene.history.expected[OWNER]
    assert scene.complaints() == []
    return seconds


@pytest.mark.parametrize("answered", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_worker_killed_at_a_call_to_the_bank(
    open_scene: OpenScene, measured: Callable[[float], None], step: str, answered: bool
) -> None:
    scene = open_scene()

    def is_the_step(exchange: Exchange) -> bool:
        return exchange.step == STEPS[step]

    def reach(hold: Any) -> None:
        hold.wait()

    measured(killed(scene, "test1", lambda s: s.gate.hold(is_the_step, answered=answered), reach))


@pytest.mark.parametrize("page", PAGES)
def test_a_worker_killed_between_pages(
    open_scene: OpenScene, measured: Callable[[float], None], page: int
) -> None:
    scene = open_scene()
    asked = 0

    def is_the_page(exchange: Exchange) -> bool:
        nonlocal asked
        asked += exchange.step == STEPS["money transactions"]
        return asked == page

    measured(killed(scene, "large", lambda s: s.gate.hold(is_the_page), lambda hold: hold.wait()))


@pytest.mark.parametrize("name", LOCKS)
def test_a_worker_killed_between_writes(
    open_scene: OpenScene, measured: Callable[[float], None], name: str
) -> None:
    scene = open_scene()
    lock = LOCKS[name]
    witness = scene.witness(scene.site.serve())
    pair = witness.session("test1", OWNER)
    victim = scene.site.work(name="victim")
    step = STEPS["the list of accounts" if name == "progress written" else "a card's balance"]
    paused = scene.gate.hold(lambda exchange: exchange.step == step)
    started = witness.start(pair)
    paused.wait()
    # Progress is written four times a second at most: let there be some.
    scene.bank.behave(delay_ms=400)
    with locked(scene, lock):
        paused.release()
        wait_until_it_waits(scene, lock)
        victim.kill()
    scene.bank.behave(delay_ms=0)
    measured(survived(scene, "test1", started.command_id))


def test_a_worker_killed_with_the_job_taken_and_the_command_not_begun(
    open_scene: OpenScene, measured: Callable[[float], None]
) -> None:
    scene = open_scene()
    witness = scene.witness(scene.site.serve())
    started = witness.start(witness.session("test1", OWNER))
    lock = Lock("select 1 from command for update", "with begun as (update command%")
    with locked(scene, lock):
        victim = scene.site.work(name="victim")
        wait_until_it_waits(scene, lock)
        victim.kill()
    measured(survived(scene, "test1", started.command_id))


def test_a_worker_killed_before_it_takes_the_job(
    open_scene: OpenScene, measured: Callable[[float], None]
) -> None:
    scene = open_scene()
    witness = scene.witness(scene.site.serve())
    pair = witness.session("test1", OWNER)
    victim = scene.site.work(name="victim")
    victim.stop()
    started = witness.start(pair)
    victim.kill()
    measured(survived(scene, "test1", started.command_id))


@pytest.mark.parametrize("answered", [False, True], ids=["before", "after"])
def test_a_worker_killed_at_the_commit_of_the_import(
    open_scene: OpenScene, measured: Callable[[float], None], answered: bool
) -> None:
    scene = open_scene()
    assert scene.database_url is not None
    witness = scene.witness(scene.site.serve())
    pair = witness.session("test1", OWNER)
    gate = DatabaseGate(port_of(scene.database_url))
    commit = gate.hold_commit_after("insert into import", answered=answered)
    victim = scene.site.work(name="victim", database_url=through(scene.database_url, gate.port))
    started = witness.start(pair)
    commit.wait()
    victim.kill()
    gate.close()
    commit.release(drop=True)
    measured(survived(scene, "test1", started.command_id))


@contextmanager
def locked(scene: Scene, lock: Lock) -> Iterator[None]:
    """Hold a lock."""
    assert scene.database_url is not None
    with psycopg.connect(scene.database_url) as db:
        db.execute(lock.take)
        yield


def wait_until_it_waits(scene: Scene, lock: Lock, seconds: float = 20.0) -> None:
    """Wait until a connection stands at the lock with the statement."""
    assert scene.database_url is not None
    deadline = time.monotonic() + seconds
    with psycopg.connect(scene.database_url, autocommit=True) as db:
        while time.monotonic() < deadline:
            found = db.execute(
                "select 1 from pg_stat_activity where datname = current_database()"
                " and wait_event_type = 'Lock' and query ilike %s",
                (lock.waiting,),
            ).fetchone()
            if found:
                return
            time.sleep(0.02)
    raise AssertionError(f"nothing waits with {lock.waiting}")


def port_of(database_url: str) -> int:
    """Return the port of a server."""
    return int(str(psycopg.conninfo.conninfo_to_dict(database_url)["port"]))


def test_a_worker_that_is_told_to_stop_hands_over_what_it_cannot_finish(
    open_scene: OpenScene, measured: Callable[[float], None]
) -> None:
    scene = open_scene()
    witness = scene.witness(scene.site.serve())
    pair = witness.session("large", OWNER)
    victim = scene.site.work(name="victim")
    scene.bank.behave(delay_ms=2_000)  # 25 pages last longer than a worker's grace
    started = witness.start(pair)
    wait_for_begin(scene)
    told_at = time.monotonic()
    victim.end()
    assert victim.exit_status == 0
    assert time.monotonic() - told_at < 30.0
    scene.bank.behave(delay_ms=0)
    measured(survived(scene, "large", started.command_id))


def test_a_worker_that_is_told_to_stop_finishes_what_it_can(open_scene: OpenScene) -> None:
    scene = open_scene()
    witness = scene.witness(scene.site.serve())
    pair = witness.session("test1", OWNER)
    victim = scene.site.work(name="victim")
    scene.bank.behave(delay_ms=1_000)
    started = witness.start(pair)
    wait_for_begin(scene)
    victim.end()
    assert victim.exit_status == 0
    assert witness.poll(started.command_id).state == "successful"
    assert scene.complaints() == []


def wait_for_begin(scene: Scene, seconds: float = 20.0) -> None:
    """Wait until the bank is asked for something."""
    deadline = time.monotonic() + seconds
    while not any(exchange.is_read for exchange in scene.gate.exchanges):
        assert time.monotonic() < deadline
        time.sleep(0.02)
