"""The stand that benchmarks run on: KontoBank, PostgreSQL and Kontora as processes of their own."""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench import http
from bench.processes import Child, child, family
from kontora import main
from kontora.settings import read_settings
from kontora.store.embedded import EmbeddedPostgres

LOOPBACK = "127.0.0.1/32"
BANK_CALL_SECONDS = 0.331  # what a call to a real bank takes
STARTED, FINAL = re.compile(rb'<command id="(\d+)"'), re.compile(rb' state="(successful|error|fatal)"')
SESSION = re.compile(rb'<session id="(\d+)" signature="([0-9a-f]+)"')


class Bank:
    """KontoBank, with its control API."""

    def __init__(self, process: Child, http_client: aiohttp.ClientSession) -> None:
        self.url = process.told
        self.pid = process.pid
        self._http = http_client

    async def delay(self, seconds: float) -> None:
        """Let every call take so long."""
        await self._control("PUT", "behaviour", {"delay_ms": seconds * 1000})

    async def calls(self) -> dict[str, int]:
        """Return how often each operation was called since the last reset."""
        return dict((await self.log())["by_operation"])

    async def log(self) -> dict:
        """Return everything that it tells of the calls since the last reset."""
        return await self._control("GET", "calls")

    async def consent(self, login: str) -> dict:
        """Make a valid consent and one that waits; return their ids, and those of what they open."""
        return await self._control("POST", "consent", {"login": login})

    async def forget_calls(self) -> None:
        """Forget which calls came, and nothing else."""
        await self._control("DELETE", "calls")

    async def reset(self) -> None:
        """Forget consents, calls and behaviour."""
        await self._control("POST", "reset", {})

    async def pages(self, login: str, first_day: str) -> list[int]:
        """Read an owner's lists of money transactions as a client would; return the pages of each account."""
        consent = await self.consent(login)
        headers = {
            "Consent-ID": consent["consentId"],
            "X-Request-ID": "3f0cd8e8-1b4c-4d94-8f0a-0c3b1f5ad7de",
            "PSU-IP-Address": "127.0.0.1",
        }
        counts = []
        for account in consent["accountIds"]:
            url, pages = (
                f"{self.url}/v1/accounts/{account}/transactions?bookingStatus=both&dateFrom={first_day}",
                0,
            )
            while url:
                async with self._http.get(url, headers=headers) as reply:
                    links = (await reply.json())["transactions"]["_links"]
                url, pages = links.get("next", {}).get("href"), pages + 1
            counts.append(pages)
        return counts

    async def _control(self, method: str, path: str, body: object = None) -> dict:
        data = None if body is None else json.dumps(body)
        async with self._http.request(method, f"{self.url}/control/{path}", data=data) as reply:
            reply.raise_for_status()
            return await reply.json()


@dataclass(frozen=True)
class Server:
    """A Kontora that runs. `worker_pid`: where commands are run, perhaps in `serve` itself."""

    url: str
    keys: tuple[str, ...] = field(repr=False)
    serve_pid: int
    worker_pid: int
    postmaster_pid: int
    database_url: str
    folder: Path

    def postgres_pids(self) -> list[int]:
        """Return the processes of PostgreSQL as they are now."""
        return family(self.postmaster_pid)

    def pids(self) -> list[int]:
        """Return all processes of the product as they are now."""
        return sorted({self.serve_pid, self.worker_pid}) + self.postgres_pids()


@dataclass(frozen=True)
class Session:
    """A session of a client."""

    id: str
    signature: str = field(repr=False)
    key: str = field(repr=False)


