"""Period: days that cannot be, given the period, the day of issue, and today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from kontora.statements.checks.holidays import is_banking_day
from kontora.statements.checks.subject import Subject
from kontora.statements.checks.thresholds import CLOCK_DAYS
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.readings import Confirmation, Place, Statement, StatementRow
from kontora.statements.rows.marks import fold_tight

CLEARED = ("elixir", "zewnetrz", "innegobanku", "krajow")
"""Kinds that name a payment between banks, without spaces and diacritics."""
AT_ONCE = ("natych", "ekspres", "express", "blik", "kart")
"""Kinds of payments that do not wait for a banking day."""


def check_period(subject: Subject) -> Iterator[FailedVerification]:
    """Compare the days of a statement or of confirmations with each other and with today."""
    latest = subject.today + timedelta(days=CLOCK_DAYS)
    if subject.statement is not None:
        yield from _dates(subject.statement, subject, latest)
        for row in subject.statement.rows:
            yield from _row(row, subject.statement, latest, is_history=subject.is_history)
    for confirmation in subject.confirmations:
        yield from _confirmation(confirmation, latest)


def _dates(statement: Statement, subject: Subject, latest: date) -> Iterator[FailedVerification]:
    start, end, issued = statement.period_start, statement.period_end, statement.issued_on
    place = statement.period_place
    if start is not None and end is not None and start > end:
        yield _failed("The period ends before it begins.", place)
    if start is not None and start > latest:
        yield _failed("The period lies in the future.", place)
    if issued is not None:
        if issued > latest:
            yield _failed("The document was issued in the future.", place)
        if subject.last_day is not None and issued < subject.last_day:
            yield _failed("The document was issued before the end of what it tells.", place)


def _row(
    row: StatementRow, statement: Statement, latest: date, *, is_history: bool
) -> Iterator[FailedVerification]:
    item = row.money_transaction
    booked = item.booked_on
    if booked is None:
        return
    days = {booked, item.transaction_on} if is_history else {booked}
    if not any(_is_within(day, statement) for day in days):
        yield _failed("A booking date lies outside of the period.", row.date_place)
    if booked > latest:
        yield _failed("A booking date lies in the future.", row.date_place)
    if not is_banking_day(booked) and _is_cleared(item.kind):
        message = "A payment between banks was booked on a day on which banks clear none."
        yield _failed(message, row.date_place, Severity.LOW)


def _is_within(day: date, statement: Statement) -> bool:
    start, end = statement.period_start, statement.period_end
    return (start is None or day >= start) and (end is None or day <= end)


def _is_cleared(kind: str | None) -> bool:
    folded = fold_tight(kind or "")
    return any(word in folded for word in CLEARED) and not any(word in folded for word in AT_ONCE)


def _confirmation(confirmation: Confirmation, latest: date) -> Iterator[FailedVerification]:
    days = [day for day in (confirmation.transaction_on, confirmation.booked_on) if day is not None]
    issued = confirmation.issued_on
    if issued is not None and issued < min(days):
        yield _failed("The document was issued before the day that it confirms.", confirmation.place)
    if issued is not None and issued > latest:
        yield _failed("The document was issued in the future.", confirmation.place)
    if confirmation.booked_on is not None and confirmation.booked_on > latest:
        yield _failed("A booking date lies in the future.", confirmation.place)


def _failed(message: str, place: Place | None, severity: Severity = Severity.HIGH) -> FailedVerification:
    return FailedVerification(
        Verification.PERIOD,
        severity,
        message,
        place.page if place is not None else None,
        place.box if place is not None else None,
    )
