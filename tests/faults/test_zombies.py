"""A worker that stands still for a minute and then goes on changes nothing any more (fK8)."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from tests.faults.conftest import OpenScene

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

STANDSTILL_SECONDS = 60.0
OWNER = "the owner"


def test_a_worker_that_wakes_up_after_a_minute_is_refused_and_works_on(
    open_scene: OpenScene, measured: Callable[[float], None]
) -> None:
    scene = open_scene()
    witness = scene.witness(scene.site.serve())
    pair = witness.session("test1", OWNER)
    zombie = scene.site.work(name="zombie")
    hold = scene.gate.hold(lambda exchange: exchange.step == "GET /v1/card-accounts/{id}/balances")
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
    deadline = time.monotonic() + 30
    while "late_attempt_refused" not in zombie.logged():
        assert time.monotonic() < deadline, zombie.logged()[-2000:]
        time.sleep(0.2)
    heir.kill()
    scene.expect(OWNER, witness, "test1")
    assert witness.poll(started.command_id).state == "successful"
    assert scene.complaints() == []
