"""Signature: digital signatures that are broken, strange, or missing."""

from __future__ import annotations

from collections.abc import Iterator

from kontora.statements.checks.subject import Subject
from kontora.statements.document import Signature
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.fingerprint import UNSIGNED, signer_text
from kontora.statements.profiles import Values
from kontora.statements.rows.marks import fold, mark


def check_signature(subject: Subject) -> Iterator[FailedVerification]:
    """Judge each digital signature, and whether there should be one."""
    known = subject.profile.signatures
    for signature in subject.document.signatures:
        problem = _problem(signature)
        if problem is not None:
            yield _failed(problem)
        else:
            yield from _signer(signature, known)
    if not subject.document.signatures and _should_be_signed(subject):
        yield _failed("The digital signature of the bank is missing.")


def _should_be_signed(subject: Subject) -> bool:
    """Say whether every file of the layout is signed, or this one says that it is."""
    profile = subject.profile
    if profile.signatures is not None and UNSIGNED not in profile.signatures:
        return True
    texts = [fold("".join([word.text for word in page.words])) for page in subject.document.pages]
    return any(mark(words).find(text) is not None for words in profile.signed_marks or () for text in texts)


def _signer(signature: Signature, known: Values) -> Iterator[FailedVerification]:
    """Judge who signed. `known`: as in profiles, which also tell whose certificate was not pinned then."""
    pinned, unpinned = signer_text(signature, is_pinned=True), signer_text(signature, is_pinned=False)
    if known is not None and pinned not in known and unpinned not in known:
        yield _failed("The file is signed by somebody other than the bank.")
    elif not signature.is_trusted:
        # Where nobody knows the bank's certificate, a signature proves no less than none would.
        severity = Severity.LOW if known is None or unpinned in known else Severity.HIGH
        yield _failed("The file is signed, but its signer is not among the pinned ones.", severity)


def _problem(signature: Signature) -> str | None:
    if not signature.is_intact:
        return "The file was changed after it had been signed."
    if not signature.is_valid:
        return "The digital signature is not valid."
    if not signature.covers_all and signature.changes not in {"none", "lta"}:
        return "The file was added to after it had been signed."
    if signature.changes not in {None, "none", "lta"}:
        return "What was added after the file had been signed changes it."
    return None


def _failed(message: str, severity: Severity = Severity.HIGH) -> FailedVerification:
    return FailedVerification(Verification.SIGNATURE, severity, message)
