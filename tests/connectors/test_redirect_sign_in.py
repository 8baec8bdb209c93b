from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.connectors.scripted import NOW, ScriptedBank, answer, answer_json

from kontora.connectors.protocol import (
    Access,
    Answer,
    Challenge,
    CredentialKind,
    Grant,
    Psu,
    Secret,
    SignInRequest,
    SignInStep,
)
from kontora.connectors.standards.berlin_group.access import State
from kontora.connectors.standards.berlin_group.connector import BerlinGroupConnector
from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.kontobank import KontoBankConnector
from kontora.connectors.target import Surroundings
from kontora.errors import (
    BankCertificateRefused,
    BankChanged,
    ConfigurationError,
    InvalidArgument,
    KontoraError,
    ManualActionRequired,
    ServiceTemporarilyUnavailable,
    SessionExpired,
    SignInCancelled,
    SignInExpired,
    UnsupportedLoginMethod,
)

REQUEST = SignInRequest(
    psu=Psu(ip_address="203.0.113.7"),
    redirect_uri="https://kontora.example/back",
    state="state1",
    recurring=True,
)


class Bank(BerlinGroupConnector):
    dialect = Dialect(client_id="PSDPL-KNF-1")


def returned(query: str) -> list[Answer]:
    return [Answer(CredentialKind.REDIRECT, Secret(query))]


def script_consent(bank: ScriptedBank, **links: str) -> None:
    bank.json(
        "POST",
        "/v1/consents",
        {
            "consentStatus": "received",
            "consentId": "c 1",
            "_links": {name: {"href": href} for name, href in links.items()},
        },
        201,
    )
    bank.json("GET", "/v1/consents/c 1", {"consentStatus": "valid", "validUntil": "2026-05-01"})


def script_oauth(bank: ScriptedBank, **more: object) -> None:
    script_consent(bank, scaOAuth="/.well-known/oauth", status="/v1/consents/c%201/status")
    metadata = {
        "issuer": bank.url,
        "authorization_endpoint": f"{bank.url}/pages/authorize?lang=pl",
        "token_endpoint": f"{bank.url}/oauth/token",
    }
    bank.json("GET", "/.well-known/oauth", metadata | more)
    tokens = {"access_token": "at1", "refresh_token": "rt1", "expires_in": 900, "token_type": "Bearer"}
    bank.json("POST", "/oauth/token", tokens)


async def first_step(connector: BerlinGroupConnector) -> tuple[Challenge, Access]:
    step = await connector.sign_in(REQUEST, [], None)
    (challenge,) = step.challenges
    assert challenge.kind is CredentialKind.REDIRECT
    return challenge, step.access


async def come_back(connector: BerlinGroupConnector, access: Access, query: str) -> SignInStep:
    return await connector.sign_in(REQUEST, returned(query), access)


async def test_oauth_sends_the_owner_off_with_pkce_and_exchanges_the_code_once(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    script_oauth(bank)
    connector = Bank(surroundings)
    challenge, access = await first_step(connector)
    url = urlsplit(challenge.url or "")
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    assert asked["lang"] == "pl"
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", "PSDPL-KNF-1", "AIS:c 1")
    assert (asked["state"], asked["redirect_uri"]) == ("state1", "https://kontora.example/back?state=state1")
    consent = json.loads(bank.asked("POST", "/v1/consents")[0].body)
    assert consent["recurringIndicator"] is True
    assert consent["frequencyPerDay"] == 4
    assert consent["validUntil"] == (NOW.date() + timedelta(days=180)).isoformat()
    assert consent["access"]["accounts"] == []
    step = await come_back(connector, access, "?code=abc&state=state1")
    form = parse_qs(bank.asked("POST", "/oauth/token")[0].body.decode())
    challenge_of = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest())
    assert challenge_of.rstrip(b"=").decode() == asked["code_challenge"]
    assert (form["code"], form["grant_type"]) == (["abc"], ["authorization_code"])
    assert len(bank.asked("POST", "/oauth/token")) == 1
    assert step.access.signed_in
    state = State.opened(step.access)
    assert state.tokens is not None
    assert (state.tokens.access, state.valid_until) == ("at1", date(2026, 5, 1))
    assert bank.asked("GET", "/v1/consents/c 1")[0].headers["Authorization"] == "Bearer at1"


