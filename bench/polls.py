"""CPU of a poll of a running command, against a bare uvicorn application that returns the same bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench import http, stand
from bench.load import load
from bench.processes import Child, child, cpu_seconds
from bench.rows import Row, row

ROUNDS = 3
SECONDS = 3.0
MAIN, OTHERS = 32, (8, 1)
# A list of 25 pages, 4 s each: the command runs for longer than one measurement takes.
LOGIN, BANK_CALL_SECONDS = "large", 4.0


@dataclass
class Spent:
    """CPU and requests of one server so far."""

    cpu: float = 0.0
    postgres_cpu: float = 0.0
    requests: int = 0

    @property
    def each(self) -> float:
        """CPU of a request in microseconds."""
        return self.cpu / self.requests * 1e6

    @property
    def each_with_postgres(self) -> float:
        """The same with PostgreSQL's CPU."""
        return (self.cpu + self.postgres_cpu) / self.requests * 1e6


async def run(say: Callable[[str], None]) -> list[Row]:
    """Load both in turn, the same way; compare CPU per request."""
    async with (
        stand.folder() as where,
        stand.bank(where) as bank,
        stand.kontora(where, bank.url) as server,
    ):
        rows: list[Row] = []
        for connections in (MAIN, *OTHERS):
            request = stand.poll_request(server, server.keys[0], await _running_command(server, bank))
            async with _bare(server, request) as bare:
                ours, theirs = await _measure(server, bare, request, connections)
            await _check(server.url, request)
            say(
                f"{connections} connections: {ours.each:.0f} us a poll, "
                f"{ours.each_with_postgres:.0f} with PostgreSQL's, bare {theirs.each:.0f} us; "
                f"{ours.requests / (ROUNDS * SECONDS):.0f} polls/s"
            )
            rows += _rows(ours, theirs, connections)
        return rows


def _rows(ours: Spent, theirs: Spent, connections: int) -> list[Row]:
    what = f"{connections} connections, access log on (INFO, the default)"
    found = [
        row(
            f"CPU per poll of a running command, {what}; ratio = bare CPU / ours (stretch: 0.20)",
            ours.each,
            "us",
            compared_to=theirs.each,
            ratio=theirs.each / ours.each,
            target=">= 0.12" if connections == MAIN else None,
        )
    ]
    found.append(
        row(
            f"CPU per poll with PostgreSQL's, {connections} connections; ratio = bare CPU / both",
            ours.each_with_postgres,
            "us",
            compared_to=theirs.each,
            ratio=theirs.each / ours.each_with_postgres,
        )
    )
    return found


async def _measure(
    server: stand.Server, bare: Child, request: bytes, connections: int
) -> tuple[Spent, Spent]:
    ours, theirs = Spent(), Spent()
    bare_request = request.replace(
        server.url.partition("//")[2].encode(), bare.told.partition("//")[2].encode()
    )
    for url, sent, spent, pid in (
        *((bare.told, bare_request, theirs, bare.pid), (server.url, request, ours, server.serve_pid))
        * ROUNDS,
    ):
        await load(url, sent, connections=connections, seconds=0.5)
        postgres = server.postgres_pids()
        cpu, postgres_cpu = cpu_seconds((pid,)), cpu_seconds(postgres)
        result = await load(url, sent, connections=connections, seconds=SECONDS)
        spent.cpu += cpu_seconds((pid,)) - cpu
        spent.postgres_cpu += cpu_seconds(postgres) - postgres_cpu
        spent.requests += result.replies
    return ours, theirs


async def _running_command(server: stand.Server, bank: stand.Bank) -> str:
    connection = await http.Connection.open(server.url)
    await bank.delay(0)
    session = await stand.sign_in(server, connection, LOGIN, server.keys[0], "owner")
    await bank.delay(BANK_CALL_SECONDS)
    command_id = await stand.start(server, connection, session, "default-import")
    connection.close()
    await asyncio.sleep(1)
    return command_id


async def _check(url: str, request: bytes) -> bytes:
    """Poll once; the command must be running.

    Raises: BadReply.
    """
    connection = await http.Connection.open(url)
    _, reply = await connection.send(request)
    connection.close()
    if b'state="in_progress"' not in reply:
        raise http.BadReply(f"the command does not run: {reply.decode()}")
    return reply


@asynccontextmanager
async def _bare(server: stand.Server, request: bytes) -> AsyncIterator[Child]:
    """Run the bare application with the head and body of a real reply; uvicorn adds the date itself."""
    head, _, body = (await _check(server.url, request)).partition(b"\r\n\r\n")
    headers = [line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:]]
    given = server.folder / "bare.json"
    given.write_text(
        json.dumps({"headers": [pair for pair in headers if pair[0] != "date"], "body": body.decode()})
    )
    log = server.folder / "bare.log"
    async with child(("-m", "bench.bare", str(given)), log, ready="Bare application on ") as process:
        yield process
