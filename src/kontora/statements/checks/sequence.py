"""Sequence: pages that are missing, rows out of order, numbers that do not follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from kontora.statements.checks.subject import Subject
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.layout import Order
from kontora.statements.readings import Place, Statement, StatementRow

_NUMBER_AND_YEAR = re.compile(r"[0-9]{1,4}/((?:19|20)[0-9]{2})")


def check_sequence(subject: Subject) -> Iterator[FailedVerification]:
    """Compare the numbers of pages, the order of rows, and the number of the statement with its period."""
    statement = subject.statement
    if statement is None:
        return
    yield from _pages(statement)
    yield from _rows(statement, subject)
    yield from _number(statement)


def _pages(statement: Statement) -> Iterator[FailedVerification]:
    count = len(statement.pages_said)
    for page, said in enumerate(statement.pages_said, start=1):
        if said is None:
            continue
        number, total = said
        if number != page or total not in {None, count}:
            yield _failed("The printed number of the page does not follow: pages are missing.", page)


def _rows(statement: Statement, subject: Subject) -> Iterator[FailedVerification]:
    order, table = subject.layout.order, subject.layout.table
    if order not in {Order.OLDEST_FIRST, Order.NEWEST_FIRST} or table is None:
        return
    # A layout without booking dates is ordered by what it does not print.
    dated = [(day, row) for row in statement.rows if (day := _booked_on(row)) is not None]
    for (earlier, _), (later, row) in pairwise(dated):
        if (later < earlier) if order is Order.OLDEST_FIRST else (later > earlier):
            yield _failed("This row does not follow the one before it in time.", row.place)


def _booked_on(row: StatementRow) -> date | None:
    return row.money_transaction.booked_on


def _number(statement: Statement) -> Iterator[FailedVerification]:
    """Compare the year in a number such as `5/2026` with the period: it is one of its years, or the next."""
    found = _NUMBER_AND_YEAR.fullmatch((statement.number or "").strip())
    start, end = statement.period_start, statement.period_end
    if found is None or start is None or end is None:
        return
    if not start.year <= int(found[1]) <= end.year + 1:
        yield _failed(
            "The number of the statement is of another year than its period.", statement.period_place
        )


def _failed(message: str, place: Place | int | None) -> FailedVerification:
    if isinstance(place, Place):
        return FailedVerification(Verification.SEQUENCE, Severity.HIGH, message, place.page, place.box)
    return FailedVerification(Verification.SEQUENCE, Severity.HIGH, message, place)