@pytest.mark.parametrize(
    ("query", "failure"),
    [
        ("code=abc&state=other", InvalidArgument),
        ("code=abc", InvalidArgument),
        ("state=state1", InvalidArgument),
        ("code=abc&code=def&state=state1", InvalidArgument),
        ("code=abc&state=state1&iss=https://evil.example", InvalidArgument),
        ("error=access_denied&state=state1", SignInCancelled),
        ("error=access_denied&state=other", InvalidArgument),
        ("error=server_error&state=state1", ServiceTemporarilyUnavailable),
        ("error=unauthorized_client&state=state1", BankCertificateRefused),
        ("error=invalid_scope&state=state1", BankChanged),
    ],
)
async def test_a_redirect_that_does_not_fit_brings_no_token(
    bank: ScriptedBank, surroundings: Surroundings, query: str, failure: type[KontoraError]
) -> None:
    script_oauth(bank)
    connector = Bank(surroundings)
    _, access = await first_step(connector)
    with pytest.raises(failure):
        await come_back(connector, access, query)
    assert bank.asked("POST", "/oauth/token") == []


async def test_a_bank_that_promises_its_issuer_must_send_it(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    script_oauth(bank, authorization_response_iss_parameter_supported=True)
    connector = Bank(surroundings)
    _, access = await first_step(connector)
    with pytest.raises(InvalidArgument):
        await come_back(connector, access, "code=abc&state=state1")
    step = await come_back(connector, access, f"code=abc&state=state1&iss={bank.url}")
    assert step.access.signed_in


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (400, {"error": "invalid_grant"}, SessionExpired),
        (401, {"error": "invalid_client"}, BankCertificateRefused),
        (503, {}, ServiceTemporarilyUnavailable),
        (200, {"token_type": "Bearer"}, BankChanged),
        (200, {"access_token": "a\r\nb"}, BankChanged),
        (200, {"access_token": "a", "expires_in": "soon"}, BankChanged),
        (200, ["a"], BankChanged),
    ],
)
async def test_a_code_that_is_not_taken_is_not_sent_again(
    bank: ScriptedBank, surroundings: Surroundings, status: int, body: object, failure: type[KontoraError]
) -> None:
    script_oauth(bank)
    bank.json("POST", "/oauth/token", body, status)
    connector = Bank(surroundings)
    _, access = await first_step(connector)
    with pytest.raises(failure):
        await come_back(connector, access, "code=abc&state=state1")
    assert len(bank.asked("POST", "/oauth/token")) == 1


