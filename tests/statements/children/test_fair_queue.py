"""Whose turn it is."""

from __future__ import annotations

import asyncio

import pytest

from kontora.errors import JobsQuotaExceeded
from kontora.statements.children.fair_queue import FairQueue


class Desk:
    """Work that takes as long as it is told; `served` are the names in the order they were let in."""

    def __init__(self, *, places: int, most_waiting: int) -> None:
        self.queue = FairQueue(places=places, most_waiting=most_waiting)
        self.served: list[str] = []
        self.ends: dict[str, asyncio.Event] = {}

    def come(self, client: str, name: str) -> asyncio.Task[None]:
        """Bring a piece of work of a client."""
        self.ends[name] = asyncio.Event()
        return asyncio.create_task(self._work(client, name))

    async def _work(self, client: str, name: str) -> None:
        async with self.queue.place(client):
            self.served.append(name)
            await self.ends[name].wait()

    async def end(self, name: str) -> None:
        """Let a piece of work end, and whoever is next begin."""
        self.ends[name].set()
        await settled()


async def settled() -> None:
    """Let everybody do what they can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_so_many_are_let_in_at_once_and_the_rest_in_order() -> None:
    desk = Desk(places=2, most_waiting=5)
    tasks = [desk.come("a", f"a{number}") for number in range(4)]
    await settled()
    assert desk.served == ["a0", "a1"]
    await desk.end("a1")
    assert desk.served == ["a0", "a1", "a2"]
    for name in ("a0", "a2", "a3"):
        await desk.end(name)
    await asyncio.gather(*tasks)


async def test_a_client_that_comes_late_is_next_whatever_another_has_waiting() -> None:
    desk = Desk(places=2, most_waiting=20)
    tasks = [desk.come("a", f"a{number}") for number in range(10)]
    await settled()
    tasks.append(desk.come("b", "b0"))
    await settled()
    await desk.end("a0")
    assert desk.served == ["a0", "a1", "b0"]
    for name in list(desk.ends):
        await desk.end(name)
    await asyncio.gather(*tasks)


async def test_clients_that_wait_take_turns() -> None:
    desk = Desk(places=1, most_waiting=20)
    tasks = [desk.come(client, f"{client}{number}") for client in "abc" for number in range(3)]
    await settled()
    for _ in range(9):
        await desk.end(desk.served[-1])
    assert desk.served == ["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"]
    await asyncio.gather(*tasks)


async def test_a_full_queue_refuses_the_client_that_fills_it() -> None:
    desk = Desk(places=1, most_waiting=2)
    tasks = [desk.come("a", f"a{number}") for number in range(4)]
    await settled()
    with pytest.raises(JobsQuotaExceeded):
        await tasks[3]
    for name in ("a0", "a1", "a2"):
        await desk.end(name)
    await asyncio.gather(*tasks[:3])
    assert desk.served == ["a0", "a1", "a2"]


async def test_a_full_queue_gives_way_to_a_client_that_has_nothing_in_it() -> None:
    desk = Desk(places=1, most_waiting=3)
    tasks = [desk.come("a", f"a{number}") for number in range(4)]
    await settled()
    late = desk.come("b", "b0")
    await settled()
    with pytest.raises(JobsQuotaExceeded):
        await tasks[3]
    await desk.end("a0")
    assert desk.served == ["a0", "b0"]
    for name in ("b0", "a1", "a2"):
        await desk.end(name)
    await asyncio.gather(*tasks[:3], late)


async def test_who_stops_waiting_leaves_no_gap() -> None:
    desk = Desk(places=1, most_waiting=3)
    tasks = [desk.come("a", f"a{number}") for number in range(3)]
    await settled()
    tasks[1].cancel()
    await settled()
    await desk.end("a0")
    assert desk.served == ["a0", "a2"]
    await desk.end("a2")
    assert await asyncio.gather(*tasks, return_exceptions=True) != [None] * 3


async def test_a_place_that_comes_to_someone_who_just_left_goes_to_the_next() -> None:
    desk = Desk(places=1, most_waiting=3)
    tasks = [desk.come("a", f"a{number}") for number in range(3)]
    await settled()
    desk.ends["a0"].set()
    await asyncio.sleep(0)  # a0 has left, and a1 does not know yet that it is next
    tasks[1].cancel()
    await settled()
    assert desk.served[-1] == "a2"
    await desk.end("a2")
    assert (await asyncio.gather(*tasks, return_exceptions=True))[2] is None


async def test_many_files_of_one_client_cost_another_less_than_twice_its_own_time() -> None:
    queue, own = FairQueue(places=2, most_waiting=20), 0.3

    async def read(client: str) -> None:
        async with queue.place(client):
            await asyncio.sleep(own)

    flood = [asyncio.create_task(read("a")) for _ in range(100)]
    await asyncio.sleep(own / 2)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await read("b")
    assert loop.time() - began < 2 * own
    done = await asyncio.gather(*flood, return_exceptions=True)
    assert sum(isinstance(one, JobsQuotaExceeded) for one in done) == 79
