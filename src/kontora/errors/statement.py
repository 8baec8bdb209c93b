"""Failures of a file that a client sends as a bank statement: the owner can send another.

Source: wire.md, 10.6; each refusal of its own name is our choice.
"""

from __future__ import annotations

from typing import Any

from kontora.errors.failure import KontoraError


class StatementError(KontoraError):
    """The file is refused; nothing of it is returned or kept."""

    http_status = 422


class NotPdf(StatementError):
    """The file is no PDF at all."""

    default_message = "The file is not a PDF. Send the file as it was downloaded from the bank."


class PdfTooLarge(StatementError):
    """The file is over a limit: bytes, pages, objects, or what its streams unfold to."""

    http_status = 413
    default_message = "The file is over a limit: 10 MiB and 200 pages. Send a shorter period."


class PdfNotReadable(StatementError):
    """The file is damaged or hostile: reading it failed, or was stopped at a limit of time or memory."""

    default_message = "The file is damaged. Download it from the bank again and send it unchanged."


class PdfEncrypted(StatementError):
    """The file needs a password, and none or a wrong one was given."""

    default_message = "The file is protected by a password. Send the password with it as `password`."


class PdfIsScan(StatementError):
    """The pages are pictures; there is no text to read."""

    default_message = "The file is a scan or a picture. Send the PDF that the bank offers for download."


class PdfLayoutNotSupported(StatementError):
    """The bank or the form of the document is unknown."""

    default_message = "The bank or the form of this document is not supported. See the PDF catalogue."


class PdfLanguageNotSupported(PdfLayoutNotSupported):
    """The document is a known one in another language than Polish."""

    default_message = "The document is not in Polish. Set the language of the online bank, download it again."


class PdfCompanyAccount(PdfLayoutNotSupported):
    """The account belongs to a company; those of people and sole traders are read."""

    default_message = "The account belongs to a company. Accounts of people and sole traders are read."


class PdfInconsistent(StatementError):
    """The layout does not carry enough arithmetic to prove that it is whole."""

    default_message = (
        "This document has no balances, so that nobody can prove that it is whole. Send a statement, or set"
        " acceptInconsistent=true."
    )


class PdfVerificationFailed(StatementError):
    """The file was altered, or does not look as the bank makes it.

    `failed_verifications`: what was found, each a `kontora.statements.findings.FailedVerification`, which
    this room does not know. `evidence_pdf`: the pages with the places framed, where it was asked for.
    """

    def __init__(
        self,
        message: str = "",
        *,
        friendly_message: str | None = None,
        failed_verifications: tuple[Any, ...] = (),
        evidence_pdf: bytes | None = None,
    ) -> None:
        super().__init__(message or _counted(len(failed_verifications)), friendly_message=friendly_message)
        self.failed_verifications = failed_verifications
        self.evidence_pdf = evidence_pdf


def _counted(failed: int) -> str:
    return "1 verification failed." if failed == 1 else f"{failed} verifications failed."
