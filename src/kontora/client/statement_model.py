"""What Kontora tells of statements and confirmations, as frozen data; money is `Decimal`, unknown `None`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from kontora.client.model import Account, Owner, Vendor


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedVerification:
    """What speaks against a file. `severity`: `HIGH` and `MEDIUM` refuse it in standard mode, `LOW` informs.

    `page` counts from 1; `box` is in points from the page's bottom left. `None`: it is about the whole file.
    """

    name: str
    severity: str
    message: str
    page: int | None = None
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement that was read and is kept. `is_consistent`: its arithmetic proves that it is whole.

    `document_type`: `STATEMENT` or `HISTORY`. `evidence_pdf`: the pages with the suspicious places framed,
    where it was asked for and there are any.
    """

    id: str
    owner_external_id: str
    is_consistent: bool
    target: str
    official_name: str
    layout: str
    document_type: str
    period_start: date | None
    period_end: date | None
    failed_verifications: tuple[FailedVerification, ...] = ()
    owners: tuple[Owner, ...] = ()
    accounts: tuple[Account, ...] = ()
    evidence_pdf: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptStatement:
    """An entry of an owner's list. `mode`: `STANDARD` or `TRUSTED`. `pdf`: the file, if it was asked for."""

    id: str
    file_name: str | None
    uploaded_at: datetime
    mode: str
    is_consistent: bool
    target: str
    layout: str
    document_type: str
    period_start: date | None
    period_end: date | None
    failed_verifications: tuple[FailedVerification, ...] = ()
    pdf: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfLayout:
    """A document that is read. `document_type`: `STATEMENT`, `HISTORY` or `CONFIRMATION`.

    `is_consistent`: whether its arithmetic can prove a file whole; `None` for confirmations. `grade`: how it
    is known, `measured` on a real export, from `parsers`, or `assumed`.
    """

    layout: str
    document_type: str
    title: str
    grade: str
    is_consistent: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfTarget:
    """A bank and those of its documents that are read."""

    name: str
    official_name: str
    country: str
    layouts: tuple[PdfLayout, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfCatalog:
    """Which documents are read, by bank. `assumed`: those that nobody has seen read; not promised."""

    targets: tuple[PdfTarget, ...]
    assumed: tuple[PdfTarget, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationParty:
    """Who sends or receives."""

    name: str | None = None
    iban: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One confirmed money transaction. `booking_status`: `booked`, `unbooked` or `unknown`.

    `status` is `DONE`, or `None` where the document does not tell; `generated_by`: `BANK` or `OWNER`.
    """

    transaction_on: date
    currency_amount: Decimal
    currency_name: str
    booking_status: str
    status: str | None = None
    generated_by: str | None = None
    issued_on: date | None = None
    booked_on: date | None = None
    title: str | None = None
    kind: str | None = None
    reference_number: str | None = None
    sender: ConfirmationParty = ConfirmationParty()
    recipient: ConfirmationParty = ConfirmationParty()
    labels: frozenset[str] = frozenset()
    vendors: tuple[Vendor, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmations:
    """What one file with confirmations brought; nothing of it is kept."""

    target: str
    official_name: str
    layout: str
    confirmations: tuple[Confirmation, ...]
    failed_verifications: tuple[FailedVerification, ...] = ()
    evidence_pdf: bytes | None = field(default=None, repr=False)
