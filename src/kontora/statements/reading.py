"""From the bytes of a PDF to what it says, or a refusal by name: the whole line, in one process."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from kontora.errors import PdfInconsistent, PdfVerificationFailed, StatementError
from kontora.statements.children.warming import warmed
from kontora.statements.document import Document
from kontora.statements.evidence import draw_evidence
from kontora.statements.examining import examine
from kontora.statements.extraction import open_document
from kontora.statements.findings import FailedVerification
from kontora.statements.layout import Layout
from kontora.statements.library import layouts
from kontora.statements.pins import pinned_certificates
from kontora.statements.profiles import Profiles, load_profiles
from kontora.statements.readings import ReadingOptions, StatementReading

if TYPE_CHECKING:
    from kontora.statements.children.child import Reader
    from kontora.statements.children.zygote import WarmUp


def read_pdf(
    pdf: bytes,
    options: ReadingOptions,
    *,
    profiles: Profiles,
    layouts: tuple[Layout, ...],
    pins: tuple[bytes, ...],
) -> StatementReading:
    """Read a PDF, check its arithmetic, and verify that it is as its bank made it.

    In standard mode a file with a failed verification of severity HIGH or MEDIUM is refused; trusted mode
    returns what it says with the list. The same file with the same options always brings the same.
    `pins`: PEM, the certificates that signatures must come from.
    Raises: NotPdf, PdfTooLarge, PdfEncrypted, PdfIsScan, PdfLayoutNotSupported, PdfLanguageNotSupported,
    PdfCompanyAccount; PdfNotReadable, with page and field where a row is not understood, unless standard
    mode can tell that the file was altered; of standard mode alone PdfVerificationFailed, and
    PdfInconsistent, unless the options accept it.
    """
    if options.today is None:
        raise ValueError("the options name no day to judge the file on")
    document = open_document(pdf, password=options.password, trusted_certificates=pins)
    found = examine(document, layouts, profiles, confirmations=options.confirmations, today=options.today)
    evidence_pdf = _evidence(pdf, found.failed, options)
    if found.refuses and not options.trusted:
        raise PdfVerificationFailed(failed_verifications=found.failed, evidence_pdf=evidence_pdf)
    if found.not_understood is not None:
        raise found.not_understood
    lacks_balances = found.statement is not None and not found.layout.has_balances
    if lacks_balances and not (options.trusted or options.accept_inconsistent):
        raise PdfInconsistent
    return StatementReading(
        recognised=found.layout.recognised(),
        statement=found.statement,
        confirmations=found.confirmations,
        failed_verifications=found.failed,
        is_consistent=found.is_consistent,
        pages=len(document.pages),
        evidence_pdf=evidence_pdf,
    )


def standard_reader(said: WarmUp) -> Reader:
    """Load what reading needs, once, and return what reads with it, warm."""
    profiles = load_profiles(_folder(said.profiles_dir))
    pins = pinned_certificates(practice=said.practice, extra=_folder(said.pins_dir))
    known = layouts()
    return warmed(lambda pdf, options: read_pdf(pdf, options, profiles=profiles, layouts=known, pins=pins))


def document_reader(said: WarmUp) -> Reader:
    """Return what only opens a file: its pages and how it is made."""
    pins = pinned_certificates(practice=said.practice, extra=_folder(said.pins_dir))

    def opened(pdf: bytes, options: ReadingOptions) -> Document:
        return open_document(pdf, password=options.password, trusted_certificates=pins)

    return warmed(opened)


def _folder(said: str | None) -> Path | None:
    return None if said is None else Path(said)


def _evidence(pdf: bytes, failed: tuple[FailedVerification, ...], options: ReadingOptions) -> bytes | None:
    """Draw the suspicious places, if asked; a page that cannot be drawn takes nothing from the findings."""
    if options.evidence and failed:
        with suppress(StatementError):
            return draw_evidence(pdf, failed, options.password)
    return None
