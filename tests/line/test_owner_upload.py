"""Owner uploads over the whole line: kept whole or refused by path, joined with what banks and PDFs tell."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import secrets
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from lxml import etree
from tests.harness.callers import Caller, Reply
from tests.harness.towns import Town
from tests.line.conftest import OpenTown
from tests.line.test_statements import issued, rows, sent

IBAN = "PL26137013140000000000000001"
LIMIT = 20 * 1024 * 1024
JSON = {"Content-Type": "application/json"}
GZIP = JSON | {"Content-Encoding": "gzip"}


def owner() -> str:
    """An owner of the test's own."""
    return f"upload-{secrets.token_hex(6)}"


def row(day: str = "2026-05-22", amount: Any = -15, **fields: Any) -> dict[str, Any]:
    return {"transactionOn": day, "currencyAmount": amount} | fields


def account(*items: Any, **fields: Any) -> dict[str, Any]:
    return {"iban": IBAN, "currencyName": "PLN", "moneyTransactions": list(items)} | fields


def upload(
    caller: Caller, name: str, *accounts: Any, headers: dict[str, str] | None = None, **fields: Any
) -> Reply:
    body = {"ownerExternalId": name, "accounts": list(accounts)} | fields
    return posted(caller, json.dumps(body).encode(), JSON | (headers or {}))


def posted(caller: Caller, body: bytes, headers: dict[str, str] = JSON) -> Reply:
    return caller.send("POST", "/v1/owner", headers=headers, body=body)


def request_id(reply: Reply) -> str:
    """The id that a success carries, and nothing else."""
    assert reply.status == 200, reply.body
    (found,) = json.loads(reply.body).values()
    return str(found)


def data(town: Town, name: str) -> Any:
    reply = town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": name})
    assert reply.status == 200, reply.body
    return etree.fromstring(reply.body.encode())


def errors(reply: Reply) -> dict[str, str]:
    assert (reply.status, reply.failure) == (400, "InvalidParameter"), reply.body
    return {one["path"]: one["message"] for one in json.loads(reply.body)["errors"]}


def test_what_was_uploaded_is_told_with_all_its_parts(town: Town) -> None:
    name = owner()
    first = account(
        row(
            bookedOn="2026-05-23",
            currencyBalance=120.50,
            title="ZAKUPY",
            party="BIEDRONKA 123",
            partyIban=None,
            kind="ZAPŁATA KARTĄ",
            status="DONE",
            mcc="5411",
        ),
        name="Konto 0",
        currencyBalance=120.50,
        activeSinceAtLeast="2026-01-02",
        owners=[{"name": "Jan Kowalski", "kind": "OWNER"}],
    )
    card = {
        "name": "Visa",
        "cardId": "c-1",
        "number": "425125******1111",
        "currencyBalance": -300.00,
        "currencyName": "PLN",
        "limit": 5000.00,
        "moneyTransactions": [],
    }
    people = [{"name": "Jan Kowalski", "address": "Lipowa 1/2 00-001 Warszawa", "kind": "OWNER"}]
    reply = upload(town.caller, name, first, owners=people, creditCards=[card], country="pl")
    assert request_id(reply).isdigit() and len(request_id(reply)) == 19
    found = data(town, name).find("owner")
    assert found.get("origin") == "upload"
    (target,) = found.iter("target")
    assert dict(target.attrib) == {
        "name": "Upload",
        "officialName": "Upload",
        "institution": "Upload",
        "origin": "upload",
    }
    assert target.findtext("owners/owner/address") == "Lipowa 1/2 00-001 Warszawa"
    assert target.findtext("accounts/account/activeSinceAtLeast") == "2026-01-02"
    assert target.findtext("creditCards/creditCard/limit") == "5000.00"
    assert rows(target) == [
        {
            "transactionOn": "2026-05-22",
            "bookedOn": "2026-05-23",
            "currencyAmount": "-15.00",
            "currencyBalance": "120.50",
            "title": "ZAKUPY",
            "party": "BIEDRONKA 123",
            "kind": "ZAPŁATA KARTĄ",
            "status": "DONE",
        }
    ]


def test_it_is_labelled_by_the_rules_of_its_country(town: Town) -> None:
    key = town.site.add_client(f"labels-{secrets.token_hex(4)}", features=("labels",))
    caller = Caller(town.kontora.url, key)
    item = row(title="ZAKUP", kind="ZAKUP PRZY UŻYCIU KARTY", mcc="5411", labels=["salary"])
    told = {}
    for country in ("pl", "de"):
        assert upload(caller, country, account(item), country=country).status == 200
        reply = caller.send("GET", "/v1/data.xml", {"ownerExternalId": country})
        told[country] = [one.text for one in etree.fromstring(reply.body.encode()).iter("label")]
    caller.close()
    assert told == {"pl": ["grocery"], "de": []}


