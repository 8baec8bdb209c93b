"""One Chromium for all browser tests; a fresh context, and a double of the server, for each."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright
from tests.browser.chromium import FLAGS, chromium
from tests.browser.fake_signin import FakeSignIn, client_site, fake_signin

HERE = Path(__file__).parent
TIMEOUT_MS = 10_000
REAL = ("test_real_sign_in.py", "test_real_pdf.py", "test_lender.py")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let browser tests share one event loop, and two workers: one for the double, one for real servers."""
    for item in items:
        if HERE in item.path.parents and inspect.iscoroutinefunction(getattr(item, "function", None)):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            is_real = item.path.name in REAL
            item.add_marker(pytest.mark.xdist_group("browser-real" if is_real else "browser"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A running Chromium."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A fresh context: no storage, no cookies."""
    fresh = await browser.new_context(
        viewport={"width": 900, "height": 700}, locale="en-GB", reduced_motion="reduce"
    )
    fresh.set_default_timeout(TIMEOUT_MS)
    yield fresh
    await fresh.close()


@dataclass
class Complaints:
    """What a page wrote to its console as an error: broken rules of the CSP, exceptions."""

    texts: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        """Collect from a page and its frames."""
        page.on("pageerror", lambda error: self.texts.append(str(error)))
        page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.texts.append(message.text)


@pytest.fixture
def complaints() -> Complaints:
    """Errors of the pages that listen to it."""
    return Complaints()


@dataclass
class Stage:
    """The double of the sign-in server and a client's site on another origin."""

    fake: FakeSignIn
    signin: str
    client: str
    pages: dict[str, str]

    def page(self, options: str, *, before: str = "", call: str = "embedKontomatik", path: str = "/") -> str:
        """Put up a client's page that embeds the widget with `options` (JavaScript); return its URL."""
        self.pages[path] = CLIENT_PAGE.format(
            script=f"{self.signin}/assets/signin-widget.js", options=options, before=before, call=call
        )
        return self.client + path


CLIENT_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A client's page</title>
<body><h1>A client's page</h1><div id="kontomatik"></div><div id="second"></div>
<script src="{script}"></script>
<script>
window.seen = [];
function note(name) {{ return function () {{ window.seen.push([name].concat([].slice.call(arguments))); }}; }}
var EVERY = {{}};
['onSuccess', 'onError', 'onUnsupportedTarget', 'onInitialized', 'onUnloaded', 'onStarted',
 'onTargetSelected', 'onCredentialEntered', 'onScreenshotClicked'
].forEach(function (name) {{ EVERY[name] = note(name); }});
{before}
{call}(Object.assign({{}}, EVERY, {options}));
</script></body></html>"""


@pytest.fixture
def stage() -> Iterator[Stage]:
    """The double of the server, which lets the client's origin embed it."""
    pages: dict[str, str] = {}
    with fake_signin() as (fake, signin), client_site(pages) as client:
        fake.origins = [client]
        yield Stage(fake, signin, client, pages)
