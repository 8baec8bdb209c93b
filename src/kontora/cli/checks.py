"""Check what an operator registers for a client: its name, networks, origins and redirect URIs."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from kontora.errors import InvalidArgument, InvalidParameter

FEATURES = ("labels", "vendors", "score", "pdf", "multiple")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_VISIBLE = re.compile(r"[!-~]+")
_LOCAL = {"127.0.0.1", "localhost"}
_WIDEST_PREFIX = 8
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")


def checked_name(text: str) -> str:
    """Return a client's name, which is its public id.

    Raises: InvalidParameter.
    """
    if not _NAME.fullmatch(text):
        raise InvalidParameter("A client's name is 1 to 63 of a-z, 0-9 and -, such as acme or acme-test.")
    return text


def checked_network(text: str) -> str:
    """Return an address or network in its canonical form; IPv4 written as IPv6 becomes IPv4.

    Raises: InvalidParameter, if it is malformed; InvalidArgument, if it admits almost everybody.
    """
    network = _unmapped(_parsed_network(text))
    if network.prefixlen < _WIDEST_PREFIX:
        share = "the whole" if network.prefixlen == 0 else "much of the"
        raise InvalidArgument(
            f"{network} admits {share} internet, and then a stolen key is enough to read bank data. "
            "Name the static addresses of your servers, such as 203.0.113.7 or 203.0.113.0/29."
        )
    return str(network)


def _parsed_network(text: str) -> Network:
    if "%" in text:
        raise InvalidParameter(
            f"--ip {text!r} names a zone of one machine; leave out the % and what follows."
        )
    try:
        return ipaddress.ip_network(text, strict=True)
    except ValueError:
        pass
    try:
        meant = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise InvalidParameter(
            f"--ip {text!r} is not an address or network, such as 203.0.113.7 or 203.0.113.0/29."
        ) from error
    raise InvalidParameter(
        f"--ip {text} is one address with the length of a network. Say {meant}, or the address alone."
    )


def _unmapped(network: Network) -> Network:
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        mapped = network.network_address.ipv4_mapped
        return ipaddress.IPv4Network((int(mapped or 0), network.prefixlen - _MAPPED.prefixlen))
    return network


def checked_origin(text: str, *, test: bool) -> str:
    """Return an origin as a browser sends it: `https://shop.example`; for a test client also a local one.

    Raises: InvalidParameter, if it is malformed; InvalidArgument, if this client may not have it.
    """
    if text in {"file:", "file://"}:
        if not test:
            raise InvalidArgument(
                "The origin file: is for pages opened from disk, and only for test clients."
            )
        return "file:"
    parts = _checked_url("--origin", text, test=test)
    if parts.path not in {"", "/"} or parts.query:
        raise InvalidParameter(f"--origin {text} must end after the host, such as https://shop.example.")
    default = 443 if parts.scheme == "https" else 80
    port = "" if parts.port in {None, default} else f":{parts.port}"
    return f"{parts.scheme}://{parts.hostname}{port}"


def checked_redirect_uri(text: str, *, test: bool) -> str:
    """Return a redirect URI exactly as given, as it is compared exactly.

    Raises: InvalidParameter, if it is malformed; InvalidArgument, if this client may not have it.
    """
    parts = _checked_url("--redirect-uri", text, test=test)
    if not text.startswith(f"{parts.scheme}://{parts.netloc}") or parts.netloc != parts.netloc.lower():
        raise InvalidParameter(f"--redirect-uri {text} must have its scheme and host in lower case.")
    if re.search(r"(?:^|/)(?:\.|%2e){1,2}(?:/|$)", parts.path, re.IGNORECASE):
        raise InvalidParameter(f"--redirect-uri {text} must not have . or .. in its path.")
    return text


def _checked_url(option: str, text: str, *, test: bool) -> SplitResult:
    if not _VISIBLE.fullmatch(text) or "\\" in text:
        raise InvalidParameter(
            f"{option} must be plain ASCII without spaces or backslashes; write IDNs as xn--…."
        )
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise InvalidParameter(f"{option} {text} is not a URL.") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InvalidParameter(f"{option} {text} must be a URL such as https://shop.example.")
    if "@" in parts.netloc:
        raise InvalidParameter(f"{option} must not have a user name or password.")
    if "#" in text:
        raise InvalidParameter(f"{option} {text} must not have a fragment (#).")
    if port == 0 or not _HOST.fullmatch(parts.hostname):
        raise InvalidParameter(f"{option} {text} must name a host, such as https://shop.example.")
    if parts.scheme == "http" and not (test and parts.hostname in _LOCAL):
        raise InvalidArgument(
            f"{option} {text} must be https; http is only for 127.0.0.1 and localhost of a test client."
        )
    return parts


def checked_features(enable: list[str], disable: list[str], present: tuple[str, ...]) -> tuple[str, ...]:
    """Return the features that a client has after the change, in their usual order.

    Raises: InvalidParameter, if one is unknown or both enabled and disabled.
    """
    for feature in (*enable, *disable):
        if feature not in FEATURES:
            raise InvalidParameter(f"{feature!r} is not a feature. Features are {', '.join(FEATURES)}.")
    both = sorted(set(enable) & set(disable))
    if both:
        raise InvalidParameter(f"{both[0]} cannot be enabled and disabled at once.")
    wanted = (set(present) | set(enable)) - set(disable)
    return tuple(feature for feature in FEATURES if feature in wanted)
