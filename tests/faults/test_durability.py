"""A 202 leaves only after PostgreSQL has synced the commit to disk: seen in system calls (S09)."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from psycopg.conninfo import make_conninfo
from tests.faults.scene import opened_scene
from tests.harness.databases import OwnPostgres, children_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

PROMISES = 20
CRASHES = 10
# The line of a call that was interrupted by another process is written in two parts.
_SYNC = re.compile(r"^(\d+) +(\d+\.\d+) (?:fdatasync|fsync)\(\d+<[^>]*/pg_wal/")
_RESUMED = re.compile(r"^(\d+) +(\d+\.\d+) <\.\.\. (?:fdatasync|fsync) resumed>.*= 0")
_ANSWER = re.compile(r"^\d+ +(\d+\.\d+) (?:write|writev|sendto|sendmsg)\(.*HTTP/1\.1 202")


@dataclass(frozen=True)
class Trace:
    """What was seen: when syncs of the write-ahead log were over, and when answers left."""

    syncs: tuple[float, ...]
    answers: tuple[float, ...]


def read_trace(path: Path) -> Trace:
    """Read the output of strace."""
    syncs, answers, begun = [], [], set()
    for line in path.read_text(errors="replace").splitlines():
        if (found := _SYNC.match(line)) is not None:
            if "= 0" in line:
                syncs.append(float(found[2]))
            else:
                begun.add(found[1])
        elif (found := _RESUMED.match(line)) is not None and found[1] in begun:
            begun.discard(found[1])
            syncs.append(float(found[2]))
        elif (found := _ANSWER.match(line)) is not None:
            answers.append(float(found[1]))
    return Trace(tuple(syncs), tuple(answers))


@contextmanager
def traced(output: Path, pids: list[int]) -> Iterator[None]:
    """Trace these processes and what they start."""
    program = shutil.which("strace")
    if program is None:
        pytest.fail("strace is missing: the order of system calls cannot be seen. Install it (apt: strace).")
    command = [program, "-f", "-y", "-ttt", "-s", "64", "-o", str(output)]
    command += ["-e", "trace=fdatasync,fsync,write,writev,sendto,sendmsg"]
    command += [part for pid in pids for part in ("-p", str(pid))]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    try:
        for _ in pids:
            line = tracer.stderr.readline()
            assert "attached" in line, line
        yield
    finally:
        tracer.terminate()
        tracer.communicate(timeout=20)


def promised_without_a_sync(server: OwnPostgres, folder: Path, database_url: str) -> int:
    """Make promises one after another; return how many left without a sync since they were asked for."""
    with opened_scene(folder, database_url, commands_per_client="1000") as scene:
        kontora = scene.site.serve()
        witness = scene.witness(kontora)
        pairs = [witness.session(f"single.{number}", f"owner {number}") for number in range(PROMISES)]
        postmaster = server.postmaster
        output = folder / "strace.txt"
        asked = []
        with traced(output, [postmaster, *children_of(postmaster), kontora.pid]):
            for pair in pairs:
                asked.append(time.time())
                assert witness.start(pair).status == 202
                time.sleep(0.3)
        trace = read_trace(output)
    assert len(trace.answers) == PROMISES, "not every answer was seen"
    return sum(
        not any(began <= sync <= answered for sync in trace.syncs)
        for began, answered in zip(asked, trace.answers, strict=True)
    )


def test_no_202_leaves_before_its_commit_is_on_disk(own_postgres: OwnPostgres, tmp_path: Path) -> None:
    assert promised_without_a_sync(own_postgres, tmp_path, own_postgres.url) == 0


def test_the_trace_would_show_a_202_that_leaves_too_early(own_postgres: OwnPostgres, tmp_path: Path) -> None:
    careless = make_conninfo(own_postgres.url, options="-c synchronous_commit=off")
    assert promised_without_a_sync(own_postgres, tmp_path, careless) > PROMISES // 2


def test_a_database_killed_right_after_a_202_has_its_command(
    own_postgres: OwnPostgres, tmp_path: Path
) -> None:
    with opened_scene(tmp_path, own_postgres.url, commands_per_client="1000") as scene:
        witness = scene.witness(scene.site.serve())
        pairs = [witness.session(f"single.{number}", f"owner {number}") for number in range(CRASHES)]
        ids = []
        for pair in pairs:
            accepted = witness.start(pair)
            own_postgres.crash()
            assert accepted.status == 202
            ids.append(accepted.command_id)
        scene.history.fault_is_over()
        scene.site.work()
        for command_id in ids:
            ended = witness.ended(command_id, 60)
            # Nobody worked for the time of ten crashes, which may be longer than a command waits.
            assert ended.state == "successful" or ended.failure == "CommandInterrupted", ended.body
        assert scene.complaints(places=1000) == []