def test_a_packed_body_is_read_like_a_plain_one(town: Town) -> None:
    name = owner()
    body = json.dumps({"ownerExternalId": name, "accounts": [account(row())]}).encode()
    assert request_id(posted(town.caller, gzip.compress(body), GZIP))
    assert len(rows(data(town, name))) == 1


def test_the_same_account_again_merges_up_to_the_number_of_equal_money_transactions(town: Town) -> None:
    name = owner()
    request_id(upload(town.caller, name, account(row(title="a"), row(title="a"), row("2026-05-20"))))
    request_id(
        upload(town.caller, name, account(row(title="a"), row(title="a"), row(title="a"), row(party="x")))
    )
    found = data(town, name)
    assert len(list(found.iter("account"))) == 1
    assert len(rows(found)) == 5


def test_an_imported_account_stands_once_and_gains_what_the_bank_did_not_tell(town: Town) -> None:
    name = owner()
    town.imported("test1", name)
    before = data(town, name)
    iban = before.findtext(".//account/iban")
    known = next(item for item in rows(before.find(".//account")) if item["status"] == "DONE")
    again: dict[str, Any] = {key: known[key] for key in ("transactionOn", "title", "party") if key in known}
    again["currencyAmount"] = known["currencyAmount"]
    reply = upload(town.caller, name, account(again, row("2021-06-01", -7, title="before"), iban=iban))
    assert reply.status == 200, reply.body
    after = data(town, name)
    assert [one.get("name") for one in after.iter("target")] == [
        one.get("name") for one in before.iter("target")
    ]
    assert after.find("owner").get("origin") == "scraper"
    assert len(rows(after)) == len(rows(before)) + 1
    assert rows(after.find(".//account"))[-1]["title"] == "before"


def test_a_statement_of_an_uploaded_account_joins_it(town: Town) -> None:
    name = owner()
    pdf = issued(town, "single", month="2026-10")
    assert sent(town.caller, "/v1/pdf/statement", pdf, ownerExternalId=name).status == 200
    before = data(town, name)
    iban = before.findtext(".//account/iban")
    assert request_id(upload(town.caller, name, account(row("2026-05-22"), iban=iban)))
    after = data(town, name)
    assert len(list(after.iter("account"))) == 1
    assert len(rows(after)) == len(rows(before)) + 1


def test_a_named_target_is_a_block_of_its_own(town: Town) -> None:
    name = owner()
    other = account(row(), iban="PL61109010140000071219812874", target="My Bank")
    assert request_id(upload(town.caller, name, account(row()), other))
    assert [one.get("name") for one in data(town, name).iter("target")] == ["Upload", "My Bank"]


def test_one_mistake_refuses_all_and_each_is_named_by_its_path(town: Town) -> None:
    name = owner()
    items = [row(), row(), row(), row("22.05.2026", "abc"), row(status="OK")]
    told = errors(upload(town.caller, name, account(*items), {"iban": IBAN}))
    assert set(told) == {
        "accounts[0].moneyTransactions[3].transactionOn",
        "accounts[0].moneyTransactions[3].currencyAmount",
        "accounts[0].moneyTransactions[4].status",
        "accounts[1].currencyName",
    }
    gone = town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": name})
    assert (gone.status, gone.failure) == (404, "InvalidOwnerExternalId")


def test_what_does_not_hold_is_kept_and_told(town: Town) -> None:
    name = owner()
    broken = account(
        row("2026-05-22", -1, currencyBalance=10, bookedOn="2026-05-22", labels=["fee"]),
        row("2026-05-21", -1, currencyBalance=99, bookedOn="2026-05-21"),
        iban="PL27137013140000000000000001",
        currencyBalance=10,
    )
    reply = upload(town.caller, name, broken)
    assert reply.status == 200, reply.body
    told = json.loads(reply.body)
    assert [one["path"] for one in told["warnings"]] == [
        "accounts[0].moneyTransactions[0].labels",
        "accounts[0].iban",
        "accounts[0].moneyTransactions[0].currencyBalance",
    ]
    assert len(rows(data(town, name))) == 2


@pytest.mark.parametrize("external_id", ["", "x" * 201, "a\nb"])
def test_an_external_id_that_cannot_be_one_is_refused(town: Town, external_id: str) -> None:
    reply = upload(town.caller, external_id, account(row()))
    assert (reply.status, reply.failure) == (400, "InvalidOwnerExternalId")


