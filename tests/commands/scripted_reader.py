"""A reader of PDFs that brings what a test tells it, when the test lets it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from kontora.model import AccountOwner, MoneyTransaction, OwnerKind, TransactionStatus
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.library import layout_of
from kontora.statements.readings import (
    BookingStatus,
    Confirmation,
    Place,
    ReadingOptions,
    Statement,
    StatementReading,
    StatementRow,
)

IBAN = "PL62114000000000000021123428"
PLACE = Place(1, (0.0, 0.0, 1.0, 1.0))
FINDING = FailedVerification(Verification.METADATA, Severity.LOW, "Modified a second later.")
PDF = b"%PDF-1.7 KanarekWPliku7391"


def money_transaction(day: date, amount: str, balance: str | None, title: str) -> MoneyTransaction:
    """One that is booked on its day."""
    return MoneyTransaction(
        day,
        Decimal(amount),
        TransactionStatus.DONE,
        booked_on=day,
        currency_balance=None if balance is None else Decimal(balance),
        title=title,
    )


def statement(
    *items: MoneyTransaction,
    iban: str = IBAN,
    end: date | None = date(2026, 5, 31),
    owner: str = "Jan Kowalski",
) -> Statement:
    """A statement of May, its rows oldest first."""
    closing = items[-1].currency_balance if items else Decimal("100.00")
    return Statement(
        iban=iban,
        iban_place=PLACE,
        currency="PLN",
        account_name="eKonto",
        owners=(AccountOwner(owner, kind=OwnerKind.OWNER),),
        period_start=date(2026, 5, 1),
        period_end=end,
        period_place=PLACE,
        opening_balance=Decimal("100.00"),
        opening_place=PLACE,
        closing_balance=closing,
        closing_place=PLACE,
        rows=tuple(StatementRow(item, place, PLACE, PLACE, PLACE) for place, item in enumerate(items)),
    )


MAY = statement(
    money_transaction(date(2026, 5, 4), "-10.00", "90.00", "KanarekWTytule7391"),
    money_transaction(date(2026, 5, 20), "25.50", "115.50", "Zwrot"),
)
CONFIRMATION = Confirmation(
    Decimal("-12.34"), "PLN", date(2026, 5, 4), BookingStatus.BOOKED, PLACE, PLACE, title="Rata"
)


def reading(
    found: Statement = MAY,
    *,
    layout: str = "mbank-statement",
    failed: Sequence[FailedVerification] = (FINDING,),
) -> StatementReading:
    """What reading a statement of this layout brings."""
    known = layout_of(layout)
    assert known is not None
    return StatementReading(
        recognised=known.recognised(),
        statement=found,
        confirmations=(),
        failed_verifications=tuple(failed),
        is_consistent=True,
        pages=2,
    )


def confirmations(*found: Confirmation) -> StatementReading:
    """What reading confirmations brings."""
    return msgspec.structs.replace(
        reading(layout="mbank-confirmation"), statement=None, confirmations=found, is_consistent=False
    )


class ScriptedReader:
    """Brings `result`, or raises it; `before` is awaited first. It remembers what it was asked."""

    def __init__(self) -> None:
        self.result: StatementReading | BaseException = reading()
        self.before: Callable[[], Awaitable[object]] = lambda: asyncio.sleep(0)
        self.asked: list[tuple[bytes, ReadingOptions, str]] = []

    async def read(self, pdf: bytes, options: ReadingOptions, *, client: str = "") -> StatementReading:
        """Read a file."""
        self.asked.append((pdf, options, client))
        await self.before()
        if isinstance(self.result, BaseException):
            raise self.result
        return self.result
