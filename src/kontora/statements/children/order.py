"""What a child is told and what it tells back: bytes of msgpack, never pickle."""

from __future__ import annotations

from typing import NoReturn

import msgspec

from kontora.errors import (
    KontoraError,
    PdfNotReadable,
    PdfVerificationFailed,
    StatementError,
    failures,
)
from kontora.statements.document import Document
from kontora.statements.findings import FailedVerification
from kontora.statements.readings import ReadingOptions, StatementReading

MOST_FILE_BYTES = 16 << 20
MOST_ORDER_BYTES = MOST_FILE_BYTES + (64 << 10)
MOST_ANSWER_BYTES = 64 << 20


class Order(msgspec.Struct, frozen=True):
    """A file to read, and how."""

    pdf: bytes
    options: ReadingOptions


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of it: a reading, or the opened document where that was asked for, or a refusal by name.

    `cause`: types and places of what led to a refusal, for the log; `is_bug`: it was no refusal of ours.
    """

    reading: StatementReading | None = None
    document: Document | None = None
    refusal: str = ""
    message: str = ""
    failed_verifications: tuple[FailedVerification, ...] = ()
    evidence_pdf: bytes | None = None
    cause: tuple[str, ...] = ()
    is_bug: bool = False

    def refuse(self) -> NoReturn:
        """Raise: StatementError, the refusal; PdfNotReadable also for what is no refusal of a statement."""
        kind: type[KontoraError] | None = failures().get(self.refusal)
        if kind is None or not issubclass(kind, StatementError):
            raise PdfNotReadable
        if issubclass(kind, PdfVerificationFailed):
            raise kind(
                self.message, failed_verifications=self.failed_verifications, evidence_pdf=self.evidence_pdf
            )
        raise kind(self.message)
