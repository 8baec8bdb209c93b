"""One call of a third party, taken apart, and what the bank learns of it on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl

import msgspec

from kontobank.api.answers import Refusal
from kontobank.bank import Bank
from kontobank.consents import Consent
from kontobank.countries import COUNTRIES, Country
from kontobank.scenarios import Login


@dataclass
class Call:
    """One call. `root` is what stands before /v1 in the path, `version` what stands for v1.

    `login` and `consent` are filled in once they are known; they are written into the log.
    """

    bank: Bank
    operation: str
    headers: dict[str, str]
    path_params: dict[str, str]
    query_string: bytes
    body: bytes
    root: str
    version: str
    certificate: str | None = None
    login: Login | None = None
    consent: Consent | None = None
    links_are_relative: bool = field(default=False)

    @cached_property
    def query(self) -> dict[str, str]:
        """Return the query parameters; the last of a name counts."""
        return dict(parse_qsl(self.query_string.decode("latin-1"), keep_blank_values=True))

    @property
    def country(self) -> Country:
        """Return the country of the root."""
        return COUNTRIES[self.root[1:] or "pl"]

    def link(self, path: str, version: str = "v1") -> dict[str, str]:
        """Return a link to a path of the API, under the root the call came in."""
        start = "" if self.links_are_relative else self.bank.public_url
        return {"href": f"{start}{self.root}/{version}{path}"}

    def page_link(self, path: str) -> dict[str, str]:
        """Return a link to a page of the bank."""
        return {"href": f"{self.bank.pages_url}{path}"}

    def meet(self, login: Login | None) -> None:
        """Learn whose call this is.

        Raises: Refusal, 503 for an owner whose bank is down.
        """
        self.login = login
        if login is None:
            return
        self.links_are_relative = login.scenario.quirk == 24
        if login.scenario.has("down"):
            raise Refusal(
                503, "INTERNAL_SERVER_ERROR", "KontoBank: ServiceTemporarilyUnavailable. Try again later."
            )

    def json(self) -> object:
        """Return the body.

        Raises: Refusal, 415 for another type, 400 FORMAT_ERROR where it is not JSON.
        """
        content_type = self.headers.get("content-type", "").split(";", 1)[0].strip().lower()
        if self.body and content_type != "application/json":
            raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json.", "Content-Type")
        try:
            return msgspec.json.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise Refusal(400, "FORMAT_ERROR", "The body is not JSON.") from error
