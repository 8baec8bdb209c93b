"""Metadata: what a file says of itself, its paper, and its dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from kontora.statements.checks.programs import is_editor
from kontora.statements.checks.subject import Subject
from kontora.statements.checks.thresholds import CLOCK_DAYS, SAME_SECONDS
from kontora.statements.document import Anatomy
from kontora.statements.findings import FailedVerification, Severity, Verification

WARSAW = ZoneInfo("Europe/Warsaw")
XMP_TEXTS = ("Producer", "Creator", "Title")
XMP_DATES = ("CreationDate", "ModDate")

OTHERWISE = {
    "producers": (Severity.HIGH, "The file was written by another program than the bank's."),
    "creators": (Severity.HIGH, "The file was created by another program than the bank's."),
    "titles": (Severity.HIGH, "The title in the file's information is not the bank's."),
    "subjects": (Severity.HIGH, "The subject in the file's information is not the bank's."),
    "authors": (Severity.HIGH, "The author in the file's information is not the bank's."),
    "keywords": (Severity.HIGH, "The keywords in the file's information are not the bank's."),
    "versions": (Severity.HIGH, "The file is of another version of PDF than the bank's."),
    "page_sizes": (Severity.HIGH, "A page is not as large as those that the bank makes."),
    "info_keys": (Severity.HIGH, "The file's information has other fields than the bank writes."),
    "xmp_keys": (Severity.HIGH, "The file's metadata has other fields than the bank writes."),
    "dates": (Severity.MEDIUM, "The dates of making and of change are not as the bank writes them."),
    "date_forms": (Severity.MEDIUM, "The dates in the file are not written as the bank writes them."),
    "ids": (Severity.MEDIUM, "The identifiers of the file are not as the bank writes them."),
}
"""What is said where a fact is otherwise than in the layout's profile."""


def check_metadata(subject: Subject) -> Iterator[FailedVerification]:
    """Compare what the file says of itself with its layout, with itself, and with what it tells."""
    for fact, (severity, message) in OTHERWISE.items():
        if subject.profile.strangers(fact, subject.facts[fact]):
            yield FailedVerification(Verification.METADATA, severity, message)
    yield from _editor(subject)
    yield from _dates(subject)
    yield from _xmp(subject.document.anatomy)


def _editor(subject: Subject) -> Iterator[FailedVerification]:
    said = dict(subject.document.anatomy.info) | {
        f"xmp {key}": text for key, text in subject.document.anatomy.xmp
    }
    programs = [text for key, text in said.items() if key.endswith(("Producer", "Creator"))]
    known = {*(subject.profile.producers or ()), *(subject.profile.creators or ())}
    if any(is_editor(text) and text not in known for text in programs):
        yield _failed("The file says that a program for editing wrote it.", Severity.HIGH)


def _dates(subject: Subject) -> Iterator[FailedVerification]:
    created, modified = subject.document.anatomy.created_at, subject.document.anatomy.modified_at
    # The end of today wherever the day is longest.
    latest = datetime(subject.today.year, subject.today.month, subject.today.day, tzinfo=UTC)
    latest += timedelta(days=CLOCK_DAYS + 1)
    if any(moment is not None and moment > latest for moment in (created, modified)):
        yield _failed("The file was made or changed in the future.")
    if created is None:
        return
    if modified is not None and modified < created - timedelta(seconds=SAME_SECONDS):
        yield _failed("The file was changed before it was made.")
    if subject.last_day is not None and created.astimezone(WARSAW).date() < subject.last_day:
        yield _failed("The file was made before the end of what it tells.")


def _xmp(anatomy: Anatomy) -> Iterator[FailedVerification]:
    info, xmp = dict(anatomy.info), dict(anatomy.xmp)
    both = info.keys() & xmp.keys()
    # Whoever signs a file adds its name to the one of the writer, in one of the two places only.
    texts = any(not _holds(_tight(info[key]), _tight(xmp[key])) for key in XMP_TEXTS if key in both)
    dates = any(
        not _are_same(moment, xmp[key])
        for key, moment in zip(XMP_DATES, (anatomy.created_at, anatomy.modified_at), strict=True)
        if key in both and moment is not None
    )
    if texts or dates:
        yield _failed("The file's metadata contradict its information.")


def _holds(one: str, other: str) -> bool:
    return one == other or bool(one and other and (one in other or other in one))


def _are_same(moment: datetime, text: str) -> bool:
    try:
        written = datetime.fromisoformat(text.strip())
    except ValueError:
        return True  # a form that is not known contradicts nothing
    if written.tzinfo is None:
        written = written.replace(tzinfo=moment.tzinfo)
    return abs((written - moment).total_seconds()) <= SAME_SECONDS


def _tight(text: str) -> str:
    return "".join(text.split())


def _failed(message: str, severity: Severity = Severity.MEDIUM) -> FailedVerification:
    return FailedVerification(Verification.METADATA, severity, message)
