"""Statements over HTTP: requests of every kind, replies in XML and JSON, refusals, limits."""

from __future__ import annotations

import base64
import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from jsonschema import Draft202012Validator
from tests.api.conftest import AT_ONCE, KEY, NOW, OTHER_KEY, STATEMENT_ID, Reply, RunningApi
from tests.commands.scripted_reader import CONFIRMATION, FINDING, IBAN, confirmations, reading, statement
from urllib3 import encode_multipart_formdata

from kontora.api.forms import FORM_BODY, MOST_FILE_BYTES
from kontora.commands.answers import Client, OwnerData
from kontora.commands.statement_details import KeptStatement, StatementDetails, StatementRequest
from kontora.errors import (
    KontoraError,
    PdfEncrypted,
    PdfInconsistent,
    PdfTooLarge,
    PdfVerificationFailed,
    StatementError,
    failures,
)
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.imports import to_import
from kontora.statements.library import layout_of

PDF = b"%PDF-1.7 invented"
ENCODED = base64.b64encode(PDF).decode()
XML = "/v1/statement.xml"
STATEMENTS = ("/v1/pdf/statement", "/v1/pdf/statement-trusted")
CONFIRMATIONS = ("/v1/pdf/confirmation", "/v1/pdf/confirmation-trusted")
UPLOADS = (XML, *STATEMENTS, *CONFIRMATIONS)
AMOUNTS = FailedVerification(
    Verification.AMOUNTS, Severity.HIGH, "A balance does not follow.", 2, (1, 2, 3, 4)
)


def send_file(
    api: RunningApi, path: str, pdf: bytes = PDF, *, name: str = "maj ąę.pdf", **fields: str
) -> Reply:
    body, content_type = encode_multipart_formdata({**fields, "pdf": (name, pdf, "application/pdf")})
    return api.send("POST", path, body=body, headers={"Content-Type": content_type})


def send_json(api: RunningApi, path: str, document: object) -> Reply:
    return api.send(
        "POST", path, body=json.dumps(document).encode(), headers={"Content-Type": "application/json"}
    )


def told(reply: Reply) -> Any:
    return json.loads(reply.body, parse_float=Decimal)


def check_schema(api: RunningApi, reply: Reply, name: str) -> None:
    """The reply is as the description says."""
    document = json.loads(api.get("/openapi.json").body)
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema).validate(json.loads(reply.body))


@pytest.mark.parametrize("path", UPLOADS)
def test_a_file_is_read_as_it_was_sent_whatever_the_kind_of_the_request(api: RunningApi, path: str) -> None:
    assert send_file(api, path, ownerExternalId="o-1").status == 200
    assert send_json(api, path, {"pdfAsBase64": ENCODED, "fileName": "maj ąę.pdf"}).status == 200
    form = {"pdfAsBase64": ENCODED, "fileName": "maj ąę.pdf", "evidence": "false"}
    assert api.post(path, form).status == 200
    assert [(one.pdf, one.file_name) for one in api.statements.requests] == [(PDF, "maj ąę.pdf")] * 3


@pytest.mark.parametrize("path", UPLOADS)
def test_every_parameter_reaches_the_desk(api: RunningApi, path: str) -> None:
    given = {"ownerExternalId": "o-1", "password": "hasło", "acceptInconsistent": "true", "evidence": "true"}
    assert send_file(api, path, **given).status == 200
    assert api.statements.requests == [
        StatementRequest(
            pdf=PDF,
            file_name="maj ąę.pdf",
            owner_external_id="o-1",
            password="hasło",
            trusted=path.endswith("-trusted"),
            accept_inconsistent=True,
            evidence=True,
        )
    ]


def test_the_xml_reply_wraps_the_data_of_the_statement(api: RunningApi) -> None:
    reply = send_file(api, XML, ownerExternalId="o-1")
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/xml; charset=utf-8"
    assert reply.xml.get("ownerExternalId") == "o-1"
    assert reply.xml.get("status") == "200 OK"
    (found,) = reply.xml
    assert (found.tag, dict(found.attrib)) == ("statement", {"id": str(STATEMENT_ID), "isConsistent": "true"})
    (target,) = found
    assert dict(target.attrib) == {"name": "MBank", "officialName": "mBank", "institution": "MBank"}
    assert target.findtext("accounts/account/iban") == IBAN
    assert [item.findtext("currencyAmount") for item in target.iter("moneyTransaction")] == [
        "25.50",
        "-10.00",
    ]


