"""A code that comes many times at once is sent to the bank once."""

from __future__ import annotations

import asyncio

import pytest
from tests.connectors.walking import visit_pages
from tests.widget.conftest import Server
from tests.widget.owners import Browser
from tests.widget.test_redirects import away, exchanges

pytestmark = pytest.mark.xdist_group("widget")

TIMES = 10


async def test_of_ten_returns_at_once_one_is_taken_and_the_code_exchanged_once(
    browser: Browser, server: Server
) -> None:
    visit, page = await away(browser)
    before = await exchanges(server)
    query = await visit_pages(page, "test", f"{server.url}/signin/callback")
    answers = await asyncio.gather(*(browser.get(f"/signin/callback?{query}") for _ in range(TIMES)))
    assert sorted(answer.status for answer in answers) == [200] + [410] * (TIMES - 1)
    assert (await visit.follow())["state"] == "signedIn"
    assert await exchanges(server) == before + 1
