"""The disk of the database fills up while imports run, and is freed again (Show 5, fDk1, D06)."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
import urllib3
from tests.faults.evidence import Witness
from tests.faults.scene import Scene, opened_scene
from tests.harness.callers import pair_of
from tests.harness.databases import OwnPostgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

DISK = "size=192m"
FULL_SECONDS = 20.0
SECONDS = 60.0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of fixed size; without the right to mount one, this fault cannot be tried."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.fail(
            "A disk can be filled only by root, who may mount a small one. Run `make faults` as root."
        )
    subprocess.run(["mount", "-t", "tmpfs", "-o", DISK, "tmpfs", str(folder)], check=True, timeout=20)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True, timeout=20)


@pytest.fixture
def small_postgres(small_disk: Path) -> Iterator[OwnPostgres]:
    """A PostgreSQL on the small disk."""
    server = OwnPostgres(small_disk / "postgres")
    yield server
    server.end()


def test_the_disk_is_full_for_a_while(
    small_postgres: OwnPostgres, small_disk: Path, tmp_path: Path, measured: Callable[[float], None]
) -> None:
    with opened_scene(tmp_path, small_postgres.url, commands_per_client="100") as scene:
        witness = scene.witness(scene.site.serve())
        scene.site.work(name="first")
        scene.site.work(name="second")
        pairs = [witness.session(f"large.{number}", f"owner {number}") for number in range(6)]
        scene.bank.behave(delay_ms=150)
        accepted = [witness.start(pair) for pair in pairs]
        assert {reply.status for reply in accepted} == {202}
        ballast = small_disk / "ballast"
        fill(ballast)
        full_until = time.monotonic() + FULL_SECONDS
        number = 0
        while time.monotonic() < full_until:
            number += 1
            with suppress(urllib3.exceptions.HTTPError):
                ask(witness, number)
            fill(ballast)
        assert witness.send("GET", "/v1/health").status in {200, 503}
        ballast.unlink()
        freed_at = scene.history.fault_is_over()
        scene.bank.behave(delay_ms=0)
        finish(scene, witness)
        measured(time.time() - freed_at)
        scene.expect("owner 0", witness, "large.0")
        refused = [entry for entry in scene.history.entries if entry["status"] == 503]
        assert refused, "the disk was not full"
        assert scene.complaints(places=100) == []


def ask(witness: Witness, number: int) -> None:
    """Ask for an import; it is accepted durably or refused."""
    reply = witness.sign_in(f"single.{number}", f"late owner {number}")
    if reply.status == 200:
        witness.start(pair_of(reply))
    time.sleep(0.3)


def fill(ballast: Path) -> None:
    """Take all the space that is left."""
    with ballast.open("ab", buffering=0) as file, suppress(OSError):
        while file.write(bytes(65536)):
            pass


def finish(scene: Scene, witness: Witness) -> None:
    """Wait for the end of everything that was accepted."""
    for command in {e["command"] for e in scene.history.entries if e["op"] == "start" and e["status"] == 202}:
        assert witness.ended(str(command), SECONDS).state in {"successful", "error"}


def test_a_commit_that_finds_no_space_is_no_202(small_postgres: OwnPostgres, small_disk: Path) -> None:
    """The control of the fault: with the disk full PostgreSQL really refuses."""
    ballast = small_disk / "ballast"
    with psycopg.connect(small_postgres.url, autocommit=True) as db:
        db.execute("create table filler (text text)")
        fill(ballast)
        with pytest.raises(psycopg.OperationalError):
            for _ in range(200):
                db.execute(
                    "insert into filler select repeat(md5(random()::text), 1000) from generate_series(1, 100)"
                )
    ballast.unlink()
    small_postgres.answers()
