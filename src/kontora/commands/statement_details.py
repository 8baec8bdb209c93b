"""What comes to the desk of statements, what is kept of it, and what goes back: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from kontora.model import Import
from kontora.statements.findings import FailedVerification
from kontora.statements.readings import DocumentType, ReadingOptions, Statement, StatementReading


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRequest:
    """A PDF to read, as a client sent it. `only_target`: the bank it must be of; `None` for any."""

    pdf: bytes = field(repr=False)
    file_name: str | None = None
    owner_external_id: str | None = None
    password: str | None = field(default=None, repr=False)
    trusted: bool = False
    accept_inconsistent: bool = False
    evidence: bool = False
    only_target: str | None = None

    def options(self, *, confirmations: bool) -> ReadingOptions:
        """Return how to read it."""
        return ReadingOptions(
            trusted=self.trusted,
            accept_inconsistent=self.accept_inconsistent,
            confirmations=confirmations,
            evidence=self.evidence,
            password=self.password,
        )


class StatementDetails(msgspec.Struct, frozen=True):
    """What is kept, sealed, of a statement beside its data. `mode`: `STANDARD` or `TRUSTED`."""

    file_name: str | None
    layout: str
    target: str
    official_name: str
    document_type: DocumentType
    period_start: date | None
    period_end: date | None
    mode: str
    is_consistent: bool
    failed_verifications: tuple[FailedVerification, ...]

    @classmethod
    def of(
        cls, request: StatementRequest, reading: StatementReading, statement: Statement
    ) -> StatementDetails:
        """Tell how a request was read."""
        found = reading.recognised
        return cls(
            file_name=request.file_name,
            layout=found.layout,
            target=found.target,
            official_name=found.official_name,
            document_type=found.document_type,
            period_start=statement.period_start,
            period_end=statement.period_end,
            mode="TRUSTED" if request.trusted else "STANDARD",
            is_consistent=reading.is_consistent,
            failed_verifications=reading.failed_verifications,
        )


@dataclass(frozen=True, slots=True)
class TakenStatement:
    """A statement that was accepted, durably."""

    statement_id: int
    owner_external_id: str
    details: StatementDetails
    imported: Import
    evidence_pdf: bytes | None


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """A statement of an owner; `pdf` where the file was asked for."""

    statement_id: int
    uploaded_at: datetime
    details: StatementDetails
    pdf: bytes | None = None
