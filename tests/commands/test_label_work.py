"""Labelling beside the event loop: never in its way, never half done."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise

import pytest
import structlog
from msgspec.structs import replace
from tests.labels.building import KNOWLEDGE, imported, mt

from kontora.commands.label_work import MOST_IN_PLACE, LabelWork
from kontora.errors import LabelsFailed
from kontora.labels.labelling import Knowledge
from kontora.labels.together import label_together
from kontora.model import Import, MoneyTransaction

SLOWEST_TURN_SECONDS = 0.1


def bought(count: int) -> Import:
    """An import of so many purchases, from last to first."""
    last = date(2026, 11, 20)
    items = (
        mt("-15.00", f"zakup nr {place}", f"ŻABKA Z{place}", on=str(last - timedelta(days=place // 40)))
        for place in range(count)
    )
    return replace(imported(*items), country="pl")


async def slowest_turn(work: Awaitable[object]) -> float:
    """Return how long at most something else had to wait for its turn while the work was done."""
    turns: list[float] = []

    async def turn() -> None:
        while True:
            turns.append(time.perf_counter())
            await asyncio.sleep(0.005)

    turning = asyncio.create_task(turn())
    await asyncio.sleep(0.02)
    await work
    await asyncio.sleep(0.02)
    turning.cancel()
    return max(later - earlier for earlier, later in pairwise(turns))


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """What is logged inside the block, as lines of JSON."""
    lines = io.StringIO()
    before = structlog.get_config()
    structlog.configure(
        processors=[structlog.processors.JSONRenderer()],
        logger_factory=structlog.PrintLoggerFactory(lines),
        cache_logger_on_first_use=False,
    )
    try:
        yield lines
    finally:
        structlog.configure(**before)


async def test_ten_thousand_money_transactions_never_keep_the_event_loop_waiting() -> None:
    data, work = bought(10_000), LabelWork(lambda _: KNOWLEDGE)
    await work.label((bought(1),))
    # Whatever else the machine does may be in the way, too: the best of five tells what labelling does.
    slowest = [await slowest_turn(work.label((data,))) for _ in range(5)]
    assert min(slowest) < SLOWEST_TURN_SECONDS


async def test_a_client_with_much_to_label_lets_another_go_before_most_of_its_requests() -> None:
    work, done = LabelWork(lambda _: KNOWLEDGE), list[str]()

    async def label(client: str) -> None:
        await work.label((bought(MOST_IN_PLACE + 1),), client_id=client)
        done.append(client)

    await asyncio.gather(*map(label, ["busy"] * 6 + ["other"]))
    assert done.index("other") <= 2
    assert done.count("busy") == 6


@pytest.mark.parametrize("said", ["returns", "wages", "every month", "long words"])
def test_ten_thousand_money_transactions_are_labelled_in_two_seconds_whatever_they_say(said: str) -> None:
    days = [str(date(2026, 11, 20) - timedelta(days=back)) for back in range(400)]
    item: Callable[[int], MoneyTransaction] = {
        "returns": lambda n: mt("-15.00" if n % 2 else "15.00", "zwrot", "SKLEP X", on=days[n % 400]),
        "wages": lambda n: mt(f"{n}.00", "wynagrodzenie", "SKLEP X", on=days[n % 400]),
        "every month": lambda n: mt("-15.00", "x", "SKLEP X", on=days[30 * n % 400]),
        "long words": lambda n: mt("-15.00", "A" * 2000, "B" * 2000, kind="C" * 2000),
    }[said]
    data = replace(imported(*map(item, range(10_000))), country="pl")
    began = time.thread_time()
    label_together((data,), know=lambda _: KNOWLEDGE)
    assert time.thread_time() - began < 2.0


async def test_small_imports_are_labelled_in_place_once_the_rules_of_their_country_are_read() -> None:
    threads: list[int] = []

    def know(country: str) -> Knowledge | None:
        threads.append(threading.get_ident())
        return KNOWLEDGE

    work, here = LabelWork(know), threading.get_ident()
    for count in (1, MOST_IN_PLACE, MOST_IN_PLACE + 1):
        await work.label((bought(count),))
    assert [thread == here for thread in threads] == [False, True, False]


async def test_labelling_that_fails_is_told_by_name_and_logged_without_a_word_of_the_data() -> None:
    def know(country: str) -> Knowledge | None:
        raise KeyError("ŻABKA")

    with logged() as lines, pytest.raises(LabelsFailed) as raised:
        await LabelWork(know).label((bought(3),))
    assert isinstance(raised.value.__cause__, KeyError)
    assert '"event": "labelling_failed"' in lines.getvalue()
    assert '"money_transactions": 3' in lines.getvalue()
    assert "ABKA" not in lines.getvalue()
