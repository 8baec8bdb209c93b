"""Build requests: method, path, query and form, without sending anything."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote, urlencode, urlsplit

from kontora.client.model import Session

Pairs = tuple[tuple[str, str], ...]
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `repr` shows the method and path only, as the rest may hold secrets.

    `document`: a JSON body, in place of a form. `is_harmless`: it changes nothing, whatever its method.
    """

    method: str
    path: str
    query: Pairs = field(default=(), repr=False)
    form: Pairs | None = field(default=None, repr=False)
    idempotency_key: str | None = None
    document: bytes | None = field(default=None, repr=False)
    is_harmless: bool = False

    @property
    def target(self) -> str:
        """The path with its query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def body(self) -> bytes | None:
        """The document, or the form, encoded; `None` where the request has no body."""
        if self.document is not None:
            return self.document
        return None if self.form is None else urlencode(self.form).encode("ascii")

    @property
    def may_be_repeated(self) -> bool:
        """Tell whether sending it twice does no more than sending it once."""
        return self.is_harmless or self.method != "POST" or self.idempotency_key is not None


def headers(request: Request, api_key: str) -> dict[str, str]:
    """Return the headers of a request."""
    found = {"X-Api-Key": api_key, "Accept-Encoding": "gzip", "User-Agent": "kontora-python"}
    if request.document is not None:
        found["Content-Type"] = "application/json"
    elif request.form is not None:
        found["Content-Type"] = "application/x-www-form-urlencoded"
    if request.idempotency_key is not None:
        found["Idempotency-Key"] = request.idempotency_key
    return found


def checked_base_url(url: str, *, allow_plain_http: bool) -> str:
    """Return the base URL without its last slash.

    Raises: ValueError, if it is no plain URL, or would send the key in the clear over a network.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("base_url must look like https://kontora.example")
    if parts.username or parts.query or parts.fragment:
        raise ValueError("base_url must have no user name, query or fragment")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not allow_plain_http:
        raise ValueError(
            "base_url must be https, or the key travels in the clear (allow_plain_http=True allows it)"
        )
    return url.rstrip("/")


@dataclass(frozen=True, slots=True)
class Command:
    """What a session can be told to do; the fields are the parameters, the path comes from the name."""

    takes_idempotency_key: ClassVar[bool] = True

    @classmethod
    def path(cls) -> str:
        """The path of the command, such as `/v1/command/default-import.xml`."""
        return f"/v1/command/{re.sub(r'(?<!^)(?=[A-Z])', '-', cls.__name__).lower()}.xml"

    def parameters(self) -> Mapping[str, object]:
        """The fields by their names on the wire."""
        return {_camel(item.name): getattr(self, item.name) for item in fields(self)}


@dataclass(frozen=True, slots=True)
class DefaultImport(Command):
    """Import everything: owners, accounts, credit cards and their money transactions."""

    since: date | None = None


@dataclass(frozen=True, slots=True)
class ImportOwners(Command):
    """Import the owners alone."""


@dataclass(frozen=True, slots=True)
class ImportAccounts(Command):
    """Import the accounts without money transactions."""

    fast: bool = True


@dataclass(frozen=True, slots=True)
class ImportAccountTransactions(Command):
    """Import the money transactions of one account."""

    iban: str
    since: date | None = None
    fast: bool = False


@dataclass(frozen=True, slots=True)
class ImportCreditCards(Command):
    """Import the credit cards without money transactions."""


@dataclass(frozen=True, slots=True)
class ImportCreditCardTransactions(Command):
    """Import the money transactions of one credit card; `card_number` is its `card_id`."""

    card_number: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class EnterCredential(Command):
    """Give the bank one credential; practice targets only. Never sent twice: banks count wrong ones."""

    takes_idempotency_key: ClassVar[bool] = False

    credential_kind: str
    credential: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SignOut(Command):
    """End the session at the bank."""


def start(session: Session, command: Command, idempotency_key: str) -> Request:
    """Start a command on a session; the same key starts it once, however often it is sent."""
    pair = (("sessionId", session.id), ("sessionIdSignature", session.signature))
    key = idempotency_key if command.takes_idempotency_key else None
    return Request("POST", command.path(), form=pair + _pairs(command.parameters()), idempotency_key=key)


