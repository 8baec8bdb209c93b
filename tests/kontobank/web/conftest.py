from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from tests.connectors.walking import control, practice_bank
from tests.kontobank.web.browsing import Visitor


@pytest.fixture(scope="session")
def web_bank_url() -> Iterator[str]:
    with practice_bank("--now", "2026-01-31T12:00:00Z") as url:
        yield url


@pytest.fixture
async def visitor(web_bank_url: str) -> AsyncIterator[Visitor]:
    await control(web_bank_url, "POST", "reset")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Visitor(http, web_bank_url)


@pytest.fixture
async def another_visitor(web_bank_url: str) -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        yield Visitor(http, web_bank_url)
