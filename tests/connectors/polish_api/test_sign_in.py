from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest
from multidict import CIMultiDict
from tests.connectors.polish_api.signing import (
    GRANTED,
    MASKED,
    NUMBER,
    PSU,
    REQUEST,
    Bank,
    Body,
    SigningBank,
    come_back,
    path_of,
    signed_in,
    tokens,
)
from tests.connectors.scripted import NOW, ScriptedBank

from kontobank.polish_api.signatures import check_party_signature
from kontora.connectors.bank_jws import JoseHeader
from kontora.connectors.bank_reach import Reach
from kontora.connectors.protocol import CredentialKind, Grant, Psu, SignInRequest
from kontora.connectors.standards.polish_api.access import Granted, State
from kontora.connectors.standards.polish_api.connector import PolishApiConnector
from kontora.connectors.standards.polish_api.consent import LISTS
from kontora.connectors.standards.polish_api.dialect import Dialect
from kontora.connectors.standards.polish_api.practice_seal import practice_seal
from kontora.connectors.target import Surroundings
from kontora.errors import (
    BankCertificateRefused,
    BankChanged,
    ConfigurationError,
    InvalidArgument,
    KontoraError,
    ServiceTemporarilyUnavailable,
    SessionExpired,
    SignInCancelled,
    UnsupportedLoginMethod,
)


async def test_the_owner_is_sent_to_the_bank_with_a_consent_to_list_accounts_once(
    polish: SigningBank, connector: Bank
) -> None:
    polish.script_sign_in()
    step = await connector.sign_in(REQUEST, [], None)
    (challenge,) = step.challenges
    assert (challenge.kind, challenge.url) == (CredentialKind.REDIRECT, f"{polish.bank.url}/login")
    (asked,) = polish.asked("authorize")
    assert (asked["response_type"], asked["client_id"], asked["state"]) == ("code", "PSDPL-KNF-1", "state1")
    assert (asked["redirect_uri"], asked["scope"]) == ("https://kontora.example/back", "ais-accounts")
    details = asked["scope_details"]
    assert details["privilegeList"] == [{"ais-accounts:getAccounts": {"scopeUsageLimit": "single"}}]
    assert (details["scopeGroupType"], details["throttlingPolicy"]) == ("ais-accounts", "psd2Regulatory")
    assert details["scopeTimeLimit"] == "2026-02-01T12:00:00.000Z"
    assert not step.access.signed_in


async def test_the_code_becomes_a_token_and_the_token_one_that_reads_what_the_list_showed(
    polish: SigningBank, connector: Bank
) -> None:
    polish.script_sign_in()
    access = await signed_in(connector, msgspec.structs.replace(REQUEST, recurring=True))
    code, exchange = polish.asked("token")
    assert (code["grant_type"], code["Code"]) == ("authorization_code", "c1")
    assert "code" not in code
    assert (code["redirect_uri"], code["client_id"]) == (REQUEST.redirect_uri, "PSDPL-KNF-1")
    assert (code["is_user_session"], code["user_ip"]) == (True, "203.0.113.7")
    assert (exchange["grant_type"], exchange["exchange_token"]) == ("exchange_token", "access-a")
    assert (exchange["scope"], exchange["scope_details"]["scopeGroupType"]) == ("ais", "ais")
    (entry,) = exchange["scope_details"]["privilegeList"]
    assert entry["accountNumber"] == MASKED
    assert entry["ais:getTransactionsDone"] == {"scopeUsageLimit": "multiple", "maxAllowedHistoryLong": 90}
    assert {f"ais:{name}" for name in (*LISTS, "getAccount")} | {"accountNumber"} == set(entry)
    first, second = (body["scope_details"]["consentId"] for body in (*polish.asked("authorize"), exchange))
    assert uuid.UUID(first) != uuid.UUID(second)
    state = State.opened(access)
    assert access.signed_in
    assert state.tokens is not None and state.tokens.access == "access-b"
    assert state.accounts == (Granted(NUMBER, ("getAccount", *LISTS), 90, is_card=False),)
    assert state.consent_ids == (first, "consent-b")
    assert (state.valid_until, state.sca_at, state.redirect) == (date(2026, 7, 30), NOW, None)
    limit = (NOW + timedelta(days=180)).strftime("%Y-%m-%dT12:00:00.000Z")
    assert exchange["scope_details"]["scopeTimeLimit"] == limit


