"""A consent that may be used again: what is asked for, and what the bank makes of it."""

from __future__ import annotations

import json

import pytest
from tests.connectors.scripted import ScriptedBank, answer_json

from kontora.connectors.protocol import (
    ABSENT_PSU,
    Access,
    Answer,
    CredentialKind,
    Grant,
    Secret,
    SignInRequest,
)
from kontora.connectors.standards.kontobank import KontoBankConnector
from kontora.connectors.target import Surroundings
from kontora.errors import BankError

ANSWERS = [
    Answer(CredentialKind.STATIC_LOGIN, Secret("test")),
    Answer(CredentialKind.STATIC_PASSWORD, Secret("Test123")),
]


async def signed_in(bank: ScriptedBank, surroundings: Surroundings, told: dict[str, object]) -> Access:
    """Sign in at a bank that tells this of the consent in the end."""
    authorisation = f"{bank.url}/v1/consents/c1/authorisations/a1"
    created = {
        "consentStatus": "received",
        "consentId": "c1",
        "_links": {"updatePsuAuthentication": {"href": authorisation}},
    }
    bank.json("POST", "/v1/consents", created, 201)
    bank.on(
        "PUT",
        "/v1/consents/c1/authorisations/a1",
        answer_json({"scaStatus": "finalised", "_links": {}}),
    )
    bank.json("GET", "/v1/consents/c1", {"consentStatus": "valid", **told})
    request = SignInRequest(recurring=True)
    return (await KontoBankConnector(surroundings).sign_in(request, ANSWERS, None)).access


async def test_180_days_and_four_reads_a_day_are_asked_for_and_the_banks_day_counts(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    access = await signed_in(bank, surroundings, {"recurringIndicator": True, "validUntil": "2026-03-01"})
    assert str(access.reusable_until) == "2026-03-01"
    body = json.loads(bank.asked("POST", "/v1/consents")[0].body)
    assert (body["recurringIndicator"], body["frequencyPerDay"]) == (True, 4)


async def test_a_consent_that_the_bank_gave_for_once_is_not_used_again(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    access = await signed_in(bank, surroundings, {"recurringIndicator": False, "validUntil": "2026-03-01"})
    assert access.signed_in
    assert access.reusable_until is None


@pytest.mark.parametrize(
    ("status", "body", "valid"),
    [
        (200, {"consentStatus": "valid"}, True),
        (200, {"consentStatus": "revokedByPsu"}, False),
        (200, {"consentStatus": "expired"}, False),
        (401, {"tppMessages": [{"category": "ERROR", "code": "CONSENT_INVALID"}]}, False),
        (403, {"tppMessages": [{"category": "ERROR", "code": "CONSENT_UNKNOWN"}]}, False),
    ],
)
async def test_the_bank_tells_whether_a_consent_is_valid(
    bank: ScriptedBank, surroundings: Surroundings, status: int, body: dict[str, object], valid: bool
) -> None:
    access = await signed_in(bank, surroundings, {"recurringIndicator": True})
    bank.json("GET", "/v1/consents/c1/status", body, status)
    grant = Grant(access, psu=ABSENT_PSU)
    assert await KontoBankConnector(surroundings).is_consent_valid(grant) is valid
    assert "PSU-IP-Address" not in bank.asked("GET", "/v1/consents/c1/status")[0].headers


async def test_a_bank_that_is_away_says_nothing_about_the_consent(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    access = await signed_in(bank, surroundings, {"recurringIndicator": True})
    bank.json("GET", "/v1/consents/c1/status", {}, 503)
    with pytest.raises(BankError):
        await KontoBankConnector(surroundings).is_consent_valid(Grant(access))


async def test_a_probe_takes_any_answer_but_a_failure_of_the_bank(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    bank.json("GET", "/v1/consents", {}, 405)
    await KontoBankConnector(surroundings).probe()
    bank.json("GET", "/v1/consents", {}, 503)
    with pytest.raises(BankError):
        await KontoBankConnector(surroundings).probe()
