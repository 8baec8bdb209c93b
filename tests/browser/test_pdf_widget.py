"""The PDF widget in Chromium: the bank, several files, the state of each, the callbacks, the end."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, FileChooser, FrameLocator, Page, expect
from playwright.async_api import TimeoutError as NothingCame
from tests.browser.conftest import Complaints, Stage
from tests.browser.fake_pdf import PASSWORD, TOKEN
from tests.browser.watching import picture, violations

from kontora.widget.texts import LOCALES, language_of, texts_of

CLIENT_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>A client's page</title>
<body><h1>A client's page</h1><div id="kontomatik"></div><div id="kontomatik-pdf"></div>
{scripts}
<script>
window.seen = [];
var EVERY = {{}};
['onSuccess', 'onError', 'onFinished', 'onInitialized', 'onStarted', 'onTargetSelected'
].forEach(function (name) {{
  EVERY[name] = function () {{ window.seen.push([name].concat([].slice.call(arguments))); }};
}});
{call}
</script></body></html>"""
PDF = b"%PDF-1.7\n% a file of a test\n"
PRESSES = 3
VIEWS = ("choose", "files", "done")
ACCEPTED = ".file[data-state=accepted]"
STATE = ".file-state"  # what is said aloud says the same


def _file(name: str, size: int | None = None) -> dict[str, Any]:
    content = PDF if size is None else PDF + b"0" * (size - len(PDF))
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def _address(stage: Stage, options: str = "{}", *, call: str = "", also: Sequence[str] = ()) -> str:
    scripts = "".join(
        f'<script src="{stage.signin}/assets/{name}.js"></script>' for name in (*also, "pdf-widget")
    )
    call = call or f"embedKontomatikPdf(Object.assign({{client: 'demo', locale: 'en'}}, EVERY, {options}));"
    stage.pages["/pdf"] = CLIENT_PAGE.format(scripts=scripts, call=call)
    return stage.client + "/pdf"


def _frame(page: Page) -> FrameLocator:
    return page.frame_locator("#kontomatik-pdf iframe")


async def _at_files(page: Page, stage: Stage, options: str = "{}") -> FrameLocator:
    await page.goto(_address(stage, options))
    frame = _frame(page)
    await frame.get_by_role("option", name="KontoBank").click()
    await frame.get_by_role("heading", name="Add your statements").wait_for()
    return frame


async def _give(frame: FrameLocator, *files: dict[str, Any]) -> None:
    await frame.get_by_label("Choose files").set_input_files(list(files))


async def _seen(page: Page, name: str) -> list[Any]:
    return [told[1:] for told in await page.evaluate("window.seen") if told[0] == name]


async def test_several_files_of_a_bank_are_sent_and_the_page_is_told_of_each(
    context: BrowserContext, stage: Stage, complaints: Complaints
) -> None:
    page = await context.new_page()
    complaints.listen(page)
    frame = await _at_files(page, stage, "{ownerExternalId: 'o-1'}")
    await expect(frame.get_by_text("Historia rachunku")).to_be_visible()
    await expect(frame.get_by_role("button", name="Finish")).to_be_disabled()
    await _give(frame, _file("may.pdf"), _file("june.pdf"))
    await expect(frame.locator(STATE).filter(has_text="Accepted. Entries read: 42")).to_have_count(2)
    await frame.get_by_role("button", name="Finish").click()
    await frame.get_by_role("heading", name="All done").wait_for()
    assert await _seen(page, "onInitialized") == [[{"application": {"state": "widgetInitialized"}}]]
    assert await _seen(page, "onTargetSelected") == [[{"name": "KontoBank", "officialName": "KontoBank"}]]
    assert await _seen(page, "onSuccess") == [
        [
            {
                "statementId": number,
                "target": "KontoBank",
                "officialName": "KontoBank",
                "fileName": name,
                "isConsistent": True,
            }
        ]
        for number, name in (("1001", "may.pdf"), ("1002", "june.pdf"))
    ]
    statements = [{"statementId": number, "target": "KontoBank"} for number in ("1001", "1002")]
    assert await _seen(page, "onFinished") == [[{"ownerExternalId": "o-1", "statements": statements}]]
    assert [file["pdf"] for file in stage.fake.pdf.files] == [PDF, PDF]
    assert {file["token"] for file in stage.fake.pdf.files} == {TOKEN}
    assert stage.fake.pdf.ended == [TOKEN]
    assert complaints.texts == []


async def test_a_refused_file_says_why_and_can_be_taken_from_the_list(
    context: BrowserContext, stage: Stage
) -> None:
    page = await context.new_page()
    frame = await _at_files(page, stage)
    await _give(frame, _file("refused-PdfVerificationFailed.pdf"))
    await expect(
        frame.locator(STATE).filter(has_text="This file is not as the bank made it.")
    ).to_be_visible()
    assert await _seen(page, "onError") == [
        [
            "PdfVerificationFailed",
            {
                "target": "KontoBank",
                "fileName": "refused-PdfVerificationFailed.pdf",
                "message": "PdfVerificationFailed happened.",
            },
        ]
    ]
    await frame.get_by_role("button", name="Remove from the list").click()
    await expect(frame.get_by_role("listitem").filter(has_text="refused-")).to_have_count(0)
    await expect(frame.get_by_role("button", name="Finish")).to_be_disabled()


