"""Every hostile PDF of `tools/hostile_pdfs` over HTTP, while another client asks for something else."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import aiohttp
from tools.hostile_pdfs.cookbook import RECIPES, kitchen
from tools.hostile_pdfs.recipe import Recipe

from bench import stand
from bench.processes import family
from bench.rows import Row, percentile, row

AT_ONCE, NOBODY = 2, 9
NO_BANK = "http://127.0.0.1:9"
HANG_SECONDS, PAUSE_SECONDS, CALM_SECONDS = 25.0, 0.05, 10.0


async def run(say: Callable[[str], None]) -> list[Row]:
    """Send them all, two at a time; a second client reads the catalogue every 50 ms meanwhile."""
    async with (
        stand.folder() as folder,
        stand.kontora(folder, NO_BANK, clients=2) as server,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(60)) as http,
    ):
        await _send(http, server, RECIPES[0], b"no PDF")
        before = set(family(server.serve_pid))
        waits: list[float] = []
        asking = asyncio.create_task(_ask(http, server, waits))
        try:
            ended = await _send_all(http, server, say)
        finally:
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking
        left = await _left(server, before)
    statuses = [status for status, _ in ended]
    say(f"{len(ended)} files: " + ", ".join(f"{one} {statuses.count(one)}" for one in sorted(set(statuses))))
    return [
        row("hostile PDFs: answers of 500 and more", sum(one >= 500 for one in statuses), "", target="<= 0"),
        row("hostile PDFs: the longest answer", max(seconds for _, seconds in ended), "s", target="< 25"),
        row("hostile PDFs: processes left", left, "", target="<= 0"),
        row(
            "hostile PDFs: p99 of other clients' requests meanwhile",
            percentile(waits, 0.99) * 1e3,
            "ms",
            target="< 250",
        ),
    ]


async def _send_all(
    http: aiohttp.ClientSession, server: stand.Server, say: Callable[[str], None]
) -> list[tuple[int, float]]:
    cook, waiting, ended = kitchen(NOBODY), iter(RECIPES), []

    async def take() -> None:
        for recipe in waiting:
            ended.append(await _send(http, server, recipe, await asyncio.to_thread(recipe.make, cook)))
            if len(ended) % 100 == 0:
                say(f"{len(ended)} of {len(RECIPES)}")

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(take())
    return ended


async def _send(
    http: aiohttp.ClientSession, server: stand.Server, recipe: Recipe, pdf: bytes
) -> tuple[int, float]:
    form = aiohttp.FormData()
    form.add_field("pdf", pdf, filename=f"{recipe.name}.pdf", content_type="application/pdf")
    began = time.monotonic()
    address, headers = f"{server.url}/v1/pdf/statement", {"X-Api-Key": server.keys[0]}
    async with http.post(address, data=form, headers=headers) as reply:
        await reply.read()
        return reply.status, time.monotonic() - began


async def _ask(http: aiohttp.ClientSession, server: stand.Server, waits: list[float]) -> None:
    address, headers = f"{server.url}/v1/pdf-catalog", {"X-Api-Key": server.keys[1]}
    while True:
        began = time.monotonic()
        async with http.get(address, headers=headers) as reply:
            await reply.read()
        waits.append(time.monotonic() - began)
        await asyncio.sleep(PAUSE_SECONDS)


async def _left(server: stand.Server, before: set[int]) -> int:
    """Count the processes that stay below the server when all has been answered."""
    deadline = time.monotonic() + CALM_SECONDS
    while (left := set(family(server.serve_pid)) - before) and time.monotonic() < deadline:
        await asyncio.sleep(0.2)
    return len(left)
