"""What the API of KontoBank may ask, as typed questions: image, data, format and length of the answer."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator

import pytest
from tests.connectors.walking import PSU, practice_bank
from tests.connectors.web_bank import CAPS, answer_to, connect, sign_in

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.protocol import AnswerForm, Challenge, Grant, SignInRequest, Subject
from kontora.errors import InvalidCredentials, KontoraError


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with practice_bank("--now", "2026-01-31T12:00:00Z") as address:
        yield address


@pytest.fixture
async def http() -> AsyncIterator[BankHttp]:
    client = BankHttp(caps=CAPS)
    yield client
    await client.close()


async def last_question(url: str, http: BankHttp, login: str) -> Challenge:
    _, connector = connect(url, http, "KontoBankApi")
    return (await sign_in(connector, login)).asked[-1]


@pytest.mark.parametrize(
    ("login", "kinds"),
    [
        ("ask-sms", ["SMS_CODE"]), ("ask-token", ["HARDWARE_TOKEN"]), ("ask-app", ["MOBILE_OTP"]),
        ("ask-list", ["HARDWARE_TOKEN"]), ("ask-picture", ["PICTURE"]),
        ("ask-method", ["CHOICE", "SMS_CODE"]),
        ("ask-captcha", ["SMS_CODE"]), ("ask-context", ["SMS_CODE"]), ("ask-mask", ["SMS_CODE"]),
    ],
)  # fmt: skip
async def test_the_api_asks_what_the_standard_has(
    url: str, http: BankHttp, login: str, kinds: list[str]
) -> None:
    _, connector = connect(url, http, "KontoBankApi")
    signed_in = await sign_in(connector, login, {"HARDWARE_TOKEN": "Test123"})
    assert signed_in.kinds == ["STATIC_LOGIN", "STATIC_PASSWORD", *kinds]
    assert len((await connector.list_accounts(Grant(signed_in.access, psu=PSU))).accounts) == 1


async def test_the_app_is_only_waited_for(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http, "KontoBankApi")
    assert set((await sign_in(connector, "ask-push")).kinds[1:]) == {"APP_CONFIRMATION"}


async def test_a_token_is_told_the_digits_to_type(url: str, http: BankHttp) -> None:
    asked = await last_question(url, http, "ask-token")
    assert asked.token_challenge is not None and len(asked.token_challenge) == 8
    assert asked.answer is not None and (asked.answer.digits, asked.answer.max_length) == (True, 8)
    assert asked.token_challenge in (asked.description or "")


async def test_a_picture_with_a_code_has_no_options(url: str, http: BankHttp) -> None:
    asked = await last_question(url, http, "ask-picture")
    assert base64.b64decode(asked.image_base64 or "").startswith(b"\x89PNG")
    assert asked.options == ()
    assert asked.answer is not None and (asked.answer.digits, asked.answer.max_length) == (False, 5)


@pytest.mark.parametrize(
    ("form", "pattern"),
    [(AnswerForm(digits=True, max_length=8), "[0-9]{1,8}"), (AnswerForm(max_length=10), ".{1,10}"),
     (AnswerForm(digits=True), "[0-9]{1,}")],
)  # fmt: skip
def test_the_form_of_an_answer_is_a_pattern_too(form: AnswerForm, pattern: str) -> None:
    assert form.pattern == pattern


async def test_a_choice_says_what_it_is_about(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http, "KontoBankApi")
    asked = (await sign_in(connector, "ask-method")).asked[2]
    assert asked.subject is Subject.METHOD
    assert len(asked.options) == 3


@pytest.mark.parametrize(
    ("login", "name"),
    [("blocked", "AccessBlocked"), ("blocked-for-now", "AccessTemporarilyBlocked"),
     ("ask-change", "ManualActionRequired"), ("ask-terms", "ManualActionRequired")],
)  # fmt: skip
async def test_what_stands_in_the_way_has_its_name(url: str, http: BankHttp, login: str, name: str) -> None:
    _, connector = connect(url, http, "KontoBankApi")
    with pytest.raises(KontoraError) as caught:
        await sign_in(connector, login)
    assert caught.value.name == name


async def test_a_wrong_answer_of_a_token_is_named(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http, "KontoBankApi")
    with pytest.raises(InvalidCredentials):
        await sign_in(connector, "ask-token", {"HARDWARE_TOKEN": "00000000"})


async def test_the_first_question_needs_no_call(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http, "KontoBank")
    step = await connector.sign_in(SignInRequest(psu=PSU), (), None)
    assert answer_to(step.challenges[0], "single").value.reveal() == "single"