async def test_a_protected_file_asks_for_its_password_and_goes_on(
    context: BrowserContext, stage: Stage
) -> None:
    page = await context.new_page()
    frame = await _at_files(page, stage)
    await _give(frame, _file("locked.pdf"))
    await frame.get_by_label("Password of this file").fill("wrong")
    await frame.get_by_role("button", name="Open").click()
    await expect(frame.locator(STATE).filter(has_text="This file needs the password")).to_be_visible()
    assert await _seen(page, "onError") == []
    await frame.get_by_label("Password of this file").fill(PASSWORD)
    await frame.get_by_label("Password of this file").press("Enter")
    await expect(frame.locator(STATE).filter(has_text="Accepted. Entries read: 42")).to_be_visible()
    assert [file.get("password") for file in stage.fake.pdf.files] == [None, "wrong", PASSWORD]
    assert PASSWORD not in json.dumps(await page.evaluate("window.seen"))


async def test_a_file_over_ten_mebibytes_is_not_even_sent(context: BrowserContext, stage: Stage) -> None:
    page = await context.new_page()
    frame = await _at_files(page, stage)
    await _give(frame, _file("large.pdf", 10 * 1024 * 1024 + 1), _file("small.pdf"))
    await expect(frame.locator(STATE).filter(has_text="This file is too large.")).to_be_visible()
    await expect(frame.locator(ACCEPTED)).to_have_count(1)
    assert [file["fileName"] for file in stage.fake.pdf.files] == ["small.pdf"]


async def test_more_than_twenty_files_are_cut_with_a_word(context: BrowserContext, stage: Stage) -> None:
    page = await context.new_page()
    frame = await _at_files(page, stage)
    await _give(frame, *(_file(f"{number}.pdf") for number in range(22)))
    await expect(frame.get_by_text("At most 20 files can be sent at once.")).to_be_visible()
    await expect(frame.locator(ACCEPTED)).to_have_count(20)
    assert len(stage.fake.pdf.files) == 20


async def test_files_can_be_dropped(context: BrowserContext, stage: Stage) -> None:
    page = await context.new_page()
    frame = await _at_files(page, stage)
    await frame.locator(".drop").evaluate(
        "(zone) => { const data = new DataTransfer();"
        " data.items.add(new File(['%PDF-1.7'], 'dropped.pdf', {type: 'application/pdf'}));"
        " zone.dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true})); }"
    )
    await expect(frame.locator(".file-name").filter(has_text="dropped.pdf")).to_be_visible()
    await expect(frame.locator(ACCEPTED)).to_be_visible()


async def _chooser(page: Page) -> FileChooser:
    """Press the space bar until the browser asks for files: on a busy machine it may miss the first press."""
    for _ in range(PRESSES - 1):
        with suppress(NothingCame):
            async with page.expect_file_chooser(timeout=3_000) as chooser:
                await page.keyboard.press("Space")
            return await chooser.value
    async with page.expect_file_chooser() as chooser:
        await page.keyboard.press("Space")
    return await chooser.value