@pytest.mark.parametrize("path", STATEMENTS)
def test_the_json_reply_has_the_data_and_what_was_verified(api: RunningApi, path: str) -> None:
    reply = send_file(api, path, ownerExternalId="o-1")
    found = told(reply)
    assert reply.headers["content-type"] == "application/json"
    assert found["statementId"] == str(STATEMENT_ID)
    assert found["ownerExternalId"] == "o-1"
    assert found["period"] == {"start": "2026-05-01", "end": "2026-05-31"}
    assert [one["name"] for one in found["failedVerifications"]] == ["metadata"]
    assert re.search(rb'"currencyAmount":25\.50[,}]', reply.body)
    assert "evidencePdfAsBase64" not in found
    check_schema(api, reply, "PdfStatement")


@pytest.mark.parametrize("path", CONFIRMATIONS)
def test_confirmations_come_in_a_list(api: RunningApi, path: str) -> None:
    api.statements.confirmations = confirmations(CONFIRMATION, CONFIRMATION)
    reply = send_file(api, path)
    assert [one["currencyAmount"] for one in told(reply)["confirmations"]] == [Decimal("-12.34")] * 2
    assert told(reply)["confirmations"][0]["bookingStatus"] == "booked"
    check_schema(api, reply, "PdfConfirmations")


def test_labels_are_for_clients_that_have_them(api: RunningApi) -> None:
    with_labels = told(send_file(api, STATEMENTS[0]))["accounts"][0]["moneyTransactions"][0]
    api.directory.add(KEY, Client("acme-test", "test", ("127.0.0.1",)))
    api.monotonic += 10
    without = told(send_file(api, STATEMENTS[0]))["accounts"][0]["moneyTransactions"][0]
    assert with_labels["labels"] == []
    assert "labels" not in without


@pytest.mark.parametrize("path", [*STATEMENTS, *CONFIRMATIONS])
def test_evidence_is_there_where_it_was_asked_for(api: RunningApi, path: str) -> None:
    api.statements.evidence = b"%PDF evidence"
    reply = send_file(api, path, evidence="true")
    assert base64.b64decode(told(reply)["evidencePdfAsBase64"]) == b"%PDF evidence"
    check_schema(api, reply, "PdfStatement" if path in STATEMENTS else "PdfConfirmations")
    api.statements.evidence = None
    assert told(send_file(api, path, evidence="true"))["evidencePdfAsBase64"] is None


@pytest.mark.parametrize("path", ["/v1/pdf/statement", "/v1/pdf/confirmation"])
@pytest.mark.parametrize("evidence", ["true", "false"])
def test_a_refusal_lists_what_failed_and_shows_it_where_it_was_asked_to(
    api: RunningApi, path: str, evidence: str
) -> None:
    pages = b"%PDF evidence" if evidence == "true" else None
    api.desk.failure = PdfVerificationFailed(failed_verifications=(AMOUNTS, FINDING), evidence_pdf=pages)
    reply = send_file(api, path, evidence=evidence)
    assert reply.status == 422
    found = told(reply)
    assert found["exception"] == {"name": "PdfVerificationFailed", "message": "2 verifications failed."}
    assert found["failedVerifications"][0] == {
        "name": "amounts",
        "severity": "HIGH",
        "page": 2,
        "box": [1, 2, 3, 4],
        "message": "A balance does not follow.",
    }
    assert ("evidencePdfAsBase64" in found) is (evidence == "true")
    check_schema(api, reply, "PdfFailure")


@pytest.mark.parametrize("failure", [one for one in failures().values() if issubclass(one, StatementError)])
@pytest.mark.parametrize("path", UPLOADS)
def test_every_refusal_has_its_name_and_status_on_every_endpoint(
    api: RunningApi, path: str, failure: type[KontoraError]
) -> None:
    api.desk.failure = failure()
    reply = send_file(api, path, ownerExternalId="o-1")
    assert reply.status == failure.http_status
    name = reply.failure if path == XML else told(reply)["exception"]["name"]
    assert name == failure.__name__
    assert reply.status in (413, 422)
    described = json.loads(api.get("/openapi.json").body)["paths"][path]["post"]["responses"]
    assert str(reply.status) in described


