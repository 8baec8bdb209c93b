"""Statement PDFs over the whole line: sent, read in a child, kept, joined with imports, or refused."""

from __future__ import annotations

import base64
import json
import secrets
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.request import Request, urlopen

import pytest
from lxml import etree
from tests.harness.callers import Caller, Reply
from tests.harness.towns import Town
from urllib3 import encode_multipart_formdata

LIMIT = 10 * 1024 * 1024


def issued(town: Town, login: str, **order: Any) -> bytes:
    """Let the practice bank issue a document."""
    body = json.dumps({"login": login, **order}).encode()
    request = Request(
        f"http://127.0.0.1:{town.bank.port}/control/statement",
        data=body,
        headers={"Content-Type": "application/json"},
        method="POST",
    )
    with urlopen(request, timeout=30) as answer:
        return bytes(answer.read())


def sent(caller: Caller, path: str, pdf: bytes, *, name: str = "may.pdf", **fields: str) -> Reply:
    """Send a file as a browser does."""
    parts: Mapping[str, Any] = {**fields, "pdf": (name, pdf, "application/pdf")}
    body, content_type = encode_multipart_formdata(parts)
    return caller.send("POST", path, headers={"Content-Type": content_type}, body=body)


def owner() -> str:
    """An owner of the test's own."""
    return f"pdf-{secrets.token_hex(6)}"


def altered(pdf: bytes) -> bytes:
    """Save a file again as an editor does."""
    return pdf + b"\n% edited\n%%EOF\n"


def rows(element: Any) -> list[dict[str, str]]:
    """Return the money transactions below an element of a reply, as fields."""
    return [
        {child.tag: child.text or "" for child in item if child.tag not in {"labels", "vendors"}}
        for item in element.iter("moneyTransaction")
    ]


def test_a_statement_and_the_default_import_agree_money_transaction_by_money_transaction(
    town: Town,
) -> None:
    imported = town.imported("test1", owner())
    pdf = issued(town, "test1", kind="history", **{"from": "2026-09-01"})
    reply = sent(town.caller, "/v1/statement.xml", pdf, ownerExternalId=owner())
    assert reply.status == 200, reply.body
    document = etree.fromstring(reply.body.encode())
    statement = document.find("statement")
    assert statement is not None and statement.get("isConsistent") == "true"
    read = rows(statement)
    iban = statement.findtext(".//account/iban")
    everything = etree.fromstring(imported.body.encode())
    account = next(one for one in everything.iter("account") if one.findtext("iban") == iban)
    of_bank = [row for row in rows(account) if row["transactionOn"] >= "2026-09-01"]
    booked = [row for row in read if row["status"] == "DONE"]
    assert len(booked) > 20
    assert booked == [row for row in of_bank if row["status"] == "DONE" and row["bookedOn"] >= "2026-09-01"]
    pending = [row for row in read if row["status"] == "PENDING"]
    assert pending == [row for row in of_bank if row["status"] == "PENDING"]


@pytest.mark.parametrize("signed", [False, True])
def test_the_json_reply_has_the_data_and_what_was_verified(town: Town, signed: bool) -> None:
    name = owner()
    pdf = issued(town, "single", month="2026-10", signed=signed)
    reply = sent(town.caller, "/v1/pdf/statement", pdf, ownerExternalId=name)
    assert reply.status == 200, reply.body
    told = json.loads(reply.body)
    assert told["ownerExternalId"] == name
    assert told["layout"] == "kontobank-statement"
    assert told["period"] == {"start": "2026-10-01", "end": "2026-10-31"}
    assert told["isConsistent"] is True
    assert [one for one in told["failedVerifications"] if one["severity"] != "LOW"] == []
    assert told["accounts"][0]["moneyTransactions"]


def test_base64_in_json_and_in_a_form_is_read_alike(town: Town) -> None:
    pdf = issued(town, "single", month="2026-10")
    encoded = base64.b64encode(pdf).decode()
    by_form = town.caller.send(
        "POST", "/v1/statement.xml", {"pdfAsBase64": encoded, "ownerExternalId": owner()}
    )
    by_json = town.caller.send(
        "POST",
        "/v1/pdf/statement",
        headers={"Content-Type": "application/json"},
        body=json.dumps({"pdfAsBase64": encoded, "ownerExternalId": owner()}).encode(),
    )
    assert (by_form.status, by_json.status) == (200, 200), by_form.body + by_json.body
    assert len(rows(etree.fromstring(by_form.body.encode()))) == len(
        json.loads(by_json.body)["accounts"][0]["moneyTransactions"]
    )


