from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from tests.connectors.walking import practice_bank
from tests.kontobank.polish_api.party import Party


@pytest.fixture(scope="session")
def polish_bank() -> Iterator[str]:
    """One bank for all tests of this API that leave its clock alone."""
    with practice_bank("--now", "2026-03-18T09:00:00Z") as url:
        yield url


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


@pytest.fixture
def party(polish_bank: str, http: aiohttp.ClientSession) -> Party:
    return Party(http, polish_bank)
