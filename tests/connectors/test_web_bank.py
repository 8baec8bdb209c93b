"""Whole sign-ins and imports at KontoBank's web bank, over real HTTP."""

from __future__ import annotations

import base64
import struct
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from tests.connectors.walking import PSU, practice_bank, read_everything
from tests.connectors.walking import sign_in as sign_in_at_the_api
from tests.connectors.web_bank import (
    BEGIN,
    CAPS,
    SINCE,
    answer_to,
    bare,
    connect,
    frame,
    imported,
    round_trip,
    sign_in,
)

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.catalogue import Catalogue
from kontora.connectors.protocol import (
    Answer,
    CredentialKind,
    Grant,
    ReadsCreditCards,
    Secret,
    SignInRequest,
    SignsOut,
    Subject,
)
from kontora.errors import InvalidArgument, InvalidTarget, NotSignedIn, SessionExpired, SignInCancelled
from kontora.model import OwnerKind

COUNTRIES = ("", "_cz", "_es")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with practice_bank("--now", "2026-01-31T12:00:00Z") as address:
        yield address


@pytest.fixture
async def http() -> AsyncIterator[BankHttp]:
    client = BankHttp(caps=CAPS)
    yield client
    await client.close()


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(
    "login",
    ["test", "test1", "single", "coowners", "many", "pending", "history", "company", "empty", "noiban",
     "duplicates", "flaky", "push", "methods", "notice", "many.17"],
)  # fmt: skip
async def test_the_web_bank_and_the_api_give_the_same_import(
    url: str, http: BankHttp, login: str, country: str
) -> None:
    by_web = await imported(url, http, login, f"KontoBank{country}")
    target, connector = connect(url, http, f"KontoBankApi{country}")
    access = await sign_in_at_the_api(connector, login)
    by_api = await read_everything(connector, target, access, SINCE, BEGIN)

    for one, other in zip(by_web.accounts, by_api.accounts, strict=True):
        for item, same in zip(bare(one.money_transactions), bare(other.money_transactions), strict=True):
            assert item == same
        assert frame(one) == frame(other)
    for card, same_card in zip(by_web.credit_cards or (), by_api.credit_cards or (), strict=True):
        assert bare(card.money_transactions) == bare(same_card.money_transactions)
        assert frame(card) == frame(same_card)
    assert [(one.name, one.kind, one.address) for one in by_web.owners] == [
        (one.name, one.kind, one.address) for one in by_api.owners
    ]


async def test_five_thousand_money_transactions_are_read_page_by_page(url: str, http: BankHttp) -> None:
    brought = await imported(url, http, "large")
    assert [len(account.money_transactions) for account in brought.accounts] == [5000]


async def test_the_page_of_an_owner_tells_more_than_the_api(url: str, http: BankHttp) -> None:
    first, second = (await imported(url, http, "test")).owners
    assert first.polish_pesel is not None and len(first.polish_pesel) == 11
    assert first.phone is not None and first.phone.startswith("+48 *** *** ")
    assert (second.kind, second.polish_pesel, second.phone) == (OwnerKind.CO_OWNER, None, None)
    (company,) = (await imported(url, http, "company")).owners
    assert company.polish_nip is not None and len(company.polish_nip) == 10


async def test_the_banks_own_words_are_kept_beside_each_money_transaction(url: str, http: BankHttp) -> None:
    (account,) = (await imported(url, http, "single")).accounts
    assert all(b'"Amount":' in (item.raw or b"") for item in account.money_transactions)


