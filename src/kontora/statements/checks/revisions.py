"""Revisions: what was added to a file after it had been written."""

from __future__ import annotations

from collections.abc import Iterator

from kontora.statements.checks.subject import Subject
from kontora.statements.document import Document, Signature
from kontora.statements.findings import FailedVerification, Severity, Verification

ARCHIVE_REVISIONS = 2
"""A signature that is made to last may be followed by what proves its validity, and by a time stamp."""


def check_revisions(subject: Subject) -> Iterator[FailedVerification]:
    """Make sure that whatever was added to the file is explained by a digital signature."""
    document = subject.document
    added = max(len(document.anatomy.revisions), document.anatomy.startxrefs) - 1
    added -= document.anatomy.is_linearised
    if added > _explained(document, added):
        message = "The file was changed after it had been made: a later version was added to it."
        yield FailedVerification(Verification.REVISIONS, Severity.HIGH, message)
    elif subject.profile.strangers("revisions", subject.facts["revisions"]):
        message = "The file has more or fewer versions in it than those that the bank makes."
        yield FailedVerification(Verification.REVISIONS, Severity.HIGH, message)


def _explained(document: Document, added: int) -> int:
    """Return how many additions the valid signatures account for."""
    valid = [signature for signature in document.signatures if _is_sound(signature)]
    if any(signature.is_trusted and signature.covers_all for signature in valid):
        return added
    lasting = any(signature.changes == "lta" for signature in valid)
    return len(valid) + (ARCHIVE_REVISIONS if lasting else 0)


def _is_sound(signature: Signature) -> bool:
    return (
        signature.is_intact
        and signature.is_valid
        and (signature.covers_all or signature.changes in {"none", "lta"})
    )
