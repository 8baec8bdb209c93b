"""The server at its edges: slow, malformed, large and many, over raw sockets (D01, D02, V06)."""

from __future__ import annotations

import asyncio
import http.client
import re
import resource
import socket
import time
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import trustme
from lxml import etree
from prometheus_client import CollectorRegistry, Counter
from tests.api.conftest import COMMAND_ID, KEY, PAIR, RunningApi, StartApi, running_status

from kontora.api import ApiSettings
from kontora.api.addresses import parse_networks
from kontora.api.guarded_protocol import Bounds
from kontora.api.serving import Listening, bound_socket, metrics_page, serving
from kontora.commands.answers import CommandState
from kontora.errors import ConfigurationError

HURRIED = Bounds(header_seconds=0.3, keep_alive_seconds=1, linger_seconds=0.3, write_seconds=0.5)
SHORT = ApiSettings(practice=True, body_seconds=0.3)


@pytest.fixture
def hurried(start_api: StartApi) -> RunningApi:
    """An API with deadlines of fractions of a second."""
    return start_api(SHORT, HURRIED)


def connected(api: RunningApi) -> socket.socket:
    parts = urlsplit(api.url)
    return socket.create_connection((str(parts.hostname), parts.port), timeout=8)


def everything(connection: socket.socket) -> bytes:
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except ConnectionError:
        pass
    return found


def exchanged(api: RunningApi, sent: bytes) -> bytes:
    with closing(connected(api)) as connection:
        connection.sendall(sent)
        return everything(connection)


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


GET = f"GET /v1/health HTTP/1.1\r\nHost: x\r\nX-Api-Key: {KEY}\r\n".encode()
POST = f"POST /v1/command/sign-out.xml HTTP/1.1\r\nHost: x\r\nX-Api-Key: {KEY}\r\n".encode()
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def test_a_connection_that_says_nothing_is_closed(hurried: RunningApi) -> None:
    began = time.monotonic()
    assert exchanged(hurried, b"") == b""
    assert time.monotonic() - began < 3


def test_a_header_that_trickles_is_cut_off(hurried: RunningApi) -> None:
    began = time.monotonic()
    with closing(connected(hurried)) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n")
        connection.settimeout(0.05)
        answer = b""
        while not answer:
            assert time.monotonic() - began < 3
            try:
                connection.sendall(b"X")
                answer = connection.recv(65536)
            except TimeoutError:
                continue
    assert status_of(answer) == 408


def test_a_second_header_that_trickles_is_cut_off_too(hurried: RunningApi) -> None:
    with closing(connected(hurried)) as connection:
        connection.sendall(GET + b"\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET / HT")
        assert status_of(everything(connection)) == 408


def test_empty_lines_between_requests_do_not_hold_a_connection(hurried: RunningApi) -> None:
    began = time.monotonic()
    with closing(connected(hurried)) as connection:
        connection.sendall(GET + b"\r\n")
        connection.recv(65536)
        connection.settimeout(0.1)
        while True:
            assert time.monotonic() - began < 4
            try:
                connection.sendall(b"\r\n")
                if connection.recv(65536) == b"":
                    break
            except TimeoutError:
                continue
            except ConnectionError:
                break


def test_a_body_that_trickles_is_cut_off_at_an_absolute_deadline(hurried: RunningApi) -> None:
    began = time.monotonic()
    with closing(connected(hurried)) as connection:
        connection.sendall(POST + FORM + b"Content-Length: 1000\r\n\r\n")
        connection.settimeout(0.05)
        answer = b""
        while b"</reply>" not in answer:
            assert time.monotonic() - began < 3
            try:
                connection.sendall(b"x")
                answer += connection.recv(65536)
            except TimeoutError:
                continue
        assert status_of(answer) == 408
        connection.settimeout(5)
        assert everything(connection) == b""


