"""Build requests: method, path, query and form, without sending anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode, urlsplit

Pairs = tuple[tuple[str, str], ...]
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `repr` shows the method and path only, as the rest may hold secrets.

    `document`: a JSON body, in place of a form. `is_harmless`: twice does no more than once, whatever
    its method. `more_headers`: beside those that every request has.
    """

    method: str
    path: str
    query: Pairs = field(default=(), repr=False)
    form: Pairs | None = field(default=None, repr=False)
    idempotency_key: str | None = None
    document: bytes | None = field(default=None, repr=False)
    is_harmless: bool = False
    more_headers: Pairs = field(default=(), repr=False)

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
    return found | dict(request.more_headers)


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


def pairs(named: Mapping[str, object]) -> Pairs:
    """Return parameters as they are sent; `None` is left out."""
    return tuple((name, _text(value)) for name, value in named.items() if value is not None)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else str(value)
