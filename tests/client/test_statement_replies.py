"""What the server writes of statements, the client reads; what nobody would write, it refuses."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from tests.commands.scripted_reader import CONFIRMATION, FINDING, IBAN, PDF, confirmations, reading

from kontora.client import KontoraApiError, Pacing, StatementRefused, UnexpectedReply, Vendor
from kontora.client.replies import HttpReply, parse_failure
from kontora.client.requests import headers
from kontora.client.statement_calls import Pdf, statements
from kontora.client.statement_replies import parse_confirmations, parse_statement, parse_statements
from kontora.commands.statement_details import StatementDetails, StatementRequest
from kontora.statements.imports import to_import
from kontora.statements.library import layout_of
from kontora.statements.readings import ConfirmationParty
from kontora.wire import statement_json
from kontora.wire.told_labels import Shown

AT = datetime(2026, 6, 1, 8, 30, 5, tzinfo=UTC)
JSON = {"content-type": "application/json"}


def rendered(**more: Any) -> bytes:
    found, layout = reading(), layout_of("mbank-statement")
    assert found.statement is not None and layout is not None
    details = StatementDetails.of(StatementRequest(pdf=PDF), found, found.statement)
    return statement_json.render_statement(
        details,
        to_import(found.statement, layout, AT),
        statement_id=7,
        owner_external_id="o-1",
        shown=Shown(labels=True),
        more=more,
    )


def test_a_statement_is_read_back_as_it_was_written() -> None:
    found = parse_statement(rendered(evidencePdfAsBase64=base64.b64encode(b"%PDF").decode()))
    assert (found.id, found.owner_external_id, found.layout) == ("7", "o-1", "mbank-statement")
    assert (found.period_start, found.period_end) == (date(2026, 5, 1), date(2026, 5, 31))
    assert found.is_consistent and found.evidence_pdf == b"%PDF"
    (account,) = found.accounts
    assert (account.iban, account.currency_balance) == (IBAN, Decimal("115.50"))
    assert [item.currency_amount for item in account.money_transactions] == [
        Decimal("25.50"),
        Decimal("-10.00"),
    ]
    assert account.money_transactions[0].party is None
    assert found.owners[0].name == "Jan Kowalski"
    (failed,) = found.failed_verifications
    assert (failed.name, failed.severity, failed.page, failed.box) == ("metadata", "LOW", None, None)


def test_confirmations_are_read_back_as_they_were_written() -> None:
    party = ConfirmationParty(name="Jan Kowalski", iban=IBAN)
    written = statement_json.render_confirmations(
        reading(layout="mbank-confirmation").recognised,
        confirmations(msgspec.structs.replace(CONFIRMATION, sender=party)).confirmations,
        (msgspec.structs.replace(FINDING, page=2, box=(1.0, 2.0, 3.0, 4.5)),),
    )
    found = parse_confirmations(written)
    (one,) = found.confirmations
    assert (one.currency_amount, one.booking_status, one.title) == (Decimal("-12.34"), "booked", "Rata")
    assert (one.sender.iban, one.recipient.name) == (IBAN, None)
    assert found.failed_verifications[0].box == (1.0, 2.0, 3.0, 4.5)
    assert found.evidence_pdf is None


def test_a_list_is_read_back_as_it_was_written() -> None:
    found = reading()
    assert found.statement is not None
    request = StatementRequest(pdf=PDF, file_name="maj.pdf", trusted=True)
    details = StatementDetails.of(request, found, found.statement)
    entries = [
        statement_json.statement_entry(7, AT, details, PDF),
        statement_json.statement_entry(8, AT, details),
    ]
    first, second = parse_statements(json.dumps({"statements": entries}).encode())
    assert (first.id, first.file_name, first.mode, first.uploaded_at) == ("7", "maj.pdf", "TRUSTED", AT)
    assert (first.pdf, second.pdf) == (PDF, None)


def test_a_refusal_carries_what_speaks_against_the_file() -> None:
    body = statement_json.render_refusal(
        "PdfVerificationFailed", "1 verification failed.", (FINDING,), more=statement_json.evidence(b"%PDF")
    )
    refusal = parse_failure(HttpReply(422, JSON, body))
    assert isinstance(refusal, StatementRefused)
    assert (refusal.status, refusal.name, refusal.evidence_pdf) == (422, "PdfVerificationFailed", b"%PDF")
    assert refusal.failed_verifications[0].name == "metadata"
    assert str(refusal) == "422 PdfVerificationFailed: 1 verification failed."


@pytest.mark.parametrize(
    ("status", "name", "is_refusal"),
    [
        (422, "PdfIsScan", True),
        (413, "PdfTooLarge", True),
        (413, "BodyTooLarge", False),
        (429, "JobsQuotaExceeded", False),
        (401, "Unauthorized", False),
    ],
)
def test_other_failures_in_json_have_their_names(status: int, name: str, is_refusal: bool) -> None:
    body = statement_json.render_refusal(name, "Why.", ())
    failure = parse_failure(HttpReply(status, JSON | {"retry-after": "10"}, body))
    assert isinstance(failure, KontoraApiError)
    assert (failure.status, failure.name, failure.message) == (status, name, "Why.")
    assert isinstance(failure, StatementRefused) is is_refusal
    assert failure.retry_after_seconds == (None if is_refusal else 10)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"exception": 7}', b"[" * 100_000, b'"x"'])
def test_a_failure_that_is_not_kontoras_is_named_so(body: bytes) -> None:
    assert parse_failure(HttpReply(502, JSON, body)).name == "UnexpectedReply"


BROKEN = [
    ("statementId", None),
    ("statementId", 7),
    ("isConsistent", "true"),
    ("isConsistent", 1),
    ("period", None),
    ("period", {"start": "yesterday", "end": None}),
    ("accounts", {}),
    ("accounts", [7]),
    ("accounts", [{"iban": "PL1", "currencyName": "PLN", "currencyBalance": "1.00"}]),
    ("accounts", [{"iban": "PL1", "currencyName": "PLN", "currencyBalance": True}]),
    ("accounts", [{"iban": "PL1", "currencyName": "PLN", "moneyTransactions": [{"status": "DONE"}]}]),
    ("failedVerifications", [{"name": "a", "severity": "LOW", "message": "m", "page": "2"}]),
    ("failedVerifications", [{"name": "a", "severity": "LOW", "message": "m", "box": [1]}]),
    ("failedVerifications", [{"name": "a", "severity": "LOW", "message": "m", "box": "1234"}]),
    ("evidencePdfAsBase64", "no base64!"),
]


@pytest.mark.parametrize(("name", "value"), BROKEN)
def test_a_field_that_is_not_what_it_must_be_is_refused(name: str, value: object) -> None:
    told = json.loads(rendered()) | {name: value}
    with pytest.raises(UnexpectedReply):
        parse_statement(json.dumps(told).encode())


def test_labels_and_vendors_of_a_statement_are_read() -> None:
    told = json.loads(rendered())
    [item, *_] = told["accounts"][0]["moneyTransactions"]
    item |= {"labels": ["grocery"], "vendors": [{"label": "grocery", "name": "Biedronka"}]}
    [read, *_] = parse_statement(json.dumps(told).encode()).accounts[0].money_transactions
    assert (read.labels, read.vendors) == ({"grocery"}, (Vendor("grocery", "Biedronka"),))


def test_amounts_that_are_whole_numbers_are_money_too() -> None:
    told = json.loads(rendered())
    told["accounts"][0]["currencyBalance"] = 7
    assert parse_statement(json.dumps(told).encode()).accounts[0].currency_balance == Decimal(7)


@pytest.mark.parametrize(
    ("kind", "trusted", "path", "repeats"),
    [
        ("statement", False, "/v1/pdf/statement", False),
        ("statement", True, "/v1/pdf/statement-trusted", False),
        ("confirmation", False, "/v1/pdf/confirmation", True),
        ("confirmation", True, "/v1/pdf/confirmation-trusted", True),
    ],
)
def test_a_file_is_sent_as_json_and_a_statement_never_twice(
    kind: str, trusted: bool, path: str, repeats: bool
) -> None:
    pdf = Pdf(content=PDF, owner_external_id="o-1", password="hasło", trusted=trusted, evidence=True)
    request = pdf.request(kind)
    assert (request.method, request.target, request.may_be_repeated) == ("POST", path, repeats)
    assert headers(request, "k")["Content-Type"] == "application/json"
    assert json.loads(request.body or b"") == {
        "pdfAsBase64": base64.b64encode(PDF).decode(),
        "ownerExternalId": "o-1",
        "password": "hasło",
        "acceptInconsistent": False,
        "evidence": True,
    }
    shown = repr((pdf, request))
    assert "hasło" not in shown and "Kanarek" not in shown


def test_the_list_is_asked_for_with_or_without_files() -> None:
    ask = next(statements(Pacing(), "o 1", include_pdf=True))
    assert ask.request.target == ("/v1/pdf/statements?ownerExternalId=o+1&includePdf=true")
