from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from kontora.connectors.bank_line import Caps

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
FAST = Caps(connect_seconds=5, read_seconds=5, total_seconds=10, body_bytes=200_000, backoff_seconds=0)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Seen:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class ScriptedBank:
    """A bank that answers what a test tells it to, and remembers what it was asked."""

    url: str = ""
    answers: dict[tuple[str, str], list[Handler]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)

    def on(self, method: str, path: str, *handlers: Handler) -> None:
        """Answer in this order; the last one goes on answering."""
        self.answers[method, path] = list(handlers)

    def json(self, method: str, path: str, body: object, status: int = 200, **headers: str) -> None:
        self.on(method, path, answer_json(body, status, **headers))

    def asked(self, method: str, path: str) -> list[Seen]:
        return [item for item in self.seen if (item.method, item.path) == (method, path)]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.seen.append(
            Seen(request.method, request.path, request.query_string, dict(request.headers), body)
        )
        handlers = self.answers.get((request.method, request.path))
        if not handlers:
            return web.json_response(
                {"tppMessages": [{"category": "ERROR", "code": "RESOURCE_UNKNOWN"}]}, status=404
            )
        handler = handlers.pop(0) if len(handlers) > 1 else handlers[0]
        return await handler(request)


def answer_json(body: object, status: int = 200, **headers: str) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.json_response(
            body, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )

    return handler


def answer(body: bytes, status: int = 200, content_type: str = "application/json") -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, content_type=content_type)

    return handler


async def no_sleep(_: float) -> None:
    return None