@pytest.mark.parametrize(
    ("login", "kinds"),
    [
        ("ask-sms", ["STATIC_LOGIN", "STATIC_PASSWORD", "SMS_CODE"]),
        ("ask-token", ["STATIC_LOGIN", "STATIC_PASSWORD", "HARDWARE_TOKEN"]),
        ("ask-push", ["STATIC_LOGIN", "STATIC_PASSWORD", "APP_CONFIRMATION", "APP_CONFIRMATION"]),
        ("ask-app", ["STATIC_LOGIN", "STATIC_PASSWORD", "MOBILE_OTP"]),
        ("ask-list", ["STATIC_LOGIN", "STATIC_PASSWORD", "CODE_LIST"]),
        ("ask-captcha", ["STATIC_LOGIN", "CAPTCHA", "STATIC_PASSWORD", "SMS_CODE"]),
        ("ask-picture", ["STATIC_LOGIN", "PICTURE", "STATIC_PASSWORD", "SMS_CODE"]),
        ("ask-method", ["STATIC_LOGIN", "STATIC_PASSWORD", "CHOICE", "SMS_CODE"]),
        ("ask-context", ["STATIC_LOGIN", "STATIC_PASSWORD", "CHOICE", "SMS_CODE"]),
        ("ask-mask", ["STATIC_LOGIN", "STATIC_PASSWORD", "SMS_CODE"]),
    ],
)
async def test_whatever_the_bank_asks_is_a_typed_question(
    url: str, http: BankHttp, login: str, kinds: list[str]
) -> None:
    _, connector = connect(url, http)
    signed_in = await sign_in(connector, login)
    assert signed_in.kinds == kinds
    assert all(challenge.name for challenge in signed_in.asked)
    accounts = await connector.list_accounts(Grant(signed_in.access))
    assert len(accounts.accounts) == 1


