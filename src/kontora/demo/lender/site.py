"""The lender's web site on a port of its own: one page, and two endpoints that the page asks."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from kontora.client import AsyncKontora, Session
from kontora.demo.lender.imports import LenderImports

LENDER = "Lipa Kredyt"
LARGEST_BODY = 16_384
TYPES = {"lender.js": "text/javascript", "lender.css": "text/css"}


class LenderSite:
    """The handlers. `client`: the lender's id at Kontora, which is public; its key stays on this server."""

    def __init__(self, kontora: AsyncKontora, signin_url: str, client: str) -> None:
        self._imports = LenderImports(kontora)
        self._signin_url = signin_url
        self._client = client

    async def page(self, request: web.Request) -> web.Response:
        """Return the page."""
        text = _read("page.html")
        for name, value in (("signin", self._signin_url), ("client", self._client), ("lender", LENDER)):
            text = text.replace(f"[[{name}]]", html.escape(value))
        return web.Response(text=text, content_type="text/html")

    async def asset(self, request: web.Request) -> web.Response:
        """Return the page's script or style sheet."""
        name = request.path.removeprefix("/")
        return web.Response(text=_read(name), content_type=TYPES[name])

    async def start(self, request: web.Request) -> web.Response:
        """Start the import of a session; JSON only, which a page of another origin cannot send."""
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        given = await request.json()
        session_id, signature = given.get("sessionId"), given.get("sessionIdSignature")
        if not isinstance(session_id, str) or not isinstance(signature, str):
            raise web.HTTPBadRequest
        return web.json_response({"id": self._imports.start(Session(session_id, signature))}, status=202)

    async def follow(self, request: web.Request) -> web.Response:
        """Tell how far an import is."""
        found = self._imports.find(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound
        return web.json_response(found.told)

    def app(self) -> web.Application:
        """Return the application."""
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_guard(self._signin_url)])
        app.router.add_get("/", self.page)
        app.router.add_post("/imports", self.start)
        app.router.add_get("/imports/{id}", self.follow)
        for name in TYPES:
            app.router.add_get(f"/{name}", self.asset)
        app.on_cleanup.append(self._close)
        return app

    async def _close(self, app: web.Application) -> None:
        await self._imports.close()


@asynccontextmanager
async def lender_site(kontora: AsyncKontora, signin_url: str, client: str) -> AsyncIterator[str]:
    """Serve the site on a free port of 127.0.0.1; gives its origin, which the client must register."""
    runner = web.AppRunner(LenderSite(kontora, signin_url, client).app(), shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _guard(signin_url: str) -> Middleware:
    """Return what answers only by our own name, so that no other site is pointed at us, and sets headers."""
    policy = (
        f"default-src 'none'; script-src 'self' {signin_url}; style-src 'self'; img-src 'self' data:; "
        f"connect-src 'self'; frame-src {signin_url}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.host.rpartition(":")[0] not in {"127.0.0.1", "localhost"}:
            raise web.HTTPMisdirectedRequest
        reply = await handler(request)
        reply.headers["Content-Security-Policy"] = policy
        reply.headers["X-Content-Type-Options"] = "nosniff"
        reply.headers["Referrer-Policy"] = "no-referrer"
        return reply

    return guard


def _read(name: str) -> str:
    return (files("kontora.demo.lender") / name).read_text(encoding="utf-8")
