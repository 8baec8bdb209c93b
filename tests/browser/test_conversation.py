"""The page in the iframe, step by step: keyboard, challenges, redirect, retries, and what stays behind."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import BrowserContext, Page
from tests.browser.conftest import Complaints, Stage
from tests.browser.states import OTHERS, QUESTIONS, STATES, State

CANARY = "Kanarek-7f3a!"


async def _open(context: BrowserContext, stage: Stage, *script: State, query: str = "") -> Page:
    stage.fake.script = list(script)
    page = await context.new_page()
    await page.goto(f"{stage.signin}/signin/?client=c&locale=en{query}")
    await page.locator("#widget .view").wait_for()
    return page


async def _view(page: Page, name: str) -> None:
    await page.locator(f"#widget[data-view='{name}']").wait_for()


async def _come_back(bank: Page, stage: Stage) -> None:
    """Let the bank's window go to the callback; it closes itself there."""
    await bank.wait_for_load_state()
    await bank.evaluate(
        "url => { setTimeout(() => { location.href = url; }, 0); }", f"{stage.signin}/signin/callback"
    )


async def test_the_whole_sign_in_works_by_keyboard_alone(context: BrowserContext, stage: Stage) -> None:
    script = [QUESTIONS["login"], QUESTIONS["choice"], QUESTIONS["masked"], QUESTIONS["token"]]
    page = await _open(context, stage, *script)
    keys = page.keyboard
    await keys.press("Tab")  # country
    await keys.press("Tab")  # search
    await keys.type("zolty los")
    await keys.press("Enter")
    await _view(page, "questions")
    await keys.type("test1")
    await keys.press("Tab")
    await keys.type("Test123")
    await keys.press("Enter")
    await page.get_by_role("radio").first.wait_for()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await page.get_by_label("Character 1 of 12").wait_for()
    await keys.type("abcde")
    await keys.press("Enter")
    await page.get_by_label("Code from the token").wait_for()
    await keys.type("993311")
    await keys.press("Enter")
    await _view(page, "signedIn")
    assert stage.fake.last.chosen[0]["institution"] == "Zolty"
    assert stage.fake.last.answers == [
        {"STATIC_LOGIN": "test1", "STATIC_PASSWORD": "Test123"},
        {"CHOICE": "push"},
        {"STATIC_PASSWORD": "abcde"},
        {"HARDWARE_TOKEN": "993311"},
    ]


@pytest.mark.parametrize(("typed", "expected"), [
    ("zolty", ["Bank Żółty Łoś"]), ("ŁOŚ", ["Bank Żółty Łoś"]), ("ceska", ["Česká kampelička"]),
    ("bank lip", ["Bank Pod Lipami"]), ("nothing like it", []),
])  # fmt: skip
async def test_the_search_ignores_case_and_diacritics(
    typed: str, expected: list[str], context: BrowserContext, stage: Stage
) -> None:
    page = await _open(context, stage)
    await page.get_by_role("combobox", name="Your bank").fill(typed)
    assert await page.locator("[role=option] .bank-name").all_inner_texts() == expected


async def test_the_list_follows_the_arrow_keys(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, query="&showDefaultTarget=false")
    search = page.get_by_role("combobox", name="Your bank")
    await search.focus()
    assert await search.get_attribute("aria-activedescendant") is None
    for key in ("ArrowDown", "ArrowDown", "ArrowUp", "PageDown"):
        await page.keyboard.press(key)
    active = await search.get_attribute("aria-activedescendant")
    assert await page.locator("[role=option][aria-selected=true]").get_attribute("id") == active
    assert await page.locator(f"#{active} .bank-name").inner_text() == "Banco de la Encina"


async def test_a_country_filters_the_banks(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage)
    await page.get_by_label("Country").select_option("lt")
    assert await page.locator("[role=option] .bank-name").all_inner_texts() == ["Stumbro bankas"]


