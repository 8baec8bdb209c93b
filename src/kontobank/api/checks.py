"""What every request must look like: the headers and query parameters that the standard declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import AddressValueError, IPv4Address

from kontobank.api.answers import Refusal

_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_PLACE = re.compile(r"GEO:-?[0-9]{1,2}\.[0-9]{6};-?[0-9]{1,3}\.[0-9]{6}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,9}", re.ASCII)


def is_uuid(value: str) -> bool:
    """Tell whether this is a UUID."""
    return _UUID.fullmatch(value) is not None


def _is_ipv4(value: str) -> bool:
    try:
        IPv4Address(value)
    except AddressValueError:
        return False
    return True


def _is_boolean(value: str) -> bool:
    return value in ("true", "false")


_HEADERS: dict[str, tuple[Callable[[str], bool], str]] = {
    "psu-ip-address": (_is_ipv4, "an IPv4 address"),
    "psu-device-id": (is_uuid, "a UUID"),
    "psu-http-method": (lambda value: value in ("GET", "POST", "PUT", "PATCH", "DELETE"), "an HTTP method"),
    "psu-geo-location": (lambda value: _PLACE.search(value) is not None, "GEO:latitude;longitude"),
    "tpp-redirect-preferred": (_is_boolean, "true or false"),
    "tpp-decoupled-preferred": (_is_boolean, "true or false"),
    "tpp-explicit-authorisation-preferred": (_is_boolean, "true or false"),
    "tpp-redirect-uri": (lambda value: _URI.fullmatch(value) is not None, "a URI"),
    "tpp-nok-redirect-uri": (lambda value: _URI.fullmatch(value) is not None, "a URI"),
}


def check_headers(headers: Mapping[str, str]) -> None:
    """Check every declared header that is there, and that the request has an id.

    Raises: Refusal, 400 FORMAT_ERROR with the header as path.
    """
    request_id = headers.get("x-request-id")
    if request_id is None or not is_uuid(request_id):
        raise Refusal(400, "FORMAT_ERROR", "X-Request-ID must be a UUID.", "X-Request-ID")
    for name in headers.keys() & _HEADERS.keys():
        is_right, wanted = _HEADERS[name]
        if not is_right(headers[name]):
            raise Refusal(400, "FORMAT_ERROR", f"{name} must be {wanted}.", name)


def flag(parameters: Mapping[str, str], name: str) -> bool:
    """Return a boolean parameter; false where it is missing.

    Raises: Refusal, 400 FORMAT_ERROR.
    """
    value = parameters.get(name)
    if value is not None and not _is_boolean(value):
        raise Refusal(400, "FORMAT_ERROR", f"{name} must be true or false.", name)
    return value == "true"


def day(parameters: Mapping[str, str], name: str) -> date | None:
    """Return a date parameter; `None` where it is missing.

    Raises: Refusal, 400 FORMAT_ERROR.
    """
    value = parameters.get(name)
    if value is None:
        return None
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise Refusal(400, "FORMAT_ERROR", f"{name} must be a date, for example 2026-01-31.", name)


def number(parameters: Mapping[str, str], name: str, default: int) -> int:
    """Return an integer parameter.

    Raises: Refusal, 400 FORMAT_ERROR.
    """
    value = parameters.get(name)
    if value is None:
        return default
    if not _INTEGER.fullmatch(value):
        raise Refusal(400, "FORMAT_ERROR", f"{name} must be a whole number.", name)
    return int(value)


def prefers_problem(accept: str | None) -> bool:
    """Tell whether the party prefers problem details in errors."""
    return accept is not None and "application/problem+json" in accept


def check_accept(accept: str | None, *offered: str) -> None:
    """Check that the party takes one of the offered media types.

    Raises: Refusal, 406 REQUESTED_FORMATS_INVALID.
    """
    if not accept:
        return
    for part in accept.split(","):
        wanted = part.split(";", 1)[0].strip().lower()
        if wanted in ("*/*", "application/*", "application/problem+json", *offered):
            return
    raise Refusal(406, "REQUESTED_FORMATS_INVALID", f"Only {', '.join(offered)} is offered here.", "Accept")
