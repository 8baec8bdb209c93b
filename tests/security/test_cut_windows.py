"""A bank that cuts its window off from the widget looks closed, and the sign-in ends all the same."""

from __future__ import annotations

import pytest
from playwright.async_api import async_playwright
from tests.browser.chromium import FLAGS, chromium
from tests.browser.fake_signin import fake_signin
from tests.browser.states import OTHERS

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("browser")]


async def test_the_owner_may_still_be_at_a_bank_whose_window_looks_closed() -> None:
    with fake_signin() as (fake, signin):
        fake.script = [OTHERS["signed-in"]]
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
            context = await browser.new_context()
            context.set_default_timeout(10_000)
            page = await context.new_page()
            await page.goto(f"{signin}/signin/?client=c&locale=en&show=redirect-cut")
            async with context.expect_page() as opening:
                await page.get_by_role("button", name="Continue to the bank").click()
            bank = await opening.value
            await bank.get_by_role("heading", name="KontoBank").wait_for()
            await page.get_by_text("seems to be closed").wait_for()
            await page.wait_for_timeout(1000)  # longer than the page takes to look again
            assert await page.locator("#widget").get_attribute("data-view") == "redirect"
            await bank.evaluate(
                "url => { setTimeout(() => { location.href = url; }, 0); }", f"{signin}/signin/callback"
            )
            await page.locator("#widget[data-view='signedIn']").wait_for()
            assert not [path for _, path in fake.requests if path.endswith("/back")]
            await browser.close()
