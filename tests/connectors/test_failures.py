from __future__ import annotations

import json

import pytest

from kontora.connectors.bank_line import BankReply
from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.berlin_group.failures import failure_of
from kontora.connectors.standards.kontobank import KONTOBANK
from kontora.connectors.standards.problems import problem_of
from kontora.errors import failures


def named(status: int, body: object, *, credentials: bool = False, dialect: Dialect | None = None) -> str:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    problem = problem_of(BankReply(status, {}, raw, "https://bank.invalid/"))
    return failure_of(problem, dialect or Dialect(), "Bank, step", credentials=credentials).name


def tpp(code: str, text: str = "") -> dict[str, object]:
    return {"tppMessages": [{"category": "ERROR", "code": code, "text": text}]}


@pytest.mark.parametrize(
    ("status", "code", "name"),
    [
        (400, "CONSENT_UNKNOWN", "SessionExpired"),
        (401, "CONSENT_INVALID", "SessionExpired"),
        (401, "CONSENT_EXPIRED", "SessionExpired"),
        (403, "CONSENT_UNKNOWN", "SessionExpired"),
        (401, "TOKEN_UNKNOWN", "SessionExpired"),
        (401, "TOKEN_INVALID", "SessionExpired"),
        (401, "TOKEN_EXPIRED", "SessionExpired"),
        (403, "RESOURCE_EXPIRED", "SessionExpired"),
        (429, "ACCESS_EXCEEDED", "MultipleAccessLimitExceeded"),
        (401, "CERTIFICATE_INVALID", "BankCertificateRefused"),
        (401, "CERTIFICATE_MISSING", "BankCertificateRefused"),
        (401, "CERTIFICATE_EXPIRED", "BankCertificateRefused"),
        (401, "CERTIFICATE_BLOCKED", "BankCertificateRefused"),
        (401, "CERTIFICATE_REVOKE", "BankCertificateRefused"),
        (401, "SIGNATURE_INVALID", "BankCertificateRefused"),
        (401, "SIGNATURE_MISSING", "BankCertificateRefused"),
        (401, "ROLE_INVALID", "BankCertificateRefused"),
        (401, "PSU_CREDENTIALS_INVALID", "InvalidCredentials"),
        (400, "SCA_INVALID", "InvalidCredentials"),
        (401, "CORPORATE_ID_INVALID", "TargetCredentialsMismatch"),
        (403, "SERVICE_BLOCKED", "ManualActionRequired"),
        (400, "RESOURCE_BLOCKED", "AccessBlocked"),
        (400, "FORMAT_ERROR", "BankChanged"),
        (400, "PARAMETER_NOT_CONSISTENT", "BankChanged"),
        (404, "RESOURCE_UNKNOWN", "BankChanged"),
        (405, "SERVICE_INVALID", "BankChanged"),
        (406, "REQUESTED_FORMATS_INVALID", "BankChanged"),
        (409, "STATUS_INVALID", "BankChanged"),
        (500, "INTERNAL_SERVER_ERROR", "ServiceTemporarilyUnavailable"),
        (418, "TEAPOT", "BankChanged"),
    ],
)
def test_each_code_of_the_standard_has_a_name_in_every_form_of_the_body(
    status: int, code: str, name: str
) -> None:
    message = {"category": "ERROR", "code": code}
    assert named(status, {"tppMessages": [message]}) == name
    assert named(status, [message]) == name
    assert named(status, {"tppMessages": [{"category": "WARNING", "code": "NOTE"}, message]}) == name
    assert named(status, {"type": "about:blank", "title": "No", "code": code}) == name
    assert named(status, {"type": "about:blank", "title": "No", "additionalErrors": [message]}) == name


@pytest.mark.parametrize(
    ("status", "body", "name"),
    [
        (503, b"<html>We are down for maintenance</html>", "ServiceMaintenance"),
        (503, b"", "ServiceTemporarilyUnavailable"),
        (502, b"<html>Bad gateway</html>", "ServiceTemporarilyUnavailable"),
        (429, b"", "ServiceTemporarilyUnavailable"),
        (408, b"", "ServiceTemporarilyUnavailable"),
        (401, b"", "SessionExpired"),
        (403, b"<html/>", "BankChanged"),
        (404, b'{"message": "no route"}', "BankChanged"),
        (500, b"{broken", "ServiceTemporarilyUnavailable"),
        (400, b'{"tppMessages": "none"}', "BankChanged"),
        (400, b'{"tppMessages": [7, null]}', "BankChanged"),
        (400, b'{"code": ["x"]}', "BankChanged"),
        (418, b"\xff\xfe", "BankChanged"),
    ],
)
def test_answers_that_follow_no_standard_have_a_name_as_well(status: int, body: bytes, name: str) -> None:
    assert named(status, body) == name


def test_a_401_without_words_means_the_credentials_where_some_were_sent() -> None:
    assert named(401, b"", credentials=True) == "InvalidCredentials"


def test_a_block_for_a_time_is_told_from_one_for_good() -> None:
    assert named(403, tpp("RESOURCE_BLOCKED", "Temporarily blocked")) == "AccessTemporarilyBlocked"
    assert named(403, tpp("RESOURCE_BLOCKED", "Blocked")) == "AccessBlocked"


@pytest.mark.parametrize("name", failures())
def test_kontobank_names_any_failure_exactly(name: str) -> None:
    assert named(400, tpp("FORMAT_ERROR", f"KontoBank: {name}. Words."), dialect=KONTOBANK) == name


def test_only_kontobank_may_name_a_failure() -> None:
    assert named(400, tpp("FORMAT_ERROR", "KontoBank: AccessBlocked.")) == "BankChanged"
    assert named(400, tpp("FORMAT_ERROR", "KontoBank: Nonsense."), dialect=KONTOBANK) == "BankChanged"


def test_a_failure_repeats_no_word_of_the_bank() -> None:
    problem = problem_of(BankReply(403, {}, json.dumps(tpp("SERVICE_BLOCKED", "Jan Kowalski")).encode(), "u"))
    failure = failure_of(problem, Dialect(), "Bank, step")
    assert failure.message.startswith("Bank, step: ")
    assert "Kowalski" not in failure.message
    assert "online banking" in (failure.friendly_message or "")
    odd = failure_of(
        problem_of(BankReply(403, {}, json.dumps(tpp("Jan Kowalski")).encode(), "u")), Dialect(), "w"
    )
    assert "Kowalski" not in odd.message
