"""An owner signs in through the widget, over real HTTP, at the real practice bank."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.connectors.walking import visit_pages
from tests.widget.conftest import Server
from tests.widget.owners import Browser

from kontora.client import AsyncKontora, Session

pytestmark = pytest.mark.xdist_group("widget")

EMBEDDED = {"forceTestCredentials": "true"}


def session_of(state: dict[str, object]) -> Session:
    """The session that the client's page hands to its backend."""
    told = state["signedIn"]
    assert isinstance(told, dict)
    return Session(id=told["sessionId"], signature=told["sessionIdSignature"])


async def test_login_password_and_code_end_in_a_session_that_imports(
    browser: Browser, lender: AsyncKontora
) -> None:
    visit = await browser.open(**EMBEDDED)
    assert visit.state == {"step": 0, "state": "choose"}
    await visit.choose(target="KontoBankApi")
    assert visit.state["target"]["officialName"] == "KontoBank"
    state = await visit.sign_in("test")
    assert browser.answered == ["STATIC_LOGIN", "STATIC_PASSWORD", "SMS_CODE"]
    assert state["state"] == "signedIn"
    assert state["signedIn"]["target"] == "KontoBankApi"
    assert state["signedIn"]["options"] == {"officialName": "KontoBank"}
    imported = await lender.default_import(session_of(state))
    assert imported.accounts


async def test_the_session_pair_is_handed_out_only_when_the_owner_is_signed_in(browser: Browser) -> None:
    visit = await browser.open(**EMBEDDED)
    await visit.choose(target="KontoBankApi")
    while visit.state["state"] != "signedIn":
        assert "sessionIdSignature" not in json.dumps(visit.state)
        await visit.answer(STATIC_LOGIN="test")
    assert browser.answered == ["STATIC_LOGIN", "STATIC_PASSWORD", "SMS_CODE"]
    assert len(visit.state["signedIn"]["sessionIdSignature"]) == 64


async def test_a_confirmation_in_the_app_is_only_waited_for(browser: Browser) -> None:
    visit = await browser.open(**EMBEDDED)
    await visit.choose(target="KontoBankApi")
    await visit.answer(STATIC_LOGIN="push")
    while visit.state["state"] == "questions":
        await visit.answer()
    assert visit.state["state"] == "wait"
    assert visit.state["questions"][0]["kind"] == "APP_CONFIRMATION"
    assert (await visit.follow())["state"] == "signedIn"


async def test_a_choice_of_method_is_asked(browser: Browser) -> None:
    visit = await browser.open(**EMBEDDED)
    await visit.choose(target="KontoBankApi")
    await visit.answer(STATIC_LOGIN="methods")
    await visit.answer()
    (question,) = visit.state["questions"]
    assert question["kind"] == "CHOICE"
    option = next(item for item in question["options"] if "sms" in item["label"].lower())
    await visit.answer(CHOICE=option["value"])
    assert (await visit.sign_in(""))["state"] == "signedIn"


async def test_the_web_bank_is_signed_in_to_in_the_widget(browser: Browser, lender: AsyncKontora) -> None:
    visit = await browser.open()
    await visit.choose(target="KontoBank")
    state = await visit.sign_in("test")
    assert state["state"] == "signedIn", state
    assert (await lender.default_import(session_of(state))).accounts


async def test_an_owner_goes_to_the_banks_pages_and_back(
    browser: Browser, lender: AsyncKontora, server: Server
) -> None:
    visit = await browser.open()
    state = await visit.choose(institution="KontoBank")
    assert state["state"] == "redirect"
    assert state["redirect"]["mode"] == "popup"
    page = await browser.to_bank(state["redirect"]["url"])
    assert page.startswith(server.bank_url)
    query = await visit_pages(page, "test1", f"{server.url}/signin/callback")
    back = await browser.get(f"/signin/callback?{query}")
    assert (back.status, 'data-outcome="done"' in back.text) == (200, True)
    state = await visit.follow()
    assert state["state"] == "signedIn"
    assert (await lender.default_import(session_of(state))).accounts


