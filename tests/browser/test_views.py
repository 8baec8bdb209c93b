"""Every view of the widget: drawn, looked at in four ways, and without a finding of axe."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser
from tests.browser.conftest import Complaints, Stage
from tests.browser.states import STATES
from tests.browser.watching import picture, violations

LOOKS = (("wide-light", 900, 640, "light"), ("phone-dark", 390, 760, "dark"))


@pytest.mark.parametrize("name", STATES)
async def test_a_view_breaks_no_rule_of_accessibility(
    name: str, browser: Browser, stage: Stage, complaints: Complaints
) -> None:
    for look, width, height, scheme in LOOKS:
        context = await browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        page = await context.new_page()
        complaints.listen(page)
        await page.goto(f"{stage.signin}/signin/?client=c&locale=en&showFavicons=true&show={name}")
        await page.locator("#widget .view").wait_for()
        await picture(page, f"{name}-{look}")
        assert await violations(page) == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await context.close()
    assert complaints.texts == []