async def test_history_is_asked_for_from_the_day_that_is_wanted_and_four_years_at_most(
    polish: SigningBank, connector: Bank
) -> None:
    for since, days in ((date(2026, 1, 31), 1), (date(2025, 2, 1), 365), (date(2015, 1, 1), 1460)):
        polish.script_sign_in()
        await signed_in(connector, msgspec.structs.replace(REQUEST, since=since))
        entry = polish.asked("token")[-1]["scope_details"]["privilegeList"][0]
        assert entry["ais:getTransactionsDone"]["maxAllowedHistoryLong"] == days


async def test_without_accounts_there_is_nothing_to_exchange(polish: SigningBank, connector: Bank) -> None:
    polish.script_sign_in()
    polish.on("getAccounts", {})
    access = await signed_in(connector)
    assert access.signed_in
    assert len(polish.asked("token")) == 1
    grant = Grant(access, psu=PSU)
    assert (await connector.list_accounts(grant)).accounts == ()
    assert await connector.list_credit_cards(grant) == ()


async def test_the_list_of_accounts_is_read_to_its_last_page(polish: SigningBank, connector: Bank) -> None:
    polish.script_sign_in()
    pages = [
        {"accounts": [{"accountNumber": f"PL{turn}"}], "pageInfo": {"nextPage": f"p{turn}"}}
        for turn in (1, 2)
    ]
    polish.on("getAccounts", *pages, {"accounts": [{"accountNumber": "PL3"}]})
    await signed_in(connector)
    assert [body.get("pageId") for body in polish.asked("getAccounts")] == [None, "p1", "p2"]
    numbers = [entry["accountNumber"] for entry in polish.asked("token")[1]["scope_details"]["privilegeList"]]
    assert numbers == ["PL1", "PL2", "PL3"]


async def test_only_what_the_owner_granted_is_read(polish: SigningBank, connector: Bank) -> None:
    polish.script_sign_in(granted=[])
    grant = Grant(await signed_in(connector), psu=PSU)
    assert (await connector.list_accounts(grant)).accounts == ()
    assert polish.asked("getAccount") == []


async def test_where_the_bank_does_not_tell_what_it_granted_it_is_what_was_asked_for(
    polish: SigningBank, connector: Bank
) -> None:
    polish.script_sign_in()
    polish.on("token", tokens("a"), tokens("b"))
    assert State.opened(await signed_in(connector)).accounts == (
        Granted(MASKED, history_days=90, is_card=False),
    )


async def test_several_entries_of_one_account_are_joined(polish: SigningBank, connector: Bank) -> None:
    pieces = [
        {"accountNumber": NUMBER, name: value} for name, value in GRANTED.items() if name != "accountNumber"
    ]
    polish.script_sign_in(granted=pieces)
    (account,) = State.opened(await signed_in(connector)).accounts
    assert set(account.operations) == {"getAccount", *LISTS}
    assert account.history_days == 90


@pytest.mark.parametrize("psu", [PSU, Psu()])
async def test_headers_and_the_header_in_the_body_are_what_the_standard_wants(
    polish: SigningBank, connector: Bank, psu: Psu
) -> None:
    polish.script_sign_in()
    polish.script_reading()
    grant = Grant(await signed_in(connector), psu=psu)
    (account,) = (await connector.list_accounts(grant)).accounts
    async for _ in connector.read_money_transactions(grant, account, date(2026, 1, 1)):
        pass
    await connector.sign_out(grant)
    ids = set()
    for seen in polish.bank.seen:
        headers, body = CIMultiDict(seen.headers), json.loads(seen.body)
        header = body["requestHeader"]
        request_id = uuid.UUID(headers["X-REQUEST-ID"])
        assert (request_id.version, request_id.variant) == (1, uuid.RFC_4122)
        assert str(request_id) == header["requestId"]
        ids.add(request_id)
        assert headers["Accept-Encoding"] in {"gzip", "deflate"}
        assert headers["Accept-Charset"] == "utf-8"
        assert headers["Accept-Language"]
        assert headers["Content-Type"] == "application/json"
        assert (header["tppId"], header["sendDate"]) == ("PSDPL-KNF-1", "2026-01-31T12:00:00.000Z")
        is_reading = seen.path.rpartition("/")[2] in {"getAccount", *LISTS}
        if is_reading:
            assert headers["Authorization"] == f"Bearer {header['token']}" == "Bearer access-b"
            assert header["isDirectPsu"] is (psu.ip_address is not None)
            assert header.get("ipAddress") == psu.ip_address
            assert header.get("userAgent") == psu.user_agent
        elif "/auth/" in seen.path:
            assert "Authorization" not in headers
            assert "token" not in header and "isDirectPsu" not in header
        assert header.get("callbackURL") is None
    assert len(ids) == len(polish.bank.seen)


