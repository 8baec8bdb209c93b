"""All data of an owner, the catalogue, health, and the practice clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from tests.api.conftest import RunningApi

from kontora.commands.answers import OwnerData
from kontora.model import Account, Import, MoneyTransaction, TransactionStatus

AT = datetime(2026, 5, 23, 7, 35, 7, 264013, tzinfo=UTC)


def owner_data() -> OwnerData:
    item = MoneyTransaction(date(2026, 5, 22), Decimal(-1), TransactionStatus.DONE, labels=("fee",))
    account = Account("Konto 0", "PL1", "PLN", Decimal(5), money_transactions=(item,))
    older = Import("KontoBankApi", "KontoBank", AT, accounts=(account,))
    newer = Import("KontoBankApi", "KontoBank", AT, accounts=(Account("Konto 0", "PL1", "PLN", Decimal(6)),))
    return OwnerData("o-1", AT, AT, "scraper", (older, newer))


def test_the_data_of_an_owner_is_merged_over_all_imports(api: RunningApi) -> None:
    api.desk.owners["o-1"] = owner_data()
    reply = api.get("/v1/data.xml?ownerExternalId=o-1&sessionId=1&sessionIdSignature=x")
    assert reply.status == 200
    assert reply.xml.get("ownerExternalId") == "o-1"
    location = "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation"
    assert reply.xml.get(location).endswith("/get_data.xsd")
    (target,) = reply.xml.findall("owner/target")
    assert (target.get("name"), target.get("officialName")) == ("KontoBankApi", "KontoBank")
    assert target.findtext("accounts/account/currencyBalance") == "6.00"
    assert target.findtext("accounts/account/moneyTransactions/moneyTransaction/labels/label") == "fee"


def test_an_unknown_owner_is_404(api: RunningApi) -> None:
    reply = api.get("/v1/data.xml?ownerExternalId=o-2")
    assert (reply.status, reply.failure) == (404, "InvalidOwnerExternalId")


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_data_without_an_owner_is_a_missing_parameter(api: RunningApi, method: str) -> None:
    assert api.send(method, "/v1/data.xml").failure == "InvalidParameter"


def test_deleted_data_is_gone_and_the_reply_is_empty(api: RunningApi) -> None:
    api.desk.owners["o-1"] = owner_data()
    reply = api.send("DELETE", "/v1/data.xml?ownerExternalId=o-1")
    assert (reply.status, list(reply.xml), reply.xml.get("ownerExternalId")) == (200, [], "o-1")
    assert api.send("DELETE", "/v1/data.xml?ownerExternalId=o-1").status == 404


@pytest.mark.parametrize("path", ["/v1/catalog.xml", "/v1/command-catalog.xml", "/v1/ais-catalog"])
def test_the_catalogue_lists_the_targets_under_each_of_its_names(api: RunningApi, path: str) -> None:
    reply = api.get(path)
    assert reply.status == 200
    targets = {target.get("name"): target for target in reply.xml.find("targets")}
    target = targets["KontoBankApi"]
    assert dict(target.attrib) == {
        "country": "pl",
        "name": "KontoBankApi",
        "institution": "KontoBank",
        "officialName": "KontoBank",
        "officialUrl": "https://bank.kontomatik.com",
        "beta": "true",
        "psd2": "true",
    }
    assert [child.tag for child in target] == ["supportedAccountTypes", "commands", "credentialsMetadata"]
    assert "DefaultImportCommand" in [command.get("name") for command in target.find("commands")]
    (asked,) = target.find("credentialsMetadata")
    assert (asked.get("kind"), asked.findtext("name")) == ("API_SETUP", "")
    assert (asked.findtext("supported"), asked.findtext("asterisked")) == ("true", "false")


@pytest.mark.parametrize(
    ("query", "countries"),
    [
        ("", {"pl", "cz", "es"}),
        ("country=all", {"pl", "cz", "es"}),
        ("country=cz", {"cz"}),
        ("country=CZ&accessMode=multiple", {"cz"}),
        ("country=xx", set()),
    ],
)
def test_the_catalogue_is_filtered_by_country(api: RunningApi, query: str, countries: set[str]) -> None:
    targets = api.get(f"/v1/catalog.xml?{query}").xml.find("targets")
    assert {target.get("country") for target in targets} == countries


def test_with_favicons_each_target_carries_one(api: RunningApi) -> None:
    for target in api.get("/v1/catalog.xml?favicons=true").xml.find("targets"):
        assert target.get("favicon").startswith("data:image/png;base64,")


@pytest.mark.parametrize("query", ["country=poland", "country=p", "favicons=1", "accessMode=ALL"])
def test_a_catalogue_question_that_makes_no_sense_is_refused(api: RunningApi, query: str) -> None:
    assert api.get(f"/v1/catalog.xml?{query}").failure == "InvalidParameter"


@pytest.mark.parametrize("path", ["/v1/health", "/v1/health/ready", "/isItWorking"])
def test_health_tells_up_or_down_and_nothing_else(api: RunningApi, path: str) -> None:
    reply = api.get(path, key=None, source="127.0.0.9")
    assert (reply.status, json.loads(reply.body)) == (200, {"status": "UP"})
    for broken in (False, None):
        api.probes["store"] = broken
        api.monotonic += 1
        reply = api.get(path, key=None)
        assert (reply.status, json.loads(reply.body)) == (503, {"status": "DOWN"})
        assert b"CANARY" not in reply.body


def test_a_process_lives_while_its_store_is_away(api: RunningApi) -> None:
    api.probes["store"] = False
    api.monotonic += 1
    assert api.get("/v1/health/live", key=None).status == 200
    assert api.get("/v1/health/ready", key=None).status == 503


def test_the_practice_clock_is_moved_by_seconds(api: RunningApi) -> None:
    reply = api.send(
        "PUT",
        "/practice/clock",
        body=b'{"offset_seconds": 86400}',
        headers={"Content-Type": "application/json"},
    )
    assert (reply.status, json.loads(reply.body)) == (200, {"offset_seconds": 86400.0})
    assert api.desk.asked == [("set_clock", {"offset_seconds": 86400.0})]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"offset_seconds": "1"}',
        b'{"offset_seconds": true}',
        b'{"offset_seconds": null}',
        b'{"offset_seconds": NaN}',
        b'{"offset_seconds": 1e400}',
        b'{"offset_seconds": 1e10}',
        b'{"offset_seconds": ' + b"9" * 100_000 % () + b"}",
        b'{"offset_seconds": 1, "offset_seconds": 2}',
        b'{"offset_seconds": 1, "x": "\\ud800"}',
        b"[" * 10_000,
        b"\xff",
    ],
)
def test_a_clock_that_is_not_strict_json_is_refused_without_an_echo(api: RunningApi, body: bytes) -> None:
    reply = api.send(
        "PUT", "/practice/clock", body=body[:60_000], headers={"Content-Type": "application/json"}
    )
    assert reply.status == 400
    assert json.loads(reply.body)["exception"]["name"] == "InvalidParameter"
    assert api.desk.asked == []


def test_a_clock_of_another_type_is_refused(api: RunningApi) -> None:
    reply = api.send("PUT", "/practice/clock", body=b"{}", headers={"Content-Type": "text/plain"})
    assert reply.status == 415


def test_each_request_leaves_one_line_with_its_route_and_never_its_query(
    api: RunningApi, wait_until: Callable[[Callable[[], bool]], None]
) -> None:
    api.get("/v1/data.xml?ownerExternalId=CANARY")
    wait_until(lambda: any(line["route"] == "/v1/data.xml" for line in api.access_lines))
    assert "CANARY" not in repr(api.access_lines)
