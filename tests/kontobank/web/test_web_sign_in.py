"""Signing in at the web bank: two steps, tokens in forms, sessions that end, what is asked."""

from __future__ import annotations

import re

import pytest
from tests.connectors.walking import control
from tests.kontobank.web.browsing import PASSWORD, Visitor


async def test_the_login_and_the_password_stand_on_two_pages(visitor: Visitor) -> None:
    page = await visitor.get("login")
    assert 'name="password"' not in page.text
    page = await visitor.send(page, "login-form", login="single")
    assert (page.name, page.url.endswith("/web/pl/password")) == ("password", True)
    page = await visitor.send(page, "password-form", password=PASSWORD)
    assert page.name == "confirm"
    assert (await visitor.send(page, "code-form", code=PASSWORD)).name == "accounts"


async def test_the_first_step_does_not_tell_whether_a_login_exists(visitor: Visitor) -> None:
    page = await visitor.send(await visitor.get("login"), "login-form", login="nobody-knows-me")
    assert page.name == "password"
    page = await visitor.send(page, "password-form", password=PASSWORD)
    assert "The login or the password is wrong." in page.text


async def test_a_form_without_its_token_is_refused(visitor: Visitor) -> None:
    await visitor.get("login")
    page = await visitor.post("login", {"login": "single"})
    assert (page.status, page.name) == (403, "problem")


async def test_only_the_newest_form_of_the_sign_in_is_taken(visitor: Visitor) -> None:
    first = await visitor.get("login")
    page = await visitor.send(first, "login-form", login="single")
    await visitor.send(page, "password-form", password="wrong")
    again = await visitor.send(page, "password-form", password=PASSWORD)
    assert (again.status, 'data-code="old-form"' in again.text) == (403, True)


async def test_a_session_gets_another_id_when_the_owner_is_signed_in(visitor: Visitor) -> None:
    await visitor.get("login")
    before = visitor.cookie("kb_session")
    await visitor.sign_in("single")
    assert before
    assert visitor.cookie("kb_session") not in ("", before)


async def test_a_device_is_known_again(visitor: Visitor) -> None:
    await visitor.get("login")
    device = visitor.cookie("kb_device")
    await visitor.sign_in("single")
    assert visitor.cookie("kb_device") == device != ""


async def test_cookies_are_out_of_reach_of_scripts_and_other_paths(visitor: Visitor) -> None:
    async with visitor.http.get(visitor.address("login")) as reply:
        set_cookies = reply.headers.getall("Set-Cookie")
    assert len(set_cookies) == 2
    assert all("HttpOnly" in one and "Path=/web/pl" in one and "SameSite=lax" in one for one in set_cookies)


async def test_pages_forbid_scripts_and_frames(visitor: Visitor) -> None:
    page = await visitor.sign_in("single")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert page.headers["cache-control"] == "no-store"
    assert "<script" not in page.text


async def test_an_idle_session_ends_at_the_login_page(visitor: Visitor) -> None:
    await visitor.sign_in("single")
    await control(visitor.url, "PUT", "clock", {"offset_seconds": 301})
    page = await visitor.get("accounts")
    assert (page.name, 'class="ended"' in page.text) == ("login", True)


async def test_looking_at_pages_keeps_a_session_alive(visitor: Visitor) -> None:
    await visitor.sign_in("single")
    for seconds in (250, 500, 750):
        await control(visitor.url, "PUT", "clock", {"offset_seconds": seconds})
        assert (await visitor.get("accounts")).name == "accounts"


async def test_signing_out_ends_the_session(visitor: Visitor) -> None:
    page = await visitor.sign_in("single")
    assert (await visitor.send(page, "logout-form")).name == "login"
    assert (await visitor.get("accounts")).name == "login"


async def test_three_wrong_codes_end_the_sign_in(visitor: Visitor) -> None:
    page = await visitor.send(await visitor.get("login"), "login-form", login="single")
    page = await visitor.send(page, "password-form", password=PASSWORD)
    for _ in range(3):
        page = await visitor.send(page, "code-form", code="0")
    assert 'data-code="blocked-for-now"' in page.text


@pytest.mark.parametrize(
    ("login", "form", "answers"),
    [
        ("ask-token", "code-form", {"code": "token"}),
        ("ask-list", "code-form", {"code": "list"}),
        ("ask-app", "code-form", {"code": PASSWORD}),
    ],
)
async def test_the_published_rules_answer_the_page(
    visitor: Visitor, login: str, form: str, answers: dict[str, str]
) -> None:
    page = await visitor.send(await visitor.get("login"), "login-form", login=login)
    page = await visitor.send(page, "password-form", password=PASSWORD)
    if digits := re.search(r'class="token-challenge">(\d{8})<', page.text):
        answers = {"code": digits[1][::-1]}
    if number := re.search(r'class="code-number">(\d+)<', page.text):
        answers = {"code": f"{int(number[1]):02d}" * 3}
    assert (await visitor.send(page, form, **answers)).name == "accounts"


async def test_the_boxes_of_a_masked_password_ask_for_some_characters(visitor: Visitor) -> None:
    page = await visitor.send(await visitor.get("login"), "login-form", login="ask-mask")
    _, fields = page.form("mask-form")
    places = [int(name[1:]) for name in fields if re.fullmatch(r"c\d+", name)]
    assert len(places) in (3, 4)
    entered = {f"c{place}": PASSWORD[place - 1] for place in places}
    assert (await visitor.send(page, "mask-form", **entered)).name == "confirm"


async def test_the_picture_of_a_page_is_a_png_of_its_session_only(
    visitor: Visitor, another_visitor: Visitor
) -> None:
    page = await visitor.send(await visitor.get("login"), "login-form", login="ask-captcha")
    assert page.name == "captcha"
    picture = await visitor.get("picture.png")
    assert (picture.headers["content-type"], picture.body[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert (await another_visitor.get("picture.png")).name == "login"


async def test_an_owner_confirms_in_the_app(visitor: Visitor) -> None:
    page = await visitor.send(await visitor.get("login"), "login-form", login="ask-push")
    page = await visitor.send(page, "password-form", password=PASSWORD)
    names = [page.name, (await visitor.get("wait")).name, (await visitor.get("wait")).name]
    assert names == ["wait", "wait", "accounts"]


async def test_an_announcement_is_closed_on_the_way(visitor: Visitor) -> None:
    page = await visitor.sign_in("notice")
    assert page.name == "notice"
    assert (await visitor.send(page, "notice-form")).name == "accounts"


@pytest.mark.parametrize(
    ("login", "code"),
    [("blocked", "blocked"), ("blocked-for-now", "blocked-for-now"), ("ask-change", "change-password"),
     ("ask-terms", "terms")],
)  # fmt: skip
async def test_an_obstacle_stands_after_the_password(visitor: Visitor, login: str, code: str) -> None:
    page = await visitor.send(await visitor.get("login"), "login-form", login=login)
    page = await visitor.send(page, "password-form", password=PASSWORD)
    assert f'data-code="{code}"' in page.text
    if code in ("change-password", "terms"):
        assert (await visitor.get(page.link(code.rsplit("-", maxsplit=1)[-1]))).name == "help"
