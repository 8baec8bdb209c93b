"""What may be registered for a client."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontora.cli.checks import (
    checked_features,
    checked_name,
    checked_network,
    checked_origin,
    checked_redirect_uri,
)
from kontora.errors import InvalidArgument, InvalidParameter


@pytest.mark.parametrize("name", ["acme", "acme-test", "a", "4finance", "a" * 63])
def test_a_plain_name_is_kept(name: str) -> None:
    assert checked_name(name) == name


@pytest.mark.parametrize(
    "name", ["", "Acme", "acme test", "-acme", "acme-", "acme_test", "żabka", "a" * 64, "a\n"]
)
def test_any_other_name_is_refused(name: str) -> None:
    with pytest.raises(InvalidParameter):
        checked_name(name)


@pytest.mark.parametrize(
    ("text", "network"),
    [
        ("203.0.113.7", "203.0.113.7/32"),
        ("203.0.113.0/29", "203.0.113.0/29"),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("2001:DB8:0::/48", "2001:db8::/48"),
        ("::1", "::1/128"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
    ],
)
def test_a_network_is_written_in_its_canonical_form(text: str, network: str) -> None:
    assert checked_network(text) == network


@pytest.mark.parametrize(
    "text",
    [
        "",
        "localhost",
        "203.0.113.256",
        "010.0.0.1",
        "203.0.113.7/29",
        "1.2.3",
        "fe80::1%eth0",
        "10.0.0.0/8 ",
        "*",
    ],
)
def test_what_is_not_a_network_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter):
        checked_network(text)


@pytest.mark.parametrize(
    "text", ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1", "2000::/3", "::ffff:0:0/96"]
)
def test_a_network_that_admits_almost_everybody_is_refused(text: str) -> None:
    with pytest.raises(InvalidArgument, match="internet"):
        checked_network(text)


def test_an_address_with_a_length_is_told_its_network() -> None:
    with pytest.raises(InvalidParameter, match=r"Say 203\.0\.113\.0/29"):
        checked_network("203.0.113.7/29")


@given(st.ip_addresses())
def test_every_single_address_is_accepted(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    network = ipaddress.ip_network(checked_network(str(address)))
    assert network.num_addresses == 1


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://shop.example", "https://shop.example"),
        ("https://shop.example/", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("HTTPS://Shop.Example", "https://shop.example"),
        ("https://xn--bka-4na.example", "https://xn--bka-4na.example"),
    ],
)
def test_an_origin_is_written_as_a_browser_sends_it(text: str, origin: str) -> None:
    assert checked_origin(text, test=False) == origin


@pytest.mark.parametrize(
    "text",
    ["http://127.0.0.1", "http://127.0.0.1:3000", "http://localhost:5173", "file:", "file://"],
)
def test_a_local_origin_is_for_test_clients_only(text: str) -> None:
    assert checked_origin(text, test=True)
    with pytest.raises(InvalidArgument):
        checked_origin(text, test=False)


BAD_URLS = [
    "",
    "*",
    "https://*",
    "https://*.example",
    "shop.example",
    "//shop.example",
    "https:shop.example",
    "https:///shop.example",
    "ftp://shop.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://user@shop.example",
    "https://user:pass@shop.example",
    "https://shop.example@evil.example",
    "https://shop.example\\@evil.example",
    "https:\\\\shop.example",
    "https://shop.example#",
    "https://shop.example#x",
    "https://shop.example:x",
    "https://shop.example:0",
    "https://shop.example:99999",
    "https://shop.example.",
    "https://shop..example",
    "https://-shop.example",
    "https://shop_1.example",
    "https://żabka.example",
    "https://shop.example ",
    " https://shop.example",
    "https://shop.example\n",
    "https://shop\t.example",
    "https://shop%2eexample",
    "http://shop.example",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://0.0.0.0",
    "http://[::]",
    "https://",
    "null",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("text", BAD_URLS)
@pytest.mark.parametrize("test", [True, False])
def test_a_url_that_could_mean_another_place_is_refused(text: str, test: bool) -> None:
    with pytest.raises((InvalidParameter, InvalidArgument)):
        checked_origin(text, test=test)
    with pytest.raises((InvalidParameter, InvalidArgument)):
        checked_redirect_uri(text, test=test)


@pytest.mark.parametrize("text", ["https://a.example/x", "https://a.example?x=1", "https://a.example/?"])
def test_an_origin_ends_after_its_host(text: str) -> None:
    if text.endswith("/?"):
        assert checked_origin(text, test=False) == "https://a.example"
    else:
        with pytest.raises(InvalidParameter):
            checked_origin(text, test=False)


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example",
        "https://a.example/back?x=1&y=%2F",
        "https://a.example:8443/a.b/..c",
        "https://a.example/",
    ],
)
def test_a_redirect_uri_is_kept_exactly(text: str) -> None:
    assert checked_redirect_uri(text, test=False) == text


@pytest.mark.parametrize(
    "text",
    [
        "https://A.example/back",
        "HTTPS://a.example/back",
        "https://a.example/../back",
        "https://a.example/x/..",
        "https://a.example/%2e%2E/back",
        "https://a.example/./back",
    ],
)
def test_a_redirect_uri_that_browsers_would_rewrite_is_refused(text: str) -> None:
    with pytest.raises(InvalidParameter):
        checked_redirect_uri(text, test=False)


def test_a_local_redirect_uri_is_for_test_clients_only() -> None:
    assert checked_redirect_uri("http://127.0.0.1:3000/back", test=True) == "http://127.0.0.1:3000/back"
    with pytest.raises(InvalidArgument):
        checked_redirect_uri("http://127.0.0.1:3000/back", test=False)


def test_features_keep_their_usual_order() -> None:
    assert checked_features(["pdf", "labels"], ["score"], ("score", "multiple")) == (
        "labels",
        "pdf",
        "multiple",
    )


@pytest.mark.parametrize(
    ("enable", "disable"), [(["everything"], []), ([], ["everything"]), (["pdf"], ["pdf"])]
)
def test_a_feature_change_that_makes_no_sense_is_refused(enable: list[str], disable: list[str]) -> None:
    with pytest.raises(InvalidParameter):
        checked_features(enable, disable, ())
