"""Summaries, income, features and profile over HTTP: shapes to the letter, refusals by path, signatures."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from tests.api.conftest import OTHER_KEY, Reply, RunningApi
from tests.api.owners_in_memory import IBAN, wage_earner

SUMMARIES = (
    "/v1/accounts-summary",
    "/v1/accounts-summary-with-monthly",
    "/v1/owner-summary",
    "/v1/owner-summary-with-monthly",
)
QUESTIONS = ("/v1/owner-income-confirmation", "/v1/owner-features", "/v1/profile")
ASKED = {
    "ownerExternalId": "o-1",
    "start": "2026-03-15",
    "end": "2026-05-31",
    "categories": ["label:salary", "label:rent|grocery", "activeSinceAtLeast", "balance", "allTransactions"],
}
EVERY_SUMMARY = pytest.mark.parametrize("path", SUMMARIES)


@pytest.fixture
def api(api: RunningApi) -> RunningApi:
    """An API that knows one owner."""
    api.analytics.owners["o-1"] = (wage_earner(),)
    return api


def ask(api: RunningApi, path: str, asked: Any, **options: Any) -> Reply:
    body = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
    return api.send("POST", path, body=body, headers={"Content-Type": "application/json"}, **options)


def content(reply: Reply) -> Any:
    assert reply.status == 200, reply.body
    return json.loads(reply.body)["content"]


def refusal(reply: Reply) -> tuple[int, str]:
    return reply.status, json.loads(reply.body)["exception"]["name"]


def paths(reply: Reply) -> list[str]:
    return [one["path"] for one in json.loads(reply.body)["errors"]]


def test_the_accounts_summary_has_the_fields_of_the_specification(api: RunningApi) -> None:
    told = content(ask(api, "/v1/accounts-summary-with-monthly", ASKED))
    assert list(told) == ["ownerExternalId", "start", "end", "responseTimestamp", "owners", "accounts"]
    assert told["responseTimestamp"] == "2026-05-23T07:39:06Z"
    assert told["owners"] == [{"name": "Jan Kowalski", "kind": "OWNER"}]
    account, euros, card = told["accounts"]
    assert set(account) == {
        "kind", "target", "institution", "origin", "name", "iban", "cardId", "currencyName", "months",
        "activeSinceAtLeast", "firstActiveOn", "activeDays", "balance", "categories",
    }  # fmt: skip
    assert (account["kind"], account["iban"], account["cardId"]) == ("ACCOUNT", IBAN, None)
    assert (card["kind"], card["iban"], card["cardId"]) == ("CREDIT_CARD", None, "c-1")
    assert (account["activeSinceAtLeast"], euros["activeSinceAtLeast"]) == ("2025-11-08", None)
    assert set(account["balance"]) == {"current", "averageOverPeriod", "averagePerTransaction"}
    assert euros["balance"] == dict.fromkeys(account["balance"])
    assert [one["category"] for one in account["categories"]] == [
        "label:salary",
        "label:rent|grocery",
        "allTransactions",
    ]
    assert account["categories"][0]["all"] == {"count": 2, "total": 5600.0, "average": 2800.0}
    assert account["categories"][0]["outgoing"] == {"count": 0, "total": 0.0, "average": None}
    assert [(one["month"], one["start"], one["end"]) for one in account["months"]] == [
        ("2026-03", "2026-03-15", "2026-03-31"),
        ("2026-04", "2026-04-01", "2026-04-30"),
        ("2026-05", "2026-05-01", "2026-05-31"),
    ]
    assert set(account["months"][0]["balance"]) == {"atEnd", "averageOverPeriod", "averagePerTransaction"}


def test_the_owner_summary_is_by_currency(api: RunningApi) -> None:
    told = content(ask(api, "/v1/owner-summary-with-monthly", ASKED))
    zlotys, euros = told["currencies"]
    assert (zlotys["currencyName"], zlotys["accountsCount"]) == ("PLN", 2)
    assert (euros["currencyName"], euros["accountsCount"]) == ("EUR", 1)
    assert euros["categories"][2]["all"]["total"] == 50
    assert len(zlotys["months"]) == 3
    assert "accounts" not in told


def test_without_months_there_are_none_and_what_was_not_asked_for_is_not_there(api: RunningApi) -> None:
    told = content(ask(api, "/v1/accounts-summary", ASKED | {"categories": []}))
    assert {"months", "balance", "activeSinceAtLeast"}.isdisjoint(told["accounts"][0])
    assert told["accounts"][0]["categories"] == []


def test_money_is_a_number_with_exactly_two_decimals(api: RunningApi) -> None:
    body = ask(api, "/v1/accounts-summary", ASKED).body
    assert b'"total":5600.00,"average":2800.00' in body
    assert b'"total":0.00,"average":null' in body


def test_requests_may_have_fields_that_nobody_knows(api: RunningApi) -> None:
    assert ask(api, "/v1/accounts-summary", ASKED | {"colour": "red"}).status == 200


@EVERY_SUMMARY
@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"ownerExternalId": None}, "ownerExternalId"),
        ({"ownerExternalId": 7}, "ownerExternalId"),
        ({"start": None}, "start"),
        ({"start": "2026-02-29"}, "start"),
        ({"start": "2024-13-45"}, "start"),
        ({"start": "20260101"}, "start"),
        ({"start": 20260101}, "start"),
        ({"end": "2026-03-14"}, "end"),
        ({"end": "2031-03-16"}, "end"),
        ({"start": "2024-02-29", "end": "2029-03-01"}, "end"),
        ({"categories": None}, "categories"),
        ({"categories": "label:salary"}, "categories"),
        ({"categories": ["label:salary"] * 101}, "categories"),
        ({"categories": ["label:salary", "label:canary"]}, "categories[1]"),
        ({"categories": [["label:salary"]]}, "categories[0]"),
    ],
)
def test_what_is_wrong_is_told_by_its_path(
    api: RunningApi, path: str, change: dict[str, Any], wrong: str
) -> None:
    reply = ask(api, path, ASKED | change)
    assert refusal(reply) == (400, "InvalidParameter")
    assert paths(reply) == [wrong]
    assert b"canary" not in reply.body


def test_everything_that_is_wrong_is_told_at_once(api: RunningApi) -> None:
    reply = ask(api, "/v1/owner-summary", {"categories": ["x", "y"]})
    assert paths(reply) == ["ownerExternalId", "start", "end", "categories[0]", "categories[1]"]
    message = json.loads(reply.body)["exception"]["message"]
    assert message.startswith("ownerExternalId: It is missing") and "4 more" in message


def test_five_years_are_read_to_the_day(api: RunningApi) -> None:
    for start, end in (("2021-05-31", "2026-05-31"), ("2024-02-29", "2029-02-28")):
        assert ask(api, "/v1/owner-summary", ASKED | {"start": start, "end": end}).status == 200


@EVERY_SUMMARY
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"o-1"',
        b'{"ownerExternalId": "o-1", "ownerExternalId": "o-2"}',
        b'{"start": NaN}',
        b"[" * 20_000,
        b'{"start": "\\ud800"}',
        b"\xff\xfe",
        b'{"start": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_is_no_strict_json_object_is_refused(api: RunningApi, path: str, body: bytes) -> None:
    assert refusal(ask(api, path, body)) == (400, "InvalidParameter")


def test_of_a_field_that_is_there_twice_neither_is_taken(api: RunningApi) -> None:
    body = json.dumps(ASKED).encode()
    twice = body[:-1] + b', "ownerExternalId": "o-1"}'
    assert ask(api, "/v1/owner-summary", body).status == 200
    assert refusal(ask(api, "/v1/owner-summary", twice)) == (400, "InvalidParameter")


@EVERY_SUMMARY
def test_other_types_and_large_bodies_are_refused(api: RunningApi, path: str) -> None:
    form = api.post(path, {"ownerExternalId": "o-1"})
    assert refusal(form) == (415, "UnsupportedMediaType")
    large = ask(api, path, b" " * 70_000)
    assert refusal(large) == (413, "BodyTooLarge")


def test_another_clients_owner_is_404_on_every_path(api: RunningApi) -> None:
    for path in SUMMARIES:
        assert refusal(ask(api, path, ASKED, key=OTHER_KEY)) == (404, "InvalidOwnerExternalId"), path
    for path in QUESTIONS:
        reply = api.get(f"{path}?ownerExternalId=o-1", key=OTHER_KEY)
        assert refusal(reply) == (404, "InvalidOwnerExternalId"), path


@pytest.mark.parametrize("path", QUESTIONS)
def test_a_question_without_an_owner_is_a_missing_parameter(api: RunningApi, path: str) -> None:
    assert refusal(api.get(path)) == (400, "InvalidParameter")
    assert refusal(api.get(f"{path}?ownerExternalId=")) == (400, "InvalidParameter")


def test_the_catalogue_tells_specials_operators_and_labels(api: RunningApi) -> None:
    told = content(api.get("/v1/data-summary-catalog"))
    assert told["specials"] == ["allTransactions", "balance", "activeSinceAtLeast"]
    assert told["operators"][0] == {"operator": "|", "meaning": "or"}
    zus = next(one for one in told["labels"] if one["label"] == "zus")
    assert {name: zus[name] for name in ("category", "label", "group", "parent", "alias", "countries")} == {
        "category": "label:zus",
        "label": "zus",
        "group": "state",
        "parent": "tax",
        "alias": False,
        "countries": ["pl", "es", "cz", "pt"],
    }


def test_every_category_of_the_catalogue_may_be_asked_for(api: RunningApi) -> None:
    told = content(api.get("/v1/data-summary-catalog"))
    categories = [*told["specials"], *(one["category"] for one in told["labels"])]
    assert ask(api, "/v1/owner-summary", ASKED | {"categories": categories}).status == 200


def test_income_is_told_by_currency_and_account_in_four_periods(api: RunningApi) -> None:
    told = content(api.get("/v1/owner-income-confirmation?ownerExternalId=o-1"))
    assert list(told) == ["ownerExternalId", "responseTimestamp", "dataChangedAt", "owners", "incomes"]
    assert told["dataChangedAt"] == "2026-05-23T07:35:22Z"
    assert [(one["currencyName"], one["iban"]) for one in told["incomes"]] == [
        ("PLN", None),
        ("PLN", IBAN),
        ("EUR", None),
        ("EUR", "DE89370400440532013000"),
    ]
    now = told["incomes"][0]["periods"][0]
    assert now == {
        "period": "M-0",
        "start": "2026-05-01",
        "end": "2026-05-23",
        "salary": 2800.0,
        "pension": 0.0,
        "welfareAndAlimony": 0.0,
        "invoicePayments": 0.0,
        "otherIncome": 0.0,
        "total": 2800.0,
    }
    assert told["incomes"][2]["periods"][3]["otherIncome"] == 16.67


def test_features_have_names_units_and_values(api: RunningApi) -> None:
    told = content(api.get("/v1/owner-features?ownerExternalId=o-1"))
    assert (told["featureSet"], told["currencyName"]) == ("common-1", "PLN")
    found = {one["name"]: one for one in told["features"]}
    assert len(found) == 18
    assert found["incomeMonthlyAverage90d"] == {
        "name": "incomeMonthlyAverage90d",
        "value": 2800.0,
        "unit": "money",
    }
    assert found["salaryCount90d"]["value"] == 3
    assert found["newLoansCount90d"]["value"] == 0
    body = api.get("/v1/owner-features?ownerExternalId=o-1").body
    assert b'"value":2800.00' in body


def test_a_feature_that_cannot_be_computed_is_null(api: RunningApi) -> None:
    api.analytics.owners["empty"] = ()
    told = content(api.get("/v1/owner-features?ownerExternalId=empty"))
    values = {one["name"]: one["value"] for one in told["features"]}
    assert values["incomeMonthlyAverage90d"] is None and values["balanceAverage90d"] is None
    assert told["currencyName"] is None


def test_the_profile_tells_segments_with_evidence_in_clients_names(api: RunningApi) -> None:
    told = content(api.get("/v1/profile?ownerExternalId=o-1"))
    assert (told["start"], told["end"]) == ("2025-11-24", "2026-05-23")
    assert told["segments"][0] == {
        "name": "regularEarner",
        "strength": 1.0,
        "evidence": [{"label": "regular wage", "count": 6, "total": 16800.0}],
    }
    assert [one["name"] for one in told["segments"]] == ["regularEarner", "tenant"]


SIGNED = {"Accept-Signature": "SHA256withRSA"}
INCOME = "/v1/owner-income-confirmation?ownerExternalId=o-1"


def published(api: RunningApi, key_id: str) -> rsa.RSAPublicKey:
    """Read a key as a stranger does: without any key of ours."""
    reply = api.get("/.well-known/jwks.json", key=None)
    (found,) = [key for key in json.loads(reply.body)["keys"] if key["kid"] == key_id]
    assert (found["kty"], found["alg"], found["use"]) == ("RSA", "RS256", "sig")

    def number(text: str) -> int:
        return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))

    return rsa.RSAPublicNumbers(number(found["e"]), number(found["n"])).public_key()


def test_a_signed_reply_is_verified_by_openssl_with_the_published_key(
    api: RunningApi, tmp_path: Path
) -> None:
    reply = api.get(INCOME, headers=SIGNED)
    key = published(api, reply.headers["signature-key-id"])
    assert key.key_size == 3072
    pem = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "key.pem").write_bytes(pem)
    (tmp_path / "signature").write_bytes(base64.b64decode(reply.headers["signature"], validate=True))
    (tmp_path / "body").write_bytes(reply.body)
    command = ["openssl", "dgst", "-sha256", "-verify", "key.pem", "-signature", "signature", "body"]
    told = subprocess.run(command, check=False, cwd=tmp_path, capture_output=True, text=True)
    assert (told.returncode, told.stdout.strip()) == (0, "Verified OK")
    (tmp_path / "body").write_bytes(reply.body.replace(b"2800.00", b"2900.00"))
    assert subprocess.run(command, check=False, cwd=tmp_path, capture_output=True).returncode == 1


def test_the_signature_covers_the_exact_bytes_with_their_time(api: RunningApi) -> None:
    first = api.get(INCOME, headers=SIGNED)
    api.now += 1
    second = api.get(INCOME, headers=SIGNED)
    assert first.body != second.body
    assert first.headers["signature"] != second.headers["signature"]
    key = published(api, second.headers["signature-key-id"])
    key.verify(
        base64.b64decode(second.headers["signature"]), second.body, padding.PKCS1v15(), hashes.SHA256()
    )


def test_a_reply_is_signed_only_if_that_is_asked_for(api: RunningApi) -> None:
    assert "signature" not in api.get(INCOME).headers


@pytest.mark.parametrize("algorithm", ["SHA1withRSA", "none", "", "RS256", "SHA256withRSA, SHA1withRSA"])
def test_another_algorithm_is_refused(api: RunningApi, algorithm: str) -> None:
    reply = api.get(INCOME, headers={"Accept-Signature": algorithm})
    assert refusal(reply) == (400, "InvalidParameter")
    assert "signature" not in reply.headers


def test_the_keys_are_public_and_may_be_kept_for_an_hour(api: RunningApi) -> None:
    reply = api.get("/.well-known/jwks.json", key=None)
    assert (reply.status, reply.headers["cache-control"]) == (200, "public, max-age=3600")
    (key,) = json.loads(reply.body)["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "alg", "use"}
