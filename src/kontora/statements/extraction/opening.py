"""From the bytes of a PDF to what it shows and how it is made."""

from __future__ import annotations

import gc
import io

import pikepdf

from kontora.errors import PdfEncrypted, PdfNotReadable, PdfTooLarge, StatementError
from kontora.statements.document import Document
from kontora.statements.extraction.anatomy import read_anatomy
from kontora.statements.extraction.limits import DEFAULT_LIMITS, ExtractionLimits
from kontora.statements.extraction.page_facts import page_facts
from kontora.statements.extraction.pages import read_pages
from kontora.statements.extraction.raw_file import check_header, read_raw_file


def open_document(
    pdf: bytes, *, password: str | None = None, limits: ExtractionLimits = DEFAULT_LIMITS
) -> Document:
    """Read a PDF: its pages, its anatomy and its signatures. Nothing in it is run or followed.

    A file that opens without a password is read, also if it is encrypted for its owner.
    Raises: NotPdf, PdfTooLarge, PdfEncrypted, PdfNotReadable.
    """
    if len(pdf) > limits.file_bytes:
        raise PdfTooLarge
    check_header(pdf)
    collects = gc.isenabled()
    gc.disable()  # many small objects, none of them in cycles: looking for some costs a twentieth
    try:
        return _document(pdf, password, limits)
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


def _document(pdf: bytes, password: str | None, limits: ExtractionLimits) -> Document:
    raw = read_raw_file(pdf, limits.objects)
    with pikepdf.open(io.BytesIO(pdf), password=password or "") as file:
        if len(file.pages) > limits.pages:
            raise PdfTooLarge
        facts = page_facts([page.obj for page in file.pages])
        anatomy = read_anatomy(pdf, file, raw, facts, limits)
        pages, _ = read_pages(pdf, password, facts.media_boxes, limits)
    return Document(size_bytes=len(pdf), pages=pages, anatomy=anatomy, signatures=())
