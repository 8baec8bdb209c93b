"""200 imports at once beside 1,000 open sessions of 25 clients, every running command polled every 2 s."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psycopg

from bench import http, stand
from bench.processes import cpu_seconds, memory_bytes
from bench.rows import Row, percentile, row

CLIENTS, SESSIONS, IMPORTS = 25, 1000, 200
SIGN_INS_AT_ONCE = 8
POLL_SECONDS = 2.0
LONGEST_SECONDS = 120.0
LOGIN = "many"  # 5 accounts and 2 credit cards
MEBIBYTE = 1024 * 1024


@dataclass
class Watch:
    """Memory while the imports run: the peak of the product's processes, and of all with bank and load."""

    server: stand.Server
    others: Sequence[int]
    product_resident: int = 0
    product_proportional: int = 0
    all_resident: int = 0

    async def always(self) -> None:
        """Look twice a second."""
        while True:
            resident, proportional = memory_bytes(self.server.pids())
            other_resident, _ = memory_bytes(self.others)
            self.product_resident = max(self.product_resident, resident)
            self.product_proportional = max(self.product_proportional, proportional)
            self.all_resident = max(self.all_resident, resident + other_resident)
            await asyncio.sleep(0.5)


@dataclass
class Told:
    """What the polls told."""

    latencies: list[float] = field(default_factory=list)
    successful: int = 0
    failed: list[str] = field(default_factory=list)


async def run(say: Callable[[str], None]) -> list[Row]:
    """Run it with a worker of its own, as 2 cores want it, and with all in one process, which is the default.

    In one process polls and imports share a core: how long polls wait is told, but has no target.
    """
    return [
        *await _run(say, "serve + worker", worker_apart=True),
        *await _run(say, "serve alone", worker_apart=False),
    ]


async def _run(say: Callable[[str], None], what: str, *, worker_apart: bool) -> list[Row]:
    poll_target = "< 250" if worker_apart else None
    async with (
        stand.folder() as where,
        stand.bank(where) as bank,
        stand.kontora(where, bank.url, clients=CLIENTS, worker_apart=worker_apart) as server,
    ):
        say(what)
        warm = await http.Connection.open(server.url)
        await stand.sign_in(server, warm, f"{LOGIN}.1", server.keys[0], "owner-0")
        warm.close()
        before, size_before = _memory(server)
        sessions = await _open_sessions(server, say)
        after, size_after = _memory(server)
        await bank.delay(stand.BANK_CALL_SECONDS)
        cpu, postgres_cpu = _cpu(server)
        watch = Watch(server, (bank.pid, os.getpid()))
        watching = asyncio.create_task(watch.always())
        try:
            told = await _import(server, sessions[:IMPORTS], say)
        finally:
            watching.cancel()
        cpu, postgres_cpu = _cpu(server, cpu, postgres_cpu)
        for failure in told.failed[:3]:
            say(f"failed: {failure}")
        return [
            *_rows(what, told, watch, told.successful / _seconds(server), poll_target),
            row(f"{what}: CPU per import, all its polls included", cpu / IMPORTS * 1000, "ms"),
            row(f"{what}: PostgreSQL's CPU per import", postgres_cpu / IMPORTS * 1000, "ms"),
            row(f"{what}: memory per open session (PSS)", (after - before) / SESSIONS / 1024, "KiB"),
            row(f"{what}: database per open session", (size_after - size_before) / SESSIONS / 1024, "KiB"),
        ]


