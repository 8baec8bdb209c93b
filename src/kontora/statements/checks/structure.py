"""Structure: how a file is built, compared with how its bank's writer builds files."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kontora.statements.checks.programs import ONLY_REWRITE, REWRITERS, rewriter_mark
from kontora.statements.checks.subject import Subject
from kontora.statements.document import Anatomy
from kontora.statements.findings import FailedVerification, Severity, Verification

OTHERWISE = {
    "xref": (Severity.HIGH, "The file's table of objects is of another kind than the bank's."),
    "object_streams": (Severity.HIGH, "The file packs its objects otherwise than the bank does."),
    "linearised": (Severity.HIGH, "The file is arranged for the web otherwise than the bank's."),
    "encrypted": (Severity.MEDIUM, "The file is encrypted otherwise than the bank's."),
    "out_of_order": (Severity.HIGH, "The file's objects stand in another order than the bank's."),
    "holes": (Severity.HIGH, "There are bytes between the file's objects that the bank does not write."),
    "deflates": (Severity.MEDIUM, "Parts of the file are compressed otherwise than the bank does."),
    "trailer_keys": (Severity.MEDIUM, "The end of the file has other fields than the bank writes."),
    "root_keys": (Severity.MEDIUM, "The root of the file has other fields than the bank writes."),
    "page_keys": (Severity.MEDIUM, "The pages have other fields than the bank writes."),
    "content_streams": (Severity.MEDIUM, "The pages have more or fewer parts than the bank writes."),
    "filters": (Severity.MEDIUM, "Parts of the file are packed with other filters than the bank uses."),
    "resource_names": (Severity.MEDIUM, "Fonts and pictures are named otherwise than the bank does."),
    "text_operators": (Severity.MEDIUM, "Text is written with other commands than the bank uses."),
    "active": (Severity.MEDIUM, "The file has actions, forms or attachments that the bank does not write."),
}
"""What is said where a fact is otherwise than in the layout's profile."""

ADDED = frozenset(
    {
        *("Text", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline"),
        *("Squiggly", "StrikeOut", "Stamp", "Caret", "Ink", "FileAttachment", "Sound", "Movie", "Redact"),
    }
)
"""Annotations that people make; banks' own are links and fields of signatures."""

_PAGE = re.compile(r" on page ([0-9]+)$")

ACTIVE = frozenset({"JavaScript", "Launch", "XFA", "EmbeddedFiles"})
"""What acts or carries files; nothing of it is ever run or opened."""


def check_structure(subject: Subject) -> Iterator[FailedVerification]:
    """Compare how the file is built with the layout's profile, and find what no writer makes."""
    for fact, (severity, message) in OTHERWISE.items():
        if subject.profile.strangers(fact, subject.facts[fact]):
            yield _failed(message, severity)
    for fact in ("trailer_keys", "root_keys", "page_keys", "filters"):
        if subject.profile.missing(fact, subject.facts[fact]):
            yield _failed("The file lacks fields that the bank always writes.", Severity.MEDIUM)
    yield from _header(subject)
    yield from _broken(subject.document.anatomy)
    yield from _parsers(subject)
    yield from _annotations(subject)
    if subject.profile.active is None and not ACTIVE.isdisjoint(subject.document.anatomy.active):
        yield _failed("The file has actions or attachments. Nothing of them was run or opened.", Severity.LOW)


def _header(subject: Subject) -> Iterator[FailedVerification]:
    comment = subject.document.anatomy.header_comment
    mark = rewriter_mark(comment)
    if subject.profile.strangers("header_comments", subject.facts["header_comments"]):
        by = f" It begins as those of {REWRITERS[mark]} do." if mark is not None else ""
        yield _failed(f"The file begins otherwise than those of the bank.{by}")
    elif subject.profile.header_comments is None and mark in ONLY_REWRITE:
        yield _failed(f"The file begins as those that {REWRITERS[mark]} rewrote do.", Severity.LOW)


def _broken(anatomy: Anatomy) -> Iterator[FailedVerification]:
    if anatomy.bytes_after_end:
        yield _failed("There are bytes after the end of the file.")
    if anatomy.duplicate_objects and max(len(anatomy.revisions), anatomy.startxrefs) < 2:
        yield _failed("The file has two objects of one number and no later version that would explain it.")


def _parsers(subject: Subject) -> Iterator[FailedVerification]:
    document = subject.document
    message = "Two programs that read the file do not read the same."
    if document.anatomy.pages_by_second_parser != len(document.pages):
        yield _failed(message)
    for disagreement in document.anatomy.disagreements:
        page = _PAGE.search(disagreement)
        yield _failed(message, page=int(page[1]) if page is not None else None)


def _annotations(subject: Subject) -> Iterator[FailedVerification]:
    known = subject.profile.annotations
    for page in subject.document.pages:
        for annotation in page.annotations:
            kind = annotation.subtype
            if kind not in known if known is not None else kind in ADDED:
                message = "An annotation was added to the page."
                yield FailedVerification(
                    Verification.STRUCTURE, Severity.MEDIUM, message, page.number, annotation.box
                )


def _failed(
    message: str, severity: Severity = Severity.HIGH, *, page: int | None = None
) -> FailedVerification:
    return FailedVerification(Verification.STRUCTURE, severity, message, page)