def test_another_company_sees_nothing_of_it(town: Town) -> None:
    name = owner()
    assert request_id(upload(town.caller, name, account(row())))
    assert town.rival.send("GET", "/v1/data.xml", {"ownerExternalId": name}).status == 404
    assert request_id(upload(town.rival, name, account(row(), row())))
    assert len(rows(data(town, name))) == 1


def test_deleting_the_owner_deletes_it(town: Town) -> None:
    name = owner()
    number = request_id(upload(town.caller, name, account(row())))
    assert town.caller.send("DELETE", "/v1/data.xml", {"ownerExternalId": name}).status == 200
    assert town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": name}).status == 404
    with psycopg.connect(town.database_url) as db:
        assert db.execute("select count(*) from import where id = %s", (number,)).fetchone() == (0,)


def test_an_owner_deleted_while_uploads_come_keeps_nothing_half(town: Town) -> None:
    for _ in range(10):
        name = owner()
        request_id(upload(town.caller, name, account(row())))
        with ThreadPoolExecutor(4) as threads:
            uploads = [threads.submit(upload, town.caller, name, account(row(), row())) for _ in range(3)]
            deletion = threads.submit(town.caller.send, "DELETE", "/v1/data.xml", {"ownerExternalId": name})
        assert deletion.result().status == 200
        replies = [one.result() for one in uploads]
        assert {(one.status, one.failure) for one in replies} <= {(200, None), (404, "OwnerDeleted")}
        left = town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": name})
        assert left.status in {200, 404}, left.body
        if left.status == 200:
            assert len(rows(etree.fromstring(left.body.encode()))) == 2


def test_it_goes_when_its_day_is_over(open_town: OpenTown) -> None:
    town = open_town()
    name = owner()
    request_id(upload(town.caller, name, account(row())))
    moved = town.caller.send(
        "PUT", "/practice/clock", headers=JSON, body=json.dumps({"offset_seconds": 25 * 3600}).encode()
    )
    assert moved.status == 200, moved.body
    assert town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": name}).status == 404


def test_each_upload_leaves_one_event_without_a_word_of_its_content(town: Town) -> None:
    number = request_id(upload(town.caller, owner(), account(row(), target="Kowalski's bank")))
    with psycopg.connect(town.database_url) as db:
        found = db.execute(
            "select kind, client_id, outcome, target, detail from event where command_id = %s", (number,)
        ).fetchall()
    figures = {"targets": 1, "accounts": 1, "credit_cards": 0, "money_transactions": 1, "warnings": 0}
    assert found == [("owner_uploaded", "lender-test", "ok", None, figures)]


def test_one_idempotency_key_sent_twenty_times_keeps_one_upload(town: Town) -> None:
    name, key = owner(), {"Idempotency-Key": secrets.token_hex(8)}
    crowd = Caller(town.kontora.url, town.key, connections=8)
    with ThreadPoolExecutor(4) as threads:
        replies = list(threads.map(lambda _: upload(crowd, name, account(row()), headers=key), range(20)))
    crowd.close()
    (number,) = {request_id(reply) for reply in replies}
    with psycopg.connect(town.database_url) as db:
        kept = db.execute(
            "select count(*) from import where owner_id = (select owner_id from import where id = %s)",
            (number,),
        ).fetchone()
    assert kept == (1,)
    other = upload(town.caller, name, account(row(), row()), headers=key)
    assert (other.status, other.failure) == (409, "IdempotencyConflict")
    bad = upload(town.caller, name, account(row()), headers={"Idempotency-Key": "a b"})
    assert (bad.status, bad.failure) == (400, "InvalidParameter")


def test_an_upload_takes_a_place_among_the_commands(town: Town) -> None:
    pairs = [town.caller.session("single", f"{owner()}") for _ in range(8)]
    town.bank.behave(delay_ms=3_000)
    running = [town.caller.start(pair) for pair in pairs]
    name = owner()
    refused = upload(town.caller, name, account(row()))
    town.bank.behave(delay_ms=0)
    assert (refused.status, refused.failure) == (429, "JobsQuotaExceeded")
    assert refused.headers["Retry-After"]
    for reply in running:
        town.caller.ended(reply.command_id)
    assert request_id(upload(town.caller, name, account(row())))


def bomb() -> bytes:
    packing = zlib.compressobj(9, wbits=16 + zlib.MAX_WBITS)
    return b"".join([packing.compress(b" " * 2**20) for _ in range(1024)]) + packing.flush()


BODY = json.dumps({"ownerExternalId": "o", "accounts": [account(row())]}).encode()