def test_an_altered_file_is_refused_with_evidence_and_nothing_of_it_is_kept(town: Town) -> None:
    name = owner()
    pdf = altered(issued(town, "single", month="2026-10"))
    reply = sent(town.caller, "/v1/pdf/statement", pdf, ownerExternalId=name, evidence="true")
    assert reply.status == 422, reply.body
    told = json.loads(reply.body)
    assert told["exception"]["name"] == "PdfVerificationFailed"
    assert told["failedVerifications"]
    assert base64.b64decode(told["evidencePdfAsBase64"]).startswith(b"%PDF")
    listed = town.caller.send("GET", "/v1/pdf/statements", {"ownerExternalId": name})
    assert json.loads(listed.body) == {"statements": []}
    assert town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": name}).status == 404


def test_trusted_mode_returns_the_data_and_the_list(town: Town) -> None:
    pdf = altered(issued(town, "single", month="2026-10"))
    reply = sent(town.caller, "/v1/pdf/statement-trusted", pdf, ownerExternalId=owner())
    assert reply.status == 200, reply.body
    told = json.loads(reply.body)
    assert told["failedVerifications"]
    assert told["accounts"][0]["moneyTransactions"]


def test_accepted_statements_are_listed_with_their_files_and_join_the_owners_data(town: Town) -> None:
    name = owner()
    pdf = issued(town, "single", month="2026-10")
    taken = json.loads(sent(town.caller, "/v1/pdf/statement", pdf, ownerExternalId=name).body)
    listed = town.caller.send("GET", "/v1/pdf/statements", {"ownerExternalId": name, "includePdf": "true"})
    (entry,) = json.loads(listed.body)["statements"]
    assert entry["statementId"] == taken["statementId"]
    assert entry["fileName"] == "may.pdf"
    assert entry["mode"] == "STANDARD"
    assert base64.b64decode(entry["pdfAsBase64"]) == pdf
    data = town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": name})
    assert data.found(r'<owner [^>]*origin="(\w+)"') == "pdf"
    assert len(rows(etree.fromstring(data.body.encode()))) == len(taken["accounts"][0]["moneyTransactions"])


