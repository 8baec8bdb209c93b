"""A tiny server that answers what a test tells it, a real one, and both clients behind one call."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from tests.harness.processes import KontoBankProcess, Site, ending

from kontora.client import AsyncKontora, Kontora, Pacing

API_KEY = "k" * 64
QUICK = Pacing(first_seconds=0.5, growth=2.0, longest_seconds=4.0, chance=lambda: 0.5)
PROMPT = Pacing(first_seconds=0.05, longest_seconds=0.3)
KONTORA = str(Path(sys.executable).with_name("kontora"))

Answer = web.Response | Callable[[web.Request], web.Response]


@dataclass
class FakeServer:
    """Answers in the order of `answers`; the last one stays. Keeps what it was asked, and the bodies."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, str], dict[str, str]]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.bodies.append(await request.read())
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.asked.append((request.method, request.path_qs, form, dict(request.headers)))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        told = answer(request) if callable(answer) else answer
        return web.Response(status=told.status, body=told.body, headers=told.headers)


class Caller:
    """Calls a method of either client by its name; keeps the pauses instead of sleeping them."""

    def __init__(self, kind: str, url: str, **options: Any) -> None:
        self.pauses: list[float] = []
        self.options = {"pacing": QUICK, **options}
        if kind == "sync":
            self.client: Any = Kontora(url, API_KEY, sleep=self.pauses.append, **self.options)
        else:
            self.client = AsyncKontora(url, API_KEY, sleep=self._sleep, **self.options)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def __call__(self, method: str, *given: Any, **named: Any) -> Any:
        if isinstance(self.client, Kontora):
            return await asyncio.to_thread(getattr(self.client, method), *given, **named)
        return await getattr(self.client, method)(*given, **named)

    async def close(self) -> None:
        await self("close")


@pytest.fixture
async def server() -> AsyncIterator[FakeServer]:
    fake = FakeServer()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", fake.answer)
    async with TestServer(app) as running:
        fake.url = str(running.make_url("")).rstrip("/")
        yield fake


@pytest.fixture(params=["sync", "async"])
async def caller(request: pytest.FixtureRequest, server: FakeServer) -> AsyncIterator[Callable[..., Caller]]:
    """Make a caller of the server: `caller()`, or `caller(pacing=…)`."""
    made: list[Caller] = []

    def make(url: str | None = None, **options: Any) -> Caller:
        made.append(Caller(request.param, url or server.url, **options))
        return made[-1]

    yield make
    for one in made:
        await one.close()


def reply(
    payload: str = "", status: int = 200, headers: dict[str, str] | None = None, attributes: str = ""
) -> web.Response:
    """A reply as Kontora sends it."""
    body = f'<?xml version="1.0" encoding="utf-8"?>\n<reply status="{status}" {attributes}>{payload}</reply>'
    return web.Response(
        status=status, body=body.encode(), headers={"Content-Type": "text/xml", **(headers or {})}
    )


def command(state: str, progress: float = 0, inside: str = "") -> web.Response:
    """A status reply of the command 42."""
    return reply(
        f'<command id="42" state="{state}" name="DefaultImportCommand"'
        ' target="KontoBankApi" institution="KontoBank">'
        f"<progress><value>{progress}</value></progress>{inside}</command>"
    )


def refused(
    status: int, name: str, message: str = "No.", headers: dict[str, str] | None = None
) -> web.Response:
    """An exception as the answer to a request."""
    return reply(f'<exception name="{name}"><message>{message}</message></exception>', status, headers)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running Kontora on the embedded database, which the command line may join."""
    folder = tmp_path_factory.mktemp("client")
    bank = KontoBankProcess(folder)
    with ending(bank):
        made = Site(folder, bank.url)
        with ending(made):
            yield made


@pytest.fixture(scope="session")
def url(site: Site) -> str:
    return site.serve().url


def ran(site: Site, *arguments: str) -> str:
    """Run the command line beside the server, and return what it wrote."""
    done = subprocess.run(
        [KONTORA, *arguments],
        env=site.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@pytest.fixture(scope="session")
def key(site: Site, url: str) -> str:
    """The key of a client that the command line added while the server ran."""
    added = ran(site, "client", "add", "acme-test", "--ip", "127.0.0.1", "--test").strip()
    ran(site, "client", "set", "acme-test", "--enable", "vendors")
    return added


@pytest.fixture
def kontora(url: str, key: str) -> Iterator[Kontora]:
    with Kontora(url, key, pacing=PROMPT) as client:
        yield client
