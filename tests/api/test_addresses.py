"""Where a request comes from, and whether an allow-list holds it."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontora.api.addresses import client_address, is_within, parse_address, parse_networks

PROXY = parse_networks(["10.0.0.0/8"])


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        (" 192.0.2.1 ", "192.0.2.1"),
        ("192.0.2.1:443", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("[fe80::1%25eth0]:1", "fe80::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:c000:201", "192.0.2.1"),
        ("010.0.0.1", None),
        ("192.0.2.01", None),
        ("0x7f.0.0.1", None),
        ("2130706433", None),
        ("127.1", None),
        ("192.0.2.1:", None),
        ("192.0.2.1:x", None),
        ("[::1", None),
        ("[::1]x", None),
        ("unknown", None),
        ("_hidden", None),
        ("", None),
        ("192.0.2.1, 10.0.0.1", None),
        ("192.0.2.1\x00", None),
        ("１９２.0.2.1", None),
    ],
)
def test_an_address_is_read_one_way_or_not_at_all(text: str, address: str | None) -> None:
    found = parse_address(text)
    assert (None if found is None else str(found)) == address


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "address"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", [b"198.51.100.7"], "192.0.2.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [b"198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [b"198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", [b"203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [b"203.0.113.9", b"198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [b"203.0.113.9, 198.51.100.7", b"10.0.0.3,10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", [b"10.0.0.9, 10.0.0.2"], "10.0.0.9"),
        ("10.0.0.1", [b"198.51.100.7:1234"], "198.51.100.7"),
        ("10.0.0.1", [b"[2001:db8::7]:1234"], "2001:db8::7"),
        ("10.0.0.1", [b"fe80::1%eth0"], "fe80::1"),
        ("10.0.0.1", [b"::ffff:198.51.100.7"], "198.51.100.7"),
        ("::ffff:10.0.0.1", [b"198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [b"198.51.100.7, unknown"], None),
        ("10.0.0.1", [b"198.51.100.7,"], None),
        ("10.0.0.1", [b""], None),
        ("10.0.0.1", [b"198.51.100.7", b""], None),
        ("10.0.0.1", [b"garbage, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", [b"\xff"], None),
        ("", [b"198.51.100.7"], None),
    ],
)
def test_forwarded_addresses_count_only_from_proxies_and_up_to_the_first_stranger(
    peer: str, forwarded_for: list[bytes], address: str | None
) -> None:
    found = client_address(peer, forwarded_for, PROXY)
    assert (None if found is None else str(found)) == address


def test_an_empty_allow_list_admits_nobody() -> None:
    assert not is_within(ipaddress.ip_address("127.0.0.1"), parse_networks([]))


def test_a_malformed_entry_admits_nobody_and_spoils_no_other() -> None:
    networks = parse_networks(["010.0.0.0/8", "", "x", "192.0.2.0/33", "192.0.2.1"])
    assert [str(network) for network in networks] == ["192.0.2.1/32"]


@pytest.mark.parametrize(
    ("entry", "address", "holds"),
    [
        ("10.1.2.3/8", "10.200.0.1", True),
        ("::ffff:10.1.2.3/104", "10.200.0.1", True),
        ("10.0.0.0/8", "::ffff:10.1.2.3", True),
        ("::/0", "10.0.0.1", False),
        ("0.0.0.0/0", "::1", False),
        ("64:ff9b::/96", "127.0.0.1", False),
    ],
)
def test_mapped_addresses_and_host_bits_mean_what_they_look_like(
    entry: str, address: str, holds: bool
) -> None:
    found = parse_address(address)
    assert found is not None
    assert is_within(found, parse_networks([entry])) is holds


def modelled(value: int, bits: int, network: int, prefix: int) -> bool:
    """Tell by shifting integers, without the library, whether the leading bits agree."""
    return value >> (bits - prefix) == network >> (bits - prefix)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 32), st.integers(0, 7))
def test_ipv4_networks_agree_with_an_independent_model(
    network: int, noise: int, prefix: int, way: int
) -> None:
    # Half of the addresses are near the network, else hardly any would be inside.
    value = network ^ (noise >> max(prefix - 1, 0)) if way % 2 else noise
    dotted = ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))
    text = f"::ffff:{dotted}" if way & 2 else dotted
    entry = ".".join(str(network >> shift & 255) for shift in (24, 16, 8, 0)) + f"/{prefix}"
    if way & 4:
        entry = "::ffff:" + entry.replace(f"/{prefix}", f"/{prefix + 96}")
    found = parse_address(text)
    assert found is not None
    assert is_within(found, parse_networks([entry])) is modelled(value, 32, network, prefix)


@given(st.integers(0, 2**128 - 1), st.integers(0, 2**128 - 1), st.integers(0, 128), st.booleans())
def test_ipv6_networks_agree_with_an_independent_model(
    network: int, noise: int, prefix: int, near: bool
) -> None:
    value = network ^ (noise >> max(prefix - 1, 0)) if near else noise
    groups = ":".join(f"{value >> shift & 0xFFFF:x}" for shift in range(112, -1, -16))
    entry = ":".join(f"{network >> shift & 0xFFFF:x}" for shift in range(112, -1, -16)) + f"/{prefix}"
    found = parse_address(groups)
    assert found is not None
    if value >> 32 == 0xFFFF or (network >> 32 == 0xFFFF and prefix >= 96):
        return
    assert is_within(found, parse_networks([entry])) is modelled(value, 128, network, prefix)
