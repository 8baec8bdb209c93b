"""Two workers and a server that only serves share the work on one external PostgreSQL (Show 8)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.harness.callers import Caller
from tests.harness.processes import Child
from tests.line.conftest import OpenTown

IMPORTS = 50


@pytest.mark.slow
def test_two_workers_share_fifty_imports_and_each_is_run_once(open_town: OpenTown) -> None:
    town = open_town(worker="off", commands_per_client=str(IMPORTS), worker_concurrency="4")
    workers = [town.site.work(name=name) for name in ("first", "second")]
    pairs = [town.caller.session("many", f"owner {number}") for number in range(IMPORTS)]
    town.bank.behave(delay_ms=100)
    crowd = Caller(town.kontora.url, town.key, connections=10)
    with ThreadPoolExecutor(10) as threads:
        started = list(threads.map(crowd.start, pairs))
    crowd.close()
    assert {reply.status for reply in started} == {202}
    ids = [int(reply.command_id) for reply in started]
    assert {town.caller.ended(str(command_id)).state for command_id in ids} == {"successful"}
    runs = {worker.pid: set(commands_begun(worker)) for worker in workers}
    shares = [len(found & set(ids)) for found in runs.values()]
    assert sum(shares) == IMPORTS
    assert min(shares) >= IMPORTS // 5, shares
    assert not list(commands_begun(town.kontora))
    with psycopg.connect(town.database_url) as db:
        stored = Counter(row[0] for row in db.execute("select id from import"))
        left = db.execute("select count(*) from procrastinate_jobs").fetchone()
    assert stored == Counter(ids)
    assert left == (0,)


def commands_begun(child: Child) -> Iterator[int]:
    """Return the commands that a process says it began, from its log; the process id must be its own."""
    for line in child.logged().splitlines():
        if '"command_started"' in line:
            told = json.loads(line)
            assert told["pid"] == child.pid
            yield told["command_id"]
