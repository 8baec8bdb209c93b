"""HTTP/1.1 with deadlines and bounds that the server itself lacks: slow, large and many are cut off."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from kontora.api.addresses import Network, is_within, parse_address

REFUSALS = {
    400: ("400 Bad Request", "InvalidParameter", "The request is not HTTP/1.1 as it should be."),
    408: ("408 Request Timeout", "RequestTimeout", "The request's header did not arrive in time."),
    431: ("431 Request Header Fields Too Large", "InvalidParameter", "The request's header is too large."),
    503: ("503 Service Unavailable", "Overloaded", "Too many connections. Close some, then try again."),
}
RETRY = "retry-after: 5\r\n"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a connection may take. `linger_seconds`: how long the rest of a refused body is thrown away.

    `write_seconds`: how long a reader may take for an answer. `trusted_proxies` may have any number of
    connections.
    """

    header_seconds: float = 10.0
    keep_alive_seconds: int = 15
    linger_seconds: float = 5.0
    write_seconds: float = 60.0
    header_bytes: int = 16 * 1024
    header_count: int = 100
    connections_per_address: int = 2_000
    trusted_proxies: Sequence[Network] = field(default=())


class GuardedConfig(uvicorn.Config):
    """The server's configuration, with the bounds, the count of connections, and the time for refusals."""

    def __init__(self, app: Any, *, bounds: Bounds, timestamp: Callable[[], bytes], **options: Any) -> None:
        super().__init__(app, http=GuardedProtocol, **options)
        self.bounds = bounds
        self.timestamp = timestamp
        self.connections: Counter[str] = Counter()


class GuardedProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        if not isinstance(config, GuardedConfig):
            raise TypeError("The guarded protocol needs a GuardedConfig.")
        self.guarded = config
        self.bounds = config.bounds
        self._header_timer: asyncio.TimerHandle | None = None
        self._linger_timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None
        self._abort_timer: asyncio.TimerHandle | None = None
        self._in_header = False
        self._header_bytes = 0
        self._fed_bytes = 0
        self._counted: str | None = None
        self._refused = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's own
        """Count the connection, and expect its first request."""
        super().connection_made(transport)
        self._header_timer = self.loop.call_later(self.bounds.header_seconds, self._header_late)
        host = self.client[0] if self.client else ""
        address = parse_address(host)
        if address is None or is_within(address, self.bounds.trusted_proxies):
            return
        self._counted = host
        self.guarded.connections[host] += 1
        if self.guarded.connections[host] > self.bounds.connections_per_address:
            self.refuse(503)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection and its timers."""
        for timer in (self._header_timer, self._linger_timer, self._write_timer, self._abort_timer):
            if timer is not None:
                timer.cancel()
        if self._counted is not None:
            self.guarded.connections[self._counted] -= 1
            if self.guarded.connections[self._counted] <= 0:
                del self.guarded.connections[self._counted]
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, unless the connection is refused; a header that is not whole has a deadline."""
        if self._refused:
            return
        began_in_header = self._in_header
        self._fed_bytes = len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_header:
            self._header_bytes += len(data) if began_in_header else 0
            if self._header_bytes > self.bounds.header_bytes:
                self.refuse(431)
                return
        if self._header_timer is None and (self._in_header or self._is_idle()):
            self._header_timer = self.loop.call_later(self.bounds.header_seconds, self._header_late)

    def _is_idle(self) -> bool:
        """Tell whether nothing bounds the connection: bytes came that begin no request."""
        return (
            self.timeout_keep_alive_task is None
            and self._linger_timer is None
            and (self.cycle is None or self.cycle.response_complete)
        )

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self._in_header = True
        self._header_bytes = 0

    def on_headers_complete(self) -> None:
        """Stop the header's clock, and refuse a header that is over the bounds."""
        self._in_header = False
        if self._refused:
            return
        if self._header_timer is not None:
            self._header_timer.cancel()
            self._header_timer = None
        if len(self.headers) > self.bounds.header_count or self._header_size() > self.bounds.header_bytes:
            self.refuse(431)
            return
        super().on_headers_complete()

    def _header_size(self) -> int:
        """Return the size of the header; where all that came is within the bound, that will do."""
        came = self._header_bytes + self._fed_bytes
        if came <= self.bounds.header_bytes:
            return came
        return len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body; nothing is kept for a request that was refused."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request; if its answer is long gone, wait for the next."""
        if self._refused:
            return
        super().on_message_complete()
        if self._linger_timer is not None:
            self._linger_timer.cancel()
            self._linger_timer = None
            if not self.transport.is_closing():
                self._wait_for_next()

    def on_response_complete(self) -> None:
        """Throw the rest of a body away for a while, if the answer came before its end."""
        unfinished = self.cycle is not None and self.cycle.more_body and not self.pipeline
        super().on_response_complete()
        if self._write_timer is not None and not self.flow.write_paused:
            self._write_timer.cancel()
            self._write_timer = None
        if self.transport.is_closing():
            self._abort_later()
        if unfinished and not self.transport.is_closing():
            self._unset_keepalive_if_required()
            self._linger_timer = self.loop.call_later(self.bounds.linger_seconds, self._close)

    def _wait_for_next(self) -> None:
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )

    def pause_writing(self) -> None:
        """Give a reader that does not keep up a deadline for the whole answer."""
        super().pause_writing()
        if self._write_timer is None:
            self._write_timer = self.loop.call_later(self.bounds.write_seconds, self._abort)

    def resume_writing(self) -> None:
        """Go on writing; the deadline stands until the answer is written."""
        super().resume_writing()
        if self._write_timer is not None and (self.cycle is None or self.cycle.response_complete):
            self._write_timer.cancel()
            self._write_timer = None

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection."""
        self._close()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP; the parser's words are not repeated."""
        self.refuse(400)

    def _header_late(self) -> None:
        self._header_timer = None
        if self._in_header:
            self.refuse(408)
        else:
            self._close()

    def refuse(self, status: int) -> None:
        """Answer in the shape of all failures, and close."""
        if self._refused or self.transport.is_closing():
            return
        self._refused = True
        line, name, message = REFUSALS[status]
        body = (
            f'<?xml version="1.0" encoding="utf-8"?>\n<reply status="{line}" '
            f'responseTimestamp="{self.guarded.timestamp().decode()}">'
            f'<exception name="{name}"><message>{message}</message></exception></reply>'
        )
        head = (
            f"HTTP/1.1 {line}\r\ncontent-type: application/xml; charset=utf-8\r\n"
            f"content-length: {len(body)}\r\ncache-control: no-store\r\nx-content-type-options: nosniff\r\n"
            f"{RETRY if status == 503 else ''}connection: close\r\n\r\n"
        )
        self.transport.write((head + body).encode())
        self._close()

    def _close(self) -> None:
        """Close once all is written, but do not wait for a reader that has stopped."""
        if not self.transport.is_closing():
            self.transport.close()
        self._abort_later()

    def _abort_later(self) -> None:
        if self._abort_timer is None:
            self._abort_timer = self.loop.call_later(self.bounds.write_seconds, self._abort)

    def _abort(self) -> None:
        self.transport.abort()
