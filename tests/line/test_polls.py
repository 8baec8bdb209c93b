"""Polls change nothing, tell everybody the same, and stay cheap in any number (S11)."""

from __future__ import annotations

import asyncio
import re

import aiohttp
import psycopg
from psycopg.rows import TupleRow
from tests.harness.towns import Town

POLLS = 1000


async def polled(town: Town, command_id: str) -> list[tuple[int, str]]:
    """Poll a thousand times at once; the time of the reply is left out of what is compared."""
    url = f"{town.kontora.url}/v1/command/{command_id}.xml"
    connector = aiohttp.TCPConnector(limit=POLLS)
    async with aiohttp.ClientSession(connector=connector, headers={"X-Api-Key": town.key}) as http:

        async def once() -> tuple[int, str]:
            async with http.get(url) as reply:
                return reply.status, re.sub(r'responseTimestamp="[^"]*"', "", await reply.text())

        return await asyncio.gather(*(once() for _ in range(POLLS)))


def command_row(town: Town, command_id: str) -> TupleRow | None:
    """Return the row of a command, as a whole."""
    with psycopg.connect(town.database_url) as db:
        return db.execute("select * from command where id = %s", (command_id,)).fetchone()


async def test_a_thousand_polls_at_once_of_a_finished_command_are_alike(town: Town) -> None:
    command_id = (await asyncio.to_thread(town.imported, "test1", "polled")).command_id
    before = command_row(town, command_id)
    answers = await polled(town, command_id)
    assert len(set(answers)) == 1
    status, body = answers[0]
    assert status == 200
    assert body.count("<moneyTransaction>") > 72
    assert command_row(town, command_id) == before


async def test_a_thousand_polls_at_once_of_an_unknown_command_are_alike(town: Town) -> None:
    answers = await polled(town, "1234567890")
    assert {status for status, _ in answers} == {404}
    assert len(set(answers)) == 1


async def test_a_thousand_polls_of_a_running_command_do_not_hold_it_up(town: Town) -> None:
    pair = await asyncio.to_thread(town.caller.session, "single", "polled while it runs")
    town.bank.behave(delay_ms=1_000)
    started = town.caller.start(pair)
    answers = await polled(town, started.command_id)
    town.bank.behave(delay_ms=0)
    assert {status for status, _ in answers} == {200}
    states = {state for _, body in answers for state in re.findall(r'state="(\w+)"', body)}
    assert states <= {"setup", "in_progress", "successful"}
    assert (await asyncio.to_thread(town.caller.ended, started.command_id)).state == "successful"