async def test_a_refusal_at_the_bank_is_a_named_failure_with_another_try(
    browser: Browser, server: Server
) -> None:
    visit = await browser.open()
    state = await visit.choose(institution="KontoBank")
    page = await browser.to_bank(state["redirect"]["url"])
    sent = page.partition("state=")[2].partition("&")[0]
    await browser.get(f"/signin/callback?error=access_denied&state={sent}")
    state = await visit.follow()
    assert state["failure"]["exception"] == "SignInCancelled"
    assert state["failure"]["canRetry"] is True
    assert (await visit.choose(institution="KontoBank"))["state"] == "redirect"


async def test_back_lets_the_owner_choose_another_bank(browser: Browser) -> None:
    visit = await browser.open(**EMBEDDED)
    await visit.choose(target="KontoBankApi")
    assert (await visit.say("back"))["state"] == "choose"
    assert (await visit.choose(target="KontoBankApi_cz"))["target"]["name"] == "KontoBankApi_cz"
    assert (await visit.sign_in("test"))["state"] == "signedIn"


async def test_practice_banks_are_for_test_clients(browser: Browser) -> None:
    visit = await browser.open(client="lender")
    assert visit.start["targets"] == []
    for wanted in ({"target": "KontoBank"}, {"institution": "KontoBank"}):
        status, told = await visit.send("choose", **wanted)
        assert (status, told["exception"]) == (400, "InvalidTarget")


async def test_an_owner_who_is_deleted_meanwhile_is_not_signed_in(
    browser: Browser, lender: AsyncKontora
) -> None:
    visit = await browser.open(**EMBEDDED, ownerExternalId="gone-1")
    await visit.choose(target="KontoBankApi")
    sealed = visit.sealed(STATIC_LOGIN="test")
    await lender.delete_data("gone-1")
    for verb, body in (("answer", sealed), ("state", {})):
        status, told = await visit.send(verb, **body)
        assert (status, told["exception"]) == (404, "SignInExpired")


async def test_an_owner_who_is_deleted_in_the_middle_of_a_step_is_not_signed_in(
    browser: Browser, lender: AsyncKontora, server: Server
) -> None:
    visit = await browser.open(**EMBEDDED, ownerExternalId="gone-2")
    await visit.choose(target="KontoBankApi")
    answering = asyncio.create_task(visit.send("answer", **visit.sealed(STATIC_LOGIN="slow-1.9")))
    await asyncio.sleep(0.3)
    await lender.delete_data("gone-2")
    await answering
    while visit.state["state"] in {"working", "questions"}:
        await visit.say("state", after=visit.state["step"])
    assert visit.state["failure"]["exception"] == "OwnerDeleted"
    assert "sign_in_step_failed" not in server.log


async def test_the_import_starts_by_itself_and_shows_its_progress(
    browser: Browser, lender: AsyncKontora
) -> None:
    visit = await browser.open(**EMBEDDED, autoImport="true", ownerExternalId="auto-1")
    await visit.choose(target="KontoBankApi")
    state = await visit.sign_in("test")
    assert (state["state"], state["progress"]) == ("imported", 1.0)
    data = await lender.data("auto-1")
    assert data.targets


async def test_history_goes_as_far_back_as_the_page_asked_for(browser: Browser, lender: AsyncKontora) -> None:
    today = datetime.now(UTC).date()
    oldest = {}
    for wanted in (None, today - timedelta(days=30), today - timedelta(days=300)):
        options = {} if wanted is None else {"maxImportDate": wanted.isoformat(), "forceSca": "true"}
        visit = await browser.open(**EMBEDDED, **options)
        await visit.choose(target="KontoBankApi")
        imported = await lender.default_import(session_of(await visit.sign_in("history")))
        oldest[wanted] = min(
            item.booked_on or today for account in imported.accounts for item in account.money_transactions
        )
        assert oldest[wanted] >= (wanted or today - timedelta(days=90))
    assert oldest[today - timedelta(days=300)] < oldest[None] < oldest[today - timedelta(days=30)]