def _rows(what: str, told: Told, watch: Watch, each_second: float, poll_target: str | None) -> list[Row]:
    latencies = [seconds * 1000 for seconds in told.latencies]
    resident, proportional = watch.product_resident / MEBIBYTE, watch.product_proportional / MEBIBYTE
    everything = watch.all_resident / MEBIBYTE
    many = f"{IMPORTS} imports at once, {SESSIONS} sessions of {CLIENTS} clients"
    return [
        row(f"{what}: successful of {many}", told.successful, "imports", target=f"= {IMPORTS}"),
        row(f"{what}: polls meanwhile, p99", percentile(latencies, 0.99), "ms", target=poll_target),
        row(f"{what}: polls meanwhile, median", percentile(latencies, 0.5), "ms"),
        row(f"{what}: polls meanwhile, slowest", max(latencies), "ms"),
        row(f"{what}: peak memory with PostgreSQL, RSS added up", resident, "MiB", target="< 2048"),
        row(f"{what}: peak memory with PostgreSQL, shared pages counted once (PSS)", proportional, "MiB"),
        row(
            f"{what}: peak memory with KontoBank and the load generator as well, RSS added up",
            everything,
            "MiB",
        ),
        row(
            f"{what}: imports of 5 accounts and 2 cards, 331 ms a call, {os.cpu_count()} cores",
            each_second,
            "1/s",
        ),
    ]


def _seconds(server: stand.Server) -> float:
    """Return the time from the first import's acceptance to the last one's end, as the database has it."""
    with psycopg.connect(server.database_url) as db:
        found = db.execute(
            "select extract(epoch from max(finished_at) - min(created_at)) from command"
        ).fetchone()
    if found is None:
        raise LookupError("No command was found.")
    return float(found[0])


def _cpu(server: stand.Server, since: float = 0.0, postgres_since: float = 0.0) -> tuple[float, float]:
    """Return the CPU that Kontora's processes and PostgreSQL's have used so far, or since then."""
    own = cpu_seconds({server.serve_pid, server.worker_pid})
    return own - since, cpu_seconds(server.postgres_pids()) - postgres_since


def _memory(server: stand.Server) -> tuple[int, int]:
    """Return the memory of all processes and the size of the database."""
    with psycopg.connect(server.database_url) as db:
        size = db.execute("select pg_database_size(current_database())").fetchone()
    return memory_bytes(server.pids())[1], 0 if size is None else size[0]


async def _open_sessions(server: stand.Server, say: Callable[[str], None]) -> list[stand.Session]:
    """Sign owners in, spread over the clients; in order, so that the first ones belong to all clients."""
    waiting = iter(range(SESSIONS))
    opened: dict[int, stand.Session] = {}

    async def work() -> None:
        connection = await http.Connection.open(server.url)
        for number in waiting:
            key = server.keys[number % CLIENTS]
            login = f"{LOGIN}.{number}"
            opened[number] = await stand.sign_in(server, connection, login, key, f"owner-{number}")
            if len(opened) % 250 == 0:
                say(f"{len(opened)} of {SESSIONS} sessions")
        connection.close()

    async with asyncio.TaskGroup() as group:
        for _ in range(SIGN_INS_AT_ONCE):
            group.create_task(work())
    return [opened[number] for number in range(SESSIONS)]


async def _import(
    server: stand.Server, sessions: Sequence[stand.Session], say: Callable[[str], None]
) -> Told:
    told = Told()
    async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as group:
        for session in sessions:
            group.create_task(_follow(server, session, told))
    say(f"{told.successful} of {len(sessions)} imports, {len(told.latencies)} polls")
    return told


async def _follow(server: stand.Server, session: stand.Session, told: Told) -> None:
    """Start an import, and poll it every 2 seconds by the clock until it is final."""
    connection = await http.Connection.open(server.url)
    command_id = await stand.start(server, connection, session, "default-import")
    request = stand.poll_request(server, session.key, command_id)
    due = time.perf_counter()
    while True:
        due += POLL_SECONDS
        await asyncio.sleep(due - time.perf_counter())
        sent_at = time.perf_counter()
        status, reply = await connection.send(request)
        told.latencies.append(time.perf_counter() - sent_at)
        state = stand.FINAL.search(reply[:2000])
        if status != 200:
            raise http.BadReply(reply.decode())
        if state is None:
            continue
        if state[1] == b"successful":
            told.successful += 1
        else:
            told.failed.append(reply[:2000].decode())
        connection.close()
        return
