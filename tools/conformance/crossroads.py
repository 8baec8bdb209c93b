"""One address for a bank whose API is behind Prism and whose pages are not.

Kontora asks a bank at one origin. `/v1/` goes to Prism, everything else - the owner's pages and OAuth, which
the standard does not describe - to the bank.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy

API = "/v1/"
_OF_ONE_CONNECTION = frozenset(
    {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}
)


@asynccontextmanager
async def crossroads(port: int, prism_url: str, bank_url: str) -> AsyncIterator[str]:
    """Serve on a port and pass everything on as it is; gives the address."""
    async with aiohttp.ClientSession(
        cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False
    ) as http_client:

        async def pass_on(request: web.Request) -> web.Response:
            start = prism_url if request.path.startswith(API) else bank_url
            async with http_client.request(
                request.method,
                start + request.raw_path,
                headers=_passed(request.headers),
                data=await request.read() or None,
                allow_redirects=False,
            ) as reply:
                return web.Response(
                    status=reply.status, headers=_passed(reply.headers), body=await reply.read()
                )

        app = web.Application()
        app.router.add_route("*", "/{path:.*}", pass_on)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            yield f"http://127.0.0.1:{port}"
        finally:
            await runner.cleanup()


def _passed(headers: CIMultiDictProxy[str]) -> CIMultiDict[str]:
    """Return the headers that are not about one connection alone; one name may come more than once."""
    return CIMultiDict(
        (name, value) for name, value in headers.items() if name.lower() not in _OF_ONE_CONNECTION
    )
