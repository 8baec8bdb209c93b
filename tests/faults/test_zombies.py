"""A worker that stands still for a minute and then goes on changes nothing any more (fK8)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from tests.faults.conftest import OpenScene
from tests.harness.processes import WorkerProcess

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

STANDSTILL_SECONDS = 60.0
OWNER = "the owner"


STEP = "GET /v1/card-accounts/{id}/balances"


def wait_for(worker: WorkerProcess, word: str, seconds: float = 40.0) -> None:
    """Wait until a worker has logged something."""
    deadline = time.monotonic() + seconds
    while word not in worker.logged():
        assert time.monotonic() < deadline, worker.logged()[-2000:]
        time.sleep(0.1)


def test_a_worker_that_wakes_up_while_its_heir_is_at_work_cannot_end_the_command(
    open_scene: OpenScene, measured: Callable[[float], None]
) -> None:
    scene = open_scene()
    witness = scene.witness(scene.site.serve())
    pair = witness.session("test1", OWNER)
    zombie = scene.site.work(name="zombie")
    first = scene.gate.hold(lambda exchange: exchange.step == STEP)
    started = witness.start(pair)
    first.wait()
    zombie.stop()
    stopped_at = scene.history.fault_is_over()
    second = scene.gate.hold(lambda exchange: exchange.step == STEP)
    heir = scene.site.work(name="heir")
    second.wait()
    first.release()
    zombie.go_on()
    wait_for(zombie, "late_attempt_refused")
    assert witness.poll(started.command_id).state == "in_progress"
    second.release()
    assert witness.ended(started.command_id).state == "successful"
    measured(time.time() - stopped_at)
    assert "command_ended" in heir.logged()
    assert "command_ended" not in zombie.logged()
    scene.expect(OWNER, witness, "test1")
    assert scene.complaints() == []


def test_a_worker_that_wakes_up_after_a_minute_is_refused_and_works_on(
    open_scene: OpenScene, measured: Callable[[float], None]
) -> None:
    scene = open_scene()
    witness = scene.witness(scene.site.serve())
    pair = witness.session("test1", OWNER)
    zombie = scene.site.work(name="zombie")
    hold = scene.gate.hold(lambda exchange: exchange.step == STEP)
    started = witness.start(pair)
    hold.wait()
    zombie.stop()
    stopped_at = time.time()
    scene.history.fault_is_over()
    hold.release()
    heir = scene.site.work(name="heir")
    assert witness.ended(started.command_id).state == "successful"
    measured(time.time() - stopped_at)
    time.sleep(max(0.0, STANDSTILL_SECONDS - (time.time() - stopped_at)))
    zombie.go_on()
    wait_for(zombie, "late_attempt_refused")
    heir.kill()
    scene.expect(OWNER, witness, "test1")
    assert witness.poll(started.command_id).state == "successful"
    assert scene.complaints() == []
