"""An owner at the widget: reads what is asked and answers it, at KontoBank."""

from __future__ import annotations

from playwright.async_api import Frame, Locator, Page

PASSWORD = "Test123"
MOVES = 30
SECONDS_MS = 15_000
ENDINGS = {"signedIn", "imported", "failed"}
VIEW = "document.getElementById('widget').dataset.view"


def widget_frame(page: Page) -> Frame:
    """The widget in a client's page."""
    return next(frame for frame in page.frames if "/signin/" in frame.url)


async def view_of(frame: Frame | Page) -> str:
    """Which view is shown."""
    name: str = await frame.evaluate(VIEW)
    return name


async def wait_for_view(frame: Frame | Page, name: str) -> None:
    """Wait until a view is shown."""
    await frame.wait_for_function(f"name => {VIEW} === name", arg=name, timeout=SECONDS_MS)


async def choose_bank(frame: Frame | Page, name: str = "KontoBank") -> None:
    """Choose a bank by its whole name."""
    await frame.locator(".bank", has=frame.locator(f".bank-name:text-is('{name}')")).first.click()


async def answer_everything(frame: Frame | Page, login: str, **choices: str) -> list[str]:
    """Answer until it ends; return what was asked, in order. `choices`: the option to take, by kind."""
    asked: list[str] = []
    for _ in range(MOVES):
        old = await frame.evaluate_handle("document.querySelector('#widget .view')")
        view = await old.evaluate("one => one.dataset.view")
        if view in ENDINGS:
            return asked
        if view == "questions":
            asked += await _answer(frame, login, choices)
        elif view == "wait":
            asked.append("APP_CONFIRMATION")
        await frame.wait_for_function(
            "old => document.querySelector('#widget .view') !== old"
            " && document.getElementById('widget').dataset.view !== 'working'",
            arg=old,
            timeout=SECONDS_MS,
        )
    raise AssertionError(f"no end after {asked}")


async def _answer(frame: Frame | Page, login: str, choices: dict[str, str]) -> list[str]:
    kinds = []
    for question in await frame.locator(".question").all():
        kind = await question.get_attribute("data-kind") or ""
        kinds.append(kind)
        await _fill(question, kind, login, choices)
    # Not waiting for the click's end: the form is replaced by it.
    await frame.get_by_role("button", name="Next").evaluate("one => { setTimeout(() => one.click(), 0); }")
    return kinds


async def _fill(question: Locator, kind: str, login: str, choices: dict[str, str]) -> None:
    boxes = await question.locator("input[data-place]").all()
    if boxes:
        for box in boxes:
            place = int(await box.get_attribute("data-place") or 0)
            await box.fill(PASSWORD[place - 1])
    elif await question.locator("input[type=radio]").count():
        wanted = choices.get(kind, "yes" if kind == "PICTURE" else None)
        radio = question.locator(f"input[type=radio][value='{wanted}']" if wanted else "input[type=radio]")
        await radio.first.check()
    elif kind in {"STATIC_LOGIN", "PERSONAL_NUMBER", "COMPANY_LOGIN"}:
        await question.locator("input").fill(login)
    else:
        await question.locator("input").fill(await _code(question, kind))


async def _code(question: Locator, kind: str) -> str:
    told = question.locator(".challenge-code")
    if kind == "HARDWARE_TOKEN" and await told.count():
        digits = (await told.inner_text()).replace(" ", "")
        if len(digits) == 8:
            return digits[::-1]  # KontoBank's token says them backwards
    return PASSWORD  # which KontoBank takes for every code
