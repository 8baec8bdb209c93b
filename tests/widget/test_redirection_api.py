"""Sign-in by redirection: links that clients make, owners open, and clients ask about."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from tests.connectors.walking import visit_pages
from tests.widget.conftest import RETURN, Server
from tests.widget.owners import Browser, Visit, query_of

from kontora.commands.answers import Client
from kontora.commands.redirections import check_redirect_uri
from kontora.errors import InvalidArgument

pytestmark = pytest.mark.xdist_group("widget")

REGISTERED = "https://lender.example/return/here?a=1"
BYPASSES = (
    "",
    " ",
    "https://lender.example",
    "https://lender.example/",
    "https://lender.example/return/here",
    "https://lender.example/return/here?a=2",
    "https://lender.example/return/here?a=1&b=2",
    "https://lender.example/return/here?a=1#",
    "https://lender.example/return/here?a=1#x",
    "https://lender.example/return/here/?a=1",
    "https://lender.example/return/here?a=1 ",
    " https://lender.example/return/here?a=1",
    "https://lender.example/return/here?a=1\n",
    "https://lender.example/return/here?a=1\t",
    "https://lender.example/return/here?a=1%00",
    "https://lender.example/return/here?a=1\x00",
    "https://lender.example/return//here?a=1",
    "https://lender.example/return/./here?a=1",
    "https://lender.example/return/../return/here?a=1",
    "https://lender.example/return/%2e%2e/return/here?a=1",
    "https://lender.example/return%2fhere?a=1",
    "https://lender.example\\return\\here?a=1",
    "https:\\\\lender.example/return/here?a=1",
    "https:/lender.example/return/here?a=1",
    "https:lender.example/return/here?a=1",
    "//lender.example/return/here?a=1",
    "/return/here?a=1",
    "http://lender.example/return/here?a=1",
    "HTTPS://lender.example/return/here?a=1",
    "https://LENDER.example/return/here?a=1",
    "https://lender.example./return/here?a=1",
    "https://lender.example:443/return/here?a=1",
    "https://lender.example:8443/return/here?a=1",
    "https://lender.example.evil.example/return/here?a=1",
    "https://evil.example/https://lender.example/return/here?a=1",
    "https://user@lender.example/return/here?a=1",
    "https://lender.example@evil.example/return/here?a=1",
    "https://lender.example%40evil.example/return/here?a=1",
    "https://lеnder.example/return/here?a=1",
    "https://xn--lnder-qof.example/return/here?a=1",
    "https://lender。example/return/here?a=1",
    "javascript:alert(1)//https://lender.example/return/here?a=1",
    "data:text/html,https://lender.example/return/here?a=1",
)


class Backend:
    """The client's own backend."""

    def __init__(self, server: Server, http: aiohttp.ClientSession, client: str = "lender-test") -> None:
        self.server, self.http = server, http
        self.headers = {"X-Api-Key": server.keys[client]}

    async def create(self, **body: Any) -> tuple[int, dict[str, Any]]:
        """Make a link."""
        address = f"{self.server.url}/v1/signin/redirection"
        async with self.http.post(address, json=body, headers=self.headers) as reply:
            return reply.status, await reply.json()

    async def link(self, **body: Any) -> tuple[str, str]:
        """Make a link; gives its id and path."""
        status, told = await self.create(redirectUri=RETURN, **body)
        assert status == 200, told
        assert told["redirectionLink"].startswith(f"{self.server.url}/signin/link/")
        return told["redirectionId"], urlsplit(told["redirectionLink"]).path

    async def status(self, redirection_id: str) -> dict[str, Any]:
        """Ask what has become of it."""
        status, told = await self.ask(redirection_id)
        assert status == 200, told
        return told

    async def ask(self, redirection_id: str) -> tuple[int, dict[str, Any]]:
        """Ask, whatever the answer."""
        address = f"{self.server.url}/v1/signin/redirection-status?redirectionId={redirection_id}"
        async with self.http.get(address, headers=self.headers) as reply:
            return reply.status, await reply.json()


@pytest.fixture
def backend(server: Server, http: aiohttp.ClientSession) -> Backend:
    return Backend(server, http)


async def opened(browser: Browser, path: str) -> Visit:
    """Open a link."""
    page = await browser.get(path)
    assert page.status == 200, page.text
    return Visit(browser, page.start["token"], page.start, page.start["state"])


async def signed_in_at_bank(browser: Browser, visit: Visit, login: str = "test") -> str:
    """Go to the bank in the same window and come back; gives where the owner ends up."""
    state = await visit.choose(institution="KontoBank")
    assert state["redirect"]["mode"] == "sameWindow"
    page = await browser.to_bank(state["redirect"]["url"])
    query = await visit_pages(page, login, f"{browser.url}/signin/callback")
    back = await browser.get(f"/signin/callback?{query}")
    assert back.status == 303
    return back.url


async def test_a_link_goes_from_created_over_pending_to_success(browser: Browser, backend: Backend) -> None:
    redirection_id, path = await backend.link(ownerExternalId="r-1", locale="cz", country="pl")
    nothing = dict.fromkeys(
        ("sessionId", "sessionIdSignature", "multipleAccessId", "target", "officialName", "exception")
    )
    assert await backend.status(redirection_id) == {"status": "created", "params": nothing}
    visit = await opened(browser, path)
    assert visit.start["lang"] == "cs"
    assert (await backend.status(redirection_id))["status"] == "pending"
    end = await signed_in_at_bank(browser, visit)
    assert end == f"{RETURN}&redirectionId={redirection_id}"
    told = await backend.status(redirection_id)
    assert told["status"] == "success"
    assert told["params"]["target"] == "KontoBankApi"
    assert told["params"]["officialName"] == "KontoBank"
    assert len(told["params"]["sessionIdSignature"]) == 64
    assert told["params"]["multipleAccessId"] is None
    assert told["params"]["exception"] is None


