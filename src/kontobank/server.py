"""Serving the bank: uvicorn with uvloop and httptools, limits on headers, mutual TLS."""

from __future__ import annotations

import socket
import ssl
import sys
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kontobank.app import build_app
from kontobank.bank import Bank
from kontobank.settings import Settings

_MOST_HEADERS = 100
_LONGEST_HEADERS = 32 * 1024


class BankProtocol(HttpToolsProtocol):
    """HTTP with a limit on headers; the application can reach the connection."""

    def on_message_begin(self) -> None:
        """Start a request."""
        super().on_message_begin()
        self._header_bytes = 0
        self.scope["extensions"] = {"kontobank.transport": self.transport}  # type: ignore[dict-item]

    def on_url(self, url: bytes) -> None:
        """Take a part of the URL."""
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        super().on_header(name, value)
        self._count(len(name) + len(value))

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > _LONGEST_HEADERS or len(self.headers) > _MOST_HEADERS:
            self.transport.abort()


class BankServer(uvicorn.Server):
    """A server that says where it listens as soon as it does."""

    def __init__(self, settings: Settings) -> None:
        self.bank = Bank(settings)
        super().__init__(_config(settings, self.bank))

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the socket and tell the address."""
        await super().startup(sockets=sockets)
        if not self.started:
            return
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        scheme = "https" if self.config.is_ssl else "http"
        self.bank.address = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}"
        sys.stdout.write(f"KontoBank listens on {self.bank.address}\n")
        sys.stdout.flush()


def serve(settings: Settings) -> None:
    """Serve until the process is told to stop. The settings must have been checked."""
    BankServer(settings).run()


def _config(settings: Settings, bank: Bank) -> uvicorn.Config:
    secured: dict[str, Any] = {}
    if settings.tls_certificate and settings.tls_key:
        secured = {"ssl_certfile": str(settings.tls_certificate), "ssl_keyfile": str(settings.tls_key)}
    if settings.client_ca:
        secured |= {"ssl_ca_certs": str(settings.client_ca), "ssl_cert_reqs": ssl.CERT_OPTIONAL}
    return uvicorn.Config(
        build_app(bank),
        host=settings.host,
        port=settings.port,
        http=BankProtocol,
        loop="uvloop",
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=3,
        lifespan="off",
        **secured,
    )