@pytest.mark.parametrize(("name", "value"), [
    ("sms", "123456"), ("otp", "Test123"), ("code-list", "77 11"), ("captcha", "w7Qp"), ("token", "1234"),
])  # fmt: skip
async def test_a_code_arrives_as_it_was_typed(
    name: str, value: str, context: BrowserContext, stage: Stage
) -> None:
    page = await _open(context, stage, query=f"&show={name}")
    await page.locator("form input").fill(value)
    await page.get_by_role("button", name="Next").click()
    await _view(page, "signedIn")
    assert list(stage.fake.last.answers[0].values()) == [value]


async def test_a_security_picture_is_confirmed_or_refused(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, query="&show=picture")
    await page.get_by_label("No, this is not my picture").check()
    await page.get_by_label("Password").fill("x")
    await page.get_by_role("button", name="Next").click()
    await _view(page, "signedIn")
    assert stage.fake.last.answers == [{"PICTURE": "no", "STATIC_PASSWORD": "x"}]


async def test_a_pasted_password_fills_the_boxes_that_are_asked(
    context: BrowserContext, stage: Stage
) -> None:
    page = await _open(context, stage, query="&show=masked")
    paste = (
        "box => { const data = new DataTransfer(); data.setData('text', 'abcdefghijkl');"
        " const how = {clipboardData: data, bubbles: true, cancelable: true};"
        " box.dispatchEvent(new ClipboardEvent('paste', how)); }"
    )
    await page.locator("input.box").first.evaluate(paste)
    await page.get_by_role("button", name="Next").click()
    await _view(page, "signedIn")
    assert stage.fake.last.answers == [{"STATIC_PASSWORD": "acdhk"}]


async def test_an_empty_field_is_pointed_at(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, query="&show=login")
    await page.get_by_label("Login").fill("test1")
    await page.get_by_role("button", name="Next").click()
    assert await page.get_by_role("alert").inner_text() == "Please fill in every field."
    assert await page.evaluate("document.activeElement.type") == "password"
    assert stage.fake.last.answers == []


async def test_nothing_of_a_credential_stays_behind(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, OTHERS["signed-in"], query="&show=login")
    await page.get_by_label("Login").fill(CANARY)
    await page.get_by_label("Password").fill(CANARY)
    await page.get_by_role("button", name="Next").click()
    await _view(page, "signedIn")
    left = await page.evaluate(
        "JSON.stringify([document.documentElement.outerHTML, {...localStorage}, {...sessionStorage},"
        " document.cookie, location.href, history.length, history.state,"
        " [...document.querySelectorAll('input')].map((one) => one.value)])"
    )
    left += json.dumps(await page.evaluate("indexedDB.databases()"))
    assert CANARY not in left
    assert "5f5f5f" not in left  # the signature
    sent = b"".join(stage.fake.bodies) + json.dumps(stage.fake.requests).encode()
    assert CANARY.encode() not in sent
    assert stage.fake.last.answers == [{"STATIC_LOGIN": CANARY, "STATIC_PASSWORD": CANARY}]


async def test_the_bank_opens_in_a_window_and_its_end_is_seen(
    context: BrowserContext, stage: Stage, complaints: Complaints
) -> None:
    page = await _open(context, stage, OTHERS["signed-in"], query="&show=redirect")
    complaints.listen(page)
    async with page.expect_popup() as opening:
        await page.get_by_role("button", name="Continue to the bank").click()
    bank = await opening.value
    await bank.wait_for_load_state()
    assert await bank.evaluate("window.opener") is None
    async with bank.expect_event("close"):
        await _come_back(bank, stage)
    await _view(page, "signedIn")
    assert complaints.texts == []


async def test_a_window_closed_by_hand_can_be_opened_again(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, query="&show=redirect")
    async with page.expect_popup() as opening:
        await page.get_by_role("button", name="Continue to the bank").click()
    await (await opening.value).close()
    await page.get_by_text("seems to be closed").wait_for()
    async with page.expect_popup() as opening:
        await page.get_by_role("button", name="Open again").click()
    await (await opening.value).close()
    await page.get_by_text("seems to be closed").wait_for()
    await page.get_by_role("button", name="Choose another bank").click()
    await _view(page, "choose")


