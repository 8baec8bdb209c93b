"""From the bytes of a PDF to what it shows and how it is made."""

from __future__ import annotations

import gc

import pikepdf

from kontora.errors import PdfEncrypted, PdfNotReadable, PdfTooLarge, StatementError
from kontora.statements.document import Document, Page
from kontora.statements.extraction.anatomy import packed_objects, read_anatomy
from kontora.statements.extraction.content import shown_text
from kontora.statements.extraction.fonts import fonts_of
from kontora.statements.extraction.limits import DEFAULT_LIMITS, ExtractionLimits
from kontora.statements.extraction.page_facts import PageFacts, inherited, page_facts
from kontora.statements.extraction.pages import read_pages
from kontora.statements.extraction.passwords import opened_with_password, without_encryption
from kontora.statements.extraction.raw_file import check_header, read_raw_file
from kontora.statements.extraction.second_opinion import disagrees
from kontora.statements.extraction.signatures import read_signatures
from kontora.statements.extraction.unfolding import check_unfolding


def open_document(
    pdf: bytes,
    *,
    password: str | None = None,
    limits: ExtractionLimits = DEFAULT_LIMITS,
    trusted_certificates: tuple[bytes, ...] = (),
) -> Document:
    """Read a PDF: its pages, its anatomy and its signatures. Nothing in it is run or followed.

    A file that opens without a password is read, also if it is encrypted for its owner.
    `trusted_certificates`: PEM, those that signatures have to come from to be trusted.
    Raises: NotPdf, PdfTooLarge, PdfEncrypted, PdfNotReadable.
    """
    if len(pdf) > limits.file_bytes:
        raise PdfTooLarge
    check_header(pdf)
    collects = gc.isenabled()
    gc.disable()  # many small objects, none of them in cycles: looking for some costs a twentieth
    try:
        return _document(pdf, password, limits, trusted_certificates)
    except StatementError:
        raise
    except pikepdf.PasswordError as error:
        raise PdfEncrypted from error
    except Exception as error:
        # Whatever a library throws at a hostile file is one refusal (security.md, U03).
        raise PdfNotReadable from error
    finally:
        if collects:
            gc.enable()


def _document(
    pdf: bytes, password: str | None, limits: ExtractionLimits, trusted_certificates: tuple[bytes, ...]
) -> Document:
    raw = read_raw_file(pdf, limits.objects)
    if len(raw.objects) + packed_objects(pdf, raw) > limits.objects:
        raise PdfTooLarge
    file, secret = opened_with_password(pdf, password)
    with file:
        if len(file.pages) > limits.pages:
            raise PdfTooLarge
        check_unfolding(pdf, raw, file, limits.unfolded_bytes)
        facts = page_facts([page.obj for page in file.pages])
        pages, count = _pages(pdf, file, secret, facts, limits)
        shown = [shown_text(page, inherited(page, "/Resources")) for page in facts.pages]
        fonts = fonts_of(shown)
        disagreements: tuple[str, ...] = () if count == len(facts.pages) else ("pages",)
        for page, text in zip(pages, shown, strict=False):
            if disagrees(page, text, fonts):
                disagreements += (f"text on page {page.number}",)
        anatomy = read_anatomy(pdf, file, raw, facts, shown, fonts, disagreements)
        signatures = read_signatures(pdf, file, secret, trusted_certificates)
    return Document(size_bytes=len(pdf), pages=pages, anatomy=anatomy, signatures=signatures)


def _pages(
    pdf: bytes, file: pikepdf.Pdf, secret: bytes | None, facts: PageFacts, limits: ExtractionLimits
) -> tuple[tuple[Page, ...], int]:
    try:
        return read_pages(pdf, secret, facts.media_boxes, limits)
    except PdfEncrypted:
        # qpdf could open it: pdfium does not know this kind of encryption.
        return read_pages(without_encryption(file), None, facts.media_boxes, limits)
