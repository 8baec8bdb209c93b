"""Logo: pictures that a layout does not have, or lacks."""

from __future__ import annotations

from collections.abc import Iterator

from kontora.statements.checks.subject import Subject
from kontora.statements.findings import FailedVerification, Severity, Verification


def check_logo(subject: Subject) -> Iterator[FailedVerification]:
    """Compare the pictures of a file with those of its layout; nothing where these are unknown."""
    facts = subject.facts["images"]
    strangers = subject.profile.strangers("images", facts)
    for page in subject.document.pages:
        for painted in page.painted:
            if painted.image_sha256 in strangers:
                message = "This picture is another than the bank prints, or is stored otherwise."
                yield FailedVerification(
                    Verification.LOGO, Severity.MEDIUM, message, page.number, painted.box
                )
    if not strangers and subject.profile.missing("images", facts):
        message = "A picture that the bank prints, such as its logo, is missing."
        yield FailedVerification(Verification.LOGO, Severity.MEDIUM, message)