@pytest.mark.parametrize(
    "metadata",
    [
        {"authorization_endpoint": None},
        {"token_endpoint": 7},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
async def test_metadata_without_sound_endpoints_are_refused(
    bank: ScriptedBank, surroundings: Surroundings, metadata: dict[str, object]
) -> None:
    script_oauth(bank, **metadata)
    with pytest.raises(BankChanged):
        await first_step(Bank(surroundings))


async def test_a_foreign_token_endpoint_is_not_given_the_code(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    script_oauth(bank, token_endpoint="http://127.0.0.1:9/token")
    with pytest.raises(BankChanged):
        await first_step(Bank(surroundings))


async def test_oauth_needs_a_client_id(bank: ScriptedBank, surroundings: Surroundings) -> None:
    script_oauth(bank)
    with pytest.raises(ConfigurationError, match="client_id"):
        await BerlinGroupConnector(surroundings).sign_in(REQUEST, [], None)


async def test_a_plain_redirect_ends_with_the_status_of_the_consent(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    script_consent(bank, scaRedirect=f"{bank.url}/pages/c1", scaStatus="/v1/consents/c%201/authorisations/a1")
    connector = Bank(surroundings)
    challenge, access = await first_step(connector)
    assert challenge.url == f"{bank.url}/pages/c1"
    sent = bank.asked("POST", "/v1/consents")[0].headers
    assert sent["TPP-Redirect-URI"] == "https://kontora.example/back?state=state1"
    assert sent["TPP-Nok-Redirect-URI"] == "https://kontora.example/back?state=state1&error=access_denied"
    with pytest.raises(SignInCancelled):
        await come_back(connector, access, urlsplit(sent["TPP-Nok-Redirect-URI"]).query)
    step = await come_back(connector, access, "state=state1")
    assert step.access.signed_in


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        ("received", SignInCancelled),
        ("rejected", SignInCancelled),
        ("revokedByPsu", SignInCancelled),
        ("expired", SignInExpired),
        ("partiallyAuthorised", ManualActionRequired),
        ("nonsense", BankChanged),
    ],
)
async def test_a_consent_that_is_not_valid_after_the_redirect_is_no_sign_in(
    bank: ScriptedBank, surroundings: Surroundings, status: str, failure: type[KontoraError]
) -> None:
    script_consent(bank, scaRedirect=f"{bank.url}/pages/c1")
    bank.json("GET", "/v1/consents/c 1", {"consentStatus": status})
    connector = Bank(surroundings)
    _, access = await first_step(connector)
    with pytest.raises(failure):
        await come_back(connector, access, "state=state1")
    assert len(bank.asked("GET", "/v1/consents/c 1")) == (3 if status == "received" else 1)


async def test_an_explicit_start_is_posted_and_its_links_followed(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    script_consent(bank, startAuthorisation="/v1/consents/c%201/authorisations")
    started = {
        "scaStatus": "received",
        "authorisationId": "a1",
        "_links": {"scaRedirect": {"href": f"{bank.url}/pages/a1"}, "scaStatus": {"href": "/v1/a1"}},
    }
    bank.json("POST", "/v1/consents/c 1/authorisations", started, 201)
    challenge, _ = await first_step(Bank(surroundings))
    assert challenge.url == f"{bank.url}/pages/a1"


async def test_a_confirmation_code_of_the_redirect_is_put_to_the_bank(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    script_consent(
        bank, scaRedirect=f"{bank.url}/pages/c1", confirmation="/v1/consents/c%201/authorisations/a1"
    )
    bank.json("PUT", "/v1/consents/c 1/authorisations/a1", {"scaStatus": "finalised", "_links": {}})
    connector = Bank(surroundings)
    _, access = await first_step(connector)
    step = await come_back(connector, access, "state=state1&confirmationCode=42")
    assert step.access.signed_in
    put = bank.asked("PUT", "/v1/consents/c 1/authorisations/a1")
    assert [json.loads(item.body) for item in put] == [{"confirmationCode": "42"}]


@pytest.mark.parametrize(
    "link", ["updatePsuAuthentication", "startAuthorisationWithEncryptedPsuAuthentication"]
)
async def test_a_password_is_never_asked_for_at_a_bank_outside_practice(
    bank: ScriptedBank, surroundings: Surroundings, link: str
) -> None:
    script_consent(bank, **{link: "/v1/a1"})

    class Embedding(BerlinGroupConnector):
        dialect = Dialect(embedded=True)

    for connector in (Bank(surroundings), Embedding(replace(surroundings, practice=False))):
        with pytest.raises(UnsupportedLoginMethod):
            await connector.sign_in(REQUEST, [], None)
        with pytest.raises(UnsupportedLoginMethod):
            await connector.sign_in(SignInRequest(), [Answer(CredentialKind.STATIC_LOGIN, Secret("x"))], None)


async def test_an_ended_token_is_renewed_once_for_calls_that_run_together(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    script_oauth(bank)
    connector = Bank(surroundings)
    _, access = await first_step(connector)
    step = await come_back(connector, access, "code=abc&state=state1")
    kept: list[Access] = []

    async def keep(new: Access) -> None:
        assert bank.asked("GET", "/v1/accounts") == []
        kept.append(new)

    new_tokens = {"access_token": "at2", "refresh_token": "rt2", "expires_in": 900}
    bank.json("POST", "/oauth/token", new_tokens)
    bank.json("GET", "/v1/accounts", {"accounts": []})
    later = Bank(replace(surroundings, now=lambda: NOW + timedelta(minutes=20)))
    grant = Grant(step.access, keep=keep)
    await asyncio.gather(*(later.list_accounts(grant) for _ in range(5)))
    assert len(bank.asked("POST", "/oauth/token")) == 2
    assert {item.headers["Authorization"] for item in bank.asked("GET", "/v1/accounts")} == {"Bearer at2"}
    assert len(kept) == 1
    assert State.opened(grant.access).tokens == State.opened(kept[0]).tokens


async def test_a_refused_token_is_renewed_and_the_read_sent_again(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    script_oauth(bank)
    connector = Bank(surroundings)
    _, access = await first_step(connector)
    step = await come_back(connector, access, "code=abc&state=state1")
    expired = {"tppMessages": [{"category": "ERROR", "code": "TOKEN_EXPIRED"}]}
    bank.on("GET", "/v1/accounts", answer_json(expired, 401), answer_json({"accounts": []}))
    await connector.list_accounts(Grant(step.access))
    assert len(bank.asked("POST", "/oauth/token")) == 2
    bank.on("GET", "/v1/accounts", answer_json(expired, 401))
    with pytest.raises(SessionExpired):
        await connector.list_accounts(Grant(step.access))
    assert len(bank.asked("POST", "/oauth/token")) == 3


async def test_signing_out_deletes_the_consent_and_twice_is_harmless(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    grant = Grant(State(consent_id="c 1").sealed(signed_in=True))
    gone = {"tppMessages": [{"category": "ERROR", "code": "CONSENT_UNKNOWN"}]}
    bank.on("DELETE", "/v1/consents/c 1", answer(b"", 204), answer_json(gone, 403))
    connector = KontoBankConnector(surroundings)
    await connector.sign_out(grant)
    await connector.sign_out(grant)
    assert len(bank.asked("DELETE", "/v1/consents/c 1")) == 2
