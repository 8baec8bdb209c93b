from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from tests.connectors.scripted import ScriptedBank, answer_json

from kontora.connectors.protocol import Answer, CredentialKind, Grant, Psu, Secret, SignInRequest
from kontora.connectors.standards.kontobank import KontoBankConnector
from kontora.connectors.target import Surroundings
from kontora.errors import InvalidCredentials

PSU = Psu(ip_address="203.0.113.7", user_agent="Firefox")
LOGIN = Answer(CredentialKind.STATIC_LOGIN, Secret("test"))
PASSWORD = Answer(CredentialKind.STATIC_PASSWORD, Secret("Test123"))
CODE = Answer(CredentialKind.SMS_CODE, Secret("Test123"))


def _script(bank: ScriptedBank) -> None:
    authorisation = f"{bank.url}/v1/consents/c1/authorisations/a1"
    bank.json(
        "POST",
        "/v1/consents",
        {
            "consentStatus": "received",
            "consentId": "c1",
            "_links": {
                "updatePsuAuthentication": {"href": authorisation},
                "scaStatus": {"href": authorisation},
                "status": {"href": f"{bank.url}/v1/consents/c1/status"},
            },
        },
        201,
    )
    bank.on(
        "PUT",
        "/v1/consents/c1/authorisations/a1",
        answer_json(
            {
                "scaStatus": "scaMethodSelected",
                "chosenScaMethod": {
                    "authenticationType": "SMS_OTP",
                    "authenticationMethodId": "sms",
                    "name": "SMS",
                },
                "challengeData": {"otpFormat": "characters", "additionalInformation": "Code sent to *** 078"},
                "_links": {"authoriseTransaction": {"href": "/v1/consents/c1/authorisations/a1"}},
            }
        ),
        answer_json({"scaStatus": "finalised", "_links": {}}),
    )
    bank.json(
        "GET",
        "/v1/accounts",
        {
            "accounts": [
                {
                    "resourceId": "r1",
                    "iban": "PL61109010140000071219812874",
                    "currency": "PLN",
                    "name": "Konto 0",
                    "displayName": "Konto",
                    "ownerName": "Jan Kowalski, Anna Kowalska",
                    "details": "Owner address: Lipowa 1; Opened: 2019-03-01; Direct debit: yes",
                }
            ]
        },
    )
    bank.json(
        "GET",
        "/v1/accounts/r1/balances",
        {
            "balances": [
                {"balanceType": "interimBooked", "balanceAmount": {"amount": "10.50", "currency": "PLN"}},
                {"balanceType": "interimAvailable", "balanceAmount": {"amount": "9.00", "currency": "PLN"}},
            ]
        },
    )
    bank.json(
        "GET",
        "/v1/accounts/r1/transactions",
        {
            "transactions": {
                "booked": [
                    {
                        "transactionId": "t1",
                        "bookingDate": "2026-01-30",
                        "valueDate": "2026-01-29",
                        "transactionAmount": {"amount": "-5.25", "currency": "PLN"},
                        "creditorName": "Sklep",
                    }
                ],
                "_links": {"account": {"href": "/v1/accounts/r1"}},
            }
        },
    )


async def test_each_question_is_asked_when_its_answer_is_missing(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    _script(bank)
    connector = KontoBankConnector(surroundings)
    request = SignInRequest(psu=PSU)
    step = await connector.sign_in(request, [], None)
    assert [challenge.kind for challenge in step.challenges] == ["STATIC_LOGIN"]
    assert bank.seen == []
    step = await connector.sign_in(request, [LOGIN], step.access)
    assert [challenge.kind for challenge in step.challenges] == ["STATIC_PASSWORD"]
    step = await connector.sign_in(request, [PASSWORD], step.access)
    assert [(one.kind, one.description) for one in step.challenges] == [("SMS_CODE", "Code sent to *** 078")]
    assert "Test123" not in repr(step.access)
    step = await connector.sign_in(request, [CODE], step.access)
    assert step.access.signed_in
    assert step.challenges == ()
    consent = bank.asked("POST", "/v1/consents")[0]
    assert consent.headers["PSU-ID"] == "test"
    assert consent.headers["PSU-IP-Address"] == "203.0.113.7"
    assert consent.headers["TPP-Redirect-Preferred"] == "false"
    assert json.loads(consent.body)["access"] == {"allPsd2": "allAccountsWithOwnerName"}


async def test_all_answers_in_one_step_sign_in_and_read(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    _script(bank)
    connector = KontoBankConnector(surroundings)
    step = await connector.sign_in(SignInRequest(psu=PSU), [LOGIN, PASSWORD, CODE], None)
    grant = Grant(step.access, psu=PSU)
    found = await connector.list_accounts(grant)
    assert [(owner.name, owner.kind, owner.address) for owner in found.owners] == [
        ("Jan Kowalski", "OWNER", "Lipowa 1"),
        ("Anna Kowalska", "CO_OWNER", None),
    ]
    account = await connector.read_account(grant, found.accounts[0])
    assert (account.name, account.friendly_name) == ("Konto 0", "Konto")
    assert (account.currency_balance, account.currency_funds_available) == (Decimal("10.50"), Decimal("9.00"))
    assert (account.active_since_at_least, account.direct_debit) == (date(2019, 3, 1), True)
    pages = [
        page async for page in connector.read_money_transactions(grant, found.accounts[0], date(2025, 12, 1))
    ]
    (item,) = [item for page in pages for item in page]
    assert (item.transaction_on, item.booked_on) == (date(2026, 1, 29), date(2026, 1, 30))
    assert (item.currency_amount, item.party, item.internal_id) == (Decimal("-5.25"), "Sklep", "t1")
    assert bank.seen[-1].query == "bookingStatus=both&dateFrom=2025-12-01"


async def test_a_wrong_password_is_sent_once_and_named(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    _script(bank)
    refusal = {
        "tppMessages": [{"category": "ERROR", "code": "PSU_CREDENTIALS_INVALID", "text": "secret words"}]
    }
    bank.json("PUT", "/v1/consents/c1/authorisations/a1", refusal, 401)
    with pytest.raises(InvalidCredentials) as caught:
        await KontoBankConnector(surroundings).sign_in(SignInRequest(psu=PSU), [LOGIN, PASSWORD, CODE], None)
    assert "secret" not in caught.value.message
    assert len(bank.asked("PUT", "/v1/consents/c1/authorisations/a1")) == 1
