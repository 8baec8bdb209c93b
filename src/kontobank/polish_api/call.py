"""One call of a third party: its header and body, and what the bank learns of it on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

from kontobank.api.answers import Answer, Refusal, json_answer
from kontobank.bank import Bank
from kontobank.consents import Consent
from kontobank.countries import COUNTRIES, Country
from kontobank.polish_api.requests import RequestHeader
from kontobank.scenarios import Login


class Request(Protocol):
    """A body of the standard: every one has a header."""

    requestHeader: RequestHeader


_Kind = TypeVar("_Kind", bound=Request)
_PATH = re.compile(r"`\$\.?([^`]*)`$")


@dataclass
class Call:
    """One call. `login` and `consent` are filled in once they are known; they are written into the log."""

    bank: Bank
    operation: str
    headers: dict[str, str]
    body: bytes
    login: Login | None = None
    consent: Consent | None = None

    @property
    def country(self) -> Country:
        """Return the country whose branch speaks this API."""
        return COUNTRIES["pl"]

    @property
    def request_id(self) -> str | None:
        """Return the id of the request, if it is one."""
        told = self.headers.get("x-request-id", "")
        return told if is_time_uuid(told) else None

    def meet(self, login: Login) -> None:
        """Learn whose call this is.

        Raises: Refusal, 503 for an owner whose bank is down.
        """
        self.login = login
        if login.scenario.has("down"):
            raise Refusal(
                503, "INTERNAL_SERVER_ERROR", "KontoBank: ServiceTemporarilyUnavailable. Try again later."
            )

    def read(self, kind: type[_Kind]) -> _Kind:
        """Return the body.

        Raises: Refusal, 400 where it is not what the standard declares, or its header does not fit.
        """
        try:
            body = msgspec.json.decode(self.body, type=kind)
        except msgspec.ValidationError as error:
            found = _PATH.search(str(error))
            raise Refusal(
                400, "FORMAT_ERROR", f"Wrong or missing: {found[1] if found else 'body'}."
            ) from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Refusal(400, "FORMAT_ERROR", "The body is not JSON.") from error
        header = body.requestHeader
        if str(header.requestId) != (self.request_id or "").lower():
            raise Refusal(400, "FORMAT_ERROR", "requestHeader.requestId is not X-REQUEST-ID.")
        if header.isDirectPsu and not header.ipAddress:
            raise Refusal(400, "FORMAT_ERROR", "requestHeader.ipAddress is missing: isDirectPsu is true.")
        return body

    def answer(self, body: dict[str, object]) -> Answer:
        """Return a good answer."""
        return json_answer(200, {"responseHeader": response_header(self), **body})


def response_header(call: Call) -> dict[str, object]:
    """Return ResponseHeader."""
    sent = call.bank.clock.now().isoformat(timespec="milliseconds").replace("+00:00", "Z")
    header: dict[str, object] = {"sendDate": sent, "isCallback": False}
    return header if call.request_id is None else {"requestId": call.request_id, **header}


def is_time_uuid(text: str) -> bool:
    """Tell whether this is a UUID of variant 1, version 1, as the standard demands."""
    try:
        return len(text) == 36 and UUID(text).version == 1
    except ValueError:
        return False
