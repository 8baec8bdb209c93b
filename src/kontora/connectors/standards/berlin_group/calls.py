"""Sending the standard's requests: headers, and failed answers turned into named failures."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec

from kontora.connectors.bank_line import BankCall, BankReply
from kontora.connectors.protocol import Psu
from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.berlin_group.failures import failure_of
from kontora.connectors.standards.json_fields import Json, an_object
from kontora.connectors.standards.problems import Problem, problem_of
from kontora.connectors.strict_json import parse_json
from kontora.connectors.target import Surroundings
from kontora.errors import BankChanged


class Refused(msgspec.Struct, frozen=True):
    """A failed answer that the caller asked to see (`expected`)."""

    problem: Problem


class Calls:
    """The requests to one bank in one dialect."""

    def __init__(self, surroundings: Surroundings, dialect: Dialect) -> None:
        self.surroundings = surroundings
        self.dialect = dialect

    def url(self, path: str) -> str:
        """Return the URL of a path below the bank's address, e.g. `/v1/accounts`."""
        return self.surroundings.base_url + path

    def headers(self, psu: Psu) -> dict[str, str]:
        """Return the headers of every call. The owner's address is sent only where it is known.

        Source: `spec/psd2.md` 1.4.
        """
        random = self.surroundings.random_bytes(16)
        headers = {"X-Request-ID": str(uuid.UUID(bytes=random, version=4)), "Accept": "application/json"}
        if psu.ip_address is not None:
            headers["PSU-IP-Address"] = psu.ip_address.removeprefix("::ffff:")
            told = {"PSU-User-Agent": psu.user_agent, "PSU-Accept-Language": psu.accept_language}
            headers |= {name: value for name, value in told.items() if value and value.isprintable()}
        return headers | dict(self.dialect.extra_headers)

    async def send(
        self,
        operation: str,
        method: str,
        url: str,
        headers: Mapping[str, str],
        *,
        body: object = None,
        credentials: bool = False,
        expected: Collection[str] = (),
    ) -> BankReply | Refused:
        """Send a request with a JSON body, or none, and return the answer if it is 2xx.

        `expected`: codes of failures that are returned instead of raised. `credentials`: the body
        carries a password or code. Raises: OwnerError, BankError, OperatorError.
        """
        sent = b""
        if body is not None:
            sent = msgspec.json.encode(body)
            headers = {**headers, "Content-Type": "application/json"}
        reply = await self.surroundings.line.send(BankCall(operation, method, url, headers, sent))
        if 200 <= reply.status < 300:
            return reply
        problem = problem_of(reply)
        if problem.code in expected:
            return Refused(problem)
        where = f"{self.surroundings.line.target}, {operation}"
        raise failure_of(problem, self.dialect, where, credentials=credentials)

    async def read(
        self, operation: str, method: str, url: str, headers: Mapping[str, str], **more: Any
    ) -> tuple[Json, str]:
        """Send a request, and return the JSON object of the answer with the URL it came from."""
        reply = await self.send(operation, method, url, headers, **more)
        if isinstance(reply, Refused):
            raise AssertionError("only send() is asked for expected failures")
        with self.understanding(operation):
            return an_object(parse_json(reply.body), "the body"), reply.url

    @contextmanager
    def understanding(self, operation: str) -> Iterator[None]:
        """Name target and operation in the failure of a parser."""
        try:
            yield
        except BankChanged as error:
            raise BankChanged(f"{self.surroundings.line.target}, {operation}: {error.message}.") from error
