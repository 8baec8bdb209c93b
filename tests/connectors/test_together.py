"""Reads that run at once, and what becomes of the others when one fails."""

from __future__ import annotations

import asyncio

import pytest

from kontora.connectors.standards.together import together


async def test_what_reads_bring_comes_in_their_order() -> None:
    async def read(seconds: float) -> float:
        await asyncio.sleep(seconds)
        return seconds

    assert await together(read(seconds) for seconds in (0.02, 0.0, 0.01)) == [0.02, 0.0, 0.01]


async def test_the_first_that_fails_ends_the_others_before_it_is_told() -> None:
    went_on: list[str] = []

    async def fail() -> None:
        await asyncio.sleep(0.01)
        raise ValueError("no")

    async def read() -> None:
        try:
            await asyncio.sleep(5)
            went_on.append("read")
        finally:
            went_on.append("ended")

    with pytest.raises(ValueError, match="no"):
        await together([read(), fail(), read()])
    assert went_on == ["ended", "ended"]


async def test_nothing_to_read_brings_nothing() -> None:
    assert await together([]) == []
