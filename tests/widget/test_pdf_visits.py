"""The server of the PDF widget: who may frame its page, what it takes, and where the files go."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from tests.widget.conftest import Server
from tests.widget.owners import Browser
from tests.widget.test_pages import ORIGINS, POLICY

pytestmark = pytest.mark.xdist_group("widget")


async def issued(http: aiohttp.ClientSession, server: Server, **order: Any) -> bytes:
    """Let the practice bank issue a document."""
    async with http.post(f"{server.bank_url}/control/statement", json={"login": "single", **order}) as reply:
        assert reply.status == 200, await reply.text()
        return await reply.read()


def last_month() -> str:
    """The newest month that a statement is issued for."""
    today = date.today()
    return f"{today.year - (today.month == 1)}-{(today.month - 2) % 12 + 1:02d}"


async def opened(browser: Browser, **options: str) -> dict[str, Any]:
    """Load the page; gives what it was told."""
    page = await browser.get(f"/pdf/?{urlencode({'client': 'lender-test', 'locale': 'en', **options})}")
    assert page.status == 200, page.text
    return page.start


async def sent(
    browser: Browser, token: str, pdf: bytes, *, target: str = "KontoBank", **more: str
) -> tuple[int, dict[str, Any]]:
    """Send a file as the page does."""
    form = aiohttp.FormData()
    for name, value in {"target": target, **more}.items():
        form.add_field(name, value)
    form.add_field("pdf", pdf, filename="may.pdf", content_type="application/pdf")
    headers = {"X-Visit-Token": token}
    async with browser.http.post(f"{browser.url}/pdf/files", data=form, headers=headers) as reply:
        told: dict[str, Any] = await reply.json()
        return reply.status, told


async def finished(browser: Browser, token: str) -> int:
    """End the visit."""
    async with browser.http.post(f"{browser.url}/pdf/finish", json={"token": token}) as reply:
        return reply.status


async def test_only_the_clients_origins_may_frame_the_page(browser: Browser) -> None:
    page = await browser.get("/pdf/?client=lender-test")
    assert page.status == 200
    assert page.policy == POLICY | {"frame-ancestors": ORIGINS}
    unknown = await browser.get("/pdf/?client=nobody-test")
    assert unknown.status == 404
    assert unknown.policy == POLICY | {"frame-ancestors": "'none'"}


async def test_the_page_lists_banks_with_the_documents_that_are_read(browser: Browser) -> None:
    start = await opened(browser, country="pl", ownerExternalId="o-7")
    banks = {bank["name"]: bank for bank in start["targets"]}
    assert {"KontoBank", "MBank", "Alior"} <= banks.keys()
    assert banks["KontoBank"]["documents"] == ["Wyciąg z rachunku bankowego"]
    assert banks["KontoBank"]["favicon"]
    assert start["ownerExternalId"] == "o-7"
    assert start["countries"] == ["pl"]


async def test_practice_documents_are_hidden_from_the_owners_of_production_clients(browser: Browser) -> None:
    page = await browser.get("/pdf/?client=lender")
    assert "KontoBank" not in {bank["name"] for bank in page.start["targets"]}


async def test_a_file_of_the_owner_joins_their_data(
    browser: Browser, http: aiohttp.ClientSession, server: Server
) -> None:
    owner = f"o-{secrets.token_hex(6)}"
    start = await opened(browser, ownerExternalId=owner)
    pdf = await issued(http, server, month=last_month())
    status, told = await sent(browser, start["token"], pdf)
    assert status == 200, told
    assert (told["target"], told["officialName"], told["fileName"]) == ("KontoBank", "KontoBank", "may.pdf")
    assert told["isConsistent"] is True and told["count"] > 0
    headers = {"X-Api-Key": server.keys["lender-test"]}
    address = f"{server.url}/v1/pdf/statements?ownerExternalId={owner}"
    async with http.get(address, headers=headers) as reply:
        listed = await reply.json()
    assert [one["statementId"] for one in listed["statements"]] == [told["statementId"]]
    assert await finished(browser, start["token"]) == 200


async def test_after_the_end_the_token_lets_nobody_in(
    browser: Browser, http: aiohttp.ClientSession, server: Server
) -> None:
    start = await opened(browser)
    pdf = await issued(http, server, month=last_month())
    assert await finished(browser, start["token"]) == 200
    status, told = await sent(browser, start["token"], pdf)
    assert (status, told["exception"]) == (404, "SignInExpired")
    assert await finished(browser, start["token"]) == 404
    status, told = await sent(browser, "A" * 22, pdf)
    assert (status, told["exception"]) == (404, "SignInExpired")


async def test_nothing_is_read_of_a_file_whose_visit_is_unknown(browser: Browser) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b"--x\r\n"
        await asyncio.sleep(20)

    headers = {"X-Visit-Token": "A" * 22, "Content-Type": "multipart/form-data; boundary=x"}
    async with asyncio.timeout(5):
        async with browser.http.post(f"{browser.url}/pdf/files", data=endless(), headers=headers) as reply:
            assert reply.status == 404


async def test_a_document_of_another_bank_than_was_chosen_is_refused_and_not_kept(
    browser: Browser, http: aiohttp.ClientSession, server: Server
) -> None:
    owner = f"o-{secrets.token_hex(6)}"
    start = await opened(browser, ownerExternalId=owner)
    pdf = await issued(http, server, month=last_month())
    status, told = await sent(browser, start["token"], pdf, target="MBank")
    assert (status, told["exception"]) == (400, "InvalidTarget")
    stored = server.rows(
        "select count(*) from statement s join import i using (id) join event e on e.command_id = s.id"
        " where e.outcome = 'InvalidTarget'"
    )
    assert stored == [(0,)]


async def test_an_altered_file_is_refused_in_flat_words(
    browser: Browser, http: aiohttp.ClientSession, server: Server
) -> None:
    start = await opened(browser)
    pdf = await issued(http, server, month=last_month())
    status, told = await sent(browser, start["token"], pdf + b"\n% edited\n%%EOF\n")
    assert (status, told["exception"]) == (422, "PdfVerificationFailed")
    assert set(told) == {"exception", "message"}


async def test_the_twenty_first_file_of_a_visit_is_refused(browser: Browser) -> None:
    start = await opened(browser)
    for _ in range(20):
        status, told = await sent(browser, start["token"], b"no pdf")
        assert (status, told["exception"]) == (422, "NotPdf")
    status, told = await sent(browser, start["token"], b"no pdf")
    assert (status, told["exception"]) == (429, "RateLimitExceeded")


@pytest.mark.parametrize("body", [b"{}", b"[]", b"canary-2a", b'{"token": 3}', b"[" * 5000])
async def test_a_malformed_message_is_refused_and_not_repeated(browser: Browser, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with browser.http.post(f"{browser.url}/pdf/finish", data=body, headers=headers) as reply:
        assert reply.status == 400
        assert json.loads(await reply.text())["exception"] == "InvalidParameter"
        assert b"canary" not in await reply.read()


async def test_the_password_of_a_file_is_in_no_log_and_no_table(
    browser: Browser, http: aiohttp.ClientSession, server: Server
) -> None:
    secret = f"Kanarek-{secrets.token_hex(8)}"
    start = await opened(browser)
    pdf = await issued(http, server, month=last_month())
    status, _ = await sent(browser, start["token"], pdf, password=secret)
    assert status == 200
    assert secret not in server.log
    for (table,) in server.rows("select tablename from pg_tables where schemaname = 'public'"):
        assert server.rows(f"select count(*) from {table} t where t::text like %s", f"%{secret}%") == [(0,)]