async def test_every_body_is_sealed_byte_by_byte(polish: SigningBank, surroundings: Surroundings) -> None:
    class Sealing(PolishApiConnector):
        dialect = Dialect(client_id="PSDPL-KNF-1", jose=JoseHeader(x5c=True, kid="serial"))

    polish.script_sign_in()
    await signed_in(Sealing(replace(surroundings, bank_keys=polish.keys)))
    assert len(polish.bank.seen) == 4
    for seen in polish.bank.seen:
        certificate = check_party_signature(seen.headers["X-JWS-SIGNATURE"], seen.body)
        assert certificate == practice_seal().certificate


async def test_a_bank_that_is_signed_in_to_on_its_pages_refuses_everything_else(connector: Bank) -> None:
    with pytest.raises(UnsupportedLoginMethod):
        await connector.sign_in(SignInRequest(psu=PSU), [], None)


async def test_asked_again_without_an_answer_the_owner_gets_the_same_page(
    polish: SigningBank, connector: Bank
) -> None:
    polish.script_sign_in()
    step = await connector.sign_in(REQUEST, [], None)
    again = await connector.sign_in(REQUEST, [], step.access)
    assert again.challenges == step.challenges
    assert len(polish.asked("authorize")) == 1


@pytest.mark.parametrize(
    ("query", "failure"),
    [
        ("code=c1&state=another", InvalidArgument),
        ("code=c1", InvalidArgument),
        ("state=state1", InvalidArgument),
        ("code=&state=state1", InvalidArgument),
        ("code=c1&code=c2&state=state1", InvalidArgument),
        ("error=access_denied&state=state1", SignInCancelled),
        ("error=access_denied", InvalidArgument),
        ("error=server_error&state=state1", ServiceTemporarilyUnavailable),
        ("error=unauthorized_client&state=state1", BankCertificateRefused),
        ("error=whatever&state=state1", BankChanged),
    ],
)
async def test_a_return_that_does_not_fit_is_named_and_no_code_is_sent(
    polish: SigningBank, connector: Bank, query: str, failure: type[KontoraError]
) -> None:
    polish.script_sign_in()
    step = await connector.sign_in(REQUEST, [], None)
    with pytest.raises(failure):
        await come_back(connector, step.access, query)
    assert polish.asked("token") == []


@pytest.mark.parametrize(
    ("status", "code", "failure"),
    [
        (400, "invalid_grant", SessionExpired),
        (401, "whatever", SessionExpired),
        (400, "invalid_client", BankCertificateRefused),
        (400, "BLAD", BankChanged),
        (422, "BLAD", BankChanged),
        (500, "invalid_grant", ServiceTemporarilyUnavailable),
        (503, "BLAD", ServiceTemporarilyUnavailable),
    ],
)
async def test_a_code_that_the_bank_refuses_is_sent_once_and_named(
    polish: SigningBank, connector: Bank, status: int, code: str, failure: type[KontoraError]
) -> None:
    polish.script_sign_in()
    polish.on("token", polish.answer({"code": code, "message": "Tajne"}, status))
    with pytest.raises(failure) as raised:
        await signed_in(connector)
    assert len(polish.asked("token")) == 1
    assert "Tajne" not in raised.value.message


def without(body: Body, name: str) -> Body:
    return {key: value for key, value in body.items() if key != name}


@pytest.mark.parametrize(
    "answer",
    [
        without(tokens("a"), "access_token"),
        without(tokens("a"), "token_type"),
        without(tokens("a"), "scope_details"),
        without(tokens("a"), "expires_in"),
        tokens("a") | {"token_type": "MAC"},
        tokens("a") | {"access_token": "a\nb"},
        tokens("a", expires_in="soon"),
        tokens("a", expires_in=True),
        tokens("a", expires_in="-1"),
        tokens("a", expires_in="9" * 40),
        tokens("a", privilegeList="all"),
        tokens(
            "a",
            privilegeList=[{"accountNumber": "1", "ais:getTransactionsDone": {"maxAllowedHistoryLong": 0}}],
        ),
        tokens("a", scopeTimeLimit="tomorrow"),
    ],
)
async def test_tokens_that_are_none_are_not_understood(
    polish: SigningBank, connector: Bank, answer: Body
) -> None:
    polish.script_sign_in()
    polish.on("token", answer)
    with pytest.raises(BankChanged):
        await signed_in(connector)


