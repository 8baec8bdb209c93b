"""JSON of statements, confirmations, refusals and the catalogue."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import msgspec
from lxml import etree

from kontora.model import Account, Import, MoneyTransaction, Owner, OwnerKind, TransactionStatus
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.readings import (
    BookingStatus,
    Confirmation,
    ConfirmationParty,
    DocumentType,
    EvidenceGrade,
    Place,
)
from kontora.wire.statement_json import (
    evidence,
    render_confirmations,
    render_pdf_catalog,
    render_refusal,
    render_statement,
    statement_entry,
)
from kontora.wire.told_labels import Shown
from kontora.wire.xml import render_statement as render_xml_statement

FINDING = FailedVerification(
    Verification.ACCOUNT_NUMBER, Severity.HIGH, "The number's check digits differ.", 2, (1.04, 2.0, 3.0, 4.06)
)
PLACE = Place(1, (0.0, 0.0, 1.0, 1.0))


@dataclass(frozen=True)
class Facts:
    """How a statement was read."""

    layout: str = "mbank-statement"
    target: str = "MBank"
    official_name: str = "mBank"
    document_type: DocumentType = DocumentType.STATEMENT
    period_start: date | None = date(2026, 9, 1)
    period_end: date | None = None
    is_consistent: bool = True
    failed_verifications: tuple[FailedVerification, ...] = ()
    file_name: str | None = "wyciąg.pdf"
    mode: str = "STANDARD"


def item(**fields: Any) -> MoneyTransaction:
    return MoneyTransaction(date(2026, 9, 10), Decimal("-49.8"), TransactionStatus.DONE, **fields)


def statement(*items: MoneyTransaction, name: str = "eKonto") -> Import:
    account = Account(
        name, "PL42114000000000000000000001", "PLN", currency_balance=Decimal(1049), money_transactions=items
    )
    return Import(
        "MBank",
        "MBank",
        datetime(2026, 10, 1, tzinfo=UTC),
        owners=(Owner("Jan Kowalski", OwnerKind.OWNER),),
        accounts=(account,),
        origin="pdf",
    )


def test_a_statement_is_written_with_everything_that_is_unknown_as_null() -> None:
    body = render_statement(Facts(), statement(item()), statement_id=7, owner_external_id="o-1")
    assert json.loads(body, parse_float=Decimal) == {
        "statementId": "7",
        "isConsistent": True,
        "target": "MBank",
        "officialName": "mBank",
        "ownerExternalId": "o-1",
        "layout": "mbank-statement",
        "documentType": "STATEMENT",
        "period": {"start": "2026-09-01", "end": None},
        "failedVerifications": [],
        "owners": [{"name": "Jan Kowalski", "kind": "OWNER"}],
        "accounts": [
            {
                "name": "eKonto",
                "iban": "PL42114000000000000000000001",
                "currencyBalance": Decimal("1049.00"),
                "currencyName": "PLN",
                "moneyTransactions": [
                    {
                        "transactionOn": "2026-09-10",
                        "bookedOn": None,
                        "currencyAmount": Decimal("-49.80"),
                        "currencyBalance": None,
                        "title": None,
                        "party": None,
                        "partyIban": None,
                        "kind": None,
                        "status": "DONE",
                    }
                ],
            }
        ],
        "creditCards": [],
    }


def test_money_is_a_number_with_exactly_two_decimals() -> None:
    body = render_statement(Facts(), statement(item()))
    assert b'"currencyAmount":-49.80' in body
    assert b'"currencyBalance":1049.00' in body


def test_an_account_without_a_name_has_none() -> None:
    assert json.loads(render_statement(Facts(), statement(name="")))["accounts"][0]["name"] is None


def test_labels_are_there_for_clients_that_have_them() -> None:
    imported = statement(item(labels=("rent", "monthly")))
    told = json.loads(render_statement(Facts(), imported, shown=Shown(labels=True)))
    assert told["accounts"][0]["moneyTransactions"][0]["labels"] == ["monthly", "rent"]


def test_a_lone_surrogate_of_a_damaged_text_does_not_break_the_answer() -> None:
    told = json.loads(render_statement(Facts(), statement(item(title="a\ud800b"))))
    assert told["accounts"][0]["moneyTransactions"][0]["title"] == "a\ufffdb"


def test_a_failed_verification_has_its_place_in_points() -> None:
    told = json.loads(render_statement(Facts(failed_verifications=(FINDING,)), statement()))
    assert told["failedVerifications"] == [
        {
            "name": "accountNumber",
            "severity": "HIGH",
            "page": 2,
            "box": [1.0, 2.0, 3.0, 4.1],
            "message": "The number's check digits differ.",
        }
    ]


def test_a_finding_about_the_whole_file_has_no_place() -> None:
    finding = msgspec.structs.replace(FINDING, page=None, box=None)
    told = json.loads(render_refusal("PdfVerificationFailed", "1 verification failed.", (finding,)))
    assert told["failedVerifications"][0]["page"] is None
    assert told["failedVerifications"][0]["box"] is None


def test_a_refusal_lists_verifications_only_where_some_failed() -> None:
    told = json.loads(render_refusal("PdfIsScan", "The file is a scan.", ()))
    assert told == {"exception": {"name": "PdfIsScan", "message": "The file is a scan."}}


def test_evidence_is_base64_or_null() -> None:
    told = json.loads(render_refusal("PdfVerificationFailed", "x", (FINDING,), more=evidence(b"%PDF-1")))
    assert base64.b64decode(told["evidencePdfAsBase64"]) == b"%PDF-1"
    assert evidence(None) == {"evidencePdfAsBase64": None}


def test_confirmations_are_written_in_the_order_of_the_file() -> None:
    confirmations = [
        Confirmation(
            Decimal(amount),
            "PLN",
            date(2026, 9, 11),
            BookingStatus.UNKNOWN,
            PLACE,
            PLACE,
            sender=ConfirmationParty("Jan Kowalski", "PL26137013140000000000000001"),
            reference="KB1",
        )
        for amount in ("-300", "12.5")
    ]
    body = render_confirmations(
        Facts(layout="mbank-confirmation"), confirmations, (FINDING,), more=evidence(None)
    )
    told = json.loads(body, parse_float=Decimal)
    assert [one["currencyAmount"] for one in told["confirmations"]] == [Decimal("-300.00"), Decimal("12.50")]
    assert told["layout"] == "mbank-confirmation"
    assert told["evidencePdfAsBase64"] is None
    assert len(told["failedVerifications"]) == 1
    assert told["confirmations"][0] == {
        "status": None,
        "bookingStatus": "unknown",
        "generatedBy": None,
        "issuedOn": None,
        "transactionOn": "2026-09-11",
        "bookedOn": None,
        "currencyAmount": Decimal("-300.00"),
        "currencyName": "PLN",
        "title": None,
        "kind": None,
        "referenceNumber": "KB1",
        "sender": {"name": "Jan Kowalski", "iban": "PL26137013140000000000000001", "address": None},
        "recipient": {"name": None, "iban": None, "address": None},
    }


def test_an_entry_of_the_list_tells_how_and_when_it_was_read() -> None:
    at = datetime(2026, 10, 1, 8, 30, 5, 999, tzinfo=UTC)
    entry = statement_entry(7, at, Facts(mode="TRUSTED"))
    assert entry["uploadedAt"] == "2026-10-01T08:30:05Z"
    assert (entry["fileName"], entry["mode"]) == ("wyciąg.pdf", "TRUSTED")
    assert "pdfAsBase64" not in entry
    assert statement_entry(7, at, Facts(), b"%PDF")["pdfAsBase64"] == "JVBERg=="


def test_what_is_only_assumed_is_not_among_the_layouts_that_are_read() -> None:
    def layout(name: str, target: str, grade: EvidenceGrade, is_consistent: bool | None) -> Any:
        kind = DocumentType.CONFIRMATION if is_consistent is None else DocumentType.HISTORY
        return SimpleNamespace(
            layout=name,
            target=target,
            official_name=target.upper(),
            country="pl",
            document_type=kind,
            title="Tytuł",
            grade=grade,
            is_consistent=is_consistent,
        )

    told = json.loads(
        render_pdf_catalog(
            [
                layout("b-list", "B", EvidenceGrade.MEASURED, False),
                layout("a-confirmation", "A", EvidenceGrade.PARSERS, None),
                layout("a-history", "A", EvidenceGrade.ASSUMED, True),
            ]
        )
    )
    assert [target["name"] for target in told["targets"]] == ["A", "B"]
    assert told["targets"][0] == {
        "name": "A",
        "officialName": "A",
        "country": "pl",
        "layouts": [
            {
                "layout": "a-confirmation",
                "documentType": "CONFIRMATION",
                "title": "Tytuł",
                "isConsistent": None,
                "grade": "parsers",
            }
        ],
    }
    assert [layout["layout"] for target in told["assumed"] for layout in target["layouts"]] == ["a-history"]


def test_the_element_of_a_statement_wraps_one_target() -> None:
    written = render_xml_statement(
        statement(item(title="A & B")), statement_id=7, is_consistent=False, official_name='m"Bank'
    )
    root = etree.fromstring(written)
    assert (root.tag, root.attrib) == ("statement", {"id": "7", "isConsistent": "false"})
    (target,) = root
    assert target.attrib == {"name": "MBank", "officialName": 'm"Bank', "institution": "MBank"}
    assert [child.tag for child in target] == ["owners", "accounts", "creditCards"]
    assert target.findtext("accounts/account/moneyTransactions/moneyTransaction/title") == "A & B"
