"""Owners sign in at the practice bank through the widget, with nothing between replaced."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from tests.browser.chromium import FLAGS, chromium
from tests.browser.conftest import CLIENT_PAGE, Complaints
from tests.browser.fake_signin import client_site
from tests.browser.signing_in import (
    answer_everything,
    choose_bank,
    view_of,
    wait_for_view,
    widget_frame,
)
from tests.browser.watching import picture, violations
from tests.connectors.walking import practice_bank
from tests.widget.conftest import Server, own_database, serving

from kontora.client import Kontora
from kontora.main import administer
from kontora.settings import Settings

pytestmark = pytest.mark.slow

QUESTIONS = ("sms", "token", "push", "app", "list", "captcha", "picture", "method", "context", "mask")
WEB_ONLY = {"captcha", "context", "mask"}
# Berlin Group has no word for a list of codes: to the API it is one more device.
NAMED_BY_THE_API = {"list": "HARDWARE_TOKEN"}
EXPECTED = {
    "sms": "SMS_CODE", "token": "HARDWARE_TOKEN", "push": "APP_CONFIRMATION", "app": "MOBILE_OTP",
    "list": "CODE_LIST", "captcha": "CAPTCHA", "picture": "PICTURE", "method": "CHOICE", "context": "CHOICE",
    "mask": "STATIC_PASSWORD",
}  # fmt: skip


@dataclass
class Lender:
    """A client's site on an origin of its own, beside a running Kontora."""

    server: Server
    origin: str
    pages: dict[str, str]

    def page(self, options: str, *, call: str = "embedKontomatik", path: str = "/") -> str:
        """Put up a page that embeds the widget with `options`; return its URL."""
        self.pages[path] = self.html(options, call=call)
        return self.origin + path

    def html(self, options: str, *, call: str = "embedKontomatik", client: str = "lender-test") -> str:
        """Write such a page."""
        everything = f"Object.assign({{client: '{client}', locale: 'en'}}, {options})"
        script = f"{self.server.url}/assets/signin-widget.js"
        return CLIENT_PAGE.format(script=script, options=everything, before="", call=call)


@pytest.fixture(scope="module")
def lender(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, template_database: str
) -> Iterator[Lender]:
    """Kontora and KontoBank, running, and a client that may embed the widget."""
    folder = tmp_path_factory.mktemp("browser")
    pages: dict[str, str] = {}
    with (
        practice_bank() as bank_url,
        own_database(postgres_url, template_database) as database_url,
        serving(folder, bank_url, database_url) as server,
        client_site(pages) as origin,
    ):
        asyncio.run(_allow(server, "lender-test", origin, origin.replace("127.0.0.1", "localhost")))
        asyncio.run(_allow(server, "bare-test", "file:"))
        yield Lender(server, origin, pages)


async def _allow(server: Server, client: str, *origins: str) -> None:
    settings = Settings(database_url=server.database_url, data_dir=server.folder / "data", practice=True)
    async with administer(settings) as administration:
        await administration.set_client(client, origins=origins)


async def _open(context: BrowserContext, lender: Lender, options: str, complaints: Complaints) -> Page:
    page = await context.new_page()
    complaints.listen(page)
    await page.goto(lender.page(options))
    await page.frame_locator("iframe").locator("#widget .view").wait_for()
    return page


async def _told(page: Page, name: str) -> list[Any]:
    await page.wait_for_function("name => window.seen.some((one) => one[0] === name)", arg=name)
    found: list[Any] = await page.evaluate("name => window.seen.find((one) => one[0] === name)", name)
    return found[1:]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_the_web_bank_asks_and_the_owner_answers(
    question: str, context: BrowserContext, lender: Lender, complaints: Complaints
) -> None:
    page = await _open(context, lender, "{target: 'KontoBank'}", complaints)
    asked = await answer_everything(widget_frame(page), f"ask-{question}")
    target, session_id, signature, options = await _told(page, "onSuccess")
    assert EXPECTED[question] in asked
    assert (target, options["officialName"]) == ("KontoBank", "KontoBank")
    assert session_id.isdecimal()
    assert len(signature) == 64
    assert complaints.texts == []


