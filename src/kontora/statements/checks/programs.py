"""Programs that change files, by the marks that they leave: no bank writes its statements with them."""

from __future__ import annotations

EDITORS = (
    *("ilovepdf", "sejda", "smallpdf", "pdfescape", "dochub", "pdffiller", "pdf24", "sodapdf", "soda pdf"),
    *("pdfelement", "pdf-xchange editor", "foxit phantom", "foxit pdf editor", "nitro pro", "nitro pdf"),
    *("pdf candy", "pdf2go", "xodo", "pdfsam", "pdfill", "master pdf editor", "infix", "canva", "inkscape"),
    *("photoshop", "illustrator", "coreldraw", "gimp", "affinity", "libreoffice draw"),
)
"""What the producer or creator of an edited file says, in small letters."""

REWRITERS = {
    "bff7a2fe": "qpdf or pikepdf",
    "c2b5c2b6": "MuPDF",
    "c7ec8fa2": "Ghostscript",
    "b5edaefb": "cairo",
    "c3a4c3bcc3b6": "LibreOffice",
    "d3ebe9e1": "Chromium",
    "e9ebf1bf": "fpdf2",
}
"""Programs by how the comment in the second line of their files begins. Source: pdf.md, 4, no. 2."""

ONLY_REWRITE = frozenset({"bff7a2fe", "c2b5c2b6"})
"""Of these, those of programs that seldom make files and mostly rewrite those of others."""


def is_editor(text: str) -> bool:
    """Say whether a producer or creator names a program for editing."""
    small = text.lower()
    return any(mark in small for mark in EDITORS)


def rewriter_mark(comment: str | None) -> str | None:
    """Return the beginning of a header comment that a known program leaves, `None` for any other."""
    return next((mark for mark in REWRITERS if comment is not None and comment.startswith(mark)), None)