def test_a_statement_of_an_account_that_was_imported_too_doubles_nothing(town: Town) -> None:
    name = owner()
    town.imported("single", name)
    before = len(
        rows(
            etree.fromstring(town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": name}).body.encode())
        )
    )
    pdf = issued(town, "single", month="2026-10")
    assert sent(town.caller, "/v1/pdf/statement", pdf, ownerExternalId=name).status == 200
    after = etree.fromstring(town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": name}).body.encode())
    assert len(rows(after)) == before
    assert len(list(after.iter("target"))) == 1


def test_another_company_sees_nothing_of_it(town: Town) -> None:
    name = owner()
    pdf = issued(town, "single", month="2026-10")
    assert sent(town.caller, "/v1/pdf/statement", pdf, ownerExternalId=name).status == 200
    foreign = town.rival.send("GET", "/v1/pdf/statements", {"ownerExternalId": name})
    assert foreign.status == 404 and foreign.failure == "InvalidOwnerExternalId"


def test_deleting_the_owner_deletes_the_statements(town: Town) -> None:
    name = owner()
    pdf = issued(town, "single", month="2026-10")
    assert sent(town.caller, "/v1/pdf/statement", pdf, ownerExternalId=name).status == 200
    assert town.caller.send("DELETE", "/v1/data.xml", {"ownerExternalId": name}).status == 200
    assert town.caller.send("GET", "/v1/pdf/statements", {"ownerExternalId": name}).status == 404


def test_confirmations_are_read_and_not_kept(town: Town) -> None:
    pdf = issued(town, "single", kind="confirmation", numbers=[1, 2])
    reply = sent(town.caller, "/v1/pdf/confirmation", pdf)
    assert reply.status == 200, reply.body
    told = json.loads(reply.body)
    assert len(told["confirmations"]) == 2
    assert {one["bookingStatus"] for one in told["confirmations"]} == {"booked"}
    refused = sent(town.caller, "/v1/pdf/statement", pdf, ownerExternalId=owner())
    assert refused.failure == "PdfLayoutNotSupported"


@pytest.mark.parametrize(
    ("pdf", "status", "failure"),
    [
        (b"not a pdf", 422, "NotPdf"),
        (b"", 422, "NotPdf"),
        (b"%PDF-1.7\nbroken", 422, "PdfNotReadable"),
        (b"%PDF-1.7\n" + b"0" * LIMIT, 413, "PdfTooLarge"),
    ],
)
def test_what_is_no_statement_is_refused_by_name(town: Town, pdf: bytes, status: int, failure: str) -> None:
    for path in ("/v1/pdf/statement", "/v1/statement.xml", "/v1/pdf/statement-trusted"):
        reply = sent(town.caller, path, pdf, ownerExternalId=owner())
        assert (reply.status, reply.failure) == (status, failure), path


def test_a_file_just_under_the_limit_is_read_and_one_over_the_bodys_is_not(town: Town) -> None:
    padding = b"%" + b"0" * (LIMIT - 20)
    below = sent(town.caller, "/v1/pdf/statement", b"%PDF-1.7\n" + padding, ownerExternalId=owner())
    assert (below.status, below.failure) == (422, "PdfNotReadable")
    encoded = base64.b64encode(b"%PDF-1.7\n" + padding).decode()
    as_text = town.caller.send(
        "POST",
        "/v1/pdf/statement",
        headers={"Content-Type": "application/json"},
        body=json.dumps({"pdfAsBase64": encoded}).encode(),
    )
    assert (as_text.status, as_text.failure) == (422, "PdfNotReadable")
    over = town.caller.send(
        "POST",
        "/v1/pdf/statement",
        headers={"Content-Type": "application/json"},
        body=b'{"pdfAsBase64": "' + b"A" * (15 * 1024 * 1024) + b'"}',
    )
    assert (over.status, over.failure) == (413, "BodyTooLarge")


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/json"}, b'{"pdfAsBase64": "no base64!"}', 400),
        ({"Content-Type": "application/json"}, b'{"ownerExternalId": "o"}', 400),
        ({"Content-Type": "application/json"}, b"[" * 100_000, 400),
        ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x\r\nbroken", 400),
        ({"Content-Type": "multipart/form-data"}, b"--x--", 400),
        ({"Content-Type": "text/plain"}, b"%PDF", 415),
    ],
)
def test_a_malformed_request_is_told_what_is_wrong(
    town: Town, headers: dict[str, str], body: bytes, status: int
) -> None:
    reply = town.caller.send("POST", "/v1/pdf/statement", headers=headers, body=body)
    assert reply.status == status, reply.body
    assert b"no base64" not in reply.body.encode()


def test_a_ninth_command_at_once_is_refused_also_where_it_is_a_statement(town: Town) -> None:
    pdf = issued(town, "many", month="2026-10")
    with ThreadPoolExecutor(24) as threads:
        replies = list(
            threads.map(
                lambda _: sent(town.caller, "/v1/pdf/statement-trusted", pdf, ownerExternalId=owner()),
                range(24),
            )
        )
    statuses = [reply.status for reply in replies]
    assert set(statuses) <= {200, 429}
    assert statuses.count(200) >= 8
    assert {reply.failure for reply in replies if reply.status == 429} <= {"JobsQuotaExceeded"}
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        last = sent(town.caller, "/v1/pdf/statement", pdf, ownerExternalId=owner())
        if last.status == 200:
            break
        time.sleep(0.2)
    assert last.status == 200


def test_the_catalogue_tells_banks_layouts_and_how_they_are_known(town: Town) -> None:
    told = json.loads(town.caller.send("GET", "/v1/pdf-catalog", {"country": "pl"}).body)
    grades = {layout["layout"]: layout["grade"] for target in told["targets"] for layout in target["layouts"]}
    assert grades["mbank-statement"] == "measured"
    assert "assumed" not in grades.values()
    xml = town.caller.send("GET", "/v1/parser-catalog.xml", {"country": "pl"})
    assert xml.found(r'<target name="(Alior)" officialName=') == "Alior"
