"""Logs, metrics, events and all plain columns name nobody and hold no secret (A06, C05, E06)."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import urllib3
from lxml import etree
from tests.harness.callers import Caller
from tests.line.conftest import OpenTown
from tests.security.test_client_keys import everything

OWNER = "id-Kanarek-4402"
PASSWORD = "Test123"
PARTY, TITLE = "Wilhelmina Kanarkowa", "czynsz za kanarkarnię"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def personal(result: str) -> set[str]:
    """Names, addresses, numbers, titles, parties and amounts of a reply."""
    root = etree.fromstring(result.encode())
    wanted = ("name", "address", "iban", "title", "party", "partyIban", "number", "currencyAmount")
    return {
        text
        for tag in wanted
        for text in root.xpath(f"//result//{tag}/text()")
        if len(text) >= 7 and not text.startswith("Konto")
    }


def correct_and_label(caller: Caller) -> None:
    """Say and read corrections, and have data labelled, in the right way and in a wrong one."""
    said = {"party": PARTY, "title": TITLE, "direction": "outgoing", "add": ["rent"]}
    row = {"id": "1", "transactionOn": "2026-05-17", "currencyAmount": -15, "party": PARTY, "title": TITLE}
    asked = {"accounts": [{"moneyTransactions": [row]}], "owners": [{"name": PARTY}]}
    for path, body, status in (
        ("label-correction", said, 201),
        ("label-correction", said | {"add": [TITLE]}, 400),
        ("external-data-labeling", asked, 200),
        ("external-data-labeling", asked | {"country": PARTY}, 400),
    ):
        headers = {"Content-Type": "application/json"}
        reply = caller.send("POST", f"/v1/{path}", headers=headers, body=json.dumps(body).encode())
        assert reply.status == status, reply.body
    assert PARTY in caller.send("GET", "/v1/label-corrections").body


def ask_what_it_adds_up_to(caller: Caller) -> None:
    """Ask every question about an owner, with an answer and with a refusal."""
    period = {"start": "2026-01-01", "end": "2026-12-31"}
    for path in ("accounts-summary", "owner-summary-with-monthly"):
        for category, status in (("allTransactions", 200), (f"label:{PARTY}", 400)):
            asked = {"ownerExternalId": OWNER, "categories": [category]} | period
            reply = caller.send(
                "POST",
                f"/v1/{path}",
                headers={"Content-Type": "application/json"},
                body=json.dumps(asked).encode(),
            )
            assert reply.status == status, reply.body
    for path in ("owner-income-confirmation", "owner-features", "profile"):
        assert caller.send("GET", f"/v1/{path}", {"ownerExternalId": OWNER}).status == 200
    for owner in (OWNER, OWNER + "-unknown"):
        caller.send("GET", "/v1/owner-scores.xml", {"ownerExternalId": owner})


def test_a_whole_day_of_work_leaves_no_personal_data_where_it_outlives_the_data(
    open_town: OpenTown, tmp_path: Path
) -> None:
    metrics = f"http://127.0.0.1:{free_port()}/metrics"
    town = open_town(
        log_level="DEBUG",
        legacy_api_key_parameter="on",
        metrics_port=metrics.rpartition(":")[2].removesuffix("/metrics"),
    )
    finished = town.imported("test1", OWNER)
    assert finished.state == "successful"
    canaries = personal(finished.body)
    assert len(canaries) > 50
    town.imported("garbage", OWNER + "-2")
    town.caller.sign_in("fail-InvalidCredentials", OWNER + "-3")
    town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": OWNER})
    ask_what_it_adds_up_to(town.caller)
    town.caller.send("GET", "/v1/catalog.xml", {"apiKey": town.rival_key, "country": "zz"})
    town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": OWNER + "-unknown"})
    town.caller.send("DELETE", "/v1/data.xml", {"ownerExternalId": OWNER})
    correct_and_label(town.caller)

    page = urllib3.request("GET", metrics, timeout=10).data.decode()
    assert "kontora_commands_total" in page
    town.kontora.end()  # and writes what it still holds
    logged = town.kontora.logged()
    assert "command_ended" in logged
    assert '"route":"/v1/data.xml"' in logged
    for place, text in (("log", logged), ("metrics", page), ("database", everything(town.database_url))):
        for secret in (*canaries, OWNER, PASSWORD, PARTY, TITLE, town.key, town.rival_key):
            assert secret not in text, f"{place}: {secret[:3]}…"
