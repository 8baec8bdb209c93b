"""Owners at the web bank by Playwright with Chromium, as it is usually done. Run as a script that obeys."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from tests.browser.chromium import chromium

from bench.fallback_owner import FIRST_DAY, PASSWORD, ROOT
from bench.orders import obey

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Everything that stands on a page, in one call; a locator for each field would cost far more.
WORDS = "() => [...document.querySelectorAll('main dd, main td, main li span')].map(one => one.textContent)"
LINKS = "found => found.map(one => one.href)"
ITEMS = "table.booked tbody tr, table.blocked tbody tr"


class Owners:
    """Signs owners in, each in a context of its own, and reads what they have."""

    def __init__(self, browser: Browser, bank_url: str) -> None:
        self._browser = browser
        self._root = bank_url + ROOT
        self.held: list[BrowserContext] = []

    async def hold(self, logins: Sequence[str]) -> int:
        """Sign owners in and leave their pages open; return how many are open now."""
        for login in logins:
            self.held.append((await self._signed_in(login)).context)
        return len(self.held)

    async def read(self, logins: Sequence[str]) -> int:
        """Sign in and read, one owner after the other; return how many money transactions came."""
        count = 0
        for login in logins:
            page = await self._signed_in(login)
            await _follow(page, "nav a[href$='/accounts']", "main#accounts")
            count += await self._places(page, "table.accounts-table td a")
            await _follow(page, "nav a[href$='/profile']", "main#profile")
            await page.evaluate(WORDS)
            await _follow(page, "nav a[href$='/cards']", "main#cards")
            count += await self._places(page, "table.cards-table td a")
            await page.context.close()
        return count

    async def _signed_in(self, login: str) -> Page:
        page = await (await self._browser.new_context()).new_page()
        await page.goto(f"{self._root}/login")
        await page.fill("#name", login)
        await page.click("#login-form button")
        await page.fill("#password-field", PASSWORD)
        await page.click("#password-form button")
        await page.fill("#code", PASSWORD)
        await page.click("#code-form button")
        await page.wait_for_selector("main#accounts")
        return page

    async def _places(self, page: Page, links: str) -> int:
        """Read each account or card of a list, and its history; return the number of money transactions."""
        await page.evaluate(WORDS)
        count = 0
        for link in await page.eval_on_selector_all(links, LINKS):
            await page.goto(link)
            await page.evaluate(WORDS)
            await page.goto(f"{link}/history?from={FIRST_DAY}")
            while True:
                await page.evaluate(WORDS)
                count += await page.eval_on_selector_all(ITEMS, "found => found.length")
                older = await page.eval_on_selector_all("p.pages a[rel=next]", LINKS)
                if not older:
                    break
                await page.goto(older[0])
        return count


async def _follow(page: Page, link: str, mark: str) -> None:
    """Click a link and wait for its page."""
    async with page.expect_navigation():
        await page.click(link)
    await page.wait_for_selector(mark)


async def main() -> None:
    """Obey until the end of standard input."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=await asyncio.to_thread(chromium), args=list(FLAGS)
        )
        owners = Owners(browser, sys.argv[1])
        await obey({"hold": owners.hold, "read": owners.read})
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