def test_messages_of_refusals_tell_the_owner_what_to_do(api: RunningApi) -> None:
    for failure in (PdfEncrypted(), PdfInconsistent()):
        api.desk.failure = failure
        assert told(send_file(api, STATEMENTS[0]))["exception"]["message"] == failure.message


@pytest.mark.parametrize("path", UPLOADS)
def test_both_edges_of_a_file(api: RunningApi, path: str) -> None:
    whole = b"%" * MOST_FILE_BYTES
    encoded = base64.b64encode(whole).decode()
    assert send_file(api, path, whole).status == 200
    assert send_json(api, path, {"pdfAsBase64": encoded}).status == 200
    assert api.post(path, {"pdfAsBase64": encoded}).status == 200
    assert {len(one.pdf) for one in api.statements.requests} == {MOST_FILE_BYTES}
    longer = base64.b64encode(whole + b"%").decode()
    for reply in (
        send_file(api, path, whole + b"%"),
        send_json(api, path, {"pdfAsBase64": longer}),
        api.post(path, {"pdfAsBase64": longer}),
    ):
        assert reply.status == PdfTooLarge.http_status
        assert b"PdfTooLarge" in reply.body
    assert len(api.statements.requests) == 3


@pytest.mark.parametrize("path", UPLOADS)
def test_a_body_over_its_limit_is_refused_by_what_it_announces(api: RunningApi, path: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Length": str(FORM_BODY + 1)}
    reply = api.send("POST", path, body=b"", headers=headers)
    assert reply.status == 413
    assert b"BodyTooLarge" in reply.body


@pytest.mark.parametrize("path", UPLOADS)
@pytest.mark.parametrize(
    ("content_type", "body", "status", "words"),
    [
        ("application/json", b'{"pdfAsBase64": "no base64!"}', 400, b"not Base64"),
        ("application/json", b'{"ownerExternalId": "o"}', 400, b"Send the PDF"),
        ("application/json", b"{}", 400, b"Send the PDF"),
        ("application/json", b"[]", 400, b"not a JSON object"),
        ("application/json", b'{"pdfAsBase64": "QUJD", "evidence": "yes"}', 400, b"true or false"),
        ("application/json", b'{"pdfAsBase64": ""}', 422, b"empty"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken", 400, b"not the multipart"),
        ("multipart/form-data", b"--x--", 400, b"not the multipart"),
        ("application/x-www-form-urlencoded", b"pdfAsBase64=QUJ", 400, b"not Base64"),
        ("text/plain", b"%PDF", 415, b"multipart/form-data"),
        ("application/pdf", b"%PDF", 415, b"multipart/form-data"),
        ("", b"%PDF", 415, b"multipart/form-data"),
    ],
)
def test_a_malformed_request_is_told_what_is_wrong_and_nothing_is_read(
    api: RunningApi, path: str, content_type: str, body: bytes, status: int, words: bytes
) -> None:
    reply = api.send("POST", path, body=body, headers={"Content-Type": content_type})
    assert reply.status == status
    assert words in reply.body
    assert api.statements.requests == []


@pytest.mark.parametrize("path", UPLOADS)
def test_a_compressed_body_is_refused(api: RunningApi, path: str) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    assert api.send("POST", path, body=b"x", headers=headers).status == 415


@pytest.mark.parametrize("name", ["password", "pdfAsBase64"])
def test_secrets_and_files_are_refused_in_the_url(api: RunningApi, name: str) -> None:
    reply = api.send("POST", f"{XML}?{name}=QUJD", body=b"", headers={"Content-Type": "application/json"})
    assert (reply.status, reply.failure) == (400, "InvalidParameter")
    assert "never in the URL" in reply.message


def test_a_password_longer_than_any_file_takes_is_refused(api: RunningApi) -> None:
    assert send_file(api, STATEMENTS[0], password="x" * 500).status == 200
    assert send_file(api, STATEMENTS[0], password="x" * 501).status == 400


@pytest.mark.parametrize(
    "path", [*UPLOADS, "/v1/pdf/statements", "/v1/pdf-catalog", "/v1/parser-catalog.xml"]
)
def test_strangers_are_refused_before_their_file_is_read(api: RunningApi, path: str) -> None:
    method = "POST" if path in UPLOADS else "GET"
    for options in ({"key": None}, {"key": "f" * 64}):
        assert api.send(method, path, **options).status == 401
    assert api.statements.requests == []


def test_what_is_over_a_clients_places_is_refused_before_its_body_is_read(api: RunningApi) -> None:
    api.statements.delay_seconds = 1.0
    with ThreadPoolExecutor(AT_ONCE) as threads:
        several = [threads.submit(send_file, api, STATEMENTS[0]) for _ in range(AT_ONCE)]
        while len(api.statements.requests) < AT_ONCE:
            assert not all(one.done() for one in several)
        status, body = half_sent(api)
        other = api.send(
            "POST",
            STATEMENTS[0],
            key=OTHER_KEY,
            body=json.dumps({"pdfAsBase64": ENCODED}).encode(),
            headers={"Content-Type": "application/json"},
        )
    assert (status, b"JobsQuotaExceeded" in body) == (429, True)
    assert other.status == 200
    assert {one.result().status for one in several} == {200}
    api.statements.delay_seconds = 0.0
    assert send_file(api, STATEMENTS[0]).status == 200


def half_sent(api: RunningApi) -> tuple[int, bytes]:
    """Send the header of a request, and of its body nothing."""
    parts = urlsplit(api.url)
    with socket.create_connection((str(parts.hostname), parts.port), timeout=5) as line:
        head = (
            f"POST {STATEMENTS[0]} HTTP/1.1\r\nHost: x\r\nX-Api-Key: {KEY}\r\n"
            "Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        )
        line.sendall(head.encode())
        answer = b""
        while piece := line.recv(65_536):
            answer += piece
            if b"}}" in answer:
                break
    return int(answer.split(b" ")[1]), answer


def kept(statement_id: int, pdf: bytes | None = None) -> KeptStatement:
    found = reading()
    request = StatementRequest(pdf=PDF, file_name="maj.pdf", trusted=True)
    details = StatementDetails.of(request, found, statement())
    return KeptStatement(statement_id, datetime.fromtimestamp(NOW, UTC), details, pdf)


def test_the_list_tells_how_each_statement_was_read(api: RunningApi) -> None:
    api.statements.owners["o-1"] = (kept(7), kept(8, PDF))
    reply = api.get("/v1/pdf/statements?ownerExternalId=o-1&includePdf=true&statementId=8")
    first, second = told(reply)["statements"]
    assert first["statementId"] == "7"
    assert (first["fileName"], first["mode"], first["uploadedAt"]) == (
        "maj.pdf",
        "TRUSTED",
        "2026-05-23T07:39:06Z",
    )
    assert "pdfAsBase64" not in first
    assert base64.b64decode(second["pdfAsBase64"]) == PDF
    check_schema(api, reply, "PdfStatements")
    assert api.desk.asked == [("of_owner", {"owner": "o-1", "with_files": True, "only": 8})]


@pytest.mark.parametrize(
    ("query", "status", "name"),
    [
        ("", 400, "InvalidParameter"),
        ("?ownerExternalId=unknown", 404, "InvalidOwnerExternalId"),
        ("?ownerExternalId=o-1&includePdf=perhaps", 400, "InvalidParameter"),
        ("?ownerExternalId=o-1&ownerExternalId=o-2", 400, "InvalidParameter"),
    ],
)
def test_a_list_that_cannot_be_told_is_refused_by_name(
    api: RunningApi, query: str, status: int, name: str
) -> None:
    reply = api.get(f"/v1/pdf/statements{query}")
    assert (reply.status, told(reply)["exception"]["name"]) == (status, name)


def test_a_statement_id_that_is_none_is_told_so(api: RunningApi) -> None:
    api.statements.owners["o-1"] = ()
    for given in ("x", "-1", "9" * 40, ""):
        reply = api.get(f"/v1/pdf/statements?ownerExternalId=o-1&statementId={given}")
        assert (reply.status, json.loads(reply.body)["exception"]["name"]) == (400, "InvalidParameter")
    assert api.desk.asked == []


def test_a_bank_that_only_a_statement_came_from_is_called_by_its_name_in_the_owners_data(
    api: RunningApi,
) -> None:
    found, layout = reading(), layout_of("mbank-statement")
    assert found.statement is not None and layout is not None
    at = datetime.fromtimestamp(NOW, UTC)
    imported = to_import(found.statement, layout, at)
    api.desk.owners["o-1"] = OwnerData("o-1", at, at, "pdf", (imported,))
    (target,) = api.get("/v1/data.xml?ownerExternalId=o-1").xml.iter("target")
    assert (target.get("name"), target.get("officialName"), target.get("origin")) == ("MBank", "mBank", "pdf")


def test_every_kind_of_request_is_described_and_flags_of_json_may_be_booleans(api: RunningApi) -> None:
    described = json.loads(api.get("/openapi.json").body)["paths"]
    for path in UPLOADS:
        content = described[path]["post"]["requestBody"]["content"]
        assert set(content) == {
            "multipart/form-data",
            "application/json",
            "application/x-www-form-urlencoded",
        }
        assert content["multipart/form-data"]["schema"]["required"] == ["pdf"]
        assert content["application/json"]["schema"]["required"] == ["pdfAsBase64"]
    flag = described[STATEMENTS[0]]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert flag["properties"]["evidence"]["enum"] == [True, False, "true", "false"]
    assert send_json(api, STATEMENTS[0], {"pdfAsBase64": ENCODED, "evidence": True}).status == 200
    assert api.statements.requests[0].evidence


def test_the_catalogue_keeps_what_is_assumed_apart(api: RunningApi) -> None:
    reply = api.get("/v1/pdf-catalog?country=PL")
    check_schema(api, reply, "PdfCatalog")
    found = told(reply)
    grades = {one["layout"]: one["grade"] for target in found["targets"] for one in target["layouts"]}
    assert grades["mbank-statement"] == "measured"
    assert grades["pko-statement"] == "parsers"
    assert "assumed" not in grades.values()
    assumed = {one["layout"]: one["grade"] for target in found["assumed"] for one in target["layouts"]}
    assert assumed["mbank-list"] == "assumed"
    assert set(assumed.values()) == {"assumed"}
    names = [target["name"] for target in found["targets"]]
    assert names == sorted(names)
    shown = {one["layout"]: one["isConsistent"] for target in found["targets"] for one in target["layouts"]}
    assert (shown["alior-history"], shown["alior-statement"], shown["alior-confirmation"]) == (
        False,
        True,
        None,
    )


def test_the_practice_bank_is_in_the_catalogue_in_practice_mode_only(
    api: RunningApi, production_api: RunningApi
) -> None:
    for path in ("/v1/pdf-catalog", "/v1/parser-catalog.xml"):
        assert b"KontoBank" in api.get(path).body
        assert b"KontoBank" not in production_api.get(path).body


def test_the_old_catalogue_has_its_targets_directly_under_the_reply(api: RunningApi) -> None:
    reply = api.get("/v1/parser-catalog.xml?country=pl")
    found = {target.get("name"): target.get("officialName") for target in reply.xml.iterchildren("target")}
    assert found["Alior"] == "Alior Bank"
    assert found["MBank"] == "mBank"


@pytest.mark.parametrize("path", ["/v1/pdf-catalog", "/v1/parser-catalog.xml"])
def test_a_country_without_documents_has_none_and_what_is_no_country_is_refused(
    api: RunningApi, path: str
) -> None:
    assert b"MBank" not in api.get(f"{path}?country=cz").body
    assert api.get(f"{path}?country=pol").status == 400


def test_the_log_of_requests_holds_nothing_of_the_file(api: RunningApi) -> None:
    send_file(
        api, STATEMENTS[0], name="Kanarek8841.pdf", password="Kanarek8841", ownerExternalId="Kanarek8841"
    )
    deadline = time.monotonic() + 5
    while not api.access_lines and time.monotonic() < deadline:
        time.sleep(0.01)  # the line is written when the reply is out
    (line,) = api.access_lines
    assert line["route"] == STATEMENTS[0]
    assert "Kanarek8841" not in repr(line)


def test_an_internal_error_says_nothing_of_the_file(api: RunningApi) -> None:
    api.desk.failure = ValueError("Kanarek8841")
    reply = send_file(api, STATEMENTS[0], name="Kanarek8841.pdf")
    assert reply.status == 500
    assert b"Kanarek8841" not in reply.body


def test_two_decimals_stand_also_where_cents_are_none(api: RunningApi) -> None:
    found = reading()
    assert found.statement is not None
    whole = msgspec.structs.replace(found.statement, closing_balance=Decimal(7))
    api.statements.reading = msgspec.structs.replace(found, statement=whole)
    assert b'"currencyBalance":7.00' in send_file(api, STATEMENTS[0]).body
