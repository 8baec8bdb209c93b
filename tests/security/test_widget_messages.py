"""Messages between the widget and the page around it: only the widget's own are heard, and it hears none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Page, async_playwright
from tests.browser.chromium import FLAGS, chromium
from tests.browser.conftest import CLIENT_PAGE
from tests.browser.fake_signin import client_site, fake_signin

import kontora.widget

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]

SCRIPTS = Path(kontora.widget.__file__).parent / "assets" / "signin"
TIMES = 50
FORGED = (
    f"for (let i = 0; i < {TIMES}; i++)"
    " parent.postMessage({kontomatik: {signedIn: {target: 'forged'}}}, '*');"
    " parent.postMessage(JSON.stringify({kontomatik: {error: {cause: 'forged'}}}), '*');"
)
COUNTING = "window.heard = 0; window.addEventListener('message', () => { window.heard += 1; });"
NAMES = "window.seen.map((one) => one[0])"


@asynccontextmanager
async def _client_page() -> AsyncIterator[tuple[Page, str]]:
    """A client's page with the widget in it; gives it and the widget's origin."""
    pages: dict[str, str] = {}
    with fake_signin() as (fake, signin), client_site(pages) as client:
        fake.origins = [client]
        pages["/"] = CLIENT_PAGE.format(
            script=f"{signin}/assets/signin-widget.js",
            options="{client: 'demo', locale: 'en'}",
            before=COUNTING,
            call="embedKontomatik",
        )
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
            page = await browser.new_page()
            await page.goto(client)
            await page.wait_for_function(f"{NAMES}.includes('onStarted')")
            yield page, signin
            await browser.close()


async def _heard(page: Page, before: int) -> None:
    await page.wait_for_function(f"window.heard > {before + TIMES}")


async def test_a_foreign_page_in_the_widgets_frame_is_not_listened_to() -> None:
    with client_site({"/": f"<!doctype html><title>x</title><script>{FORGED}</script>"}) as stranger:
        async with _client_page() as (page, _):
            before = await page.evaluate("window.heard")
            await page.evaluate("url => { document.querySelector('iframe').src = url; }", stranger)
            await _heard(page, before)
            assert not {"onSuccess", "onError"} & set(await page.evaluate(NAMES))


async def test_another_frame_of_the_widgets_origin_is_not_listened_to() -> None:
    async with _client_page() as (page, signin):
        await page.evaluate(
            "url => new Promise((done) => { const frame = document.createElement('iframe');"
            " frame.name = 'another'; frame.src = url; frame.onload = () => done();"
            " document.body.append(frame); })",
            f"{signin}/refused",
        )
        another = page.frame("another")
        assert another is not None
        before = await page.evaluate("window.heard")
        await another.evaluate(FORGED)
        await _heard(page, before)
        assert not {"onSuccess", "onError"} & set(await page.evaluate(NAMES))


async def test_a_message_without_a_source_is_listened_to_only_with_the_number_of_the_widgets_page() -> None:
    """A page that is left says so when it has no source any more."""
    async with _client_page() as (page, signin):
        say = (
            "([origin, page]) => window.dispatchEvent(new MessageEvent('message',"
            " {origin, source: null, data: {page, kontomatik: {error: {cause: String(page)}}}}))"
        )
        await page.evaluate(say, [signin, "another"])
        await page.evaluate(say, [signin, None])
        assert "onError" not in await page.evaluate(NAMES)


async def test_the_same_messages_of_the_widget_itself_are_listened_to() -> None:
    async with _client_page() as (page, _):
        before = await page.evaluate("window.heard")
        await page.frames[1].evaluate(FORGED)
        await _heard(page, before)
        assert (await page.evaluate(NAMES)).count("onSuccess") == TIMES


def test_the_widget_listens_to_no_message() -> None:
    scripts = list(SCRIPTS.rglob("*.js"))
    assert len(scripts) > 10
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        for way in ("'message'", '"message"', "onmessage", "MessageChannel", "BroadcastChannel", "'storage'"):
            assert way not in text, f"{script.name}: {way}"
