"""Owner uploads while PostgreSQL restarts, or its disk is full: a named refusal, and no trace of it."""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from tests.faults.evidence import Witness
from tests.faults.scene import opened_scene
from tests.faults.test_full_disks import fill, small_disk, small_postgres
from tests.faults.test_killed_analytics import told_rows, upload
from tests.harness.callers import Reply
from tests.harness.canaries import files_in
from tests.harness.databases import OwnPostgres

__all__ = ["small_disk", "small_postgres"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SENT, AT_ONCE, ROWS = 40, 4, 50
LARGE_ROWS = 40_000
LATEST_SECONDS = 60.0


def test_uploads_while_the_database_restarts_are_kept_once_or_refused_by_name(
    own_postgres: OwnPostgres, tmp_path: Path
) -> None:
    with opened_scene(tmp_path, own_postgres.url) as scene, ThreadPoolExecutor(AT_ONCE) as threads:
        witness = scene.witness(scene.site.serve())

        def sent(number: int) -> Reply:
            time.sleep(0.1)
            return upload(witness, key=f"key-{number}", owner=f"owner {number}", rows=ROWS)

        replies = threads.map(sent, range(SENT))
        time.sleep(0.5)
        own_postgres.restart()
        first = list(replies)
        assert {reply.status for reply in first} <= {200, 503}
        assert all(reply.failure for reply in first if reply.status == 503)
        kept = {number: reply.body for number, reply in enumerate(first) if reply.status == 200}
        again = [sent_at_last(witness, number) for number in range(SENT)]
        assert {number: again[number].body for number in kept} == kept
        assert [told_rows(witness, f"owner {number}") for number in range(SENT)] == [ROWS] * SENT
    counts = counted(own_postgres.url)
    assert (counts["import"], counts["owner_uploaded"]) == (SENT, SENT)


def sent_at_last(witness: Witness, number: int) -> Reply:
    """Send an upload once more, until the database is back."""
    deadline = time.monotonic() + LATEST_SECONDS
    while True:
        reply = upload(witness, key=f"key-{number}", owner=f"owner {number}", rows=ROWS)
        if reply.status == 200 or time.monotonic() > deadline:
            assert reply.status == 200, reply.body
            return reply
        time.sleep(0.5)


def test_an_upload_that_finds_no_space_is_refused_by_name_and_leaves_nothing(
    small_postgres: OwnPostgres, small_disk: Path, tmp_path: Path
) -> None:
    with opened_scene(tmp_path, small_postgres.url) as scene:
        witness = scene.witness(scene.site.serve())
        assert upload(witness, key="small", owner="another owner", rows=ROWS).status == 200
        before, files = counted(small_postgres.url), set(files_in(scene.site.folder / "data"))
        ballast = small_disk / "ballast"
        fill(ballast)
        refused = [upload(witness, key="large", rows=LARGE_ROWS) for _ in range(2)]
        assert {reply.status for reply in refused} == {503}
        assert {reply.failure for reply in refused} == {"StoreUnavailable"}
        assert refused[0].headers["Retry-After"]
        ballast.unlink()
        small_postgres.answers()
        assert counted(small_postgres.url) == before
        left = set(files_in(scene.site.folder / "data")) - files
        assert all("keys" in path.parts for path in left), left
        assert told_rows(witness) == 0
        kept = upload(witness, key="large", rows=LARGE_ROWS)
        assert kept.status == 200, kept.body
        assert told_rows(witness) == LARGE_ROWS
        assert told_rows(witness, "another owner") == ROWS


def counted(database_url: str) -> Counter[str]:
    """Count imports and events of uploads."""
    with psycopg.connect(database_url) as db:
        rows = db.execute(
            "select 'import', count(*) from import union all"
            " select kind, count(*) from event where kind = 'owner_uploaded' group by kind"
        ).fetchall()
    return Counter(dict(rows))
