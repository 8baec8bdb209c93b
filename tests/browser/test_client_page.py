"""The script on the client's page: the iframe, the options, the callbacks, the popup."""

from __future__ import annotations

import asyncio
from typing import Any

from playwright.async_api import BrowserContext, FrameLocator, Page
from tests.browser.conftest import Complaints, Stage
from tests.browser.states import OTHERS, PAIR, QUESTIONS
from tests.browser.watching import picture

MISSING = 'Unable to embed widget. Reason: missing element with id="nowhere"'


async def _seen(page: Page, name: str) -> list[Any]:
    await page.wait_for_function("name => window.seen.some((one) => one[0] === name)", arg=name)
    found: list[Any] = await page.evaluate("name => window.seen.filter((one) => one[0] === name)", name)
    return found


def _widget(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


async def _choose(page: Page, name: str = "KontoBank") -> None:
    await _widget(page).get_by_role("option", name=name).first.click()


async def test_a_page_of_the_original_documentation_receives_its_session(
    context: BrowserContext, stage: Stage, complaints: Complaints
) -> None:
    stage.fake.script = [QUESTIONS["login"]]
    page = await context.new_page()
    complaints.listen(page)
    await page.goto(
        stage.page("{client: 'demo', divId: 'kontomatik', locale: 'en', showFavicons: true}", path="/d")
    )
    await _choose(page)
    await _widget(page).get_by_label("Login").fill("test1")
    await _widget(page).get_by_label("Password").fill("Test123")
    await picture(page, "client-page")
    await _widget(page).get_by_role("button", name="Next").click()
    [succeeded] = await _seen(page, "onSuccess")
    assert succeeded[1:] == ["KontoBankApi", PAIR["sessionId"], PAIR["sessionIdSignature"], PAIR["options"]]
    assert stage.fake.last.answers == [{"STATIC_LOGIN": "test1", "STATIC_PASSWORD": "Test123"}]
    assert await _seen(page, "onInitialized") == [
        ["onInitialized", {"application": {"state": "widgetInitialized"}}]
    ]
    assert await _seen(page, "onStarted") == [["onStarted"]]
    assert await _seen(page, "onCredentialEntered") == [["onCredentialEntered"]]
    chosen = {"name": "KontoBankApi", "officialName": "KontoBank"}
    assert await _seen(page, "onTargetSelected") == [["onTargetSelected", chosen]]
    assert complaints.texts == []


async def test_an_error_arrives_with_target_session_and_message(
    context: BrowserContext, stage: Stage
) -> None:
    stage.fake.script = [OTHERS["failed-owner"]]
    page = await context.new_page()
    await page.goto(stage.page("{client: 'demo', locale: 'en'}"))
    await _choose(page)
    [told] = await _seen(page, "onError")
    about = {"target": "KontoBankApi", "sessionId": PAIR["sessionId"]}
    assert told[1:] == ["InvalidCredentials", {**about, "message": "KontoBankApi: InvalidCredentials"}]


async def test_a_missing_bank_is_reported_with_country_and_address(
    context: BrowserContext, stage: Stage
) -> None:
    page = await context.new_page()
    await page.goto(stage.page("{client: 'demo', locale: 'en', country: 'cz'}"))
    widget = _widget(page)
    await widget.get_by_role("button", name="My bank is not listed").click()
    await widget.get_by_label("Name of the bank").fill("Banka pod horami")
    await widget.get_by_label("Address of its website").fill("www.example.cz")
    await widget.get_by_role("button", name="Send").click()
    await widget.get_by_role("heading", name="Thank you").wait_for()
    [told] = await _seen(page, "onUnsupportedTarget")
    assert told[1:] == [{"target": "Banka pod horami", "country": "cz", "address": "www.example.cz"}]


async def test_a_click_on_the_screenshot_and_the_end_of_the_page_are_told(
    context: BrowserContext, stage: Stage
) -> None:
    stage.fake.script = [QUESTIONS["login-named"]]
    page = await context.new_page()
    await page.goto(stage.page("{client: 'demo', locale: 'en'}"))
    await _choose(page)
    await _widget(page).get_by_role("button", name="This is where you usually enter it").click()
    [told] = await _seen(page, "onScreenshotClicked")
    assert told[1]["target"] == "KontoBankApi"
    await page.evaluate("document.querySelector('iframe').src = 'about:blank'")
    assert await _seen(page, "onUnloaded") == [["onUnloaded", {"application": {"state": "unloaded"}}]]


async def test_a_missing_element_is_an_alert_and_an_error(context: BrowserContext, stage: Stage) -> None:
    page = await context.new_page()
    alerts: list[str] = []
    errors: list[str] = []

    async def note(dialog: Any) -> None:
        alerts.append(dialog.message)
        await dialog.accept()

    page.on("dialog", note)
    page.on("pageerror", lambda error: errors.append(error.message))
    await page.goto(stage.page("{client: 'demo', divId: 'nowhere'}"))
    assert (alerts, errors) == ([MISSING], [MISSING])


async def test_options_travel_in_the_query_and_only_the_listed_ones(
    context: BrowserContext, stage: Stage
) -> None:
    page = await context.new_page()
    options = (
        "{client: 'demo', styles: {btnBgColor: '#112233', a: {b: {c: {d: {e: 1}}}}},"
        " psd2: {accessMode: 'MULTIPLE'}, accessMode: 'MIXED', secret: 'x', onSuccess: note('onSuccess'),"
        " showFavicons: false}"
    )
    await page.goto(stage.page(options, path="/with"))
    await _seen(page, "onStarted")
    query = stage.fake.queries[-1]
    assert query["styles[btnBgColor]"] == "#112233"
    assert not any(name.startswith("styles[a][b][c][d]") for name in query)
    assert (query["psd2[accessMode]"], query["accessMode"]) == ("MULTIPLE", "MIXED")
    assert (query["showFavicons"], query["isPopup"]) == ("false", "false")
    assert query["widgetEmbeddedUrl"] == f"{stage.client}/with"
    assert query["screenshotZoomIn"] == "true"
    assert "secret" not in query
    assert "onSuccess" not in query


async def test_the_frame_has_the_size_of_the_original(context: BrowserContext, stage: Stage) -> None:
    page = await context.new_page()
    sizes = "[...document.querySelectorAll('iframe')].map((f) => [f.offsetWidth, f.offsetHeight])"
    await page.goto(stage.page("{client: 'demo'}"))
    assert await page.evaluate(sizes) == [[400, 560]]
    await page.goto(stage.page("{client: 'demo', layout: true}"))
    [[width, height]] = await page.evaluate(sizes)
    assert (width > 800, height) == (True, 560)
    await page.goto(stage.page("{client: 'demo', dynamicHeight: true}"))
    await page.wait_for_function("document.querySelector('iframe').offsetHeight !== 560")
    frame = page.frames[1]
    content = await frame.evaluate(
        "Math.ceil(document.getElementById('widget').getBoundingClientRect().height)"
    )
    assert content == (await page.evaluate(sizes))[0][1]


async def test_two_widgets_on_one_page_do_not_mix(context: BrowserContext, stage: Stage) -> None:
    stage.fake.script = [OTHERS["signed-in"]]
    page = await context.new_page()
    second = (
        "window.first = []; window.other = [];"
        "embedKontora({client: 'demo', divId: 'second', locale: 'en',"
        " onSuccess: function (target) { window.other.push(target); }});"
    )
    await page.goto(
        stage.page("{client: 'demo', locale: 'en'}", before=second, call="embedKontox", path="/two")
    )
    await page.frame_locator("#second iframe").get_by_role("option", name="KontoBank").click()
    await page.wait_for_function("window.other.length === 1")
    assert await page.evaluate("window.seen.filter((one) => one[0] === 'onSuccess')") == []


async def test_the_popup_tells_its_opener_and_closes(context: BrowserContext, stage: Stage) -> None:
    stage.fake.script = [OTHERS["signed-in"]]
    page = await context.new_page()
    await page.goto(stage.page("{client: 'demo', locale: 'en'}", call="embedKontomatikPopup"))
    async with page.expect_popup() as opening:
        await page.get_by_role("button", name="Kontomatik SignIn").click()
    popup = await opening.value
    await popup.get_by_role("option", name="KontoBank").click()
    [told] = await _seen(page, "onSuccess")
    assert told[1] == "KontoBankApi"
    await popup.wait_for_event("close")
    assert stage.fake.queries[-1]["isPopup"] == "true"


async def test_a_message_may_be_text_and_its_first_known_key_decides(
    context: BrowserContext, stage: Stage
) -> None:
    page = await context.new_page()
    await page.goto(stage.page("{client: 'demo', locale: 'en'}"))
    await _seen(page, "onStarted")
    await page.frames[1].evaluate(
        "const both = {signedIn: {target: 'x'}, error: {exception: 'IO'}};"
        "for (const told of [JSON.stringify({kontomatik: both}),"
        " 'no json', '{}', null, {kontomatik: 7}, {kontomatik: {credentialEntered: {}}}])"
        " parent.postMessage(told, '*')"
    )
    await _seen(page, "onCredentialEntered")
    names = await page.evaluate("window.seen.map((one) => one[0])")
    assert names[-2:] == ["onError", "onCredentialEntered"]
    assert (await _seen(page, "onError"))[0][1] == "IO"


async def test_another_base_address_counts_only_in_the_test_environment(
    context: BrowserContext, stage: Stage
) -> None:
    page = await context.new_page()
    address = "document.querySelector('iframe').src.split('/signin/')[0]"
    other = "window.internal_kx_service_url = 'http://localhost:9/';"
    await page.goto(stage.page("{client: 'demo'}", before=other))
    assert await page.evaluate(address) == stage.signin
    await page.goto(stage.page("{client: 'demo'}", before=f"window.kontoraTestEnvironment = true; {other}"))
    assert await page.evaluate(address) == "http://localhost:9"


async def test_forged_messages_move_nothing(context: BrowserContext, stage: Stage) -> None:
    page = await context.new_page()
    await page.goto(stage.page("{client: 'demo', locale: 'en', dynamicHeight: true}"))
    await _seen(page, "onStarted")
    forged = (
        "for (let i = 0; i < 50; i++) window.postMessage({kontomatik: {signedIn: {target: 'x'}}}, '*');"
        'window.postMessage(\'{"kontomatik": {"error": {"cause": "x"}}}\', \'*\');'
    )
    await page.evaluate(forged)
    stranger = (
        "<script>for (let i = 0; i < 50; i++) parent.postMessage({kontomatik: {signedIn: {}}}, '*')</"
        + "script>"
    )
    await page.evaluate(
        "html => new Promise((done) => { const frame = document.createElement('iframe');"
        " frame.srcdoc = html; frame.onload = () => done(); document.body.append(frame); })",
        stranger,
    )
    await asyncio.sleep(0.3)
    names = await page.evaluate("window.seen.map((one) => one[0])")
    assert "onSuccess" not in names
    assert "onError" not in names


async def test_a_page_that_did_not_register_is_told_nothing(context: BrowserContext, stage: Stage) -> None:
    stage.fake.origins = ["https://lender.example"]
    stage.fake.frame_ancestors = "*"  # as if a browser did not know the header
    page = await context.new_page()
    await page.goto(stage.page("{client: 'demo', locale: 'en'}"))
    await _widget(page).get_by_role("option", name="KontoBank").wait_for()
    await asyncio.sleep(0.3)
    assert await page.evaluate("window.seen") == []
