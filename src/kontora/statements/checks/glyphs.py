"""Glyphs: text that reads otherwise than its letters look."""

from __future__ import annotations

from collections.abc import Iterator

from kontora.statements.checks.subject import Subject
from kontora.statements.document import Box, Document, FontFile
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.fingerprint import bare_name

MISLABELLED = "Text reads otherwise than its characters look."
TWINS = "Two characters that read differently look the same."


def check_glyphs(subject: Subject) -> Iterator[FailedVerification]:
    """Compare what the characters of each font say with what their outlines show."""
    for font in subject.document.anatomy.fonts:
        for pairs, message in ((font.mislabelled, MISLABELLED), (font.twins, TWINS)):
            if not pairs:
                continue
            characters = frozenset("".join(said for said, _ in pairs))
            places = list(_places(subject.document, font, characters))
            if not places:  # no word of such characters: the font itself is what is wrong
                places = [(font.pages[0], None)] if font.pages else []
            for page, box in places:
                yield FailedVerification(Verification.GLYPHS, Severity.HIGH, message, page, box)


def _places(
    document: Document, font: FontFile, characters: frozenset[str]
) -> Iterator[tuple[int, Box | None]]:
    """Return where the first word on each page stands that is written so."""
    name = bare_name(font.name)
    for page in document.pages:
        if page.number not in font.pages:
            continue
        of_font = {number for number, style in enumerate(page.styles) if style.font == name}
        for word in page.words:
            if word.style in of_font and not characters.isdisjoint(word.text):
                yield page.number, (word.x0, word.y0, word.x1, word.y1)
                break
