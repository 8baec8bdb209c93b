"""The embedded default: its PostgreSQL or the whole program is killed, and everything accepted still ends."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from tests.faults.evidence import Witness
from tests.faults.scene import Scene, opened_scene
from tests.harness.databases import children_of, is_running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SECONDS = 60.0
IMPORTS = 6


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """One program that serves and works, with its own database."""
    with opened_scene(tmp_path, None, worker="on") as opened:
        yield opened


def postmaster(scene: Scene) -> int:
    """The process id of the embedded PostgreSQL."""
    path = scene.site.folder / "data" / "postgres" / "cluster" / "postmaster.pid"
    return int(path.read_text().split("\n")[0])


def address(scene: Scene) -> str:
    """How the embedded PostgreSQL is reached while it runs."""
    return (scene.site.folder / "data" / "postgres" / "address").read_text()


def begun(scene: Scene, witness: Witness) -> list[str]:
    """Begin imports that last through the fault."""
    pairs = [witness.session(f"test1.{number}", f"owner {number}") for number in range(IMPORTS)]
    scene.bank.behave(delay_ms=1_000)
    ids = [witness.start(pair).command_id for pair in pairs]
    time.sleep(0.5)
    return ids


def finished(scene: Scene, witness: Witness, ids: list[str]) -> float:
    """Wait for the ends, see that all works again, and ask the checker; return the seconds."""
    over_at = scene.history.fault_is_over()
    assert {witness.ended(command_id, SECONDS).state for command_id in ids} == {"successful"}
    seconds = time.time() - over_at
    scene.bank.behave(delay_ms=0)
    scene.expect("owner 0", witness, "test1.0")
    assert scene.complaints(address(scene)) == []
    return seconds


@pytest.mark.parametrize("how", ["the postmaster", "one connection", "everything of it"])
def test_the_embedded_database_is_killed(scene: Scene, measured: Callable[[float], None], how: str) -> None:
    kontora = scene.site.serve()
    scene.key = scene.site.add_client("lender-test")
    witness = scene.witness(kontora)
    ids = begun(scene, witness)
    server = postmaster(scene)
    backend = backend_of_kontora(scene)
    victims = {"the postmaster": [server], "one connection": [backend]}.get(
        how, [server, *children_of(server)]
    )
    for pid in victims:
        if is_running(pid):
            os.kill(pid, signal.SIGKILL)
    measured(finished(scene, witness, ids))
    assert kontora.exit_status is None


def backend_of_kontora(scene: Scene) -> int:
    """Return a connection that Kontora uses."""
    with psycopg.connect(address(scene)) as db:
        row = db.execute(
            "select pid from pg_stat_activity where application_name = 'kontora' and pid <> pg_backend_pid()"
            " order by query_start desc limit 1"
        ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("later_seconds", [0.0, 15.0], ids=["at once", "15 s later"])
def test_the_whole_program_is_killed_and_started_again(
    scene: Scene, measured: Callable[[float], None], later_seconds: float
) -> None:
    kontora = scene.site.serve(name="first")
    scene.key = scene.site.add_client("lender-test")
    ids = begun(scene, scene.witness(kontora))
    server = postmaster(scene)
    kontora.kill()
    killed_at = scene.history.fault_is_over()
    # By then the queue forgets a silent worker as soon as another one starts.
    time.sleep(later_seconds)
    began = time.monotonic()
    again = scene.site.serve(name="second")
    assert time.monotonic() - began < 10.0
    assert postmaster(scene) != server
    finished(scene, scene.witness(again), ids)
    seconds = max(ends(scene)) - killed_at
    assert seconds < SECONDS
    measured(seconds)


def ends(scene: Scene) -> list[float]:
    """Return when the commands that were begun before the fault were final."""
    with psycopg.connect(address(scene)) as db:
        rows = db.execute(
            "select extract(epoch from finished_at)::float8 from command order by created_at limit %s",
            (IMPORTS,),
        ).fetchall()
    return [row[0] for row in rows]
