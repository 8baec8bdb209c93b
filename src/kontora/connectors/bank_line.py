"""Requests to banks and their answers, and what sends them: a transport that can be swapped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from kontora.connectors.bank_reach import Reach


@dataclass(frozen=True, slots=True)
class Caps:
    """The limits of one call. `total_seconds` covers redirects and retries; `body_bytes` counts unpacked."""

    connect_seconds: float = 5.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    body_bytes: int = 10 * 1024 * 1024
    headers: int = 100
    cookies: int = 50
    redirects: int = 10
    attempts: int = 3
    backoff_seconds: float = 0.25


@dataclass(frozen=True, slots=True)
class BankCall:
    """One request. `operation` is the standard's name of it, e.g. `getAccountList`.

    `reads_only`: it changes nothing at the bank, so it may be sent again although it is not a GET.
    `follow`: redirects are followed; otherwise the answer that redirects is returned as it is.
    """

    operation: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    reads_only: bool = False
    follow: bool = True


@dataclass(frozen=True, slots=True)
class BankReply:
    """One answer, whatever its status. `url` is where it came from, after redirects.

    `set_cookies`: the values of all headers Set-Cookie, in their order.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    set_cookies: tuple[str, ...] = ()


class BankLine(Protocol):
    """A way to send requests to one target; a test may pass another."""

    target: str
    reach: Reach

    async def send(self, call: BankCall) -> BankReply:
        """Send one request and return the answer, whatever its status.

        What only reads is tried up to three times when the bank fails; the rest is sent at most once.
        Raises: IO, ServiceTemporarilyUnavailable, BankChanged, BankCertificateRefused.
        """
        ...