def test_an_idle_connection_is_closed(hurried: RunningApi) -> None:
    began = time.monotonic()
    assert exchanged(hurried, GET + b"\r\n").startswith(b"HTTP/1.1 200")
    assert 0.5 < time.monotonic() - began < 4


def test_a_reader_that_stops_reading_is_cut_off(hurried: RunningApi) -> None:
    result = b"<result>" + b"x" * 30_000_000 + b"</result>"
    hurried.desk.statuses[COMMAND_ID] = running_status(state=CommandState.SUCCESSFUL, result=result)
    request = f"GET /v1/command/{COMMAND_ID}.xml HTTP/1.1\r\nHost: x\r\nX-Api-Key: {KEY}\r\n\r\n"
    with closing(connected(hurried)) as connection:
        connection.sendall(request.encode())
        time.sleep(1.2)
        assert len(everything(connection)) < 30_000_000


def test_a_client_that_leaves_in_the_middle_of_its_body_does_no_harm(hurried: RunningApi) -> None:
    with closing(connected(hurried)) as connection:
        connection.sendall(POST + FORM + b"Content-Length: 1000\r\n\r\nsessionId=")
    assert hurried.get("/v1/health").status == 200


def test_three_hundred_megabytes_are_refused_and_never_held(api: RunningApi) -> None:
    def resident_kilobytes() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() // 1024

    block = b"x" * 1_000_000
    before, highest = resident_kilobytes(), 0
    with closing(connected(api)) as connection:
        connection.sendall(POST + FORM + b"Transfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(300):
                connection.sendall(b"f4240\r\n" + block + b"\r\n")
                highest = max(highest, resident_kilobytes())
        except ConnectionError:
            pass
        answer = connection.recv(65536)
    assert status_of(answer) == 413
    assert highest - before < 20_000


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (POST + FORM + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (POST + FORM + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd", 400),
        (POST + FORM + b"Content-Length: -1\r\n\r\n", 400),
        (POST + FORM + b"Transfer-Encoding: chunked, identity\r\n\r\n", 400),
        (b"GET /v1/health HTTP/1.1\nHost: x\n\n", 400),
        (GET + b"X-A: b\nX-C: d\r\n\r\n", 400),
        (GET + b" folded: x\r\n\r\n", 400),
        (GET + b"X A: b\r\n\r\n", 400),
        (GET + b"X-A: \x00\r\n\r\n", 400),
        (b"BREW /v1/health HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /v1/health HTTP/9.9\r\nHost: x\r\n\r\n", 400),
        (b"CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (GET + b"X-A: " + b"x" * 20_000 + b"\r\n\r\n", 431),
        (b"GET /" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 431),
        (GET + b"".join(b"X-%d: y\r\n" % n for n in range(120)) + b"\r\n", 431),
        (b"GET http://x/v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200),
        (b"TRACE /v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
        (b"OPTIONS /v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 405),
        (b"HEAD /v1/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200),
        (b"GET /v1/health HTTP/1.0\r\n\r\n", 200),
        (b"GET /v1/health?%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200),
        (b"GET /v1/%2e%2e/health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 401),
    ],
)
def test_http_is_read_one_way_or_not_at_all(api: RunningApi, sent: bytes, status: int) -> None:
    answer = exchanged(api, sent)
    assert status_of(answer) == status
    if status in {400, 431}:
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b"connection: close" in head
        assert etree.fromstring(body).find("exception").get("name") == "InvalidParameter"
        assert answer.count(b"\r\n\r\n") == 1


def test_a_header_that_never_ends_is_refused(api: RunningApi) -> None:
    with closing(connected(api)) as connection:
        try:
            for _ in range(100):
                connection.sendall(b"GET / HTTP/1.1\r\nX: " if _ == 0 else b"x" * 1000)
                time.sleep(0.001)
        except ConnectionError:
            pass
        assert status_of(everything(connection) or b"HTTP/1.1 431 ") == 431
    assert api.get("/v1/health").status == 200


def test_requests_in_a_row_on_one_connection_are_answered_in_order(api: RunningApi) -> None:
    body = "&".join(f"{name}={value}" for name, value in PAIR.items()).encode()
    post = POST + FORM + b"Content-Length: %d\r\n\r\n" % len(body) + body
    answer = exchanged(api, GET + b"\r\n" + post + GET + b"Connection: close\r\n\r\n")
    assert [int(status) for status in re.findall(rb"HTTP/1\.1 (\d+)", answer)] == [200, 202, 200]


def test_one_address_has_a_bounded_number_of_connections(start_api: StartApi) -> None:
    api = start_api(ApiSettings(practice=True), Bounds(connections_per_address=3))
    held = [connected(api) for _ in range(3)]
    for connection in held:
        connection.sendall(GET + b"\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
    assert status_of(exchanged(api, GET + b"\r\n")) == 503
    assert api.get("/v1/health", source="127.0.0.2").status == 200
    for connection in held:
        connection.close()
    deadline = time.monotonic() + 3
    while status_of(exchanged(api, GET + b"Connection: close\r\n\r\n")) != 200:
        assert time.monotonic() < deadline


def test_a_trusted_proxy_may_hold_any_number_of_connections(start_api: StartApi) -> None:
    bounds = Bounds(connections_per_address=1, trusted_proxies=parse_networks(["127.0.0.0/8"]))
    api = start_api(ApiSettings(practice=True), bounds)
    with closing(connected(api)), closing(connected(api)):
        assert api.get("/v1/health").status == 200


@pytest.mark.parametrize("path", ["/v1/health", "/v1/catalog.xml", "/v1/no-such-path", "/v1/command/5.xml"])
@pytest.mark.parametrize("key", [KEY, None])
def test_every_answer_is_kept_out_of_caches_and_names_no_server(
    api: RunningApi, path: str, key: str | None
) -> None:
    headers = api.get(path, key=key).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


async def test_over_tls_browsers_are_told_to_stay_with_it(api: RunningApi, tmp_path: Any) -> None:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    certificate.private_key_pem.write_to_path(key)
    for part in certificate.cert_chain_pems:
        part.write_to_path(chain, append=True)

    def ask(url: str) -> Any:
        import ssl

        context = ssl.create_default_context()
        authority.configure_trust(context)
        connection = http.client.HTTPSConnection(urlsplit(url).netloc, context=context, timeout=5)
        connection.request("GET", "/v1/health")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer

    async with serving(api.door, Listening(certificate=chain, key=key)) as url:
        assert url.startswith("https://")
        answer = await asyncio.to_thread(ask, url)
    assert answer.status == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


async def test_a_request_under_way_is_finished_when_the_server_ends(api: RunningApi) -> None:
    api.desk.statuses[COMMAND_ID] = running_status()
    api.desk.delay_seconds = 0.3

    def ask(url: str) -> int:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
        connection.request("GET", f"/v1/command/{COMMAND_ID}.xml", headers={"X-Api-Key": KEY})
        status = connection.getresponse().status
        connection.close()
        return status

    async with serving(api.door, Listening()) as url:
        asking = asyncio.create_task(asyncio.to_thread(ask, url))
        await asyncio.sleep(0.1)
    assert await asking == 200


def test_an_address_that_is_taken_is_a_configuration_error() -> None:
    with bound_socket("127.0.0.1", 0) as taken, pytest.raises(ConfigurationError, match="Cannot listen"):
        bound_socket("127.0.0.1", taken.getsockname()[1])


async def test_the_metrics_are_served_on_an_address_of_their_own() -> None:
    registry = CollectorRegistry()
    Counter("things", "Things.", registry=registry).inc()

    def ask(url: str, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
        connection.request("GET", path)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    async with serving(metrics_page(registry), Listening()) as url:
        status, body = await asyncio.to_thread(ask, url, "/metrics")
        assert (status, b"things_total 1.0" in body) == (200, True)
        assert (await asyncio.to_thread(ask, url, "/"))[0] == 404
