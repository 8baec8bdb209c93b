"""An owner signs in through the widget at a bank that speaks PolishAPI, and everything is imported."""

from __future__ import annotations

import aiohttp
import pytest
from tests.connectors.walking import visit_pages
from tests.widget.conftest import Server
from tests.widget.owners import Browser
from tests.widget.test_signing_in import session_of

from kontora.client import AsyncKontora

pytestmark = pytest.mark.xdist_group("widget")


async def test_a_bank_of_polish_api_is_signed_in_to_and_imported(
    browser: Browser, lender: AsyncKontora, server: Server
) -> None:
    visit = await browser.open()
    state = await visit.choose(institution="KontoBankPolish")
    assert state["state"] == "redirect"
    page = await browser.to_bank(state["redirect"]["url"])
    query = await visit_pages(page, "test1", f"{server.url}/signin/callback")
    assert (await browser.get(f"/signin/callback?{query}")).status == 200
    state = await visit.follow()
    assert state["state"] == "signedIn"
    assert state["signedIn"]["target"] == "KontoBankPolishApi"
    imported = await lender.default_import(session_of(state))
    (account,) = imported.accounts
    assert account.money_transactions
    assert len(imported.credit_cards or ()) == 1
    assert "PLANNED" in {item.status for item in account.money_transactions}


async def test_an_owner_who_refuses_at_a_bank_of_polish_api_is_told_so(
    browser: Browser, server: Server
) -> None:
    visit = await browser.open()
    state = await visit.choose(institution="KontoBankPolish")
    page = await browser.to_bank(state["redirect"]["url"])
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as at_bank:
        async with at_bank.get(page) as form:
            csrf = (await form.text()).split('name="csrf" value="')[1].split('"')[0]
        cancel = f"{server.bank_url}/pages/cancel"
        async with at_bank.post(cancel, data={"csrf": csrf}, allow_redirects=False) as back:
            query = back.headers["Location"].partition("?")[2]
    await browser.get(f"/signin/callback?{query}")
    state = await visit.follow()
    assert state["failure"]["exception"] == "SignInCancelled"
