"""JSON of statements and confirmations: what a PDF brought, why one was refused, and which are read.

Unknown is `null` where a reader looks for it; money is a number with exactly two decimals.
Source: wire.md, 10.3 to 10.5.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from kontora.wire.json import OWNER, Imported, objects, value_of
from kontora.wire.statement_shapes import Finding, KeptStatement, KnownLayout, Origin, StatementFacts
from kontora.wire.told_labels import NOTHING, Shown, label_fields

_MONEY_TRANSACTION = {
    "transactionOn": "transaction_on",
    "bookedOn": "booked_on",
    "currencyAmount": "currency_amount",
    "currencyBalance": "currency_balance",
    "title": "title",
    "party": "party",
    "partyIban": "party_iban",
    "kind": "kind",
    "status": "status",
}
_CONFIRMATION = {
    "status": "status",
    "bookingStatus": "booking_status",
    "generatedBy": "generated_by",
    "issuedOn": "issued_on",
    "transactionOn": "transaction_on",
    "bookedOn": "booked_on",
    "currencyAmount": "currency_amount",
    "currencyName": "currency",
    "title": "title",
    "kind": "kind",
    "referenceNumber": "reference",
}
_PARTY = {"name": "name", "iban": "iban", "address": "address"}


def render_statement(
    facts: StatementFacts,
    imported: Imported,
    *,
    statement_id: int | None = None,
    owner_external_id: str | None = None,
    shown: Shown = NOTHING,
    country: str | None = None,
    more: dict[str, object] | None = None,
) -> bytes:
    """Render what a statement brought. Without a statement id or an owner, both fields are left out.

    `more`: fields to add, such as those of `evidence`.
    """
    told: dict[str, object] = {} if statement_id is None else {"statementId": str(statement_id)}
    told |= {
        "isConsistent": facts.is_consistent,
        "target": facts.target,
        "officialName": facts.official_name,
    }
    if owner_external_id is not None:
        told["ownerExternalId"] = value_of(owner_external_id)
    told |= {
        "layout": facts.layout,
        "documentType": str(facts.document_type),
        "period": _period(facts),
        "failedVerifications": _findings(facts.failed_verifications),
        "owners": objects(imported.owners, OWNER),
        "accounts": [_account(account, shown, country) for account in imported.accounts],
        "creditCards": [],
    }
    return msgspec.json.encode(told | (more or {}))


def _account(account: object, shown: Shown, country: str | None) -> dict[str, object]:
    items: Iterable[object] = getattr(account, "money_transactions", ())
    return {
        "name": value_of(getattr(account, "name", None)) or None,
        **_fields(
            account,
            {"iban": "iban", "currencyBalance": "currency_balance", "currencyName": "currency_name"},
        ),
        "moneyTransactions": [
            _fields(item, _MONEY_TRANSACTION) | _labels(item, shown, country) for item in items
        ],
    }


def render_confirmations(
    origin: Origin,
    confirmations: Iterable[object],
    failed_verifications: Sequence[Finding],
    *,
    shown: Shown = NOTHING,
    country: str | None = None,
    more: dict[str, object] | None = None,
) -> bytes:
    """Render confirmations, as the file holds them."""
    told: dict[str, object] = {
        "target": origin.target,
        "officialName": origin.official_name,
        "layout": origin.layout,
        "failedVerifications": _findings(failed_verifications),
        "confirmations": [
            _fields(item, _CONFIRMATION)
            | {side: _fields(getattr(item, side), _PARTY) for side in ("sender", "recipient")}
            | _labels(item, shown, country)
            for item in confirmations
        ],
    }
    return msgspec.json.encode(told | (more or {}))


def render_refusal(
    name: str,
    message: str,
    failed_verifications: Sequence[Finding],
    *,
    more: dict[str, object] | None = None,
) -> bytes:
    """Render why a file was refused; the list is there only where verifications failed."""
    told: dict[str, object] = {"exception": {"name": name, "message": message}}
    if failed_verifications:
        told["failedVerifications"] = _findings(failed_verifications)
    return msgspec.json.encode(told | (more or {}))


def evidence(pdf: bytes | None) -> dict[str, object]:
    """Return the field that carries evidence; `null` where nothing is suspicious."""
    return {"evidencePdfAsBase64": None if pdf is None else base64.b64encode(pdf).decode()}


def statement_entry(
    statement_id: int, uploaded_at: datetime, kept: KeptStatement, pdf: bytes | None = None
) -> dict[str, object]:
    """Return a statement as an entry of the owner's list; `pdf`: the file, where it was asked for."""
    entry: dict[str, object] = {
        "statementId": str(statement_id),
        "fileName": value_of(kept.file_name),
        "target": kept.target,
        "layout": kept.layout,
        "documentType": str(kept.document_type),
        "period": _period(kept),
        "uploadedAt": uploaded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "mode": kept.mode,
        "isConsistent": kept.is_consistent,
        "failedVerifications": _findings(kept.failed_verifications),
    }
    return entry if pdf is None else entry | {"pdfAsBase64": base64.b64encode(pdf).decode()}


def render_pdf_catalog(layouts: Sequence[KnownLayout]) -> bytes:
    """Render the layouts by bank; those that are only assumed stand apart: nobody has seen one read."""
    seen = [layout for layout in layouts if str(layout.grade) != "assumed"]
    assumed = [layout for layout in layouts if str(layout.grade) == "assumed"]
    return msgspec.json.encode({"targets": _targets(seen), "assumed": _targets(assumed)})


def _targets(layouts: Sequence[KnownLayout]) -> list[dict[str, object]]:
    by_target: dict[str, list[KnownLayout]] = {}
    for layout in layouts:
        by_target.setdefault(layout.target, []).append(layout)
    return [
        {
            "name": target,
            "officialName": known[0].official_name,
            "country": known[0].country,
            "layouts": [
                {
                    "layout": layout.layout,
                    "documentType": str(layout.document_type),
                    "title": layout.title,
                    "isConsistent": layout.is_consistent,
                    "grade": str(layout.grade),
                }
                for layout in known
            ],
        }
        for target, known in sorted(by_target.items())
    ]


def _period(facts: StatementFacts) -> dict[str, object]:
    return {"start": value_of(facts.period_start), "end": value_of(facts.period_end)}


def _findings(found: Iterable[Finding]) -> list[dict[str, object]]:
    return [
        {
            "name": str(item.name),
            "severity": str(item.severity),
            "page": item.page,
            "box": None if item.box is None else [round(edge, 1) for edge in item.box],
            "message": value_of(item.message),
        }
        for item in found
    ]


def _fields(item: object, names: dict[str, str]) -> dict[str, object]:
    return {wire_name: value_of(getattr(item, name)) for wire_name, name in names.items()}


def _labels(item: object, shown: Shown, country: str | None) -> dict[str, object]:
    return label_fields(shown, country, getattr(item, "labels", ()), getattr(item, "vendors", ()))
