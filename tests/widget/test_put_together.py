"""The widget's endpoints as the door gets them, over desks that know nobody."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kontora.api.visits import Answer, Visit
from kontora.commands.bank_redirects import Opened
from kontora.connectors.catalogue import Catalogue
from kontora.widget import Desks, Widget, WidgetSettings

BROWSER = "B" * 22


class Nobody:
    """Conversations of a server without clients."""

    async def client(self, client_id: str) -> None:
        return None


class Redirects:
    """Redirects that lead to a bank."""

    def __init__(self) -> None:
        self.browsers: list[str | None] = []

    async def open(self, link: str, browser: str | None, *, from_our_page: bool) -> Opened:
        self.browsers.append(browser)
        return Opened("https://bank.example/login", BROWSER, ("https://lender.example",))


def widget(redirects: Redirects | None = None, **settings: Any) -> Widget:
    nobody: Any = Nobody()
    desks = Desks(nobody, redirects, nobody)  # type: ignore[arg-type]
    catalogue = Catalogue.load(practice=False)
    return Widget(
        desks, catalogue, WidgetSettings(**settings), today=lambda: date(2026, 5, 23), monotonic=lambda: 0.0
    )


async def asked(
    made: Widget, path: str, *, peer: str = "203.0.113.7", headers: list[tuple[bytes, bytes]] | None = None
) -> Answer:
    endpoint = next(item for item in made.endpoints() if item.path == path)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    visit = Visit("GET", path, headers or [], b"client=nobody", receive, 65536, 1e9, peer=peer)
    visit.path_parameter = "L" * 22
    return await endpoint.handle(visit)


async def test_an_address_may_load_only_so_many_pages_in_a_minute() -> None:
    made = widget(pages_per_minute=3)
    statuses = [(await asked(made, "/signin/")).status for _ in range(5)]
    assert statuses == [404, 404, 404, 429, 429]
    refused = await asked(made, "/signin/")
    assert b'data-reason="later"' in refused.body
    assert dict(refused.headers)[b"retry-after"] == b"5"
    assert (await asked(made, "/signin/", peer="203.0.113.8")).status == 404


@pytest.mark.parametrize("secure", [True, False])
async def test_over_https_the_cookie_is_bound_to_the_host(secure: bool) -> None:
    redirects = Redirects()
    made = widget(redirects, secure=secure)
    answer = await asked(made, "/signin/redirect/{id}")
    name = "__Host-kontora-redirect" if secure else "kontora-redirect"
    cookie = dict(answer.headers)[b"set-cookie"].decode()
    assert cookie.startswith(f"{name}={BROWSER}; ")
    assert ("; Secure" in cookie) is secure
    assert "Domain" not in cookie
    both = f"kontora-redirect={'a' * 22}; __Host-kontora-redirect={'b' * 22}".encode()
    twice = f"{name}={'a' * 22}; {name}={'b' * 22}".encode()
    for sent in (both, twice):
        await asked(made, "/signin/redirect/{id}", headers=[(b"cookie", sent)])
    assert redirects.browsers == [None, ("b" if secure else "a") * 22, None]


def test_every_endpoint_is_open_and_none_is_part_of_the_described_api() -> None:
    endpoints = widget().endpoints()
    assert len(endpoints) > 20
    assert all(endpoint.public and not endpoint.described for endpoint in endpoints)
