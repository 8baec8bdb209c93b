"""An owner sends real statements of the practice bank through the PDF widget, with nothing replaced."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.async_api import BrowserContext, expect
from tests.browser.conftest import Complaints
from tests.browser.fake_signin import client_site
from tests.browser.test_pdf_widget import CLIENT_PAGE
from tests.browser.watching import picture, violations
from tests.connectors.walking import practice_bank
from tests.widget.conftest import Server, own_database, serving

from kontora.main import administer
from kontora.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(
    tmp_path_factory: pytest.TempPathFactory, postgres_url: str, template_database: str
) -> Iterator[tuple[Server, str, dict[str, str]]]:
    """Kontora, KontoBank, and a client's site that may embed the widget."""
    folder = tmp_path_factory.mktemp("pdf-browser")
    pages: dict[str, str] = {}
    with (
        practice_bank() as bank_url,
        own_database(postgres_url, template_database) as database_url,
        serving(folder, bank_url, database_url) as server,
        client_site(pages) as origin,
    ):
        asyncio.run(_allow(server, origin))
        yield server, origin, pages


async def _allow(server: Server, origin: str) -> None:
    settings = Settings(database_url=server.database_url, data_dir=server.folder / "data", practice=True)
    async with administer(settings) as administration:
        await administration.set_client("lender-test", origins=(origin,))


def _issued(server: Server, **order: Any) -> bytes:
    request = Request(
        f"{server.bank_url}/control/statement",
        data=json.dumps({"login": "single", **order}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as answer:
        return bytes(answer.read())


async def test_genuine_statements_are_accepted_and_an_altered_one_is_refused(
    site: tuple[Server, str, dict[str, str]], context: BrowserContext, complaints: Complaints
) -> None:
    server, origin, pages = site
    options = "{client: 'lender-test', locale: 'en', ownerExternalId: 'o-9'}"
    call = f"embedKontomatikPdf(Object.assign({options}, EVERY));"
    script = f'<script src="{server.url}/assets/pdf-widget.js"></script>'
    pages["/pdf"] = CLIENT_PAGE.format(scripts=script, call=call)
    page = await context.new_page()
    complaints.listen(page)
    await page.goto(f"{origin}/pdf")
    frame = page.frame_locator("#kontomatik-pdf iframe")
    await frame.get_by_role("combobox", name="Your bank").fill("konto")
    await frame.get_by_role("option", name="KontoBank").first.click()
    first = f"{date.today().year}-{date.today().month:02d}-01"
    genuine = await asyncio.to_thread(_issued, server)
    sealed = await asyncio.to_thread(_issued, server, signed=True)
    altered = genuine.replace(b"%%EOF", b"%%EOF\n% edited\n%%EOF")
    files = {f"{first}.pdf": genuine, "sealed.pdf": sealed, "altered.pdf": altered}
    await frame.get_by_label("Choose files").set_input_files(
        [{"name": name, "mimeType": "application/pdf", "buffer": pdf} for name, pdf in files.items()]
    )
    await expect(frame.locator(".file[data-state=accepted]")).to_have_count(2, timeout=30_000)
    await expect(frame.locator(".file[data-state=refused]")).to_have_count(1, timeout=30_000)
    await picture(page, "real-pdf-files")
    assert await violations(page.frames[1]) == []
    await frame.get_by_role("button", name="Finish").click()
    await frame.get_by_role("heading", name="All done").wait_for()
    seen = await page.evaluate("window.seen")
    accepted = [told[1] for told in seen if told[0] == "onSuccess"]
    assert [one["fileName"] for one in accepted] == [f"{first}.pdf", "sealed.pdf"]
    (refused,) = [told[1:] for told in seen if told[0] == "onError"]
    assert refused[0] == "PdfVerificationFailed"
    (finished,) = [told[1] for told in seen if told[0] == "onFinished"]
    assert finished["ownerExternalId"] == "o-9"
    assert [one["statementId"] for one in finished["statements"]] == [one["statementId"] for one in accepted]
    # What the browser says of an answer that refuses is no fault of the page.
    assert [text for text in complaints.texts if "422" not in text] == []
