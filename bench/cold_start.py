"""From starting the process to the first 200 of `/v1/health`."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from bench import http, stand
from bench.processes import child
from bench.rows import Row, row

RUNS = 3
SECURITY_LIMIT_SECONDS = 3.0  # security.md: start < 3 s cold
LOOK_SECONDS = 0.005


async def run(say: Callable[[str], None]) -> list[Row]:
    """Start `kontora serve` with its embedded PostgreSQL, on an empty folder and again on the same one."""
    first, again = [], []
    for _ in range(RUNS):
        async with stand.folder() as where:
            first.append(await _start(where))
            again.append(await _start(where))
        say(f"empty folder {first[-1]:.2f} s, existing one {again[-1]:.2f} s")
    return [
        row(
            f"start on an empty folder to the first 200 of /v1/health (median of {RUNS})",
            statistics.median(first),
            "s",
            compared_to=SECURITY_LIMIT_SECONDS,
        ),
        row(
            f"start on an existing folder to the first 200 of /v1/health (median of {RUNS})",
            statistics.median(again),
            "s",
            compared_to=SECURITY_LIMIT_SECONDS,
        ),
    ]


async def _start(where: Path) -> float:
    environment = {
        "KONTORA_DATA_DIR": str(where / "data"),
        "KONTORA_PORT": "0",
        "KONTORA_METRICS_PORT": "0",
        "KONTORA_PRACTICE": "on",
    }
    began = time.perf_counter()
    arguments = ("kontora", "serve")
    log = where / "kontora.log"
    async with child(arguments, log, ready="Kontora listens on ", environment=environment) as serve:
        connection = await http.Connection.open(serve.told)
        while (await connection.send(http.get(serve.told, "/v1/health")))[0] != 200:
            await asyncio.sleep(LOOK_SECONDS)
        seconds = time.perf_counter() - began
        connection.close()
    return seconds
