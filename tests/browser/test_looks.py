"""How much is loaded, how narrow it may be, whose colours it takes, and in which languages it speaks."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Browser, BrowserContext, Page
from tests.browser.conftest import Complaints, Stage
from tests.browser.watching import picture, violations

from kontora.widget.texts import LOCALES, language_of, texts_of

MOST_BYTES = 60_000
HOSTILE = (
    "url(//evil)",
    "red;}*{x:y",
    "var(--x)",
    "expression(1)",
    "</style><script>1",
    "image-set('x')",
    "@import 'x'",
)


async def _open(context: BrowserContext, stage: Stage, query: str) -> Page:
    page = await context.new_page()
    await page.goto(f"{stage.signin}/signin/?client=c&{query}")
    await page.locator("#widget .view").wait_for()
    return page


async def test_the_first_load_is_under_sixty_kilobytes_in_total(
    context: BrowserContext, stage: Stage
) -> None:
    page = await context.new_page()
    measuring = await context.new_cdp_session(page)
    await measuring.send("Network.enable")
    sizes: list[float] = []
    measuring.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    await page.goto(stage.page("{client: 'demo', showFavicons: true}"))
    await page.frame_locator("iframe").locator(".bank").first.wait_for()
    await page.wait_for_load_state("networkidle")
    frame = page.frames[1]
    loaded = await frame.evaluate(
        "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
        ".map((one) => one.transferSize)"
    )
    script = await page.evaluate("performance.getEntriesByType('resource').map((one) => one.encodedBodySize)")
    assert len(loaded) >= 18
    assert 0 < sum(loaded) + sum(script) < MOST_BYTES
    assert {request[1].split("?")[0].split("/")[1] for request in stage.fake.requests} <= {"assets", "signin"}


@pytest.mark.parametrize("name", ["choose", "masked", "failed-owner", "redirect"])
async def test_it_fits_into_280_pixels_in_every_language(name: str, browser: Browser, stage: Stage) -> None:
    context = await browser.new_context(viewport={"width": 280, "height": 560}, reduced_motion="reduce")
    for locale in LOCALES:
        page = await _open(context, stage, f"show={name}&locale={locale}")
        assert await page.evaluate("document.documentElement.scrollWidth") == 280
        assert await page.evaluate("document.documentElement.lang") == language_of(locale)
        too_wide = await page.evaluate(
            "[...document.querySelectorAll('#widget *')].filter((one) =>"
            " one.getBoundingClientRect().right > innerWidth + 0.5).map((one) => one.className)"
        )
        assert too_wide == []
        await page.close()
    page = await _open(context, stage, f"show={name}&locale=pl")
    await picture(page, f"{name}-narrow")
    await context.close()


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_page_in_each_language_has_no_key_in_place_of_a_text(
    locale: str, context: BrowserContext, stage: Stage, complaints: Complaints
) -> None:
    page = await context.new_page()
    complaints.listen(page)
    keys = json.dumps([key for key in texts_of(locale) if "_" in key])
    for name in ("choose", "masked", "picture", "redirect", "failed-bank"):
        await page.goto(f"{stage.signin}/signin/?client=c&locale={locale}&show={name}")
        await page.locator("#widget .view").wait_for()
        text = await page.locator("body").inner_text()
        assert "{" not in text
        assert not [key for key in json.loads(keys) if key in text]
    assert complaints.texts == []


async def test_the_clients_colours_are_taken_and_stay_readable(context: BrowserContext, stage: Stage) -> None:
    styles = "styles[bodyBgColor]=%23102018&styles[btnPrimaryBgColor]=%23ffd84d&styles[borderRadius]=14"
    for name in ("choose", "login", "failed-owner"):
        page = await _open(context, stage, f"locale=en&show={name}&{styles}")
        await picture(page, f"{name}-styled")
        assert await violations(page) == []
    button = page.locator(".button.primary")
    look = await button.evaluate(
        "one => { const style = getComputedStyle(one);"
        " return [style.backgroundColor, style.color, style.borderRadius]; }"
    )
    assert look == ["rgb(255, 216, 77)", "rgb(16, 21, 29)", "14px"]
    ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(16, 32, 24)"


@pytest.mark.parametrize("value", HOSTILE)
async def test_a_style_that_is_no_colour_is_left_out(
    value: str, context: BrowserContext, stage: Stage, complaints: Complaints
) -> None:
    page = await context.new_page()
    complaints.listen(page)
    await page.goto(stage.page(f"{{client: 'demo', styles: {{bodyBgColor: {json.dumps(value)}}}}}"))
    await page.frame_locator("iframe").locator(".bank").first.wait_for()
    assert await page.frames[1].evaluate("document.documentElement.getAttribute('style')") is None
    assert complaints.texts == []


@pytest.mark.parametrize("outcome", ["done", "refused", "wrongBrowser", "expired"])
async def test_the_page_after_the_bank_is_plain_and_accessible(
    outcome: str, context: BrowserContext, stage: Stage, complaints: Complaints
) -> None:
    stage.fake.page({}, is_popup=False)
    page = await context.new_page()
    complaints.listen(page)
    await page.goto(f"{stage.signin}/signin/callback?outcome={outcome}")
    await page.get_by_role("heading").wait_for()
    await picture(page, f"callback-{outcome}")
    assert await violations(page) == []
    assert complaints.texts == []


@pytest.mark.parametrize("reason", ["unknownClient", "notEmbeddable", "expired", "badOptions", "later"])
async def test_a_refusal_says_why(reason: str, context: BrowserContext, stage: Stage) -> None:
    page = await context.new_page()
    await page.goto(f"{stage.signin}/refused?reason={reason}")
    assert texts_of("en")[f"refused_{reason}"] in await page.locator("main").inner_text()
    assert await violations(page) == []


async def test_the_form_for_a_missing_bank_is_accessible(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, "locale=en")
    await page.get_by_role("button", name="My bank is not listed").click()
    await page.get_by_label("Name of the bank").wait_for()
    await picture(page, "missing")
    assert await violations(page) == []
    await page.get_by_label("Name of the bank").fill("A bank")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_role("heading", name="Thank you").wait_for()
    assert await violations(page) == []


async def test_axe_finds_what_is_wrong(context: BrowserContext, stage: Stage) -> None:
    page = await _open(context, stage, "locale=en&show=login")
    await page.evaluate(
        "document.querySelector('.lead, .safe').style.color = 'rgb(200, 200, 200)';"
        "document.querySelector('label').remove()"
    )
    found = " ".join(await violations(page))
    assert "color-contrast" in found
    assert "label" in found
