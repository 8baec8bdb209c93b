from __future__ import annotations

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from tests.connectors.scripted import FAST, ScriptedBank, answer, answer_json, no_sleep

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.bank_line import BankCall, Caps
from kontora.connectors.bank_reach import Reach, is_public
from kontora.errors import IO, BankChanged, ConfigurationError, ServiceTemporarilyUnavailable

Raw = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def raw_server(talk: Raw) -> AsyncIterator[str]:
    """A server that speaks bytes, for answers that are not HTTP."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def send(http: BankHttp, base: str, path: str = "/", method: str = "GET", body: bytes = b"") -> bytes:
    line = http.line("Bank", Reach.of([base], practice=True))
    return (await line.send(BankCall("test", method, base + path, {"Authorization": "Bearer t"}, body))).body


def sends(*parts: bytes, pause: float = 0.0, forever: bool = False) -> Raw:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for part in parts[:-1]:
            writer.write(part)
        while True:
            writer.write(parts[-1])
            await writer.drain()
            if not forever:
                return
            await asyncio.sleep(pause)

    return talk


CHUNK = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("talk", "failure"),
    [
        (sends(b"\x00\x01 not http at all\r\n\r\n"), BankChanged),
        (sends(HEAD, b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n"), BankChanged),
        (sends(HEAD, b"Content-Length: 100\r\n\r\n{"), IO),
        (sends(b""), IO),
        (sends(HEAD, b"Content-Length: 99999999\r\n\r\n{"), BankChanged),
        (sends(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK, forever=True), BankChanged),
        (sends(HEAD + b"X-Y: 1\r\n" * 150 + b"Content-Length: 0\r\n\r\n"), BankChanged),
        (sends(HEAD + b"Set-Cookie: a=1\r\n" * 60 + b"Content-Length: 0\r\n\r\n"), BankChanged),
        (sends(HEAD + b"X: " + b"y" * 20000 + b"\r\nContent-Length: 0\r\n\r\n"), BankChanged),
        (sends(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"), IO),
    ],
    ids=[
        "garbage", "broken-chunk", "truncated", "hang-up", "announced-too-large", "endless-chunks",
        "header-flood", "cookie-flood", "long-header", "bad-gzip",
    ],
)  # fmt: skip
async def test_a_hostile_answer_ends_in_a_named_failure(
    http: BankHttp, talk: Raw, failure: type[Exception]
) -> None:
    async with raw_server(talk) as base:
        with pytest.raises(failure):
            await send(http, base)


async def test_a_slow_trickle_is_cut_by_the_total_time() -> None:
    hurried = BankHttp(caps=Caps(read_seconds=5, total_seconds=0.5), sleep=no_sleep)
    trickle = sends(HEAD + b"Content-Length: 1000\r\n\r\n", b"x", pause=0.05, forever=True)
    async with raw_server(trickle) as base:
        with pytest.raises(ServiceTemporarilyUnavailable, match="whole answer"):
            await send(hurried, base)
    await hurried.close()


async def test_silence_is_cut_by_the_read_time_and_not_tried_again() -> None:
    hurried = BankHttp(caps=Caps(read_seconds=0.2, total_seconds=5), sleep=no_sleep)
    calls = 0

    async def silent(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        nonlocal calls
        calls += 1
        await asyncio.sleep(1)

    async with raw_server(silent) as base:
        with pytest.raises(ServiceTemporarilyUnavailable, match="in time"):
            await send(hurried, base)
    assert calls == 1
    await hurried.close()


async def test_a_gzip_bomb_is_counted_unpacked(bank: ScriptedBank, http: BankHttp) -> None:
    bomb = gzip.compress(b"0" * 50_000_000, 9)

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    bank.on("GET", "/", handler)
    assert len(bomb) < FAST.body_bytes
    with pytest.raises(BankChanged, match="too large"):
        await send(http, bank.url)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
async def test_packed_answers_are_unpacked(bank: ScriptedBank, http: BankHttp, encoding: str) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=pack(b"hello"), headers={"Content-Encoding": encoding})

    bank.on("GET", "/", handler)
    assert await send(http, bank.url) == b"hello"


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_read_is_tried_three_times_when_the_bank_fails(
    bank: ScriptedBank, http: BankHttp, status: int
) -> None:
    bank.on("GET", "/", answer_json({}, status), answer_json({}, status), answer(b"well"))
    assert await send(http, bank.url) == b"well"
    assert len(bank.seen) == 3


async def test_a_read_is_not_repeated_where_the_bank_says_when_to_come_back(
    bank: ScriptedBank, http: BankHttp
) -> None:
    bank.on("GET", "/", answer_json({}, 503, Retry_After="600"))
    await send(http, bank.url)
    assert len(bank.seen) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_what_changes_something_is_sent_at_most_once(
    bank: ScriptedBank, http: BankHttp, method: str
) -> None:
    bank.on("GET", "/", answer(b"warm"))
    bank.on(method, "/", answer_json({}, 503))
    await send(http, bank.url)
    await send(http, bank.url, method=method, body=b"secret")
    assert len(bank.asked(method, "/")) == 1


async def test_a_post_that_only_reads_is_tried_three_times(bank: ScriptedBank, http: BankHttp) -> None:
    bank.on("POST", "/", answer_json({}, 503), answer_json({}, 503), answer(b"well"))
    line = http.line("Bank", Reach.of([bank.url], practice=True))
    reply = await line.send(BankCall("test", "POST", bank.url, {}, b"{}", reads_only=True))
    assert (reply.status, reply.body) == (200, b"well")
    assert [seen.body for seen in bank.seen] == [b"{}"] * 3


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_a_kept_connection_that_breaks_does_not_send_a_credential_twice(
    http: BankHttp, method: str
) -> None:
    seen: list[bytes] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        seen.append(first)
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await send(http, base)
    with pytest.raises(IO):
        await send(http, base, method=method)
    assert [item.split(b" ")[0].decode() for item in seen] == ["GET", method]
    server.close()


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1:9/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://2130706433/",
        "http://localhost/",
        "//evil.example/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "http://user:pass@127.0.0.1/",
        "http://",
        "\\\\evil.example\\",
        "",
    ],
)
async def test_a_redirect_off_the_list_is_refused(bank: ScriptedBank, http: BankHttp, location: str) -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": location})

    bank.on("GET", "/", handler)
    with pytest.raises(BankChanged):
        await send(http, bank.url)


async def test_a_redirect_on_the_list_is_followed_ten_times_at_most(
    bank: ScriptedBank, http: BankHttp
) -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "/"})

    bank.on("GET", "/", handler)
    with pytest.raises(BankChanged, match="too often"):
        await send(http, bank.url)
    assert len(bank.seen) == FAST.redirects + 1


async def test_another_host_on_the_list_is_not_given_the_token(bank: ScriptedBank, http: BankHttp) -> None:
    other = bank.url.replace("127.0.0.1", "localhost")

    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": other + "/there"})

    bank.on("GET", "/", handler)
    bank.on("GET", "/there", answer(b"there"))
    line = http.line("Bank", Reach.of([bank.url, other], practice=True))
    headers = {
        "Authorization": "Bearer t",
        "Consent-ID": "c",
        "PSU-IP-Address": "203.0.113.7",
        "Accept": "text/plain",
    }
    assert (await line.send(BankCall("test", "GET", bank.url + "/", headers))).body == b"there"
    sent = bank.asked("GET", "/there")[0].headers
    assert "Authorization" not in sent and "Consent-ID" not in sent and "PSU-IP-Address" not in sent
    assert sent["Accept"] == "text/plain"


async def test_a_redirected_credential_goes_nowhere(bank: ScriptedBank, http: BankHttp) -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": "/there"})

    bank.on("PUT", "/", handler)
    with pytest.raises(BankChanged):
        await send(http, bank.url, method="PUT", body=b"secret")
    assert bank.asked("PUT", "/there") == []


class _Resolver(AbstractResolver):
    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": 0,
            }
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:7f00:1", "64:ff9b::7f00:1", "fe80::1",
     "fd00::1", "0.0.0.0", "2002:7f00:1::", "100.64.0.1", "224.0.0.1"],
)  # fmt: skip
async def test_a_bank_name_that_resolves_to_a_private_address_is_not_connected_to(address: str) -> None:
    assert not is_public(address)
    client = BankHttp(caps=FAST, resolver=_Resolver(address), sleep=no_sleep)
    line = client.line("Bank", Reach.of(["https://bank.example"]))
    with pytest.raises(IO):
        await line.send(BankCall("test", "GET", "https://bank.example/"))
    await client.close()


def test_public_addresses_are_public() -> None:
    assert is_public("193.0.6.139")
    assert is_public("2001:67c:2e8:22::c100:68b")


@pytest.mark.parametrize(
    "url",
    [
        "http://bank.example",
        "https://bank.example:8443",
        "https://10.0.0.1",
        "https://2130706433",
        "ftp://bank.example",
        "bank.example",
    ],
)
def test_a_bank_outside_practice_is_reached_by_https_on_443_and_a_name(url: str) -> None:
    with pytest.raises(ConfigurationError):
        Reach.of([url])


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "http://bank.example/login", "https://a:b@bank.example"],
)
def test_the_owner_is_sent_to_https_pages_only(url: str) -> None:
    with pytest.raises(BankChanged):
        Reach.of(["https://bank.example"]).page(url)


async def test_proxies_and_authorities_of_the_environment_are_ignored(
    bank: ScriptedBank, http: BankHttp, monkeypatch: pytest.MonkeyPatch
) -> None:
    trapped = []

    async def trap(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> None:
        trapped.append(1)

    async with raw_server(trap) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        bank.on("GET", "/", answer(b"direct"))
        assert await send(http, bank.url) == b"direct"
    assert trapped == []


async def test_five_failures_to_connect_open_the_breaker_and_time_closes_it() -> None:
    now = 0.0
    client = BankHttp(caps=FAST, clock=lambda: now, sleep=no_sleep)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{free.getsockname()[1]}"
    for _ in range(2):
        with pytest.raises((IO, ServiceTemporarilyUnavailable)):
            await send(client, base)
    with pytest.raises(ServiceTemporarilyUnavailable, match="a moment ago"):
        await send(client, base)
    now = 11.0
    with pytest.raises((IO, ServiceTemporarilyUnavailable)):
        await send(client, base, method="POST")
    with pytest.raises(ServiceTemporarilyUnavailable, match="a moment ago"):
        await send(client, base)
    await client.close()


async def test_every_call_is_observed_with_its_outcome(bank: ScriptedBank) -> None:
    seen: list[tuple[str, str, str]] = []
    client = BankHttp(
        caps=FAST, on_call=lambda target, operation, outcome, _: seen.append((target, operation, outcome))
    )
    bank.on("GET", "/", answer(b"ok"))
    await send(client, bank.url)
    with pytest.raises(BankChanged):
        await client.line("Bank", Reach.of([bank.url], practice=True)).send(
            BankCall("off", "GET", "http://other.example/")
        )
    assert seen == [("Bank", "test", "200"), ("Bank", "off", "BankChanged")]
    await client.close()


async def test_a_failure_names_target_and_operation_and_no_url(bank: ScriptedBank, http: BankHttp) -> None:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": "http://evil.example/secret"})

    bank.on("GET", "/consents/secret", handler)
    with pytest.raises(BankChanged) as caught:
        await send(http, bank.url, "/consents/secret")
    assert caught.value.message.startswith("Bank, test: ")
    assert "secret" not in caught.value.message


def test_the_limits_are_those_of_the_security_rules() -> None:
    caps = Caps()
    assert (caps.connect_seconds, caps.read_seconds, caps.total_seconds) == (5, 20, 60)
    assert (caps.body_bytes, caps.headers, caps.cookies, caps.redirects) == (10 * 1024 * 1024, 100, 50, 10)
