"""Who may frame the widget's pages, what may run in them, and what they keep of the page around them."""

from __future__ import annotations

import json

import aiohttp
import pytest
from tests.widget.conftest import ORIGIN, Server
from tests.widget.owners import Browser, Page

pytestmark = pytest.mark.xdist_group("widget")

CANARY = "canary-8f1d2c"
ORIGINS = f"{ORIGIN} file:"
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "font-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
}


@pytest.mark.parametrize("path", ["/signin/", "/popup/signin/", "/"])
async def test_a_clients_registered_origins_may_frame_the_page_and_nobody_else(
    browser: Browser, path: str
) -> None:
    page = await browser.get(f"{path}?client=lender-test")
    assert page.status == 200
    assert page.policy == POLICY | {"frame-ancestors": ORIGINS}


@pytest.mark.parametrize(
    ("query", "status", "reason", "ancestors"),
    [
        ("client=nobody-test", 404, "unknownClient", "'none'"),
        ("client=", 404, "unknownClient", "'none'"),
        ("", 404, "unknownClient", "'none'"),
        ("client=lender-test&client=bare-test", 400, "badOptions", "'none'"),
        ("client=lender-test&maxImportDate=yesterday", 400, "badOptions", ORIGINS),
        ("client=lender-test&maxImportDate=2999-01-01", 400, "badOptions", ORIGINS),
        ("client=lender-test&accessMode=TWICE", 400, "badOptions", ORIGINS),
        ("client=lender-test&ownerExternalId=%01", 400, "badOptions", ORIGINS),
        ("client=bare-test&since=x", 400, "badOptions", "'none'"),
    ],
)
async def test_a_page_of_refusal_is_framed_by_the_same_origins(
    browser: Browser, query: str, status: int, reason: str, ancestors: str
) -> None:
    page = await browser.get(f"/signin/?{query}")
    assert (page.status, f'data-reason="{reason}"' in page.text) == (status, True)
    assert page.policy == POLICY | {"frame-ancestors": ancestors}


async def test_a_client_without_origins_is_framed_by_nobody(browser: Browser) -> None:
    page = await browser.get("/signin/?client=bare-test")
    assert page.policy["frame-ancestors"] == "'none'"
    assert page.start["origins"] == []


async def test_redirects_and_their_refusals_say_who_may_frame_them(browser: Browser) -> None:
    visit = await browser.open()
    state = await visit.choose(institution="KontoBank")
    away = await browser.get(state["redirect"]["url"], Sec_Fetch_Site="same-origin")
    assert away.policy["frame-ancestors"] == ORIGINS
    for path in ("/signin/redirect/x", "/signin/link/x", "/signin/callback", "/signin/callback?state=x"):
        page = await browser.get(path)
        assert (page.status, page.policy["frame-ancestors"]) == (410, "'none'")