async def test_a_blocked_window_leaves_a_plain_link(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, OTHERS["signed-in"], query="&show=redirect")
    await page.evaluate("window.open = () => null")
    await page.get_by_role("button", name="Continue to the bank").click()
    link = page.get_by_role("link", name="Open the bank’s page")
    async with context.expect_page() as opening:
        await link.click()
    await _come_back(await opening.value, stage)
    await _view(page, "signedIn")


async def test_a_bank_that_cuts_its_window_off_does_not_stop_the_sign_in(
    context: BrowserContext, stage: Stage
) -> None:
    page = await _open(context, stage, OTHERS["signed-in"], query="&show=redirect-cut")
    async with context.expect_page() as opening:
        await page.get_by_role("button", name="Continue to the bank").click()
    bank = await opening.value
    await bank.get_by_role("heading", name="KontoBank").wait_for()
    await _come_back(bank, stage)
    await _view(page, "signedIn")


async def test_in_the_same_window_the_owner_goes_and_returns(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, query="&show=redirect-same")
    await page.get_by_role("button", name="Continue to the bank").click()
    await page.get_by_role("heading", name="KontoBank").wait_for()
    stage.pages["/return"] = "<!doctype html><title>Back</title><h1>Back at the client</h1>"
    done = {**OTHERS["signed-in"], "returnUrl": f"{stage.client}/return?redirectionId=7"}
    page = await _open(context, stage, done, query="&show=login")
    await page.get_by_label("Login").fill("a")
    await page.get_by_label("Password").fill("a")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_role("heading", name="Back at the client").wait_for()
    assert page.url.endswith("/return?redirectionId=7")


async def test_waiting_for_the_phone_ends_by_itself_or_by_cancelling(
    context: BrowserContext, stage: Stage
) -> None:
    page = await _open(context, stage, query="&show=wait")
    await page.get_by_role("button", name="Cancel").click()
    await _view(page, "choose")
    page = await _open(context, stage, OTHERS["signed-in"], query="&show=wait")
    stage.fake.last.go_on()
    await _view(page, "signedIn")


async def test_the_bar_of_an_import_moves(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, query="&show=importing&autoImport=true")
    assert await page.get_by_role("progressbar").get_attribute("value") == "42"
    stage.fake.last.go_to({**STATES["importing"], "progress": 0.8})
    await page.wait_for_function("document.querySelector('progress').value === 80")
    stage.fake.last.go_to(STATES["imported"])
    await _view(page, "imported")


async def test_a_failed_sign_in_can_be_tried_again_at_the_same_bank(
    context: BrowserContext, stage: Stage
) -> None:
    page = await _open(context, stage, QUESTIONS["login"], query="&show=failed-owner")
    await page.get_by_role("button", name="Try again").click()
    await _view(page, "questions")
    assert stage.fake.last.chosen[-1]["institution"] == "KontoBank"


async def test_a_lost_connection_is_told_and_survived(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, OTHERS["signed-in"], query="&show=working")
    stage.fake.down = True
    await page.locator("#offline:not([hidden])").wait_for()
    stage.fake.down = False
    stage.fake.last.go_on()
    await _view(page, "signedIn")


async def test_an_ended_conversation_leads_to_a_fresh_start(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, query="&show=login")
    stage.fake.conversations.clear()
    await page.get_by_label("Login").fill("a")
    await page.get_by_label("Password").fill("a")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_text("not finished in time").wait_for()
    await page.get_by_role("button", name="Start again").click()
    await _view(page, "questions")


async def test_a_client_that_names_the_bank_skips_the_choice(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, QUESTIONS["login"], query="&target=CeskaApi")
    await _view(page, "questions")
    assert stage.fake.last.chosen[0]["target"] == "CeskaApi"
    assert await page.get_by_role("button", name="Change bank").count() == 0
