"""What goes wrong at KontoBank's web bank: refusals, ended sessions, changed pages, each with its name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest
from tests.connectors.walking import PSU, control, practice_bank, read_everything
from tests.connectors.web_bank import BEGIN, CAPS, SINCE, answer_to, connect, imported, sign_in

from kontora.connectors.bank_http import BankHttp
from kontora.connectors.protocol import Answer, CredentialKind, Grant, Secret, SignInRequest
from kontora.errors import (
    AccessTemporarilyBlocked,
    BankChanged,
    InvalidCredentials,
    KontoraError,
    ManualActionRequired,
    ServiceMaintenance,
    ServiceTemporarilyUnavailable,
    SessionExpired,
    SignInCancelled,
    SignInExpired,
)


@dataclass
class Operator:
    """Who is given pages that were not understood."""

    pages: list[tuple[str, str, str]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    async def keep(self, target: str, step: str, redacted_html: str) -> None:
        self.pages.append((target, step, redacted_html))

    def count(self, target: str, operation: str, outcome: str, seconds: float) -> None:
        self.calls.append(operation)


@pytest.fixture(scope="module")
def shared_url() -> Iterator[str]:
    with practice_bank("--now", "2026-01-31T12:00:00Z") as address:
        yield address


@pytest.fixture
async def url(shared_url: str) -> str:
    await control(shared_url, "POST", "reset")
    return shared_url


@pytest.fixture
def operator() -> Operator:
    return Operator()


@pytest.fixture
async def http(operator: Operator) -> AsyncIterator[BankHttp]:
    client = BankHttp(caps=CAPS, on_call=operator.count, on_unknown_page=operator.keep)
    yield client
    await client.close()


@pytest.mark.parametrize(
    "name",
    ["InvalidCredentials", "TargetCredentialsMismatch", "InsufficientIdentificationLevel", "AccessBlocked",
     "AccessTemporarilyBlocked", "ManualActionRequired", "UnsupportedLoginMethod", "UnsupportedLanguage",
     "SignInCancelled", "SignInExpired", "IO", "ServiceMaintenance", "ServiceTemporarilyUnavailable",
     "SessionExpired", "BankChanged", "MultipleAccessLimitExceeded", "BankCertificateRefused"],
)  # fmt: skip
async def test_every_failure_of_the_web_bank_has_its_name(url: str, http: BankHttp, name: str) -> None:
    with pytest.raises(KontoraError) as caught:
        await imported(url, http, f"fail-{name}")
    assert caught.value.name == name
    assert caught.value.message.startswith("KontoBank, ")


@pytest.mark.parametrize(
    ("login", "name"),
    [("blocked", "AccessBlocked"), ("blocked-for-now", "AccessTemporarilyBlocked"),
     ("down", "ServiceTemporarilyUnavailable"), ("robots", "ServiceTemporarilyUnavailable"),
     ("garbage", "BankChanged"), ("truncated", "IO"), ("revoked", "SessionExpired"),
     ("quota", "MultipleAccessLimitExceeded"), ("company-off", "ManualActionRequired"),
     ("ask-again", "ManualActionRequired")],
)  # fmt: skip
async def test_every_obstacle_of_a_login_has_its_name(
    url: str, http: BankHttp, login: str, name: str
) -> None:
    with pytest.raises(KontoraError) as caught:
        await imported(url, http, login)
    assert caught.value.name == name


@pytest.mark.parametrize(
    ("login", "page"), [("ask-change", "/web/pl/password/change"), ("ask-terms", "/web/pl/terms")]
)
@pytest.mark.parametrize("target", ["KontoBank", "KontoBankApi"])
async def test_an_owner_is_told_on_which_page_the_bank_wants_something(
    url: str, http: BankHttp, target: str, login: str, page: str
) -> None:
    _, connector = connect(url, http, target)
    with pytest.raises(ManualActionRequired) as caught:
        await sign_in(connector, login)
    assert (caught.value.friendly_message or "").endswith(url + page)


@pytest.mark.parametrize(
    ("login", "told", "step"),
    [("nobody-at-all", {}, "enterPassword"), ("single", {"STATIC_PASSWORD": "wrong"}, "enterPassword"),
     ("ask-sms", {"SMS_CODE": "000000"}, "enterConfirm"),
     ("ask-token", {"HARDWARE_TOKEN": "1"}, "enterConfirm"),
     ("ask-captcha", {"CAPTCHA": "WRONG"}, "enterCaptcha")],
)  # fmt: skip
async def test_a_wrong_answer_is_sent_once_and_named(
    url: str, http: BankHttp, login: str, told: dict[str, str], step: str
) -> None:
    _, connector = connect(url, http)
    with pytest.raises(InvalidCredentials) as caught:
        await sign_in(connector, login, told)
    calls = await control(url, "GET", "calls")
    assert calls["web"]["by_operation"][step] == 1  # type: ignore[index]
    assert not any(value and value in caught.value.message for value in told.values())


async def test_too_few_characters_of_a_masked_password_are_not_sent(
    url: str, http: BankHttp, operator: Operator
) -> None:
    _, connector = connect(url, http)
    with pytest.raises(InvalidCredentials):
        await sign_in(connector, "ask-mask", {"STATIC_PASSWORD": "Te"})
    assert "enterPassword" not in operator.calls


async def test_a_form_is_sent_once_even_if_the_bank_fails(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    request = SignInRequest(psu=PSU)
    step = await connector.sign_in(request, [Answer(CredentialKind.STATIC_LOGIN, Secret("single"))], None)
    await control(url, "DELETE", "calls")
    await control(url, "PUT", "behaviour", {"web_down": True})
    with pytest.raises(ServiceTemporarilyUnavailable):
        await connector.sign_in(request, [answer_to(step.challenges[0], "single")], step.access)
    calls = await control(url, "GET", "calls")
    assert calls["web"]["total"] == 1  # type: ignore[index]


async def test_a_form_of_an_earlier_page_is_not_taken_again(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    request = SignInRequest(psu=PSU)
    first = await connector.sign_in(request, [Answer(CredentialKind.STATIC_LOGIN, Secret("single"))], None)
    wrong = [Answer(CredentialKind.STATIC_PASSWORD, Secret("wrong"))]
    with pytest.raises(InvalidCredentials):
        await connector.sign_in(request, wrong, first.access)
    with pytest.raises(SignInExpired):
        await connector.sign_in(request, wrong, first.access)


async def test_the_app_is_waited_for_until_the_owner_confirms(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    request = SignInRequest(psu=PSU)
    answers = [
        Answer(CredentialKind.STATIC_LOGIN, Secret("ask-push")),
        Answer(CredentialKind.STATIC_PASSWORD, Secret("Test123")),
    ]
    step = await connector.sign_in(request, answers, None)
    await control(url, "POST", "app", {"login": "ask-push"})
    looked = [Answer(CredentialKind.APP_CONFIRMATION, Secret(""))]
    assert (await connector.sign_in(request, looked, step.access)).access.signed_in


@pytest.mark.parametrize(
    ("path", "method", "body", "failure"),
    [("app", "POST", {"login": "ask-push", "confirm": False}, SignInCancelled),
     ("clock", "PUT", {"offset_seconds": 200}, SignInExpired)],
)  # fmt: skip
async def test_a_confirmation_in_the_app_can_fail(
    url: str, http: BankHttp, path: str, method: str, body: dict[str, object], failure: type[KontoraError]
) -> None:
    _, connector = connect(url, http)
    request = SignInRequest(psu=PSU)
    answers = [
        Answer(CredentialKind.STATIC_LOGIN, Secret("ask-push")),
        Answer(CredentialKind.STATIC_PASSWORD, Secret("Test123")),
    ]
    step = await connector.sign_in(request, answers, None)
    await control(url, method, path, body)
    with pytest.raises(failure):
        await connector.sign_in(request, [Answer(CredentialKind.APP_CONFIRMATION, Secret(""))], step.access)


@pytest.mark.parametrize("seconds", [200, 400])
async def test_a_code_that_comes_too_late_ends_the_sign_in(url: str, http: BankHttp, seconds: int) -> None:
    _, connector = connect(url, http)
    request = SignInRequest(psu=PSU)
    answers = [
        Answer(CredentialKind.STATIC_LOGIN, Secret("single")),
        Answer(CredentialKind.STATIC_PASSWORD, Secret("Test123")),
    ]
    step = await connector.sign_in(request, answers, None)
    await control(url, "PUT", "clock", {"offset_seconds": seconds})
    with pytest.raises(SignInExpired):
        await connector.sign_in(request, [answer_to(step.challenges[0], "single")], step.access)


async def test_a_session_that_was_idle_has_ended(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    grant = Grant((await sign_in(connector, "single")).access)
    await control(url, "PUT", "clock", {"offset_seconds": 290})
    assert (await connector.list_accounts(grant)).accounts
    await control(url, "PUT", "clock", {"offset_seconds": 600})
    with pytest.raises(SessionExpired):
        await connector.list_accounts(grant)


@pytest.mark.parametrize(
    ("switch", "failure"),
    [("web_down", ServiceTemporarilyUnavailable), ("web_maintenance", ServiceMaintenance)],
)
async def test_a_web_bank_that_is_switched_off_says_so(
    url: str, http: BankHttp, switch: str, failure: type[KontoraError]
) -> None:
    await control(url, "PUT", "behaviour", {switch: True})
    with pytest.raises(failure):
        await imported(url, http, "single")


async def test_the_web_bank_works_while_the_api_is_down(url: str, http: BankHttp) -> None:
    await control(url, "PUT", "behaviour", {"down": True})
    assert len((await imported(url, http, "single")).accounts) == 1


@pytest.mark.parametrize(
    ("drift", "step", "element"),
    [
        ("token", "enterLogin", "form#password-form input[name=flow] is missing"),
        ("question", "enterPassword", "main#confirm"),
        ("mark", "enterConfirm", "main#accounts is missing"),
        ("missing", "showAccount", "balance (dd.fact-balance) is missing"),
        ("class", "showHistory", "amount (td.amount) is missing"),
        ("column", "showHistory", "table.booked thead th are others"),
        ("table", "showHistory", "table.booked is missing"),
        ("date", "showAccount", "opened_on (dd.fact-opened) has another form"),
        ("profile", "showProfile", "name (dd.fact-name) is missing"),
        ("card", "showCard", "limit (dd.fact-limit) is missing"),
    ],
)
async def test_a_page_that_changed_ends_in_bank_changed_with_step_and_element(
    url: str, http: BankHttp, operator: Operator, drift: str, step: str, element: str
) -> None:
    with pytest.raises(BankChanged) as caught:
        await imported(url, http, f"drift-{drift}")
    assert caught.value.message.startswith(f"KontoBank, {step}: the page is not understood: ")
    assert element in caught.value.message
    assert ("KontoBank", step) in {(target, at) for target, at, _ in operator.pages}


@pytest.mark.parametrize("drift", ["class", "table", "column", "profile", "missing", "card"])
async def test_the_copy_for_the_operator_holds_nothing_of_the_owner(
    url: str, http: BankHttp, operator: Operator, drift: str
) -> None:
    with pytest.raises(BankChanged):
        await imported(url, http, f"drift-{drift}")
    target, at_the_api = connect(url, http, "KontoBankApi")  # whose answers have not changed
    access = (await sign_in(at_the_api, f"drift-{drift}")).access
    whole = await read_everything(at_the_api, target, access, SINCE, BEGIN)
    secrets = {whole.accounts[0].iban, whole.accounts[0].iban[2:], *(owner.name for owner in whole.owners)}
    for owner in whole.owners:
        secrets |= {part for part in (owner.address or "").split() if len(part) > 2} | set(owner.name.split())
    for account in whole.accounts:
        for item in account.money_transactions:
            secrets |= {item.title or "-", item.party or "-", item.party_iban or "-", item.internal_id or "-"}
    assert operator.pages
    for _, _, page in operator.pages:
        assert "<main" in page and "<html" in page
        assert not [one for one in secrets if len(one) > 2 and one in page]
        assert 'value="x"' in page
        assert "Test123" not in page


async def test_the_copy_shows_what_the_operator_needs_to_mend(
    url: str, http: BankHttp, operator: Operator
) -> None:
    with pytest.raises(BankChanged):
        await imported(url, http, "drift-class")
    (page,) = [page for _, step, page in operator.pages if step == "showHistory"]
    assert 'class="sum"' in page
    assert "99.99.9999" in page


async def test_a_lock_of_the_bank_has_its_name(url: str, http: BankHttp) -> None:
    _, connector = connect(url, http)
    with pytest.raises(AccessTemporarilyBlocked):
        await sign_in(connector, "blocked-for-now")
