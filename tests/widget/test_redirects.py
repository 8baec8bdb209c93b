"""The way to a bank and back: once, in time, in the browser that began, and the code used once at most."""

from __future__ import annotations

from collections.abc import Mapping

import aiohttp
import pytest
from tests.connectors.walking import control, visit_pages
from tests.widget.conftest import Server
from tests.widget.owners import Browser, Visit, query_of

pytestmark = pytest.mark.xdist_group("widget")

BROWSERS = 100


async def away(browser: Browser) -> tuple[Visit, str]:
    """Choose a bank and open its window; gives the visit and the bank's address."""
    visit = await browser.open()
    state = await visit.choose(institution="KontoBank")
    return visit, await browser.to_bank(state["redirect"]["url"])


async def exchanges(server: Server) -> int:
    """How many codes the bank was asked to exchange."""
    calls: Mapping[str, int] = await control(server.bank_url, "GET", "calls")
    return calls["token_exchanges"]


def callback(page: str, **query: str) -> str:
    """The address that the bank sends the owner back to."""
    sent = {"state": query_of(page)["state"], "code": "a-code", **query}
    return "/signin/callback?" + "&".join(f"{name}={value}" for name, value in sent.items() if value)


async def test_state_and_challenge_go_to_the_bank_and_the_verifier_stays(browser: Browser) -> None:
    _, page = await away(browser)
    asked = query_of(page)
    assert len(asked["state"]) == 22
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"].partition("?")[0] == f"{browser.url}/signin/callback"
    assert "verifier" not in page


async def test_a_state_that_is_missing_unknown_or_doubled_brings_no_token_call(
    browser: Browser, server: Server
) -> None:
    _, page = await away(browser)
    before = await exchanges(server)
    good = query_of(page)["state"]
    for query in ("code=a", "code=a&state=", f"code=a&state={'A' * 22}", f"code=a&state={good}&state=B"):
        refused = await browser.get(f"/signin/callback?{query}")
        assert (refused.status, 'data-outcome="expired"' in refused.text) == (410, True)
    assert await exchanges(server) == before


async def test_a_state_is_used_once_and_the_code_exchanged_once(browser: Browser, server: Server) -> None:
    visit, page = await away(browser)
    before = await exchanges(server)
    query = await visit_pages(page, "test", f"{server.url}/signin/callback")
    answers = [await browser.get(f"/signin/callback?{query}") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 410, 410]
    assert (await visit.follow())["state"] == "signedIn"
    assert await exchanges(server) == before + 1


async def test_a_state_is_good_for_ten_minutes(browser: Browser, server: Server) -> None:
    visit, page = await away(browser)
    server.change("update bank_redirect set created_at = created_at - interval '601 seconds'")
    server.change("update conversation set moved_at = moved_at - interval '601 seconds'")
    before = await exchanges(server)
    assert (await browser.get(callback(page))).status == 410
    assert (await visit.follow())["failure"]["exception"] == "SignInExpired"
    assert await exchanges(server) == before


async def test_a_wrong_code_is_sent_once_and_fails_by_name(browser: Browser, server: Server) -> None:
    visit, page = await away(browser)
    before = await exchanges(server)
    assert 'data-outcome="refused"' in (await browser.get(callback(page))).text
    assert (await visit.follow())["failure"]["exception"] == "SessionExpired"
    assert (await browser.get(callback(page))).status == 410
    assert (await browser.get(callback(page, code="another"))).status == 410
    assert await exchanges(server) == before + 1


