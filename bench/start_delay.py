"""How soon work starts after its 202, while nothing else is to be done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import psycopg

from bench import http, stand
from bench.rows import Row, percentile, row

COMMANDS = 200
PAUSE_SECONDS = 0.03


async def run(say: Callable[[str], None]) -> list[Row]:
    """Start commands one after another; compare the 202's arrival with `started_at`, by one clock."""
    async with (
        stand.folder() as where,
        stand.bank(where) as bank,
        stand.kontora(where, bank.url) as server,
    ):
        connection = await http.Connection.open(server.url)
        session = await stand.sign_in(server, connection, "single", server.keys[0], "owner")
        accepted: dict[int, float] = {}
        for number in range(COMMANDS):
            command_id = await stand.start(server, connection, session, "import-owners")
            accepted[int(command_id)] = time.time()
            await stand.finished(server, connection, session.key, command_id, every_seconds=PAUSE_SECONDS)
            await asyncio.sleep(PAUSE_SECONDS)
            if number % 50 == 49:
                say(f"{number + 1} of {COMMANDS} commands")
        connection.close()
        with psycopg.connect(server.database_url) as db:
            started = db.execute(
                "select id, extract(epoch from started_at) from command where id = any(%s)", (list(accepted),)
            ).fetchall()
        delays = [max(0.0, float(at) - accepted[command_id]) * 1000 for command_id, at in started]
        if len(delays) != COMMANDS:
            raise ValueError(f"{len(delays)} of {COMMANDS} commands were found")
        return [
            row(
                f"202 to the start of work, idle, p99 of {COMMANDS}",
                percentile(delays, 0.99),
                "ms",
                target="<= 50",
            ),
            row("202 to the start of work, idle, median", percentile(delays, 0.5), "ms"),
            row("202 to the start of work, idle, slowest", max(delays), "ms"),
        ]
