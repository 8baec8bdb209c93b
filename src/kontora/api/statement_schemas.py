"""The shapes of the JSON of statements, confirmations and their catalogue, for the description."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_DAY_OR_NULL: Schema = {"type": ["string", "null"], "format": "date"}
_NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
_FLAG: Schema = {"type": "boolean"}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    """Describe an object whose properties are all there, but for the optional ones."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _refer(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(name: str) -> Schema:
    return {"type": "array", "items": _refer(name)}


_LABELS: Schema = {"type": "array", "items": _TEXT}
_VENDORS: Schema = {"type": "array", "items": _object({"label": _TEXT, "name": _TEXT})}
_PERIOD = _object({"start": _DAY_OR_NULL, "end": _DAY_OR_NULL})
_FAILED = {"failedVerifications": _many("FailedVerification")}
_EVIDENCE = {"evidencePdfAsBase64": _TEXT_OR_NULL}

STATEMENT_SCHEMAS: Schema = {
    "FailedVerification": _object(
        {
            "name": _TEXT,
            "severity": {"type": "string", "enum": ["HIGH", "MEDIUM", "LOW"]},
            "page": {"type": ["integer", "null"]},
            "box": {
                "type": ["array", "null"],
                "items": {"type": "number"},
                "minItems": 4,
                "maxItems": 4,
            },
            "message": _TEXT,
        }
    ),
    "PdfMoneyTransaction": _object(
        {
            "transactionOn": {"type": "string", "format": "date"},
            "bookedOn": _DAY_OR_NULL,
            "currencyAmount": {"type": "number"},
            "currencyBalance": _NUMBER_OR_NULL,
            "title": _TEXT_OR_NULL,
            "party": _TEXT_OR_NULL,
            "partyIban": _TEXT_OR_NULL,
            "kind": _TEXT_OR_NULL,
            "status": _TEXT,
            "labels": _LABELS,
            "vendors": _VENDORS,
        },
        ("labels", "vendors"),
    ),
    "PdfAccount": _object(
        {
            "name": _TEXT_OR_NULL,
            "iban": _TEXT,
            "currencyBalance": _NUMBER_OR_NULL,
            "currencyName": _TEXT,
            "moneyTransactions": _many("PdfMoneyTransaction"),
        }
    ),
    "PdfStatement": _object(
        {
            "statementId": _TEXT,
            "isConsistent": _FLAG,
            "target": _TEXT,
            "officialName": _TEXT,
            "ownerExternalId": _TEXT,
            "layout": _TEXT,
            "documentType": {"type": "string", "enum": ["STATEMENT", "HISTORY"]},
            "period": _PERIOD,
            **_FAILED,
            "owners": {"type": "array", "items": {"type": "object"}},
            "accounts": _many("PdfAccount"),
            "creditCards": {"type": "array", "maxItems": 0},
            **_EVIDENCE,
        },
        ("evidencePdfAsBase64",),
    ),
    "PdfParty": _object({"name": _TEXT_OR_NULL, "iban": _TEXT_OR_NULL, "address": _TEXT_OR_NULL}),
    "PdfConfirmation": _object(
        {
            "status": _TEXT_OR_NULL,
            "bookingStatus": {"type": "string", "enum": ["booked", "unbooked", "unknown"]},
            "generatedBy": {"type": ["string", "null"], "enum": ["BANK", "OWNER", None]},
            "issuedOn": _DAY_OR_NULL,
            "transactionOn": {"type": "string", "format": "date"},
            "bookedOn": _DAY_OR_NULL,
            "currencyAmount": {"type": "number"},
            "currencyName": _TEXT,
            "title": _TEXT_OR_NULL,
            "kind": _TEXT_OR_NULL,
            "referenceNumber": _TEXT_OR_NULL,
            "sender": _refer("PdfParty"),
            "recipient": _refer("PdfParty"),
            "labels": _LABELS,
            "vendors": _VENDORS,
        },
        ("labels", "vendors"),
    ),
    "PdfConfirmations": _object(
        {
            "target": _TEXT,
            "officialName": _TEXT,
            "layout": _TEXT,
            **_FAILED,
            "confirmations": _many("PdfConfirmation"),
            **_EVIDENCE,
        },
        ("evidencePdfAsBase64",),
    ),
    "PdfStatements": _object({"statements": _many("KeptPdfStatement")}),
    "KeptPdfStatement": _object(
        {
            "statementId": _TEXT,
            "fileName": _TEXT_OR_NULL,
            "target": _TEXT,
            "layout": _TEXT,
            "documentType": _TEXT,
            "period": _PERIOD,
            "uploadedAt": {"type": "string", "format": "date-time"},
            "mode": {"type": "string", "enum": ["STANDARD", "TRUSTED"]},
            "isConsistent": _FLAG,
            **_FAILED,
            "pdfAsBase64": _TEXT,
        },
        ("pdfAsBase64",),
    ),
    "PdfCatalog": _object({"targets": _many("PdfCatalogTarget"), "assumed": _many("PdfCatalogTarget")}),
    "PdfCatalogTarget": _object(
        {"name": _TEXT, "officialName": _TEXT, "country": _TEXT, "layouts": _many("PdfCatalogLayout")}
    ),
    "PdfCatalogLayout": _object(
        {
            "layout": _TEXT,
            "documentType": {"type": "string", "enum": ["STATEMENT", "HISTORY", "CONFIRMATION"]},
            "title": _TEXT,
            "isConsistent": {"type": ["boolean", "null"]},
            "grade": {"type": "string", "enum": ["measured", "parsers", "assumed"]},
        }
    ),
    "PdfFailure": {
        "type": "object",
        "properties": {
            "exception": {
                "type": "object",
                "properties": {"name": _TEXT, "message": _TEXT, "friendlyMessage": _TEXT},
                "required": ["name", "message"],
            },
            **_FAILED,
            **_EVIDENCE,
        },
        "required": ["exception"],
    },
}