@pytest.mark.parametrize("question", [name for name in QUESTIONS if name not in WEB_ONLY])
async def test_the_api_asks_and_the_owner_answers(
    question: str, context: BrowserContext, lender: Lender, complaints: Complaints
) -> None:
    options = "{target: 'KontoBankApi', forceTestCredentials: true}"
    page = await _open(context, lender, options, complaints)
    asked = await answer_everything(widget_frame(page), f"ask-{question}")
    told = await _told(page, "onSuccess")
    assert NAMED_BY_THE_API.get(question, EXPECTED[question]) in asked
    assert told[0] == "KontoBankApi"
    assert complaints.texts == []


async def _agree(bank: Page, login: str) -> None:
    """Sign in on the bank's own pages, and allow."""
    await bank.wait_for_load_state()
    for _ in range(8):
        if bank.is_closed() or "/signin/" in bank.url:
            return
        for name, value in (("login", login), ("password", "Test123"), ("code", "Test123")):
            field = bank.locator(f"input[name={name}]")
            if await field.count() and await field.is_editable():
                await field.fill(value)
        button = bank.locator("button, input[type=submit]").first
        await button.evaluate("one => { setTimeout(() => one.click(), 0); }")
        await asyncio.sleep(0.4)


async def test_the_bank_opens_in_a_window_and_the_client_gets_data(
    context: BrowserContext, lender: Lender, complaints: Complaints
) -> None:
    page = await _open(context, lender, "{country: 'pl', ownerExternalId: 'o-77'}", complaints)
    frame = widget_frame(page)
    await choose_bank(frame)
    await wait_for_view(frame, "redirect")
    await picture(page, "real-redirect")
    async with page.expect_popup() as opening:
        await frame.get_by_role("button", name="Continue to the bank").click()
    bank = await opening.value
    await bank.wait_for_load_state()
    await picture(bank, "real-bank")
    await _agree(bank, "test1")
    target, session_id, signature, _ = await _told(page, "onSuccess")
    assert target == "KontoBankApi"
    await asyncio.sleep(0.3)
    assert bank.is_closed()
    assert complaints.texts == []

    def data() -> int:
        with Kontora(lender.server.url, lender.server.keys["lender-test"]) as kontora:
            from kontora.client import Session

            return len(kontora.default_import(Session(session_id, signature, None)).accounts)

    assert await asyncio.to_thread(data) == 1
    stored = await page.evaluate("JSON.stringify([document.body.outerHTML.includes('Test123')])")
    assert json.loads(stored) == [False]


async def test_it_works_without_third_party_cookies(lender: Lender, complaints: Complaints) -> None:
    flags = [*FLAGS, "--test-third-party-cookie-phaseout"]
    async with async_playwright() as playwright:
        strict = await playwright.chromium.launch(executable_path=chromium(), args=flags)
        context = await strict.new_context(reduced_motion="reduce")
        page = await context.new_page()
        complaints.listen(page)
        # localhost and 127.0.0.1 are two sites, unlike two ports of one of them.
        await page.goto(lender.page("{country: 'pl'}").replace("127.0.0.1", "localhost"))
        await page.frame_locator("iframe").locator(".bank").first.wait_for()
        frame = widget_frame(page)
        await choose_bank(frame)
        await wait_for_view(frame, "redirect")
        async with page.expect_popup() as opening:
            await frame.get_by_role("button", name="Continue to the bank").click()
        await _agree(await opening.value, "test1")
        assert (await _told(page, "onSuccess"))[0] == "KontoBankApi"
        probe = "document.cookie = 'probe=1; SameSite=None; Secure'; document.cookie"
        assert await frame.evaluate(probe) == ""  # the browser really refuses them
        await strict.close()
    assert complaints.texts == []