async def test_a_token_is_told_what_to_type_and_how_long_its_answer_is(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    asked = (await sign_in(connector, "ask-token")).asked[-1]
    assert asked.token_challenge is not None and len(asked.token_challenge) == 8
    assert asked.answer is not None and (asked.answer.digits, asked.answer.max_length) == (True, 8)
    assert asked.expires_at is not None and asked.expires_at - BEGIN > timedelta(minutes=2)
    assert asked.token_challenge in (asked.description or "")


async def test_a_code_list_is_asked_for_one_of_its_codes(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    asked = (await sign_in(connector, "ask-list")).asked[-1]
    assert asked.code_number is not None and 1 <= asked.code_number <= 40


async def test_an_sms_says_where_it_went(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    asked = (await sign_in(connector, "ask-sms")).asked[-1]
    assert asked.sent_to == "+48 *** *** 078"


@pytest.mark.parametrize(("login", "kind"), [("ask-captcha", "CAPTCHA"), ("ask-picture", "PICTURE")])
async def test_a_picture_reaches_the_owner_as_png(url: str, http: BankHttp, login: str, kind: str) -> None:
    _, connector = connect(url, http)
    (asked,) = [one for one in (await sign_in(connector, login)).asked if one.kind == kind]
    png = base64.b64decode(asked.image_base64 or "", validate=True)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert 100 <= width <= 400 and 40 <= height <= 200


async def test_a_picture_that_is_not_the_owners_ends_the_sign_in_before_anything_is_sent(
    url: str,
) -> None:
    calls: list[str] = []
    http = BankHttp(caps=CAPS, on_call=lambda _, operation, outcome, seconds: calls.append(operation))
    _, connector = connect(url, http)
    with pytest.raises(SignInCancelled) as caught:
        await sign_in(connector, "ask-picture", {"PICTURE": "no"})
    await http.close()
    assert caught.value.friendly_message is not None
    assert calls[-1] == "showPicture"


async def test_a_mask_names_the_places_of_the_characters(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    asked = (await sign_in(connector, "ask-mask")).asked[1]
    assert asked.mask is not None and asked.asterisked
    assert asked.mask.length == 12
    assert list(asked.mask.positions) == sorted(set(asked.mask.positions))
    assert all(1 <= place <= 7 for place in asked.mask.positions)


async def test_a_choice_of_context_leads_to_other_accounts(url: str, http: BankHttp) -> None:
    private = await imported(url, http, "ask-context", told={"CHOICE": "private"})
    company = await imported(url, http, "ask-context", told={"CHOICE": "company"})
    assert [one.kind for one in company.owners] == [OwnerKind.COMPANY]
    assert OwnerKind.OWNER in {one.kind for one in private.owners}
    assert private.accounts[0].iban != company.accounts[0].iban


@pytest.mark.parametrize(
    ("method", "kind"),
    [("sms", "SMS_CODE"), ("token", "HARDWARE_TOKEN"), ("app", "MOBILE_OTP"), ("list", "CODE_LIST"),
     ("push", "APP_CONFIRMATION")],
)  # fmt: skip
async def test_each_way_to_confirm_can_be_chosen(url: str, http: BankHttp, method: str, kind: str) -> None:
    _, connector = connect(url, http)
    signed_in = await sign_in(connector, "ask-method", {"CHOICE": method})
    assert signed_in.asked[2].subject is Subject.METHOD
    assert signed_in.asked[3].kind == kind


async def test_a_choice_that_was_not_offered_is_refused_here(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    with pytest.raises(InvalidArgument):
        await sign_in(connector, "ask-context", {"CHOICE": "nobody"})


async def test_login_and_password_may_come_together(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    answers = [
        Answer(CredentialKind.STATIC_LOGIN, Secret("single")),
        Answer(CredentialKind.STATIC_PASSWORD, Secret("Test123")),
    ]
    step = await connector.sign_in(SignInRequest(psu=PSU), answers, None)
    assert [one.kind for one in step.challenges] == [CredentialKind.SMS_CODE]


async def test_a_step_without_an_answer_asks_the_same_again_and_calls_nobody(
    url: str, http: BankHttp
) -> None:
    calls: list[str] = []
    counted = BankHttp(caps=CAPS, on_call=lambda _, operation, outcome, seconds: calls.append(operation))
    _, connector = connect(url, counted)
    request = SignInRequest(psu=PSU)
    first = await connector.sign_in(request, (), None)
    asked = await connector.sign_in(request, [answer_to(first.challenges[0], "single")], first.access)
    before = list(calls)
    again = await connector.sign_in(request, (), round_trip(asked.access))
    await counted.close()
    assert again.challenges == asked.challenges
    assert calls == before


async def test_the_password_is_in_no_access(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    request, access, answers = SignInRequest(psu=PSU), None, list[Answer]()
    for _ in range(6):
        step = await connector.sign_in(request, answers, access)
        access = step.access
        state = str(dict(access.state)).replace("Test123 is taken as well", "")
        assert "Test123" not in state
        answers = [answer_to(one, "ask-token") for one in step.challenges]


async def test_the_session_ends_where_signing_out_is_offered(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http, "KontoBank_cz")
    assert isinstance(connector, SignsOut)
    grant = Grant((await sign_in(connector, "single")).access)
    await connector.sign_out(grant)
    with pytest.raises(SessionExpired):
        await connector.list_accounts(grant)
    await connector.sign_out(grant)


async def test_nothing_is_read_before_the_sign_in_is_done(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    step = await connector.sign_in(
        SignInRequest(psu=PSU), [Answer(CredentialKind.STATIC_LOGIN, Secret("single"))], None
    )
    with pytest.raises(NotSignedIn):
        await connector.list_accounts(Grant(step.access))


@pytest.mark.parametrize("country", COUNTRIES)
def test_an_institution_has_an_api_and_a_web_bank_that_may_stand_in(country: str) -> None:
    catalogue = Catalogue.load(practice=True, practice_bank_url="http://127.0.0.1:8790")
    ways = catalogue.institution(f"KontoBank{country}")
    assert [target.name for target in ways.targets] == [f"KontoBankApi{country}", f"KontoBank{country}"]
    assert ways.institution.fallback_allowed
    assert ways.api is not None and ways.api.facts.psd2
    assert ways.fallback is not None and not ways.fallback.facts.psd2
    with pytest.raises(InvalidTarget):
        catalogue.institution("Nowhere")


def test_the_polish_web_bank_reads_cards_but_does_not_sign_out() -> None:
    catalogue = Catalogue.load(practice=True, practice_bank_url="http://127.0.0.1:8790")
    polish, czech = catalogue.target("KontoBank"), catalogue.target("KontoBank_cz")
    assert issubclass(polish.facts.connector, ReadsCreditCards)
    assert "SignOutCommand" not in polish.commands
    assert "SignOutCommand" in czech.commands
    assert polish.facts.credential_kinds == (CredentialKind.STATIC_LOGIN,)
