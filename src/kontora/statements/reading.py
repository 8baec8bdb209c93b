"""From the bytes of a PDF to what it says, or a refusal by name: the whole line, in one process."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kontora.errors import PdfInconsistent, PdfVerificationFailed, StatementError
from kontora.statements.arithmetic import check_arithmetic
from kontora.statements.checks import verify
from kontora.statements.document import Document
from kontora.statements.evidence import draw_evidence
from kontora.statements.extraction import open_document
from kontora.statements.findings import FailedVerification, Verification
from kontora.statements.layout import Layout
from kontora.statements.library import layouts
from kontora.statements.pins import pinned_certificates
from kontora.statements.profiles import Profiles, load_profiles
from kontora.statements.readings import Confirmation, ReadingOptions, Statement, StatementReading
from kontora.statements.recognising import recognise
from kontora.statements.rows.confirmation import parse_confirmations
from kontora.statements.rows.statement import parse_statement

if TYPE_CHECKING:
    from kontora.statements.children.child import Reader
    from kontora.statements.children.zygote import WarmUp


class Said(msgspec.Struct, frozen=True):
    """What a document says: a statement or confirmations, never both."""

    statement: Statement | None
    confirmations: tuple[Confirmation, ...]


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
    Raises: NotPdf, PdfTooLarge, PdfEncrypted, PdfNotReadable, with page and field where a row is not
    understood; PdfIsScan, PdfLayoutNotSupported, PdfLanguageNotSupported, PdfCompanyAccount; of standard mode
    alone PdfVerificationFailed, and PdfInconsistent, unless the options accept it.
    """
    document = open_document(pdf, password=options.password, trusted_certificates=pins)
    layout = recognise(document, layouts, confirmations=options.confirmations)
    said = _parsed(document, layout)
    failed = _failed(document, layout, said, profiles, options)
    evidence_pdf = _evidence(pdf, failed, options)
    if not options.trusted:
        if any(one.severity.refuses for one in failed):
            raise PdfVerificationFailed(failed_verifications=failed, evidence_pdf=evidence_pdf)
        if said.statement is not None and not layout.has_balances and not options.accept_inconsistent:
            raise PdfInconsistent
    adds_up = all(one.name is not Verification.AMOUNTS for one in failed)
    return StatementReading(
        recognised=layout.recognised(),
        statement=said.statement,
        confirmations=said.confirmations,
        failed_verifications=failed,
        is_consistent=said.statement is not None and layout.has_balances and adds_up,
        pages=len(document.pages),
        evidence_pdf=evidence_pdf,
    )


def standard_reader(said: WarmUp) -> Reader:
    """Load what reading needs, once, and return what reads with it."""
    profiles = load_profiles(_folder(said.profiles_dir))
    pins = pinned_certificates(practice=said.practice, extra=_folder(said.pins_dir))
    known = layouts()
    return lambda pdf, options: read_pdf(pdf, options, profiles=profiles, layouts=known, pins=pins)


def _folder(said: str | None) -> Path | None:
    return None if said is None else Path(said)


def _parsed(document: Document, layout: Layout) -> Said:
    if layout.is_confirmation:
        return Said(None, parse_confirmations(document, layout))
    return Said(parse_statement(document, layout), ())


def _failed(
    document: Document, layout: Layout, said: Said, profiles: Profiles, options: ReadingOptions
) -> tuple[FailedVerification, ...]:
    if options.today is None:
        raise ValueError("the options name no day to judge the file on")
    amounts = () if said.statement is None else check_arithmetic(said.statement, layout)
    others = verify(
        document,
        layout,
        profiles.of(layout.name),
        said.statement,
        said.confirmations,
        today=options.today,
    )
    return (*amounts, *others)


def _evidence(pdf: bytes, failed: tuple[FailedVerification, ...], options: ReadingOptions) -> bytes | None:
    """Draw the suspicious places, if asked; a page that cannot be drawn takes nothing from the findings."""
    if options.evidence and failed:
        with suppress(StatementError):
            return draw_evidence(pdf, failed, options.password)
    return None
