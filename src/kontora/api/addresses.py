"""Where a request comes from: the socket's peer, or what configured proxies vouch for."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def parse_address(text: str) -> Address | None:
    """Read an address as proxies write it; `None` for anything else.

    A port is dropped (`1.2.3.4:567`, `[::1]:567`), so is an IPv6 zone (`fe80::1%eth0`). An IPv4 address
    mapped into IPv6 is the IPv4 address. Octets with leading zeros are refused, for readers disagree on them.
    """
    text = text.strip(" \t")
    if text.startswith("["):
        text, closed, port = text[1:].partition("]")
        if not closed or not (port == "" or (port[0] == ":" and port[1:].isdecimal())):
            return None
    elif text.count(":") == 1:
        text, _, port = text.partition(":")
        if not port.isdecimal():
            return None
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return _plain(found)


def _plain(address: Address) -> Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return address if mapped is None else mapped


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read an allow-list; without host bits, mapped IPv6 as IPv4; what is malformed admits nobody."""
    networks = []
    for text in texts:
        try:
            networks.append(_plain_network(ipaddress.ip_network(text.strip(), strict=False)))
        except ValueError:
            continue
    return tuple(networks)


def _plain_network(network: Network) -> Network:
    if isinstance(network, ipaddress.IPv6Network) and network.prefixlen >= 96:
        mapped = network.network_address.ipv4_mapped
        if mapped is not None:
            return ipaddress.IPv4Network((mapped, network.prefixlen - 96))
    return network


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    """Tell whether one of the networks holds the address; no networks hold none."""
    return any(address in network for network in networks)


def client_address(
    peer: str, forwarded_for: Sequence[bytes], trusted_proxies: Sequence[Network]
) -> Address | None:
    """Return the client's address, or `None` where it cannot be told: then nobody is admitted.

    `forwarded_for`: the values of all `X-Forwarded-For` headers, in order. They count only when the peer
    is a trusted proxy; they are walked from right to left, up to the first address that is not one.
    """
    address = parse_address(peer)
    if address is None or not forwarded_for or not is_within(address, trusted_proxies):
        return address
    for entry in reversed(b",".join(forwarded_for).split(b",")):
        address = parse_address(entry.decode("latin-1"))
        if address is None or not is_within(address, trusted_proxies):
            return address
    return address