async def test_the_keyboard_alone_gets_from_bank_to_end(context: BrowserContext, stage: Stage) -> None:
    page = await context.new_page()
    await page.goto(_address(stage))
    frame = _frame(page)
    await frame.get_by_role("combobox").focus()
    await page.keyboard.type("konto")
    await page.keyboard.press("Enter")
    await expect(frame.get_by_role("heading", name="Add your statements")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(frame.get_by_label("Choose files")).to_be_focused()
    chooser = await _chooser(page)
    await chooser.set_files([_file("may.pdf")])
    await expect(frame.locator(ACCEPTED)).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await frame.get_by_role("heading", name="All done").wait_for()


async def test_the_bank_cannot_be_changed_while_a_file_is_under_way(
    context: BrowserContext, stage: Stage
) -> None:
    stage.fake.pdf.held = threading.Event()
    page = await context.new_page()
    frame = await _at_files(page, stage)
    await _give(frame, _file("may.pdf"), _file("june.pdf"))
    await expect(frame.locator(STATE).filter(has_text="Being read and checked")).to_be_visible()
    await expect(frame.locator(STATE).filter(has_text="Waiting")).to_be_visible()
    await expect(frame.get_by_role("button", name="Change bank")).to_be_disabled()
    await expect(frame.get_by_role("button", name="Finish")).to_be_disabled()
    await picture(page, "pdf-under-way")
    stage.fake.pdf.held.set()
    await expect(frame.locator(ACCEPTED)).to_have_count(2)
    await expect(frame.get_by_role("button", name="Change bank")).to_be_enabled()


async def test_a_client_that_names_the_bank_gets_no_choice_of_it(
    context: BrowserContext, stage: Stage
) -> None:
    page = await context.new_page()
    await page.goto(_address(stage, "{target: 'Alior'}"))
    frame = _frame(page)
    await frame.get_by_role("heading", name="Add your statements").wait_for()
    await expect(frame.get_by_text("Bank Pod Lipami", exact=True)).to_be_visible()
    await expect(frame.get_by_role("button", name="Change bank")).to_have_count(0)


async def test_both_widgets_work_on_one_page(
    context: BrowserContext, stage: Stage, complaints: Complaints
) -> None:
    page = await context.new_page()
    complaints.listen(page)
    call = (
        "embedKontomatik(Object.assign({client: 'demo', locale: 'en'}, {onStarted: function () {"
        " window.seen.push(['signInStarted']); }}));"
        " embedKontomatikPdf(Object.assign({client: 'demo', locale: 'en'}, EVERY));"
    )
    await page.goto(_address(stage, call=call, also=["signin-widget"]))
    await page.frame_locator("#kontomatik iframe").get_by_role("option", name="KontoBank").wait_for()
    frame = _frame(page)
    await frame.get_by_role("option", name="KontoBank").click()
    await _give(frame, _file("may.pdf"))
    await expect(frame.locator(ACCEPTED)).to_be_visible()
    names = [told[0] for told in await page.evaluate("window.seen")]
    assert names.count("onStarted") == 1
    assert names.count("signInStarted") == 1
    assert names.count("onSuccess") == 1
    assert complaints.texts == []


async def test_a_missing_element_is_told_as_in_the_sign_in(context: BrowserContext, stage: Stage) -> None:
    page = await context.new_page()
    told: list[str] = []

    async def accept(dialog: Any) -> None:
        told.append(dialog.message)
        await dialog.accept()

    page.on("dialog", accept)
    await page.goto(_address(stage, "{divId: 'nowhere'}"))
    assert told == ['Unable to embed widget. Reason: missing element with id="nowhere"']


@pytest.mark.parametrize(("scheme", "width"), [("light", 900), ("dark", 390)])
@pytest.mark.parametrize("view", VIEWS)
async def test_axe_finds_nothing_wrong_on_any_view(
    view: str, scheme: Any, width: int, browser: Browser, stage: Stage
) -> None:
    context = await browser.new_context(
        viewport={"width": width, "height": 760}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = await context.new_page()
    await page.goto(f"{stage.signin}/pdf/?client=c&locale=en")
    await page.locator("#widget .view").wait_for()
    if view != "choose":
        await page.get_by_role("option", name="KontoBank").click()
        await page.get_by_label("Choose files").set_input_files(
            [_file(name) for name in ("may.pdf", "refused-PdfIsScan.pdf", "locked.pdf")]
        )
        await page.get_by_label("Password of this file").wait_for()
    if view == "done":
        await page.get_by_role("button", name="Finish").click()
        await page.get_by_role("heading", name="All done").wait_for()
    await picture(page, f"pdf-{view}-{'wide' if width == 900 else 'phone'}-{scheme}")
    assert await violations(page) == []
    await context.close()


async def test_it_fits_into_280_pixels_in_every_language(browser: Browser, stage: Stage) -> None:
    context = await browser.new_context(viewport={"width": 280, "height": 560}, reduced_motion="reduce")
    for locale in LOCALES:
        page = await context.new_page()
        await page.goto(f"{stage.signin}/pdf/?client=c&locale={locale}&target=KontoBank")
        await page.locator("#widget .view").wait_for()
        await page.locator("#pdf-files").set_input_files([_file("a-rather-long-name-of-a-file-of-may.pdf")])
        await page.locator(".file[data-state=accepted]").wait_for()
        assert await page.evaluate("document.documentElement.scrollWidth") == 280
        assert await page.evaluate("document.documentElement.lang") == language_of(locale)
        text = await page.locator("body").inner_text()
        assert "{" not in text
        assert not [key for key in texts_of(locale) if key.startswith("pdf_") and key in text]
        if locale == "pl":
            await picture(page, "pdf-narrow")
        await page.close()
    await context.close()


async def test_the_first_load_is_under_sixty_kilobytes(context: BrowserContext, stage: Stage) -> None:
    page = await context.new_page()
    await page.goto(_address(stage))
    await _frame(page).get_by_role("option", name="KontoBank").wait_for()
    await page.wait_for_load_state("networkidle")
    sizes = await page.frames[1].evaluate(
        "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
        ".map((one) => one.transferSize)"
    )
    assert len(sizes) >= 12
    assert 0 < sum(sizes) < 60_000


def test_the_scripts_keep_nothing_in_the_browser() -> None:
    folder = Path(__file__).parents[2] / "src/kontora/widget/assets/pdf"
    for file in folder.glob("*.js"):
        text = file.read_text(encoding="utf-8")
        assert not {
            word for word in ("localStorage", "sessionStorage", "innerHTML", "cookie") if word in text
        }
