"""`kontora demo` serves a lender's page: it embeds the widget, tells what it is told, and shows the data."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext
from tests.browser.conftest import Complaints
from tests.browser.signing_in import answer_everything, widget_frame
from tests.browser.watching import picture, violations

pytestmark = pytest.mark.slow
KONTORA = str(Path(sys.executable).with_name("kontora"))


@pytest.fixture(scope="module")
def lender_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running demo; gives the address of the lender's page."""
    environment = {**os.environ, "TMPDIR": str(tmp_path_factory.mktemp("demo")), "COLUMNS": "100"}
    with subprocess.Popen([KONTORA, "demo"], stdout=subprocess.PIPE, text=True, env=environment) as demo:
        try:
            assert demo.stdout is not None
            found = None
            for line in demo.stdout:
                if found := re.search(r"A lender's page\s+(\S+)", line):
                    break
            assert found is not None
            yield found[1]
        finally:
            demo.send_signal(signal.SIGINT)
            demo.communicate(timeout=40)


async def test_a_lenders_customer_signs_in_and_the_lender_has_the_data(
    context: BrowserContext, lender_url: str, complaints: Complaints
) -> None:
    page = await context.new_page()
    await page.set_viewport_size({"width": 1180, "height": 900})
    complaints.listen(page)
    await page.goto(lender_url)
    await page.frame_locator("iframe").locator(".bank").first.wait_for()
    await picture(page, "lender-begin")
    assert await violations(page) == []
    await page.get_by_label("Way into the bank").select_option("web")
    await page.frame_locator("iframe").get_by_role("button", name="Next").wait_for()
    await answer_everything(widget_frame(page), "test1")
    await page.get_by_role("table").first.wait_for(timeout=20_000)
    names = await page.locator("#callbacks strong").all_inner_texts()
    assert names.index("onInitialized") < names.index("onTargetSelected") < names.index("onSuccess")
    assert not re.search(r"[0-9a-f]{64}", await page.locator("#callbacks").inner_text())
    assert "money transactions" in await page.locator("#result").inner_text()
    await picture(page, "lender-end")
    await page.set_viewport_size({"width": 390, "height": 860})
    await picture(page, "lender-phone")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await violations(page) == []
    assert complaints.texts == []
