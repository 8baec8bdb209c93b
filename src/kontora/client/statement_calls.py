"""What is asked about statements and confirmations."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path

from kontora.client import statement_replies
from kontora.client.conversations import Conversation, asked
from kontora.client.pacing import Pacing
from kontora.client.requests import Request, pairs
from kontora.client.statement_model import Confirmations, KeptStatement, PdfCatalog, Statement


def statement(
    pacing: Pacing,
    pdf: bytes | Path,
    owner_external_id: str | None = None,
    *,
    trusted: bool = False,
    accept_inconsistent: bool = False,
    evidence: bool = False,
    file_name: str | None = None,
    password: str | None = None,
) -> Conversation[Statement]:
    """Have a statement PDF read; its data joins the owner's. Not sent again after a lost answer.

    `pdf`: the file, or where it is; then its name is told, too. `owner_external_id`: made, if not given.
    `trusted`: return what is in it even if verifications failed, with the list. `accept_inconsistent`:
    accept documents without balances. `evidence`: add the pages with the suspicious places framed.

        may = kontora.statement(Path("may.pdf"), "o-1")

    Raises: StatementRefused; OSError, if the file cannot be read.
    """
    content, name = _file_of(pdf, file_name)
    request = Pdf(
        content=content,
        owner_external_id=owner_external_id,
        file_name=name,
        password=password,
        trusted=trusted,
        accept_inconsistent=accept_inconsistent,
        evidence=evidence,
    ).request("statement")
    return asked(request, pacing, statement_replies.parse_statement)


def statements(
    pacing: Pacing, owner_external_id: str, *, include_pdf: bool = False, statement_id: str | None = None
) -> Conversation[tuple[KeptStatement, ...]]:
    """List the statements that are kept of an owner, oldest first, or one of them.

    `include_pdf`: with their files, 32 MiB together at most.
    """
    query = {"ownerExternalId": owner_external_id, "includePdf": include_pdf, "statementId": statement_id}
    request = Request("GET", "/v1/pdf/statements", query=pairs(query))
    return asked(request, pacing, statement_replies.parse_statements)


def confirmations(
    pacing: Pacing,
    pdf: bytes | Path,
    *,
    trusted: bool = False,
    evidence: bool = False,
    password: str | None = None,
) -> Conversation[Confirmations]:
    """Have a PDF with confirmations of single money transactions read; nothing of it is kept.

    Raises: StatementRefused; OSError, if the file cannot be read.
    """
    content, _ = _file_of(pdf)
    request = Pdf(content=content, password=password, trusted=trusted, evidence=evidence)
    return asked(request.request("confirmation"), pacing, statement_replies.parse_confirmations)


def pdf_catalog(pacing: Pacing, country: str = "all") -> Conversation[PdfCatalog]:
    """List the documents that are read, by bank; `country`: `all`, or two letters such as `pl`."""
    request = Request("GET", "/v1/pdf-catalog", query=(("country", country),))
    return asked(request, pacing, statement_replies.parse_pdf_catalog)


def _file_of(pdf: bytes | Path, file_name: str | None = None) -> tuple[bytes, str | None]:
    if isinstance(pdf, Path):
        return pdf.read_bytes(), file_name or pdf.name
    return pdf, file_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """A PDF to read, and how."""

    content: bytes = field(repr=False)
    owner_external_id: str | None = None
    file_name: str | None = None
    password: str | None = field(default=None, repr=False)
    trusted: bool = False
    accept_inconsistent: bool = False
    evidence: bool = False

    def request(self, kind: str) -> Request:
        """Have it read as a `statement` or `confirmation`. Confirmations are not kept: again does no harm."""
        told = {
            "pdfAsBase64": base64.b64encode(self.content).decode("ascii"),
            "ownerExternalId": self.owner_external_id,
            "fileName": self.file_name,
            "password": self.password,
            "acceptInconsistent": self.accept_inconsistent,
            "evidence": self.evidence,
        }
        body = json.dumps({name: value for name, value in told.items() if value is not None})
        path = f"/v1/pdf/{kind}-trusted" if self.trusted else f"/v1/pdf/{kind}"
        return Request("POST", path, document=body.encode(), is_harmless=kind == "confirmation")
