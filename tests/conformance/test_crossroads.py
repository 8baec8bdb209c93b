from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from tools.conformance.crossroads import crossroads
from tools.conformance.prism import free_port


def side(name: str) -> web.Application:
    """A server that tells its name and what it was asked, and sets two cookies."""

    async def answer(request: web.Request) -> web.Response:
        told = {"at": name, "path": request.raw_path, "body": (await request.read()).decode()}
        reply = web.json_response(told, status=303, headers={"Location": "/elsewhere"})
        reply.set_cookie("one", "1")
        reply.set_cookie("two", "2")
        return reply

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    return app


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with TestServer(side("prism")) as prism, TestServer(side("bank")) as bank:
        urls = (str(server.make_url("")).rstrip("/") for server in (prism, bank))
        async with crossroads(free_port(), *urls) as url:
            yield url


@pytest.mark.parametrize(
    ("path", "at"), [("/v1/consents/c%2F1?a=%20b", "prism"), ("/oauth/token", "bank"), ("/pages/v1/", "bank")]
)
async def test_calls_of_the_api_go_to_prism_and_all_else_to_the_bank(
    address: str, path: str, at: str
) -> None:
    async with aiohttp.ClientSession() as http, http.get(address + path, allow_redirects=False) as reply:
        assert await reply.json() == {"at": at, "path": path, "body": ""}


async def test_what_is_sent_and_answered_is_passed_on_as_it_is(address: str) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{address}/pages/login", data=b"a=1", allow_redirects=False) as reply,
    ):
        assert (reply.status, reply.headers["Location"]) == (303, "/elsewhere")
        assert len(reply.headers.getall("Set-Cookie")) == 2
        assert (await reply.json())["body"] == "a=1"
