"""A reply of 5,000 money transactions: rendered once, then only opened and sent."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import psycopg

from bench import http, stand
from bench.processes import cpu_seconds
from bench.rows import Row, row
from kontora.model import Import
from kontora.store.keys import FileKeyStore
from kontora.store.vault import Vault
from kontora.wire.xml import render_result

LOGIN = "large"
POLLS, RENDERINGS = 300, 5


async def run(say: Callable[[str], None]) -> list[Row]:
    """Import the owner with 5,000 money transactions, render the same import again, and poll its reply."""
    async with (
        stand.folder() as where,
        stand.bank(where) as bank,
        stand.kontora(where, bank.url) as server,
    ):
        key = server.keys[0]
        connection = await http.Connection.open(server.url)
        session = await stand.sign_in(server, connection, LOGIN, key, "owner")
        cpu = cpu_seconds((server.serve_pid,))
        command_id = await stand.start(server, connection, session, "default-import")
        reply = await stand.finished(server, connection, key, command_id, every_seconds=0.1)
        import_cpu = cpu_seconds((server.serve_pid,)) - cpu
        imported = await _stored_import(server, int(command_id))
        count = reply.count(b"<moneyTransaction>") or reply.count(b"<moneyTransaction ")
        say(f"{count} money transactions, {len(reply) / 1e6:.2f} MB")
        request = stand.poll_request(server, key, command_id)
        await connection.send(request)
        pids = (server.serve_pid,)
        cpu, postgres_cpu = cpu_seconds(pids), cpu_seconds(server.postgres_pids())
        latencies = []
        for _ in range(POLLS):
            sent_at = time.perf_counter()
            await connection.send(request)
            latencies.append(time.perf_counter() - sent_at)
        cpu, postgres_cpu = cpu_seconds(pids) - cpu, cpu_seconds(server.postgres_pids()) - postgres_cpu
        connection.close()
        return [
            row(
                f"CPU of rendering {count} money transactions, done once per import (median of {RENDERINGS})",
                _render_milliseconds(imported),
                "ms",
                target="<= 150",
            ),
            row(
                f"CPU of a poll of a reply of {count} money transactions",
                cpu / POLLS * 1000,
                "ms",
                target="<= 8",
            ),
            row("CPU of such a poll with PostgreSQL's", (cpu + postgres_cpu) / POLLS * 1000, "ms"),
            row("time of such a poll, median", statistics.median(latencies) * 1000, "ms"),
            row(
                f"CPU of the whole import of {count} money transactions, polls included",
                import_cpu * 1000,
                "ms",
            ),
        ]


def _render_milliseconds(imported: Import) -> float:
    """Render as the worker does, in this process; its CPU is the thread's."""
    spent = []
    for _ in range(RENDERINGS):
        began = time.thread_time()
        render_result(imported, command="DefaultImportCommand")
        spent.append(time.thread_time() - began)
    return statistics.median(spent) * 1000


async def _stored_import(server: stand.Server, command_id: int) -> Import:
    """Open the import that the server has sealed."""
    with psycopg.connect(server.database_url) as db:
        found = db.execute(
            "select owner_id, sealed_data from import where id = %s", (command_id,), binary=True
        ).fetchone()
    if found is None:
        raise LookupError("The import was not stored.")
    keys = FileKeyStore(server.folder / "data" / "keys")
    try:
        vault = Vault(keys, lambda: datetime.now(UTC))
        plain = await vault.open(bytes(found[1]), owner_id=found[0], context=f"import/{command_id}")
    finally:
        await keys.close()
    return msgspec.msgpack.decode(plain, type=Import)