@pytest.mark.parametrize(
    ("headers", "body", "status", "failure"),
    [
        (GZIP, bomb(), 413, "BodyTooLarge"),
        (GZIP, gzip.compress(b"{" + b" " * (LIMIT - 1) + b"}"), 413, "BodyTooLarge"),
        (GZIP, gzip.compress(gzip.compress(BODY)), 400, "InvalidParameter"),
        (GZIP, BODY, 400, "InvalidParameter"),
        (GZIP, gzip.compress(BODY)[:-5], 400, "InvalidParameter"),
        (GZIP, gzip.compress(BODY) + b"x", 400, "InvalidParameter"),
        (GZIP, gzip.compress(BODY) * 2, 400, "InvalidParameter"),
        (GZIP, b"", 400, "InvalidParameter"),
        (JSON | {"Content-Encoding": "br"}, BODY, 415, "UnsupportedMediaType"),
        (JSON | {"Content-Encoding": "gzip, gzip"}, gzip.compress(BODY), 415, "UnsupportedMediaType"),
        ({"Content-Type": "text/plain"}, BODY, 415, "UnsupportedMediaType"),
        ({"Content-Type": "application/json; charset=latin-1"}, BODY, 415, "UnsupportedMediaType"),
        (JSON, b"", 400, "InvalidParameter"),
        (JSON, b"[]", 400, "InvalidParameter"),
        (JSON, b"[" * 1_000_000, 400, "InvalidParameter"),
        (JSON, b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400, "InvalidParameter"),
        (JSON, BODY.replace(b"-15", b"NaN"), 400, "InvalidParameter"),
        (JSON, BODY.replace(b"-15", b"-Infinity"), 400, "InvalidParameter"),
        (JSON, BODY.replace(b"-15", b"1e999999999"), 400, "InvalidParameter"),
        (JSON, BODY.replace(b"-15", b"1" * 1_000_000), 400, "InvalidParameter"),
        (JSON, BODY.replace(b"-15", b'"1e999999999"'), 400, "InvalidParameter"),
        (JSON, BODY.replace(b"-15", b'"sNaN"'), 400, "InvalidParameter"),
        (JSON, BODY.replace(b'"o"', b'"o", "ownerExternalId": "p"'), 400, "InvalidParameter"),
        (JSON, BODY.replace(b'"o"', b'"\xff\xfe"'), 400, "InvalidParameter"),
        (JSON, BODY.replace(b'"o"', b'"\\ud800"'), 400, "InvalidParameter"),
        (JSON, BODY + b"{}", 400, "InvalidParameter"),
        (JSON, BODY.decode().encode("utf-16"), 400, "InvalidParameter"),
    ],
)  # fmt: skip
def test_hostile_bodies_are_refused_by_name_at_once(
    town: Town, headers: dict[str, str], body: bytes, status: int, failure: str
) -> None:
    began = time.monotonic()
    reply = posted(town.caller, body, headers)
    assert (reply.status, reply.failure) == (status, failure), reply.body[:500]
    assert time.monotonic() - began < 5
    assert town.caller.send("GET", "/v1/health").status == 200


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_of_a_hundred_megabytes_is_refused_by_what_it_announces_or_by_what_comes(
    town: Town, announced: bool
) -> None:
    connection = http.client.HTTPConnection(town.kontora.url.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/v1/owner")
    length = {"Content-Length": str(10**8)} if announced else {"Transfer-Encoding": "chunked"}
    for name, value in (JSON | {"X-Api-Key": town.key} | length).items():
        connection.putheader(name, value)
    connection.endheaders()
    if not announced:
        piece = b" " * 2**20
        # The server may close the connection at any moment once it has refused.
        with contextlib.suppress(OSError):
            for _ in range(95):
                connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    answer = connection.getresponse()
    assert answer.status == 413
    assert b"BodyTooLarge" in answer.read()
    connection.close()
    assert town.caller.send("GET", "/v1/health").status == 200


def test_the_largest_upload_is_kept_and_the_server_answers_others_meanwhile(town: Town) -> None:
    name = owner()
    items = [
        row(f"2026-0{1 + number % 5}-{1 + number % 28:02}", -1, title="x" * 150) for number in range(50_000)
    ]
    body = json.dumps({"ownerExternalId": name, "accounts": [account(*items)]}).encode()
    assert len(body) < LIMIT
    with ThreadPoolExecutor(1) as threads:
        sending = threads.submit(posted, town.caller, body)
        slowest = 0.0
        while not sending.done():
            began = time.monotonic()
            assert town.rival.send("GET", "/v1/health").status == 200
            slowest = max(slowest, time.monotonic() - began)
    assert request_id(sending.result())
    assert slowest < 0.7