async def test_a_life_of_tokens_written_as_a_number_is_understood(
    polish: SigningBank, connector: Bank
) -> None:
    polish.script_sign_in()
    polish.on("token", tokens("a", expires_in=60), tokens("b", expires_in=60, privilegeList=[GRANTED]))
    state = State.opened(await signed_in(connector))
    assert state.tokens is not None and state.tokens.expires_at == NOW + timedelta(seconds=55)


@pytest.mark.parametrize("address", [None, "javascript:alert(1)", "", 7, "ftp://bank.example"])
async def test_a_page_that_is_none_is_not_shown_to_the_owner(
    polish: SigningBank, connector: Bank, address: object
) -> None:
    polish.on("authorize", {"aspspRedirectUri": address})
    with pytest.raises(BankChanged):
        await connector.sign_in(REQUEST, [], None)


async def test_an_answer_that_is_not_signed_by_the_bank_is_not_believed(
    polish: SigningBank, connector: Bank
) -> None:
    body = {"aspspRedirectUri": f"{polish.bank.url}/login"}
    other = SigningBank(polish.bank)
    for signature in (lambda _: None, other.seal.signature, lambda sent: polish.seal.signature(sent + b" ")):
        polish.on("authorize", polish.answer(body, signature=signature))
        with pytest.raises(BankChanged, match="sign"):
            await connector.sign_in(REQUEST, [], None)


async def test_an_answer_to_another_request_is_not_believed(polish: SigningBank, connector: Bank) -> None:
    body = {"aspspRedirectUri": f"{polish.bank.url}/login"}
    header = {"requestId": "6ba7b810-9dad-11d1-80b4-00c04fd430c8"}
    polish.on("authorize", polish.answer(body, header=header))
    with pytest.raises(BankChanged, match="another request"):
        await connector.sign_in(REQUEST, [], None)


async def test_an_answer_that_is_to_come_by_callback_is_refused(polish: SigningBank, connector: Bank) -> None:
    polish.script_sign_in()
    polish.on("getAccounts", polish.answer({}, header={"isCallback": True}))
    with pytest.raises(BankChanged, match="call to us"):
        await signed_in(connector)


async def test_an_answer_without_its_header_is_not_understood(polish: SigningBank, connector: Bank) -> None:
    polish.on("authorize", polish.raw(b'{"aspspRedirectUri": "https://bank.example/login"}'))
    with pytest.raises(BankChanged, match="responseHeader"):
        await connector.sign_in(REQUEST, [], None)


async def test_without_client_id_seal_or_keys_the_operator_is_told(
    bank: ScriptedBank, polish: SigningBank, surroundings: Surroundings
) -> None:
    polish.script_sign_in()
    line = surroundings.line
    line.reach = Reach.of([bank.url], practice=True)
    real = replace(surroundings, practice=False)
    seal = practice_seal()
    for given, told in (
        (replace(real, bank_keys=polish.keys, seal=seal), "client_id"),
        (replace(real, bank_keys=polish.keys, client_id="1"), "seal_certificate"),
        (replace(real, seal=seal, client_id="1"), "bank_keys"),
    ):
        with pytest.raises(ConfigurationError, match=told):
            await PolishApiConnector(given).sign_in(REQUEST, [], None)
    assert bank.asked("POST", path_of("authorize")) == []


@pytest.mark.parametrize("keys", [b"", b'{"keys": []}', b"<html>", b"\xff"])
async def test_published_keys_that_are_none_are_not_understood(
    polish: SigningBank, surroundings: Surroundings, keys: bytes
) -> None:
    class Publishing(PolishApiConnector):
        dialect = Dialect(client_id="1", keys_path="/keys.json")

    polish.bank.on("GET", "/keys.json", polish.raw(keys))
    with pytest.raises(BankChanged, match="keys"):
        await Publishing(surroundings).sign_in(REQUEST, [], None)


async def test_published_keys_are_kept_for_the_steps_and_reads_to_come(
    polish: SigningBank, surroundings: Surroundings
) -> None:
    class Publishing(PolishApiConnector):
        dialect = Dialect(client_id="1", keys_path="/keys.json")

    polish.bank.on("GET", "/keys.json", polish.raw(msgspec.json.encode(polish.seal.jwks())))
    polish.script_sign_in()
    polish.script_reading()
    access = await signed_in(Publishing(surroundings))
    listed = await Publishing(surroundings).list_accounts(Grant(access, psu=PSU))
    assert len(listed.accounts) == 1
    assert len(polish.bank.asked("GET", "/keys.json")) == 1