async def test_an_owner_who_comes_back_in_another_browser_is_refused_and_it_is_noted(
    browser: Browser, server: Server, http: aiohttp.ClientSession
) -> None:
    visit, page = await away(browser)
    other, _ = await away(Browser(server.url, http))
    before, noted = await exchanges(server), server.events("redirect_refused").count("other_browser")
    query = await visit_pages(page, "test", f"{server.url}/signin/callback")
    refused = await other.browser.get(f"/signin/callback?{query}")
    assert (refused.status, 'data-outcome="wrongBrowser"' in refused.text) == (403, True)
    assert server.events("redirect_refused").count("other_browser") == noted + 1
    # The code has been in a foreign browser: the right one cannot use it any more, either.
    assert (await browser.get(f"/signin/callback?{query}")).status == 410
    assert (await visit.follow())["failure"]["exception"] == "InvalidArgument"
    assert await exchanges(server) == before


@pytest.mark.parametrize("sent", [{}, {"Sec_Fetch_Site": "none"}, {"Sec_Fetch_Site": "cross-site"}])
async def test_a_link_that_was_sent_to_somebody_is_not_opened(
    browser: Browser, server: Server, sent: dict[str, str]
) -> None:
    visit = await browser.open()
    link = (await visit.choose(institution="KontoBank"))["redirect"]["url"]
    refused = await browser.get(link, **sent)
    assert (refused.status, "Set-Cookie" in refused.headers) == (403, False)
    assert server.events("redirect_refused")[-1] == "not_our_page"
    assert (await browser.to_bank(link)).startswith(server.bank_url)


async def test_a_window_that_was_closed_can_be_opened_again_by_the_same_browser_only(
    browser: Browser, server: Server, http: aiohttp.ClientSession
) -> None:
    visit = await browser.open()
    link = (await visit.choose(institution="KontoBank"))["redirect"]["url"]
    assert await browser.to_bank(link) == await browser.to_bank(link)
    foreign = Browser(server.url, http)
    assert (await foreign.get(link, Sec_Fetch_Site="same-origin")).status == 403


async def test_the_way_works_when_the_opener_is_cut_and_the_page_asks_only_the_server(
    browser: Browser, server: Server
) -> None:
    visit, page = await away(browser)
    query = await visit_pages(page, "test", f"{server.url}/signin/callback")
    await browser.get(f"/signin/callback?{query}")
    assert (await visit.follow())["state"] == "signedIn"


async def test_of_100_browsers_with_swapped_links_none_is_accepted(
    server: Server, http: aiohttp.ClientSession
) -> None:
    browsers = [Browser(server.url, http) for _ in range(BROWSERS)]
    visits = [await browser.open() for browser in browsers]
    links = [(await visit.choose(institution="KontoBank"))["redirect"]["url"] for visit in visits]
    pages = [await browser.to_bank(link) for browser, link in zip(browsers, links, strict=True)]
    before = await exchanges(server)
    for place, browser in enumerate(browsers):
        swapped = (place + 1) % BROWSERS
        assert (await browser.get(links[swapped], Sec_Fetch_Site="same-origin")).status == 403
        assert (await browser.get(callback(pages[swapped]))).status == 403
    assert await exchanges(server) == before
    states = {(await visit.say("state"))["state"] for visit in visits}
    assert states == {"failed"}


async def test_the_cookie_is_for_the_server_alone(browser: Browser) -> None:
    visit = await browser.open()
    link = (await visit.choose(institution="KontoBank"))["redirect"]["url"]
    answer = await browser.get(link, Sec_Fetch_Site="same-origin")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


async def test_tokens_and_consents_are_nowhere_in_the_database_or_the_log(
    browser: Browser, server: Server
) -> None:
    visit, page = await away(browser)
    query = await visit_pages(page, "test", f"{server.url}/signin/callback")
    await browser.get(f"/signin/callback?{query}")
    state = await visit.follow()
    code, oauth_state = query_of("?" + query)["code"], query_of(page)["state"]
    consent = query_of(page)["scope"].removeprefix("AIS:")
    tables = ("conversation", "bank_redirect", "session", "event", "redirection")
    stored = "".join(str(server.rows(f"select * from {table}")) for table in tables)
    for secret in (code, oauth_state, consent, visit.token, state["signedIn"]["sessionIdSignature"]):
        assert secret not in stored
        assert secret not in server.log
