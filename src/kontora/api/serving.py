"""Serving the API and the metrics: bound sockets, guarded connections, an end in good order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from kontora.api.envelope import Timestamps
from kontora.api.guarded_protocol import Bounds, GuardedConfig
from kontora.api.visits import Receive, Send
from kontora.errors import ConfigurationError

BACKLOG = 2048
CLOSE_SECONDS = 30


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Where to listen. Port 0 takes a free one. `certificate` and `key`: PEM files, for HTTPS."""

    host: str = "127.0.0.1"
    port: int = 0
    certificate: Path | None = None
    key: Path | None = None


class _QuietServer(uvicorn.Server):
    """A server that leaves the signals to whoever runs it, and tells when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serves = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        self.serves.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture nothing."""
        yield


@asynccontextmanager
async def serving(
    app: Callable[..., Any],
    listening: Listening,
    *,
    bounds: Bounds | None = None,
    clock: Callable[[], float] = time.time,
    close_seconds: int = CLOSE_SECONDS,
) -> AsyncIterator[str]:
    """Serve an ASGI application inside the block; yields its URL.

    At the end no new connection is taken, and requests under way have `close_seconds` to finish. uvicorn's
    own handling of proxy headers is off: `addresses.py` has ours.
    Raises: ConfigurationError, if the address is taken or not ours.
    """
    bounds = bounds or Bounds()
    listener = bound_socket(listening.host, listening.port)
    config = GuardedConfig(
        app,
        bounds=bounds,
        timestamp=Timestamps(clock).now,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=bounds.keep_alive_seconds,
        timeout_graceful_shutdown=close_seconds,
        backlog=BACKLOG,
        ssl_certfile=listening.certificate,
        ssl_keyfile=listening.key,
    )
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    server = _QuietServer(config)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await server.serves.wait()
        scheme = "http" if listening.certificate is None else "https"
        host, port = listener.getsockname()[:2]
        yield f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        server.should_exit = True
        await running


def bound_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    Raises: ConfigurationError.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise ConfigurationError(
            f"Cannot listen on {host}:{port}: {error.strerror}. Set another address or port."
        ) from error


def metrics_page(registry: CollectorRegistry) -> Callable[..., Any]:
    """Return an ASGI application that serves `/metrics`, to be bound to an address of its own."""

    async def page(scope: dict[str, Any], _receive: Receive, send: Send) -> None:
        found = scope["path"] == "/metrics" and scope["method"] in {"GET", "HEAD"}
        body = generate_latest(registry) if found else b"Metrics are at /metrics.\n"
        media_type = CONTENT_TYPE_LATEST if found else "text/plain; charset=utf-8"
        headers = [(b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200 if found else 404, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return page
