"""Keywords: words that every document of a layout shows."""

from __future__ import annotations

from collections.abc import Iterator

from kontora.statements.checks.subject import Subject
from kontora.statements.document import Document
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.rows.lines import pages_of
from kontora.statements.rows.marks import fold, mark


def check_keywords(subject: Subject) -> Iterator[FailedVerification]:
    """Find the words that the layout requires: its title, the header of its table, its notice."""
    marks = [mark(keyword) for keyword in subject.layout.keywords]
    texts = _as_written(subject.document)
    missing = [each for each in marks if all(each.find(text) is None for text in texts)]
    if missing:
        # Words of one line may lie apart in the file; only then is it worth to put lines together.
        texts = [page.folded for page in pages_of(subject.document)]
    for each in missing:
        if all(each.find(text) is None and each.find(text.replace("\n", "")) is None for text in texts):
            message = "Words that every such document of the bank shows are missing."
            yield FailedVerification(Verification.KEYWORDS, Severity.HIGH, message)
            return


def _as_written(document: Document) -> list[str]:
    return [fold("".join([word.text for word in page.words])) for page in document.pages]