def _hardened(page: Page) -> None:
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in page.headers["Permissions-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert len([name for name in page.headers if name.lower() == "content-security-policy"]) == 1


async def test_every_page_is_hardened_and_kept_by_nobody(browser: Browser) -> None:
    for path in (
        "/signin/?client=lender-test",
        "/popup/signin/?client=lender-test",
        "/signin/?client=nobody-test",
        "/signin/redirect/x",
        "/signin/callback?state=x",
        "/signin/link/x",
    ):
        _hardened(await browser.get(path))


async def test_a_window_that_was_opened_keeps_its_opener_and_a_page_in_a_frame_its_windows(
    browser: Browser,
) -> None:
    opener = "Cross-Origin-Opener-Policy"
    popup = await browser.get("/popup/signin/?client=lender-test")
    framed = await browser.get("/signin/?client=lender-test")
    assert (popup.headers[opener], framed.headers[opener]) == ("unsafe-none", "same-origin-allow-popups")


async def test_nothing_is_written_inline(browser: Browser) -> None:
    page = await browser.get("/signin/?client=lender-test&styles[btnBgColor]=%23ff0000")
    assert "<style" not in page.text
    assert " style=" not in page.text
    assert page.text.count("<script") == page.text.count("<script type=")


async def test_the_address_around_the_widget_is_reduced_to_its_origin(
    browser: Browser, server: Server
) -> None:
    embedded = f"{ORIGIN}/basket/{CANARY}?token={CANARY}#{CANARY}"
    visit = await browser.open(widgetEmbeddedUrl=embedded)
    await visit.choose(target="KontoBank")
    assert CANARY not in json.dumps(visit.start)
    dump = str(server.rows("select * from conversation")) + str(server.rows("select * from event"))
    assert CANARY not in dump + server.log


async def test_options_are_taken_flat_or_nested_and_the_flat_one_wins(browser: Browser) -> None:
    both = {"autoImport": "false", "psd2[autoImport]": "true"}
    assert (await browser.open(**both)).start["options"]["autoImport"] is False
    assert (await browser.open(**{"psd2[autoImport]": "6"})).start["options"]["autoImport"] is True


async def test_only_listed_styles_with_plain_colours_reach_the_page(browser: Browser) -> None:
    visit = await browser.open(
        **{
            "styles[btnBgColor]": "#00ff00",
            "styles[textColor]": "url(https://evil.example/)",
            "styles[bodyBgColor]": "red;}body{display:none",
            "styles[borderRadius]": "4",
            "styles[position]": "fixed",
        }
    )
    assert visit.start["options"]["styles"] == {"btnBgColor": "#00ff00", "borderRadius": "4"}


async def test_markup_in_options_stays_text(browser: Browser) -> None:
    page = await browser.get("/signin/?client=lender-test&clientIdentity=%3C/script%3E%3Cscript%3Ealert(1)")
    assert "<script>alert(1)" not in page.text
    assert page.start["clientName"] == "</script><script>alert(1)"


async def test_the_page_lists_banks_of_the_country(browser: Browser) -> None:
    visit = await browser.open(country="cz")
    assert {target["country"] for target in visit.start["targets"]} == {"cz"}


async def test_files_are_compressed_kept_and_open_to_other_origins(
    http: aiohttp.ClientSession, server: Server
) -> None:
    address = f"{server.url}/assets/signin-widget.js"
    async with http.get(address, headers={"Accept-Encoding": "gzip"}) as reply:
        text = await reply.text()
        etag = reply.headers["ETag"]
        assert (reply.status, reply.headers["Content-Encoding"]) == (200, "gzip")
        assert reply.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert reply.headers["Cache-Control"].startswith("public")
    assert "embedKontomatik" in text
    async with http.get(address, headers={"If-None-Match": etag}) as reply:
        assert reply.status == 304
    async with http.get(f"{server.url}/assets/../pages.py") as reply:
        assert reply.status == 401


async def test_an_unknown_conversation_is_over(browser: Browser) -> None:
    visit = await browser.open()
    for token in ("", "x", "A" * 22, visit.token + "x"):
        visit.token = token
        for verb, body in (("state", {}), ("back", {}), ("choose", {"institution": "KontoBank"})):
            status, told = await visit.send(verb, **body)
            assert (status, told["exception"]) == (404, "SignInExpired")


async def test_a_conversation_lives_for_half_an_hour(browser: Browser, server: Server) -> None:
    visit = await browser.open()
    server.change("update conversation set created_at = created_at - interval '31 minutes'")
    assert (await visit.send("state"))[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"token": 1}',
        b'{"token": "canary-8f1d2c"',
        b'{"token": "a", "step": "canary-8f1d2c", "answers": [], "ephemeralKey": {}}',
        b'{"token": "a", "step": 1, "answers": [{"kind": "canary-8f1d2c", "cipherText": "%%"}], '
        b'"ephemeralKey": {}}',
        b'{"token": "a", "step": 1, "answers": [{"kind": "SMS_CODE", "cipherText": "canary-8f1d2c"}], '
        b'"ephemeralKey": {}}',
        b'{"token": "a", "step": 1, "answers": "canary-8f1d2c", "ephemeralKey": {}}',
    ],
)
async def test_a_malformed_message_is_refused_and_not_repeated(
    http: aiohttp.ClientSession, server: Server, body: bytes
) -> None:
    for verb in ("choose", "answer", "state", "back"):
        address = f"{server.url}/signin/conversation/{verb}"
        async with http.post(address, data=body, headers={"Content-Type": "application/json"}) as reply:
            assert reply.status in {400, 404}
            assert CANARY not in await reply.text()
    assert CANARY not in server.log
