"""Starting commands: parameters become a command, checks come in order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from tests.api.conftest import COMMAND_ID, PAIR, SESSION_ID, RunningApi

from kontora.api.parameters import parse_since
from kontora.commands.requests import (
    DefaultImport,
    ImportAccounts,
    ImportAccountTransactions,
    ImportCreditCards,
    ImportCreditCardTransactions,
    ImportOwners,
    SignOut,
)
from kontora.errors import (
    CommandNotAvailable,
    InvalidSince,
    JobsQuotaExceeded,
    ServiceMaintenance,
    StoreUnavailable,
)

DEFAULT_IMPORT = "/v1/command/default-import.xml"


def test_a_default_import_is_accepted_with_its_owner_in_the_reply(api: RunningApi) -> None:
    reply = api.post(DEFAULT_IMPORT, PAIR)
    assert reply.status == 202
    assert reply.body.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    root = reply.xml
    location = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
    assert dict(root.attrib) == {
        location: "https://developer.kontomatik.com/schema/v1/command_setup.xsd",
        "status": "202 Accepted",
        "user": "acme-test",
        "ownerExternalId": "o-1",
        "responseTimestamp": "2026-05-23T07:39:06Z",
    }
    command = root.find("command")
    assert dict(command.attrib) == {"id": str(COMMAND_ID), "state": "setup", "name": "DefaultImportCommand"}
    assert command.findtext("progress/value") == "0"


@pytest.mark.parametrize(
    ("path", "own", "request_"),
    [
        (DEFAULT_IMPORT, {}, DefaultImport()),
        (DEFAULT_IMPORT, {"since": "2026-01-31"}, DefaultImport(since=date(2026, 1, 31))),
        ("/v1/default-import.xml", {}, DefaultImport()),
        ("/v1/command/import-owners.xml", {}, ImportOwners()),
        ("/v1/command/import-accounts.xml", {}, ImportAccounts(fast=True)),
        ("/v1/command/import-accounts.xml", {"fast": "False"}, ImportAccounts(fast=False)),
        (
            "/v1/command/import-account-transactions.xml",
            {"iban": "pl61 1090 1014", "since": "2026-05-23", "fast": "true"},
            ImportAccountTransactions("PL6110901014", date(2026, 5, 23), True),
        ),
        (
            "/v1/command/import-account-transactions.xml",
            {"iban": "X1"},
            ImportAccountTransactions("X1", None, False),
        ),
        ("/v1/command/import-credit-cards.xml", {}, ImportCreditCards()),
        (
            "/v1/command/import-credit-card-transactions.xml",
            {"cardNumber": "c-1"},
            ImportCreditCardTransactions("c-1", None),
        ),
        ("/v1/command/sign-out.xml", {}, SignOut()),
    ],
)
def test_each_path_starts_its_command_with_its_parameters(
    api: RunningApi, path: str, own: dict[str, str], request_: Any
) -> None:
    reply = api.post(path, PAIR | own)
    assert (reply.status, reply.xml.find("command").get("name")) == (202, request_.wire_name)
    assert api.desk.asked == [("start", {"request": request_, "idempotency": None})]


def test_parameters_may_stand_in_the_url_of_a_request_without_a_body(api: RunningApi) -> None:
    query = "&".join(f"{name}={value}" for name, value in PAIR.items())
    assert api.post(f"{DEFAULT_IMPORT}?{query}").status == 202


@pytest.mark.parametrize(
    ("own", "failure"),
    [
        ({"since": "yesterday"}, "InvalidSince"),
        ({"since": "2026-13-45"}, "InvalidSince"),
        ({"since": "2026-02-29"}, "InvalidSince"),
        ({"since": "20260131"}, "InvalidSince"),
        ({"since": ""}, "InvalidSince"),
        ({"since": "２０２６-01-01"}, "InvalidSince"),
        ({"since": "2026-05-24"}, "InvalidSince"),
        ({"since": "2021-05-22"}, "InvalidSince"),
    ],
)
def test_a_bad_since_is_named_and_bound_to_the_session(
    api: RunningApi, own: dict[str, str], failure: str
) -> None:
    reply = api.post(DEFAULT_IMPORT, PAIR | own)
    assert (reply.status, reply.failure) == (400, failure)
    assert reply.xml.get("ownerExternalId") == "o-1"
    assert api.desk.asked == []


def test_since_may_be_today_in_central_europe_and_five_years_ago() -> None:
    late = datetime(2026, 5, 23, 22, 30, tzinfo=UTC)
    assert parse_since("2026-05-24", late) == date(2026, 5, 24)
    assert parse_since("2021-05-24", late) == date(2021, 5, 24)
    assert parse_since("2019-02-28", datetime(2024, 2, 29, 12, tzinfo=UTC)) == date(2019, 2, 28)
    with pytest.raises(InvalidSince):
        parse_since("2026-05-25", late)


@pytest.mark.parametrize(
    ("path", "form", "status", "failure"),
    [
        (DEFAULT_IMPORT, {}, 400, "InvalidParameter"),
        (DEFAULT_IMPORT, {"sessionId": str(SESSION_ID)}, 400, "InvalidParameter"),
        (DEFAULT_IMPORT, PAIR | {"sessionId": "12"}, 404, "InvalidSessionId"),
        (DEFAULT_IMPORT, PAIR | {"sessionId": "abc"}, 404, "InvalidSessionId"),
        (DEFAULT_IMPORT, PAIR | {"sessionId": "9" * 30}, 404, "InvalidSessionId"),
        (DEFAULT_IMPORT, PAIR | {"sessionId": str(2**63)}, 404, "InvalidSessionId"),
        (DEFAULT_IMPORT, PAIR | {"sessionId": "-1"}, 404, "InvalidSessionId"),
        (DEFAULT_IMPORT, PAIR | {"sessionId": "٣"}, 404, "InvalidSessionId"),
        (DEFAULT_IMPORT, PAIR | {"sessionId": "12", "sessionIdSignature": "x"}, 404, "InvalidSessionId"),
        (DEFAULT_IMPORT, PAIR | {"sessionIdSignature": "d" * 64}, 403, "InvalidSessionIdSignature"),
        (DEFAULT_IMPORT, PAIR | {"sessionIdSignature": "ż"}, 403, "InvalidSessionIdSignature"),
        (DEFAULT_IMPORT, PAIR | {"sessionId": "12", "since": "x"}, 404, "InvalidSessionId"),
        ("/v1/command/import-accounts.xml", PAIR | {"fast": "yes"}, 400, "InvalidParameter"),
        ("/v1/command/import-account-transactions.xml", PAIR, 400, "InvalidParameter"),
        ("/v1/command/import-account-transactions.xml", PAIR | {"iban": "a" * 65}, 400, "InvalidParameter"),
        ("/v1/command/import-account-transactions.xml", PAIR | {"iban": "a\nb"}, 400, "InvalidParameter"),
        ("/v1/command/import-credit-card-transactions.xml", PAIR, 400, "InvalidParameter"),
    ],
)
def test_a_request_that_cannot_be_is_named_before_anything_is_started(
    api: RunningApi, path: str, form: dict[str, str], status: int, failure: str
) -> None:
    reply = api.post(path, form)
    assert (reply.status, reply.failure) == (status, failure)
    assert api.desk.asked == []
    assert "http://www.w3.org/2001/XMLSchema-instance" not in reply.body.decode()


def test_an_owner_external_id_that_is_markup_is_escaped_in_every_reply(api: RunningApi) -> None:
    api.desk.owner_external_id = "o\"<1>&'"
    assert api.post(DEFAULT_IMPORT, PAIR).xml.get("ownerExternalId") == api.desk.owner_external_id
    api.desk.failure = JobsQuotaExceeded()
    assert api.post(DEFAULT_IMPORT, PAIR).xml.get("ownerExternalId") == api.desk.owner_external_id


def test_an_unknown_session_names_no_owner(api: RunningApi) -> None:
    reply = api.post(DEFAULT_IMPORT, PAIR | {"sessionId": "12"})
    assert reply.message == "Session expired."
    assert reply.xml.get("user") == "acme-test"
    assert reply.xml.get("ownerExternalId") is None


def test_a_failure_of_the_command_is_bound_to_the_session_and_tells_when_to_come_again(
    api: RunningApi,
) -> None:
    api.desk.failure = JobsQuotaExceeded()
    reply = api.post(DEFAULT_IMPORT, PAIR)
    assert (reply.status, reply.failure, reply.headers["retry-after"]) == (429, "JobsQuotaExceeded", "10")
    assert reply.xml.get("ownerExternalId") == "o-1"
    assert reply.xml.get("status") == "429 Too Many Requests"


@pytest.mark.parametrize(
    ("failure", "status"),
    [(CommandNotAvailable("Command X is not available for target T."), 400), (ServiceMaintenance(), 503),
     (StoreUnavailable(), 503)],
)  # fmt: skip
def test_each_failure_has_its_status_and_name(api: RunningApi, failure: Exception, status: int) -> None:
    api.desk.failure = failure
    reply = api.post(DEFAULT_IMPORT, PAIR)
    assert (reply.status, reply.failure, reply.message) == (status, type(failure).__name__, str(failure))


def test_a_friendly_message_is_passed_on(api: RunningApi) -> None:
    api.desk.failure = CommandNotAvailable("a", friendly_message="b & c")
    assert api.post(DEFAULT_IMPORT, PAIR).xml.findtext("exception/friendlyMessage") == "b & c"


def test_an_unexpected_failure_says_nothing_of_itself(api: RunningApi) -> None:
    api.desk.failure = ValueError("CANARY")
    reply = api.post(DEFAULT_IMPORT, PAIR)
    assert (reply.status, reply.failure) == (500, "InternalError")
    assert b"CANARY" not in reply.body


def test_an_idempotency_key_is_passed_on_with_a_fingerprint_of_the_request(api: RunningApi) -> None:
    for path, own, key in (
        (DEFAULT_IMPORT, {}, "k-1"),
        (DEFAULT_IMPORT, {}, "k-1"),
        (DEFAULT_IMPORT, {"since": "2026-05-01"}, "k-1"),
        ("/v1/command/import-owners.xml", {}, "k-2"),
    ):
        assert api.post(path, PAIR | own, headers={"Idempotency-Key": key}).status == 202
    first, same, other, another = (asked["idempotency"] for _, asked in api.desk.asked)
    assert first == same
    assert first.key_digest == other.key_digest
    assert first.fingerprint != other.fingerprint
    assert another.key_digest != first.key_digest
    assert len(first.key_digest) == len(first.fingerprint) == 32


@pytest.mark.parametrize("key", ["", "a b", "x" * 256])
def test_a_malformed_idempotency_key_is_refused(api: RunningApi, key: str) -> None:
    assert api.post(DEFAULT_IMPORT, PAIR, headers={"Idempotency-Key": key}).failure == "InvalidParameter"


CREDENTIAL = PAIR | {"credentialKind": "STATIC_PASSWORD", "credential": "CANARY"}
ENTER = "/v1/command/enter-credential.xml"


def test_a_credential_is_handed_over_as_a_secret(api: RunningApi) -> None:
    assert api.post(ENTER, CREDENTIAL).status == 202
    ((_, asked),) = api.desk.asked
    assert asked["kind"] == "STATIC_PASSWORD"
    assert asked["credential"].reveal() == "CANARY"
    assert "CANARY" not in repr(asked)
    assert "CANARY" not in repr(api.access_lines)


def test_a_credential_in_the_url_is_refused(api: RunningApi) -> None:
    query = "&".join(f"{name}={value}" for name, value in CREDENTIAL.items())
    reply = api.post(f"{ENTER}?{query}")
    assert reply.failure == "InvalidParameter"
    assert b"CANARY" not in reply.body
    assert api.desk.asked == []


def test_a_confirmation_in_the_app_needs_no_value(api: RunningApi) -> None:
    assert api.post(ENTER, PAIR | {"credentialKind": "APP_CONFIRMATION"}).status == 202
    assert api.post(ENTER, PAIR | {"credentialKind": "SMS_CODE"}).failure == "InvalidParameter"


@pytest.mark.parametrize("missing", list(CREDENTIAL))
@pytest.mark.parametrize("wrong", ["leave out", "repeat", "markup"])
def test_whatever_is_wrong_no_credential_comes_back(api: RunningApi, missing: str, wrong: str) -> None:
    form = "&".join(f"{name}={value}" for name, value in CREDENTIAL.items())
    if wrong == "leave out":
        form = "&".join(f"{name}={value}" for name, value in CREDENTIAL.items() if name != missing)
    elif wrong == "repeat":
        form += f"&{missing}=CANARY2"
    else:
        form = form.replace(f"{missing}={CREDENTIAL[missing]}", f"{missing}=%3CCANARY%3E%00")
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    reply = api.send("POST", ENTER, body=form.encode(), headers=headers)
    assert reply.status in {400, 404, 403}
    assert b"CANARY" not in reply.body
    assert "CANARY" not in repr(api.access_lines)


def test_credentials_are_not_taken_outside_practice_mode(production_api: RunningApi) -> None:
    reply = production_api.post(ENTER, CREDENTIAL)
    assert reply.status == 405
    assert b"CANARY" not in reply.body


def test_a_wrong_signature_is_told_before_the_commands_own_parameters(api: RunningApi) -> None:
    form = {"sessionId": str(SESSION_ID), "sessionIdSignature": "0" * 64, "since": "2024-13-45"}
    reply = api.post("/v1/command/default-import.xml", form)
    assert (reply.status, reply.failure) == (403, "InvalidSessionIdSignature")