def status(command_id: str) -> Request:
    """Ask where a command stands."""
    return Request("GET", f"/v1/command/{quote(command_id, safe='')}.xml")


def mock_session(login: str, country: str, owner_external_id: str | None, multiple_access: bool) -> Request:
    """Open a session that is already signed in at the practice bank."""
    named = {
        "login": login,
        "country": country,
        "ownerExternalId": owner_external_id,
        "multipleAccess": multiple_access,
    }
    return Request("POST", "/v1/mock-session.xml", form=_pairs(named))


def open_session(target: str, owner_external_id: str | None, ip: str | None) -> Request:
    """Open a session that is not signed in yet; practice targets only."""
    named = {
        "target": target,
        "ip": ip,
        "ownerExternalId": owner_external_id,
        "sessionIdSignatureRequired": True,
    }
    return Request("POST", "/v1/session.xml", form=_pairs(named))


def reuse_multiple_access(multiple_access_id: str) -> Request:
    """Open a session by a consent that the owner gave earlier."""
    form = (("multipleAccessId", multiple_access_id),)
    return Request("POST", "/v1/command/reuse-multiple-access.xml", form=form)


def delete_multiple_access(multiple_access_id: str) -> Request:
    """End a consent that the owner gave earlier."""
    form = (("multipleAccessId", multiple_access_id),)
    return Request("POST", "/v1/command/delete-multiple-access.xml", form=form)


def data(owner_external_id: str) -> Request:
    """Read all data of an owner."""
    return Request("GET", "/v1/data.xml", query=(("ownerExternalId", owner_external_id),))


def delete_data(owner_external_id: str) -> Request:
    """Delete all data of an owner."""
    return Request("DELETE", "/v1/data.xml", query=(("ownerExternalId", owner_external_id),))


def catalog(country: str, favicons: bool, access_mode: str) -> Request:
    """List the targets."""
    query = {"country": country, "favicons": favicons, "accessMode": access_mode}
    return Request("GET", "/v1/catalog.xml", query=_pairs(query))


def file_of(pdf: bytes | Path, file_name: str | None = None) -> tuple[bytes, str | None]:
    """Return what a file holds, and the name to tell: one that is given, or its own.

    Raises: OSError, if it cannot be read.
    """
    if isinstance(pdf, Path):
        return pdf.read_bytes(), file_name or pdf.name
    return pdf, file_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """A PDF to read, and how."""

    content: bytes = field(repr=False)
    owner_external_id: str | None = None
    file_name: str | None = None
    password: str | None = field(default=None, repr=False)
    trusted: bool = False
    accept_inconsistent: bool = False
    evidence: bool = False

    def request(self, kind: str) -> Request:
        """Have it read as a `statement` or `confirmation`. Confirmations are not kept: again does no harm."""
        told = {
            "pdfAsBase64": base64.b64encode(self.content).decode("ascii"),
            "ownerExternalId": self.owner_external_id,
            "fileName": self.file_name,
            "password": self.password,
            "acceptInconsistent": self.accept_inconsistent,
            "evidence": self.evidence,
        }
        body = json.dumps({name: value for name, value in told.items() if value is not None})
        path = f"/v1/pdf/{kind}-trusted" if self.trusted else f"/v1/pdf/{kind}"
        return Request("POST", path, document=body.encode(), is_harmless=kind == "confirmation")


def statements(owner_external_id: str, include_pdf: bool, statement_id: str | None = None) -> Request:
    """List the statements that are kept of an owner, or one of them."""
    named = {"ownerExternalId": owner_external_id, "includePdf": include_pdf, "statementId": statement_id}
    return Request("GET", "/v1/pdf/statements", query=_pairs(named))


def pdf_catalog(country: str) -> Request:
    """List the documents that are read."""
    return Request("GET", "/v1/pdf-catalog", query=(("country", country),))


def health() -> Request:
    """Ask whether the server is well."""
    return Request("GET", "/v1/health")


def _pairs(named: Mapping[str, object]) -> Pairs:
    return tuple((name, _text(value)) for name, value in named.items() if value is not None)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
