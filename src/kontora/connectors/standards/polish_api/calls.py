"""Sending the standard's requests: sealed bodies with their header, checked answers, named failures."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from kontora.connectors.bank_jws import (
    BankKey,
    check_detached_signature,
    detached_signature,
    parse_bank_keys,
)
from kontora.connectors.bank_line import BankCall, BankReply
from kontora.connectors.bank_signing import SealKey
from kontora.connectors.protocol import Psu
from kontora.connectors.standards.json_fields import Json, a_flag, a_text, an_object
from kontora.connectors.standards.polish_api.dialect import Dialect
from kontora.connectors.standards.polish_api.failures import failure_of
from kontora.connectors.standards.polish_api.practice_seal import practice_seal
from kontora.connectors.standards.problems import Problem, problem_of
from kontora.connectors.strict_json import parse_json
from kontora.connectors.target import Surroundings
from kontora.errors import BankChanged, ConfigurationError

_GREGORIAN = datetime(1582, 10, 15, tzinfo=UTC)
_NO_CONTENT = 204


class Refused(msgspec.Struct, frozen=True):
    """A failed answer that the caller asked to see (`expected`)."""

    problem: Problem


class Calls:
    """The requests to one bank in one dialect. `keys`: what the bank's answers are checked with."""

    def __init__(self, surroundings: Surroundings, dialect: Dialect, keys: tuple[BankKey, ...] = ()) -> None:
        self.surroundings = surroundings
        self.dialect = dialect
        self.keys = keys or surroundings.bank_keys

    def trusting(self, jwks: str | None) -> Calls:
        """Return the calls that check answers with these keys, where the operator has set none."""
        if jwks is None or self.keys:
            return self
        return Calls(self.surroundings, self.dialect, parse_bank_keys(jwks.encode()))

    @property
    def client_id(self) -> str:
        """The id that the bank knows us by. Raises: ConfigurationError, if there is none."""
        found = self.surroundings.client_id or self.dialect.client_id
        if found is None:
            raise ConfigurationError(f"{self._target}: set client_id in the settings of the targets.")
        return found

    @property
    def _target(self) -> str:
        return self.surroundings.line.target

    def sealed(self, body: bytes) -> dict[str, str]:
        """Return the header that seals a body.

        Raises: ConfigurationError, if there is no seal to do it with.
        """
        return {"X-JWS-SIGNATURE": detached_signature(body, self._seal(), self.dialect.jose)}

    def _seal(self) -> SealKey:
        if self.surroundings.seal is not None:
            return self.surroundings.seal
        if self.surroundings.practice:
            return practice_seal()
        raise ConfigurationError(f"{self._target}: set seal_certificate and seal_key.")

    async def send(
        self,
        operation: str,
        room: str,
        body: Mapping[str, Any],
        psu: Psu,
        *,
        token: str | None = None,
        reads_only: bool = False,
        expected: Collection[int] = (),
    ) -> Json | Refused:
        """Send a request and return the checked answer; an empty object for one without content.

        `room`: `auth` or `accounts`. `expected`: statuses of failures that are returned, not raised.
        Raises: OwnerError, BankError, OperatorError.
        Source: PolishAPI 2.1.2; `spec/psd2.md` section 2.
        """
        request_id = self._request_id()
        whole = {"requestHeader": self._request_header(request_id, psu, token), **body}
        sent = msgspec.json.encode(whole)
        headers = {
            "X-REQUEST-ID": request_id,
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Accept-Language": _language(psu) or self.dialect.accept_language,
            "Accept-Charset": "utf-8",
            "Content-Type": "application/json",
            **self.sealed(sent),
        }
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        version = self.dialect.version
        url = f"{self.surroundings.base_url}/{version}/{room}/{version}/{operation}"
        reply = await self.surroundings.line.send(
            BankCall(operation, "POST", url, headers, sent, reads_only=reads_only)
        )
        if not 200 <= reply.status < 300:
            problem = problem_of(reply)
            if problem.status in expected:
                return Refused(problem)
            raise failure_of(problem, self.dialect, f"{self._target}, {operation}")
        with self.understanding(operation):
            return self._checked(reply, request_id)

    async def read(self, operation: str, room: str, body: Mapping[str, Any], psu: Psu, **more: Any) -> Json:
        """Send a request as `send` does, and return the answer."""
        answer = await self.send(operation, room, body, psu, **more)
        if isinstance(answer, Refused):
            raise AssertionError("only send() is asked for expected failures")
        return answer

    async def published_keys(self) -> str | None:
        """Read the keys that the practice bank publishes; `None` where the operator has set keys.

        Raises: ConfigurationError, if there are no keys to check the bank's answers with.
        """
        if self.keys:
            return None
        if not self.surroundings.practice or self.dialect.keys_path is None:
            raise ConfigurationError(f"{self._target}: set bank_keys, which check the bank's signatures.")
        url = self.surroundings.base_url + self.dialect.keys_path
        reply = await self.surroundings.line.send(BankCall("getKeys", "GET", url))
        if reply.status != 200:
            raise failure_of(problem_of(reply), self.dialect, f"{self._target}, getKeys")
        with self.understanding("getKeys"):
            try:
                parse_bank_keys(reply.body)
                return reply.body.decode()
            except (ConfigurationError, UnicodeDecodeError) as error:
                raise BankChanged("the bank publishes no keys that can be used") from error

    @contextmanager
    def understanding(self, operation: str) -> Iterator[None]:
        """Name target and operation in the failure of a parser."""
        try:
            yield
        except BankChanged as error:
            raise BankChanged(f"{self._target}, {operation}: {error.message}.") from error

    def _checked(self, reply: BankReply, request_id: str) -> Json:
        if reply.status == _NO_CONTENT and not reply.body:
            return {}
        check_detached_signature(reply.headers.get("X-JWS-SIGNATURE"), reply.body, self.keys)
        answer = an_object(parse_json(reply.body), "the body")
        header = an_object(answer.get("responseHeader"), "responseHeader")
        if a_flag(header.get("isCallback"), "responseHeader.isCallback"):
            raise BankChanged("the bank wants to answer later, by a call to us, which was not asked for")
        answered = a_text(header.get("requestId"), "responseHeader.requestId")
        if answered is not None and answered.lower() != request_id:
            raise BankChanged("the answer belongs to another request")
        return answer

    def _request_header(self, request_id: str, psu: Psu, token: str | None) -> dict[str, Any]:
        """Return the header of a body. The owner's address is told only where it is known."""
        header: dict[str, Any] = {
            "requestId": request_id,
            "sendDate": moment(self.surroundings.now()),
            "tppId": self.client_id,
        }
        if psu.ip_address is not None:
            header["ipAddress"] = psu.ip_address.removeprefix("::ffff:")
            if psu.user_agent and psu.user_agent.isprintable():
                header["userAgent"] = psu.user_agent
        if token is not None:
            header |= {"token": token, "isDirectPsu": psu.ip_address is not None}
        return header

    def _request_id(self) -> str:
        """Return a UUID of variant 1, version 1, whose node is random, not a network card's number."""
        ticks = (self.surroundings.now() - _GREGORIAN) // timedelta(microseconds=1) * 10
        drawn = int.from_bytes(self.surroundings.random_bytes(8))
        clock, node = drawn >> 50, drawn & (1 << 48) - 1 | 1 << 40
        low, middle, high = ticks & 0xFFFFFFFF, ticks >> 32 & 0xFFFF, ticks >> 48 & 0x0FFF
        fields = (low, middle, high, clock >> 8, clock & 0xFF, node)
        return str(uuid.UUID(fields=fields, version=1))


def moment(at: datetime) -> str:
    """Return a moment as the standard writes it: `2026-01-31T12:00:00.000Z`."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _language(psu: Psu) -> str | None:
    told = psu.accept_language
    return told if told and told.isascii() and told.isprintable() else None
