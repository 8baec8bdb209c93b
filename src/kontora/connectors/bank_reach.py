"""Where a connector may go: hosts it may name, and addresses these names may resolve to."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from kontora.errors import BankChanged, ConfigurationError

_DEFAULT_PORTS = {"https": 443, "http": 80}
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """One scheme, host and port: `https`, `api.bank.example`, 443."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class Reach:
    """The origins that a target may be asked at.

    Outside practice only HTTPS on port 443 of named public hosts is allowed. `practice` also allows
    plain HTTP, other ports and private addresses, still only of the origins listed.
    """

    origins: frozenset[Origin]
    practice: bool = False

    @classmethod
    def of(cls, urls: Iterable[str], *, practice: bool = False) -> Reach:
        """Allow the origins of these URLs, e.g. `https://api.bank.example/psd2`.

        Raises: ConfigurationError, if one of them could never be allowed.
        """
        origins = set()
        for text in urls:
            origin = origin_of(text)
            if origin is None:
                raise ConfigurationError(f"{text!r} is not a URL of a bank.")
            if not practice and (origin.scheme != "https" or origin.port != 443 or _is_address(origin.host)):
                raise ConfigurationError(
                    f"A bank is reached by https, port 443 and a host name, not at {text!r}."
                )
            origins.add(origin)
        return cls(frozenset(origins), practice)

    def checked(self, url: str) -> URL:
        """Return the URL if it may be asked.

        Raises: BankChanged, if it leads anywhere else.
        """
        origin = origin_of(url)
        if origin is None or origin not in self.origins:
            raise BankChanged("the bank's answer leads to a host that is not on the target's list")
        return URL(url, encoded=True)

    def page(self, url: str) -> str:
        """Return the URL of a page that the owner may be sent to; its host is the bank's choice.

        Raises: BankChanged, if it is not an ordinary web address.
        """
        origin = origin_of(url)
        if origin is None or (origin.scheme != "https" and not self.practice):
            raise BankChanged("the bank sends the owner to something that is not a https page")
        return url


def origin_of(url: str) -> Origin | None:
    """Return the origin of a web address; `None` if it is none, or carries a user name."""
    try:
        parsed = URL(url, encoded=True)
        scheme, host, port = parsed.scheme, parsed.host, parsed.explicit_port
    except ValueError:
        return None
    if scheme not in _DEFAULT_PORTS or not host or parsed.user is not None or parsed.password is not None:
        return None
    if any(ord(character) < 33 or character == "\\" for character in url):
        return None
    return Origin(scheme, host.lower(), port or _DEFAULT_PORTS[scheme])


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return host.replace(".", "").isdigit() or host.lower().startswith("0x")
    return True


def is_public(address: str) -> bool:
    """Tell whether an IP address belongs to the public internet, also when wrapped in IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if inner is not None or any(parsed in network for network in _NAT64):
            return False
    return parsed.is_global and not parsed.is_multicast


class PinningResolver(AbstractResolver):
    """Resolve host names, and give the connection only addresses that have been checked.

    The addresses returned are the ones connected to, so a second look-up cannot swap them.
    Hosts in `private_hosts` (practice only) may have private addresses.
    """

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner
        self.private_hosts: set[str] = set()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the checked addresses of a host.

        Raises: OSError, if it has none that may be used.
        """
        if self._inner is None:
            self._inner = ThreadedResolver()
        found = await self._inner.resolve(host, port, family)
        if host in self.private_hosts:
            return found
        public = [item for item in found if is_public(item["host"])]
        if not public:
            raise OSError(None, f"{host} has no public address")
        return public

    async def close(self) -> None:
        """Release the inner resolver."""
        if self._inner is not None:
            await self._inner.close()
