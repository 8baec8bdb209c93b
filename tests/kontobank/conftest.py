from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import aiohttp
import pytest
from tests.kontobank.party import Owner, Party, RunningBank


@pytest.fixture(scope="session")
def running_bank() -> Iterator[RunningBank]:
    """One bank for all tests that leave its clock and its calls alone."""
    bank = RunningBank("--now", "2026-03-18T09:00:00Z")
    yield bank
    assert bank.stop() == ""


@pytest.fixture
def start_bank() -> Iterator[Callable[..., RunningBank]]:
    """Start banks of the test's own."""
    started: list[RunningBank] = []

    def start(*options: str) -> RunningBank:
        started.append(RunningBank(*options))
        return started[-1]

    yield start
    for bank in started:
        bank.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
def party(running_bank: RunningBank, http: aiohttp.ClientSession) -> Party:
    return Party(http, running_bank.url)


@pytest.fixture
def owner(http: aiohttp.ClientSession) -> Owner:
    return Owner(http)
