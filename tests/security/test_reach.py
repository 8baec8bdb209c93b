"""Only checked addresses reach the connection, so that a name cannot lead inside (X01)."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from kontora.connectors.bank_reach import PinningResolver

PUBLIC, OTHER_PUBLIC = "193.0.6.139", "2001:67c:2e8:22::c100:68b"
INSIDE = (
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "::1",
    "::ffff:7f00:1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "fe80::1%eth0",
    "0.0.0.0",
)


class Names(AbstractResolver):
    """A name server that says what it is told to say."""

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._addresses
        ]

    async def close(self) -> None:
        return None


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside_gives_no_address(address: str) -> None:
    with pytest.raises(OSError, match="no public address"):
        await PinningResolver(Names([address])).resolve("bank.example", 443)


async def test_of_several_addresses_only_the_public_ones_are_connected_to() -> None:
    found = await PinningResolver(Names([*INSIDE, PUBLIC, OTHER_PUBLIC])).resolve("bank.example", 443)
    assert [item["host"] for item in found] == [PUBLIC, OTHER_PUBLIC]


async def test_a_practice_bank_may_be_inside_and_no_other_name_with_it() -> None:
    resolver = PinningResolver(Names(["127.0.0.1"]))
    resolver.private_hosts.add("kontobank.example")
    assert [item["host"] for item in await resolver.resolve("kontobank.example", 80)] == ["127.0.0.1"]
    with pytest.raises(OSError, match="no public address"):
        await resolver.resolve("bank.example", 443)