@asynccontextmanager
async def folder() -> AsyncIterator[Path]:
    """Make a folder of the benchmark's own, deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="kontora-bench-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@asynccontextmanager
async def bank(where: Path, *options: str, port: int = 0) -> AsyncIterator[Bank]:
    """Run KontoBank."""
    arguments = ("kontobank", "serve", "--port", str(port), *options)
    async with (
        child(arguments, where / "kontobank.log", ready="KontoBank listens on ") as process,
        aiohttp.ClientSession() as http_client,
    ):
        yield Bank(process, http_client)


@asynccontextmanager
async def kontora(
    where: Path,
    bank_url: str,
    *,
    clients: int = 1,
    worker_apart: bool = False,
    features: Sequence[tuple[str, ...]] | None = None,
) -> AsyncIterator[Server]:
    """Run Kontora with its settings' defaults: `serve` alone, or `serve` and a `worker` beside it.

    `features`: what each client may use; without it, what a new client may.
    PostgreSQL is the embedded one, started here over TCP, so that both may use it.
    """
    server = EmbeddedPostgres(where / "postgres", port=0)
    database_url = await asyncio.to_thread(server.start)
    environment = {
        "KONTORA_DATA_DIR": str(where / "data"),
        "KONTORA_DATABASE_URL": database_url,
        "KONTORA_PORT": "0",
        "KONTORA_METRICS_PORT": "0",
        "KONTORA_PRACTICE": "on",
        "KONTORA_PRACTICE_BANK_URL": bank_url,
        "KONTORA_WORKER": "off" if worker_apart else "on",
    }
    try:
        settings = read_settings(environment)
        await asyncio.to_thread(main.migrate, settings)
        keys = []
        async with main.administer(settings) as administration:
            for number in range(clients):
                name = f"bench-{number}"
                _, key = await administration.add_client(name, "test", (LOOPBACK,))
                if features is not None:
                    await administration.set_client(name, features=features[number])
                keys.append(key)
        postmaster = int((where / "postgres" / "cluster" / "postmaster.pid").read_text().split()[0])
        async with AsyncExitStack() as stack:
            serve = await stack.enter_async_context(
                child(
                    ("kontora", "serve"),
                    where / "kontora.log",
                    ready="Kontora listens on ",
                    environment=environment,
                )
            )
            worker = serve
            if worker_apart:
                worker = await stack.enter_async_context(
                    child(
                        ("kontora", "worker"),
                        where / "worker.log",
                        ready="Kontora worker runs",
                        environment=environment,
                    )
                )
            yield Server(serve.told, tuple(keys), serve.pid, worker.pid, postmaster, database_url, where)
    finally:
        await asyncio.to_thread(server.stop)


async def open_session(server: Server, connection: http.Connection, target: str, key: str) -> Session:
    """Open a session at a practice target that still has to sign in."""
    form = {"target": target, "ip": "127.0.0.1"}
    status, reply = await connection.send(http.post(server.url, "/v1/session.xml", key, **form))
    return _session(status, reply, key)


async def sign_in(server: Server, connection: http.Connection, login: str, key: str, owner: str) -> Session:
    """Sign a practice owner in."""
    request = http.post(
        server.url, "/v1/mock-session.xml", key, login=login, country="pl", ownerExternalId=owner
    )
    status, reply = await connection.send(request)
    return _session(status, reply, key)


def _session(status: int, reply: bytes, key: str) -> Session:
    found = SESSION.search(reply)
    if status != 200 or found is None:
        raise http.BadReply(f"no session: {reply.decode()}")
    return Session(found[1].decode(), found[2].decode(), key)


async def start(server: Server, connection: http.Connection, session: Session, path: str) -> str:
    """Start a command of a session; return its id."""
    request = http.post(
        server.url,
        f"/v1/command/{path}.xml",
        session.key,
        sessionId=session.id,
        sessionIdSignature=session.signature,
    )
    status, reply = await connection.send(request)
    found = STARTED.search(reply)
    if status != 202 or found is None:
        raise http.BadReply(f"{path}.xml: {reply.decode()}")
    return found[1].decode()


def poll_request(server: Server, key: str, command_id: str) -> bytes:
    """Return the bytes of a poll."""
    return http.get(server.url, f"/v1/command/{command_id}.xml", key)


async def finished(
    server: Server, connection: http.Connection, key: str, command_id: str, *, every_seconds: float
) -> bytes:
    """Poll a command until it is final; return the last reply.

    Raises: BadReply, if it does not end in `successful` within two minutes.
    """
    request = poll_request(server, key, command_id)
    async with asyncio.timeout(120):
        while True:
            status, reply = await connection.send(request)
            if status != 200:
                raise http.BadReply(reply.decode())
            state = FINAL.search(reply[:2000])
            if state is not None and state[1] == b"successful":
                return reply
            if state is not None:
                raise http.BadReply(reply.decode())
            await asyncio.sleep(every_seconds)
