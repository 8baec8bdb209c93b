from __future__ import annotations

import asyncio

from kontora.connectors.turnstile import Turnstile


async def test_one_passes_in_a_turn_of_the_loop_in_the_order_of_arrival() -> None:
    turnstile, passed, at_each_turn = Turnstile(), list[int](), list[int]()

    async def work(number: int) -> None:
        await turnstile.passed()
        passed.append(number)

    crowd = [asyncio.create_task(work(number)) for number in range(20)]
    while not all(task.done() for task in crowd):
        before = len(passed)
        await asyncio.sleep(0)
        at_each_turn.append(len(passed) - before)
    assert passed == list(range(20))
    assert max(at_each_turn) == 1


async def test_one_that_gives_up_holds_nobody_up() -> None:
    turnstile = Turnstile()
    crowd = [asyncio.create_task(turnstile.passed()) for _ in range(3)]
    await asyncio.sleep(0)
    crowd[0].cancel()
    crowd[1].cancel()
    async with asyncio.timeout(1):
        await crowd[2]
    assert crowd[0].cancelled()
    assert crowd[1].cancelled()