async def test_by_keyboard_alone_on_a_phone(browser: Browser, lender: Lender, complaints: Complaints) -> None:
    context = await browser.new_context(
        viewport={"width": 390, "height": 760}, color_scheme="dark", reduced_motion="reduce"
    )
    page = await _open(context, lender, "{forceTestCredentials: true, country: 'pl'}", complaints)
    frame = widget_frame(page)
    keys = page.keyboard
    await frame.locator("input[role=combobox]").wait_for()
    for _ in range(6):
        await keys.press("Tab")
        if await frame.evaluate("document.activeElement.getAttribute('role') === 'combobox'"):
            break
    await keys.type("kontobank")
    await keys.press("Enter")
    await wait_for_view(frame, "questions")
    await picture(page, "real-phone-login")
    await keys.type("ask-sms")
    if await frame.locator("input[type=password]").count():
        await keys.press("Tab")
        await keys.type("Test123")
    await keys.press("Enter")
    for _ in range(4):
        await frame.wait_for_function("() => document.getElementById('widget').dataset.view !== 'working'")
        if await view_of(frame) != "questions":
            break
        await picture(page, "real-phone-question")
        before = await frame.evaluate_handle("document.querySelector('#widget .view')")
        await keys.type("Test123")
        await keys.press("Enter")
        await frame.wait_for_function("old => document.querySelector('#widget .view') !== old", arg=before)
    told = await _told(page, "onSuccess")
    assert told[0].startswith("KontoBank")
    await picture(page, "real-phone-end")
    assert complaints.texts == []
    await context.close()


@pytest.mark.parametrize(("login", "exception"), [
    ("blocked", "AccessBlocked"), ("blocked-for-now", "AccessTemporarilyBlocked"),
    ("ask-change", "ManualActionRequired"), ("robots", "ServiceTemporarilyUnavailable"),
    ("drift-token", "BankChanged"),
])  # fmt: skip
async def test_a_failure_has_words_and_a_way_back(
    login: str, exception: str, context: BrowserContext, lender: Lender, complaints: Complaints
) -> None:
    page = await _open(context, lender, "{target: 'KontoBank'}", complaints)
    frame = widget_frame(page)
    await answer_everything(frame, login)
    assert await view_of(frame) == "failed"
    told, about = await _told(page, "onError")
    assert told == exception
    assert about["target"] == "KontoBank"
    assert await frame.locator(".actions .button").count() >= 1
    await picture(page, f"real-failed-{login}")
    assert await violations(frame) == []


async def test_the_import_starts_by_itself_and_shows_how_far_it_is(
    context: BrowserContext, lender: Lender, complaints: Complaints
) -> None:
    options = "{target: 'KontoBank', autoImport: true, since: '2026-09-01'}"
    page = await _open(context, lender, options, complaints)
    frame = widget_frame(page)
    await answer_everything(frame, "test1")
    await wait_for_view(frame, "imported")
    assert (await _told(page, "onSuccess"))[0] == "KontoBank"
    assert complaints.texts == []


async def test_a_page_from_the_file_system_works_only_for_who_registered_it(
    context: BrowserContext, lender: Lender, tmp_path: Path
) -> None:
    file = tmp_path / "client.html"
    for client, works in (("bare-test", True), ("lender-test", False)):
        file.write_text(lender.html("{}", client=client), encoding="utf-8")
        page = await context.new_page()
        await page.goto(file.as_uri())
        await page.wait_for_timeout(1500)
        seen = await page.evaluate("window.seen.map((one) => one[0])")
        assert ("onInitialized" in seen) is works, client


async def test_a_page_of_an_origin_that_is_not_registered_shows_nothing(
    context: BrowserContext, lender: Lender
) -> None:
    with client_site({"/": lender.html("{}")}) as stranger:
        page = await context.new_page()
        await page.goto(stranger)
        await page.wait_for_timeout(1500)
        assert await page.evaluate("window.seen") == []
        assert not any(frame.url.startswith(lender.server.url) for frame in page.frames)