async def test_a_link_is_over_once_somebody_has_signed_in_through_it(
    browser: Browser, backend: Backend
) -> None:
    _, path = await backend.link()
    first, second = await opened(browser, path), await opened(browser, path)
    await signed_in_at_bank(browser, first)
    assert (await browser.get(path)).status == 410
    await signed_in_at_bank(browser, second)
    assert (await second.say("state"))["failure"]["exception"] == "AlreadySignedIn"


async def test_a_refusal_at_the_bank_ends_in_an_error_and_the_owner_returns(
    browser: Browser, backend: Backend
) -> None:
    redirection_id, path = await backend.link()
    visit = await opened(browser, path)
    state = await visit.choose(institution="KontoBank")
    page = await browser.to_bank(state["redirect"]["url"])
    sent = query_of(page)["state"]
    back = await browser.get(f"/signin/callback?error=access_denied&state={sent}")
    assert back.url == f"{RETURN}&redirectionId={redirection_id}"
    told = await backend.status(redirection_id)
    assert (told["status"], told["params"]["exception"]) == ("error", "SignInCancelled")
    assert told["params"]["sessionId"] is None
    assert (await browser.get(path)).status == 410


async def test_the_owner_signs_in_on_the_links_page_where_the_bank_has_no_pages(
    browser: Browser, backend: Backend
) -> None:
    redirection_id, path = await backend.link(target="KontoBank")
    visit = await opened(browser, path)
    await visit.choose(target="KontoBank")
    state = await visit.sign_in("test")
    assert state["returnUrl"] == f"{RETURN}&redirectionId={redirection_id}"
    assert (await backend.status(redirection_id))["status"] == "success"


async def test_a_link_that_nobody_opens_expires_after_a_day(
    browser: Browser, backend: Backend, server: Server
) -> None:
    redirection_id, path = await backend.link()
    server.change(
        "update redirection set created_at = created_at - interval '86401 seconds' where id = %s",
        redirection_id,
    )
    assert (await backend.status(redirection_id))["status"] == "expired"
    assert (await browser.get(path)).status == 410


async def test_a_link_without_progress_expires_after_ten_minutes(
    browser: Browser, backend: Backend, server: Server
) -> None:
    redirection_id, path = await backend.link()
    visit = await opened(browser, path)
    server.change(
        "update conversation set moved_at = moved_at - interval '601 seconds' where redirection_id = %s",
        redirection_id,
    )
    assert (await backend.status(redirection_id))["status"] == "expired"
    assert (await browser.get(path)).status == 410
    status, told = await visit.send("choose", institution="KontoBank")
    assert (status, told["exception"]) == (404, "SignInExpired")


async def test_a_link_and_its_status_belong_to_one_client(
    backend: Backend, server: Server, http: aiohttp.ClientSession
) -> None:
    redirection_id, _ = await backend.link()
    rival = Backend(server, http, "rival-test")
    for asked in (redirection_id, "nonsense", "0" * 32):
        status, told = await rival.ask(asked)
        assert (status, told["exception"]["name"]) == (404, "NotFound")
    backend.headers = {}
    assert (await backend.ask(redirection_id))[0] == 401
    assert (await backend.create(redirectUri=RETURN))[0] == 401


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({}, "InvalidParameter"),
        ({"redirectUri": 1}, "InvalidParameter"),
        ({"redirectUri": "https://evil.example/"}, "InvalidArgument"),
        ({"redirectUri": RETURN + "x"}, "InvalidArgument"),
        ({"redirectUri": RETURN, "maxImportDate": "soon"}, "InvalidSince"),
        ({"redirectUri": RETURN, "psd2": {"accessMode": "TWICE"}}, "InvalidParameter"),
        ({"redirectUri": RETURN, "ownerExternalId": "o" * 201}, "InvalidOwnerExternalId"),
        ({"redirectUri": RETURN, "country": ["pl"]}, "InvalidParameter"),
    ],
)
async def test_a_malformed_link_is_refused_by_name(backend: Backend, body: dict[str, Any], name: str) -> None:
    status, told = await backend.create(**body)
    assert (status, told["exception"]["name"]) == (400, name)


@pytest.mark.parametrize("uri", BYPASSES)
def test_only_the_registered_uri_itself_is_accepted(uri: str) -> None:
    client = Client("lender", "production", redirect_uris=(REGISTERED,))
    check_redirect_uri(client, REGISTERED)
    with pytest.raises(InvalidArgument):
        check_redirect_uri(client, uri)


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1/back",
        "https://user@lender.example/",
        "https://lender.example/#x",
        "https:///x",
        "ftp://lender.example/",
        "https://lender.example\\@evil.example/",
    ],
)
def test_an_unsound_uri_is_refused_even_if_it_was_registered(uri: str) -> None:
    with pytest.raises(InvalidArgument):
        check_redirect_uri(Client("lender", "production", redirect_uris=(uri,)), uri)


def test_a_test_client_may_return_to_its_own_machine() -> None:
    uri = "http://localhost:3000/back"
    check_redirect_uri(Client("lender-test", "test", redirect_uris=(uri,)), uri)
