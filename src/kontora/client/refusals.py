"""Parse why a request was refused in JSON."""

from __future__ import annotations

from kontora.client.failures import DocumentRefused, KontoraApiError, StatementRefused
from kontora.client.json_documents import parse_object
from kontora.client.label_replies import parse_complaints
from kontora.client.statement_replies import parse_failed_verifications


def parse_refusal(status: int, body: bytes, retry_after_seconds: float | None) -> KontoraApiError:
    """Return why a request was refused.

    Raises: UnexpectedReply.
    """
    found = parse_object(body)
    told = found.object("exception")
    name, message, friendly = told.text("name"), told.text("message"), told.optional("friendlyMessage")
    if status == 422 or name == "PdfTooLarge":
        return StatementRefused(
            status,
            name,
            message,
            friendly,
            failed_verifications=parse_failed_verifications(found),
            evidence_pdf=found.file("evidencePdfAsBase64"),
        )
    if errors := parse_complaints(found, "errors"):
        return DocumentRefused(status, name, message, friendly, errors=errors)
    return KontoraApiError(status, name, message, friendly, retry_after_seconds)
