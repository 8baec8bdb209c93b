"""Turns: a client that asks for much waits for itself, and nobody's place is lost."""

from __future__ import annotations

import asyncio
import random

from kontora.commands.turns import Turns


async def served(turns: Turns, wanted: list[str]) -> list[str]:
    """The clients in the order in which they held a place; all ask at once, in the order given."""
    held: list[str] = []

    async def work(client: str) -> None:
        async with turns.turn(client):
            held.append(client)
            await asyncio.sleep(0)

    await asyncio.gather(*map(work, wanted))
    return held


async def test_a_client_that_comes_last_waits_for_one_request_of_a_busy_one() -> None:
    held = await served(Turns(1), ["busy"] * 8 + ["other"])
    assert held.index("other") <= 2
    assert held.count("busy") == 8


async def test_clients_that_wait_are_served_by_turns() -> None:
    held = await served(Turns(1), ["a", "a", "a", "b", "b", "c"])
    assert held == ["a", "a", "b", "c", "a", "b"]


async def test_no_client_holds_more_places_than_are_for_each_and_others_find_theirs_free() -> None:
    turns = Turns(3, each=2)
    async with turns.turn("busy"), turns.turn("busy"):
        third = asyncio.create_task(served(turns, ["busy"]))
        await asyncio.sleep(0)
        assert await asyncio.wait_for(served(turns, ["other"]), 1) == ["other"]
        assert not third.done()
    assert await asyncio.wait_for(third, 1) == ["busy"]


async def test_no_more_hold_a_place_than_there_are() -> None:
    turns, inside, most = Turns(2), 0, 0

    async def work(client: str) -> None:
        nonlocal inside, most
        async with turns.turn(client):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(work(str(number % 3)) for number in range(30)))
    assert (inside, most) == (0, 2)


async def test_work_that_fails_gives_its_place_back() -> None:
    turns = Turns(1)
    for _ in range(3):
        try:
            async with turns.turn("a"):
                raise ValueError
        except ValueError:
            pass
    assert await asyncio.wait_for(served(turns, ["b"]), 1) == ["b"]


async def test_whoever_goes_away_at_any_moment_takes_no_place_along() -> None:
    chance = random.Random(4)
    for _ in range(200):
        turns = Turns(2)
        tasks = [asyncio.create_task(served(turns, [chance.choice("abc")])) for _ in range(8)]
        for _ in range(chance.randrange(6)):
            await asyncio.sleep(0)
            chance.choice(tasks).cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        held = await asyncio.wait_for(served(turns, list("abcabc")), 1)
        assert (held[:2], sorted(held)) == (["a", "b"], list("aabbcc"))
