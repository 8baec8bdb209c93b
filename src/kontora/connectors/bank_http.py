"""The one HTTP client that talks to banks: verified, capped, only where a target may go, typed failures.

Nothing of a request or an answer is logged; failures name the target and the operation.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping
from random import SystemRandom

import aiohttp
from aiohttp.abc import AbstractResolver
from aiohttp.http_exceptions import HttpProcessingError
from multidict import CIMultiDict
from yarl import URL

from kontora.connectors.bank_breaker import Breaker
from kontora.connectors.bank_line import BankCall, BankReply, Caps
from kontora.connectors.bank_reach import PinningResolver, Reach
from kontora.connectors.bank_signing import Seal, SealFiles
from kontora.connectors.bank_tls import SYSTEM_TRUST, TlsFiles, tls_context
from kontora.connectors.turnstile import Turnstile
from kontora.errors import (
    IO,
    BankCertificateRefused,
    BankChanged,
    KontoraError,
    ServiceTemporarilyUnavailable,
)

DEFAULT_CAPS = Caps()
_RANDOM = SystemRandom().random
OnCall = Callable[[str, str, str, float], None]
OnUnknownPage = Callable[[str, str, str], Awaitable[None]]

_RETRIED_STATUSES = frozenset({500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_RETRY_AFTER_SECONDS = 2.0
_KEPT_ACROSS_HOSTS = frozenset({"accept", "x-request-id"})
_CERTIFICATE_ALERTS = (
    "CERTIFICATE_REQUIRED",
    "BAD_CERTIFICATE",
    "UNKNOWN_CA",
    "CERTIFICATE_UNKNOWN",
    "CERTIFICATE_EXPIRED",
    "CERTIFICATE_REVOKED",
    "HANDSHAKE_FAILURE",
    "ACCESS_DENIED",
)


def _silent(target: str, operation: str, outcome: str, seconds: float) -> None:
    """Observe nothing."""


async def keep_no_page(target: str, step: str, redacted_html: str) -> None:
    """Keep nothing of a page that was not understood."""


class BankHttp:
    """Holds the connections to all banks; one for a process, closed at its end.

    `on_unknown_page` is given the target, the step and a copy without any data of a page of a bank that was
    not understood.
    """

    def __init__(
        self,
        *,
        caps: Caps = DEFAULT_CAPS,
        on_call: OnCall = _silent,
        on_unknown_page: OnUnknownPage = keep_no_page,
        resolver: AbstractResolver | None = None,
        connections: int = 512,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = _RANDOM,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.caps = caps
        self.on_call = on_call
        self.on_unknown_page = on_unknown_page
        self.clock = clock
        self.random = random
        self.sleep = sleep
        self.turnstile = Turnstile()
        self._connections = connections
        self._resolver = PinningResolver(resolver)
        self._session: aiohttp.ClientSession | None = None
        self._is_closed = False
        self._lines: dict[tuple[str, Reach, TlsFiles, SealFiles | None], HttpLine] = {}
        self._contexts: dict[TlsFiles, ssl.SSLContext] = {}

    def line(
        self, target: str, reach: Reach, *, tls: TlsFiles = SYSTEM_TRUST, seal: SealFiles | None = None
    ) -> HttpLine:
        """Return the line to a target; the same one every time.

        Raises: ConfigurationError, if a certificate cannot be used.
        """
        key = (target, reach, tls, seal)
        if key not in self._lines:
            if reach.practice:
                self._resolver.private_hosts.update(origin.host for origin in reach.origins)
            if tls not in self._contexts:
                self._contexts[tls] = tls_context(tls)
            signer = Seal(seal) if seal is not None else None
            self._lines[key] = HttpLine(self, target, reach, self._contexts[tls], signer)
        return self._lines[key]

    def session(self) -> aiohttp.ClientSession:
        """Return the session under all lines; made at first use, inside the running loop.

        Raises: IO, once everything was closed: nobody would close another session.
        """
        if self._is_closed:
            raise IO("The connections to banks are closed; the program is ending.")
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=self._resolver, limit=self._connections, ttl_dns_cache=30, keepalive_timeout=10
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(
                    total=None, sock_connect=self.caps.connect_seconds, sock_read=self.caps.read_seconds
                ),
                trust_env=False,
                max_headers=self.caps.headers,
                middlewares=(_sent_once,),
                headers={"User-Agent": "Kontora", "Accept-Encoding": "gzip, deflate"},
            )
        return self._session

    async def close(self) -> None:
        """Close every connection, for good."""
        self._is_closed = True
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self._resolver.close()


class _Failed(Exception):
    """A call that brought no answer: its named failure, and whether the same call may be tried again."""

    def __init__(self, failure: KontoraError, *, again: bool = False) -> None:
        super().__init__(failure)
        self.failure = failure
        self.again = again


class _Disconnected(aiohttp.ClientError):
    """The connection broke after the request may have been sent."""


async def _sent_once(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from silently sending a PUT or DELETE again when a kept connection breaks."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Disconnected from error


class HttpLine:
    """The line to one target, over the shared connections."""

    def __init__(
        self, http: BankHttp, target: str, reach: Reach, context: ssl.SSLContext, seal: Seal | None
    ) -> None:
        self.target = target
        self.reach = reach
        self._http = http
        self._context = context
        self._seal = seal
        self._breaker = Breaker(http.clock)

    async def send(self, call: BankCall) -> BankReply:
        """Send one request; see `BankLine.send`."""
        started, outcome = self._http.clock(), "cancelled"
        try:
            async with asyncio.timeout(self._http.caps.total_seconds):
                reply = await self._attempts(call)
            outcome = str(reply.status)
            return reply
        except TimeoutError as error:
            failure: KontoraError = ServiceTemporarilyUnavailable(
                f"{self.target}, {call.operation}: no whole answer in {self._http.caps.total_seconds:g} s."
            )
            outcome = failure.name
            raise failure from error
        except _Failed as failed:
            outcome = failed.failure.name
            raise failed.failure from failed.__cause__
        except BankChanged as error:
            outcome = error.name
            raise BankChanged(f"{self.target}, {call.operation}: {error.message}.") from error
        finally:
            self._http.on_call(self.target, call.operation, outcome, self._http.clock() - started)

    async def _attempts(self, call: BankCall) -> BankReply:
        caps = self._http.caps
        attempts = caps.attempts if call.method == "GET" or call.reads_only else 1
        for attempt in range(1, attempts + 1):
            try:
                reply = await self._follow(call)
            except _Failed as failed:
                if attempt == attempts or not failed.again:
                    raise
            else:
                if attempt == attempts or not _worth_another_try(reply):
                    return reply
            await self._http.sleep(self._http.random() * caps.backoff_seconds * 2**attempt)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _follow(self, call: BankCall) -> BankReply:
        url = self.reach.checked(call.url)
        headers = dict(call.headers)
        if self._seal is not None:
            headers |= self._seal.headers(headers, call.body)
        for _ in range(self._http.caps.redirects + 1):
            reply = await self._once(call, url, headers)
            if reply.status not in _REDIRECTS or not call.follow:
                return reply
            if call.method != "GET":
                raise BankChanged("the bank redirects a request that is sent only once")
            onward = self._redirected(url, reply)
            if onward.origin() != url.origin():
                headers = {
                    name: value for name, value in headers.items() if name.lower() in _KEPT_ACROSS_HOSTS
                }
            url = onward
        raise BankChanged("the bank redirects too often")

    def _redirected(self, url: URL, reply: BankReply) -> URL:
        try:
            onward = url.join(URL(reply.headers.get("Location", ""), encoded=True))
        except ValueError as error:
            raise BankChanged("the bank redirects to something that is not a URL") from error
        checked = self.reach.checked(str(onward))
        if url.scheme == "https" and checked.scheme != "https":
            raise BankChanged("the bank redirects from https to plain http")
        return checked

    async def _once(self, call: BankCall, url: URL, headers: Mapping[str, str]) -> BankReply:
        where = f"{self.target}, {call.operation}"
        if not self._breaker.closed():
            raise _Failed(
                ServiceTemporarilyUnavailable(f"{where}: the bank could not be reached a moment ago.")
            )
        await self._http.turnstile.passed()
        try:
            async with self._http.session().request(
                call.method,
                url,
                headers=headers,
                data=call.body or None,
                allow_redirects=False,
                ssl=self._context,
            ) as response:
                self._breaker.reached()
                body = await self._body(response)
                await self._http.turnstile.passed()
                headers = CIMultiDict(response.headers)
                cookies = tuple(headers.getall("Set-Cookie", ()))
                return BankReply(response.status, headers, body, str(url), cookies)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            self._breaker.failed()
            raise _connection_failure(where, error) from error
        except (aiohttp.ServerTimeoutError, TimeoutError) as error:
            raise _Failed(
                ServiceTemporarilyUnavailable(f"{where}: the bank does not answer in time.")
            ) from error
        except (_Disconnected, aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, OSError) as error:
            raise _connection_failure(where, error) from error
        except (aiohttp.ClientError, HttpProcessingError, ValueError) as error:
            raise _Failed(BankChanged(f"{where}: the answer is not sound HTTP.")) from error

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        caps = self._http.caps
        if len(response.headers.getall("Set-Cookie", ())) > caps.cookies:
            raise BankChanged("the bank sets too many cookies")
        if (response.content_length or 0) > caps.body_bytes:
            raise BankChanged("the answer is too large")
        parts, size = [], 0
        async for part in response.content.iter_any():
            size += len(part)
            if size > caps.body_bytes:
                response.close()
                raise BankChanged("the answer is too large")
            parts.append(part)
        return b"".join(parts)


def _worth_another_try(reply: BankReply) -> bool:
    if reply.status not in _RETRIED_STATUSES:
        return False
    announced = reply.headers.get("Retry-After", "0")
    return announced.isdigit() and int(announced) <= _LONGEST_RETRY_AFTER_SECONDS


def _connection_failure(where: str, error: BaseException) -> _Failed:
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return _Failed(IO(f"{where}: the bank's certificate is not valid."))
    if _alert(error):
        return _Failed(BankCertificateRefused(f"{where}: the bank refuses the TLS client certificate."))
    if isinstance(error, aiohttp.ClientConnectorSSLError):
        return _Failed(IO(f"{where}: no secure connection could be made."))
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        return _Failed(IO(f"{where}: the bank cannot be reached."), again=True)
    return _Failed(IO(f"{where}: the answer was cut short."), again=True)


def _alert(error: BaseException | None) -> bool:
    """Tell whether somewhere in the chain the bank's TLS refused our certificate."""
    while error is not None:
        inner = getattr(error, "os_error", error)
        if isinstance(inner, ssl.SSLError) and "ALERT" in (inner.reason or ""):
            return any(name in (inner.reason or "") for name in _CERTIFICATE_ALERTS)
        error = error.__cause__ or error.__context__
    return False
