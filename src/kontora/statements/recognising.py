"""Tell which layout a document is of, or why it is none that is read here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kontora.errors import (
    PdfCompanyAccount,
    PdfIsScan,
    PdfLanguageNotSupported,
    PdfLayoutNotSupported,
)
from kontora.statements.document import Document, Page, PaintedKind
from kontora.statements.holders import is_company
from kontora.statements.layout import Layout
from kontora.statements.rows.head import owner_names
from kontora.statements.rows.lines import PageLines
from kontora.statements.rows.marks import mark

# Less text than this on a page is a stamp or a page number, not a statement. Source: pdf.md, 4, number 14.
MIN_CHARACTERS = 50
# A picture that covers more than this of a page, and no text, is a scan.
SCAN_COVER = 0.5


def recognise(document: Document, layouts: Sequence[Layout], *, confirmations: bool) -> Layout:
    """Return the layout of a document. `confirmations`: whether it must be one of confirmations, or must not.

    Raises: PdfIsScan, if pages are pictures; PdfLayoutNotSupported, if no layout or more than one fits, or
    the document is of the other kind; PdfLanguageNotSupported, PdfCompanyAccount.
    """
    if _is_scan(document):
        raise PdfIsScan
    texts = _Texts(document)
    fitting = [layout for layout in layouts if _fits(layout, texts)]
    if not fitting:
        if any(texts.first_shows(layout.recognise.foreign) for layout in layouts):
            raise PdfLanguageNotSupported
        raise PdfLayoutNotSupported
    wanted = [layout for layout in fitting if layout.is_confirmation == confirmations]
    if not wanted:
        raise PdfLayoutNotSupported(
            "The document is a statement, not a confirmation."
            if confirmations
            else "The document is a confirmation, not a statement."
        )
    if len(wanted) > 1:
        raise PdfLayoutNotSupported("More than one layout fits the document.")
    layout = wanted[0]
    if texts.first_shows(layout.recognise.company) or _is_of_company(texts.first, layout):
        raise PdfCompanyAccount
    return layout


class _Texts:
    """The text of a document's first page, and of all pages once it is asked for."""

    def __init__(self, document: Document) -> None:
        self.first = PageLines(document.pages[0])
        self._document = document
        self._all: str | None = None

    def first_shows(self, labels: Iterable[str]) -> bool:
        """Say whether the first page shows one of the marks."""
        return any(mark(label).find(self.first.folded) for label in labels)

    def shows(self, labels: Iterable[str]) -> bool:
        """Say whether any page shows one of the marks."""
        if self._all is None:
            others = [PageLines(page).folded for page in self._document.pages[1:]]
            self._all = "\n".join([self.first.folded, *others])
        return any(mark(label).find(self._all) for label in labels)


def _fits(layout: Layout, texts: _Texts) -> bool:
    marks = layout.recognise
    if not all(texts.first_shows((label,)) for label in marks.all) or texts.first_shows(marks.none):
        return False
    return not marks.any or texts.shows(marks.any)


def _is_scan(document: Document) -> bool:
    with_text = [page for page in document.pages if page.characters >= MIN_CHARACTERS]
    return not with_text or any(
        _is_picture(page) for page in document.pages if page.characters < MIN_CHARACTERS
    )


def _is_picture(page: Page) -> bool:
    x0, y0, x1, y1 = page.box
    covered = sum(
        max(0.0, min(x1, item.box[2]) - max(x0, item.box[0]))
        * max(0.0, min(y1, item.box[3]) - max(y0, item.box[1]))
        for item in page.painted
        if item.kind is PaintedKind.IMAGE
    )
    return covered > SCAN_COVER * (x1 - x0) * (y1 - y0)


def _is_of_company(first: PageLines, layout: Layout) -> bool:
    return any(is_company(name) for name in owner_names(first, layout))
