from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from tests.connectors.scripted import FAST, NOW, ScriptedBank, no_sleep

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.bank_reach import Reach
from kontora.connectors.target import Surroundings


@pytest.fixture
async def bank() -> AsyncIterator[ScriptedBank]:
    scripted = ScriptedBank()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", scripted.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    scripted.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield scripted
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[BankHttp]:
    client = BankHttp(caps=FAST, sleep=no_sleep)
    yield client
    await client.close()


@pytest.fixture
def surroundings(bank: ScriptedBank, http: BankHttp) -> Surroundings:
    return Surroundings(
        line=http.line("Bank", Reach.of([bank.url], practice=True)),
        base_url=bank.url,
        practice=True,
        now=lambda: NOW,
        sleep=no_sleep,
    )
