"""One client asks for the largest labelling and sums without a pause; another polls, imports and labels."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date, timedelta

import aiohttp

from bench import http, stand
from bench.rows import Row, percentile, row

GREEDY, OTHER = 0, 1
LABELLED_AT_ONCE, SUMMED_AT_ONCE = 8, 8
MOST_ROWS, SUMMED_ROWS, OTHER_ROWS = 10_000, 20_000, 1_000
CALM_SECONDS, BUSY_SECONDS = 6.0, 40.0
POLLED = "single"
IMPORTED = "many"
PAUSE_SECONDS = 0.02
LAST = date(2026, 10, 31)
PARTIES = ("BIEDRONKA 4521", "Jan Kowalski", "NORDVIK LOGISTYKA SP. Z O.O.", "ZTM BILETOMAT", "Orange Polska")
CATEGORIES = ("allTransactions", "balance", "activeSinceAtLeast", "label:salary", "label:repayment~bank")
JSON = {"Content-Type": "application/json"}
Step = Callable[[], Awaitable[None]]


async def run(say: Callable[[str], None]) -> list[Row]:
    """Measure the second client alone, then beside the greedy one."""
    async with (
        stand.folder() as where,
        stand.bank(where) as bank,
        stand.kontora(where, bank.url, clients=2) as server,
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(120)) as client,
    ):
        await _upload(client, server)
        polled = await _running(server, bank)
        alone = await _measured(client, server, polled, CALM_SECONDS)
        statuses: Counter[int] = Counter()
        greed = [
            asyncio.create_task(_again(client, server, path, body, statuses))
            for path, body, at_once in (
                ("external-data-labeling", _external(MOST_ROWS), LABELLED_AT_ONCE),
                ("accounts-summary-with-monthly", _question(), SUMMED_AT_ONCE),
            )
            for _ in range(at_once)
        ]
        try:
            await asyncio.sleep(1.0)
            beside = await _measured(client, server, polled, BUSY_SECONDS)
        finally:
            for task in greed:
                task.cancel()
            await asyncio.gather(*greed, return_exceptions=True)
    say(f"the greedy client's answers: {dict(statuses)}")
    return _rows(alone, beside, statuses, say)


class Waits:
    """Seconds that the second client waited, by what it asked for."""

    def __init__(self) -> None:
        self.polls: list[float] = []
        self.imports: list[float] = []
        self.labels: list[float] = []


def _rows(alone: Waits, beside: Waits, statuses: Counter[int], say: Callable[[str], None]) -> list[Row]:
    for name in ("polls", "imports", "labels"):
        quiet, loud = getattr(alone, name), getattr(beside, name)
        say(
            f"{name}: median {statistics.median(quiet) * 1e3:.0f} ms alone ({len(quiet)}),"
            f" {statistics.median(loud) * 1e3:.0f} ms beside ({len(loud)}), longest {max(loud) * 1e3:.0f} ms"
        )
    return [
        row(
            "analytics load: p99 of another client's polls",
            percentile(beside.polls, 0.99) * 1e3,
            "ms",
            target="< 100",
        ),
        row(
            "analytics load: median of another client's default imports",
            statistics.median(beside.imports),
            "s",
            target="< 1.5",
        ),
        row(
            f"analytics load: median of another client's labelling of {OTHER_ROWS} money transactions",
            statistics.median(beside.labels),
            "s",
            target="< 1",
        ),
        row(
            "analytics load: answers of 500 and more",
            sum(count for status, count in statuses.items() if status >= 500),
            "",
            target="<= 0",
        ),
    ]


async def _measured(
    client: aiohttp.ClientSession, server: stand.Server, polled: str, seconds: float
) -> Waits:
    """Poll, import and label as the second client, each over a connection of its own."""
    waits = Waits()
    key = server.keys[OTHER]
    number = 0

    async def poll() -> None:
        await _sent(client, server, "GET", f"command/{polled}.xml", key)

    async def imports() -> None:
        nonlocal number
        number += 1
        connection = await http.Connection.open(server.url)
        try:
            session = await stand.sign_in(server, connection, IMPORTED, key, f"owner-{id(waits)}-{number}")
            command = await stand.start(server, connection, session, "default-import")
            await stand.finished(server, connection, key, command, every_seconds=PAUSE_SECONDS)
        finally:
            connection.close()

    async def label() -> None:
        await _sent(client, server, "POST", "external-data-labeling", key, external)

    external = _external(OTHER_ROWS)
    steps = ((waits.polls, poll), (waits.imports, imports), (waits.labels, label))
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
            for taken, step in steps:
                group.create_task(_repeat(taken, step))
    return waits


async def _repeat(taken: list[float], step: Step) -> None:
    while True:
        began = time.perf_counter()
        await step()
        taken.append(time.perf_counter() - began)
        await asyncio.sleep(PAUSE_SECONDS)


async def _again(
    client: aiohttp.ClientSession, server: stand.Server, path: str, body: bytes, statuses: Counter[int]
) -> None:
    """Ask for the same again as soon as it is answered."""
    while True:
        headers = JSON | {"X-Api-Key": server.keys[GREEDY]}
        async with client.post(f"{server.url}/v1/{path}", data=body, headers=headers) as reply:
            await reply.read()
            statuses[reply.status] += 1


async def _sent(
    client: aiohttp.ClientSession,
    server: stand.Server,
    method: str,
    path: str,
    key: str,
    body: bytes | None = None,
) -> None:
    headers = {"X-Api-Key": key} | ({} if body is None else JSON)
    async with client.request(method, f"{server.url}/v1/{path}", data=body, headers=headers) as reply:
        told = await reply.read()
        if reply.status != 200:
            raise http.BadReply(f"{path}: {reply.status} {told[:500].decode()}")


async def _running(server: stand.Server, bank: stand.Bank) -> str:
    """Start a command of the second client that runs for the whole time; the bank is fast afterwards."""
    connection = await http.Connection.open(server.url)
    key = server.keys[OTHER]
    session = await stand.sign_in(server, connection, POLLED, key, "owner")
    command = await stand.start(server, connection, session, "default-import")
    await stand.finished(server, connection, key, command, every_seconds=0.1)
    connection.close()
    return command


async def _upload(client: aiohttp.ClientSession, server: stand.Server) -> None:
    """Give the greedy client an owner with a long history."""
    account = {"iban": "PL26137013140000000000000001", "currencyName": "PLN"}
    body = {
        "ownerExternalId": "owner-long",
        "accounts": [account | {"moneyTransactions": _money_transactions(SUMMED_ROWS)}],
    }
    await _sent(client, server, "POST", "owner", server.keys[GREEDY], json.dumps(body).encode())


def _question() -> bytes:
    asked = {
        "ownerExternalId": "owner-long",
        "start": str(LAST - timedelta(days=5 * 365)),
        "end": str(LAST),
        "categories": CATEGORIES,
    }
    return json.dumps(asked).encode()


def _external(count: int) -> bytes:
    rows = [{"id": str(place)} | one for place, one in enumerate(_money_transactions(count))]
    return json.dumps({"country": "pl", "accounts": [{"moneyTransactions": rows}]}).encode()


def _money_transactions(count: int) -> list[dict[str, object]]:
    return [
        {
            "transactionOn": str(LAST - timedelta(days=place // 12)),
            "currencyAmount": 3_100 if place % 300 == 0 else -(place % 90 + 1),
            "title": f"Zakup kartą nr {place} w dniu rozliczenia",
            "party": PARTIES[place % len(PARTIES)],
        }
        for place in range(count)
    ]
