"""Account number: check digits, the bank that a number belongs to, and the form of reference numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from kontora.statements.checks.subject import Subject
from kontora.statements.findings import FailedVerification, Severity, Verification
from kontora.statements.forms.patterns import compiled
from kontora.statements.readings import Confirmation, Place

SORT_CODE_WEIGHTS = (3, 9, 7, 1, 3, 9, 7, 1)
SORT_CODE = slice(4, 12)
DAY_GROUP = "day"
"""The group of a reference's pattern that holds a day as yyyymmdd."""

OWN_DIGITS = "The check digits of the account number do not match."
OWN_BANK = "The account number belongs to another bank."
OTHER_DIGITS = "The check digits of the other side's account number do not match."
REFERENCE = "A reference number does not have the form that the bank gives it."

_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}")
_POLISH = re.compile(r"PL[0-9]{26}")


def check_account_number(subject: Subject) -> Iterator[FailedVerification]:
    """Check the account's number, those of the other sides, and the references of money transactions."""
    statement = subject.statement
    if statement is not None:
        yield from _own(statement.iban, statement.iban_place, subject)
        for row in statement.rows:
            yield from _other(row.money_transaction.party_iban, row.place)
            yield from _reference(row.reference, row.place, subject)
    for confirmation in subject.confirmations:
        own, other = _sides(confirmation)
        if own is not None:
            yield from _own(own, confirmation.place, subject)
        yield from _other(other, confirmation.place)
        yield from _reference(confirmation.reference, confirmation.place, subject)


def has_check_digits(iban: str) -> bool:
    """Say whether an IBAN's check digits match, and the sort code's own digit in a Polish one."""
    if _IBAN.fullmatch(iban) is None or (iban.startswith("PL") and _POLISH.fullmatch(iban) is None):
        return False
    digits = "".join(str(int(character, 36)) for character in iban[4:] + iban[:4])
    return int(digits) % 97 == 1 and (not iban.startswith("PL") or _has_sort_code(iban))


def _has_sort_code(iban: str) -> bool:
    """Say whether the sort code's eight digits, weighed, are a multiple of ten together.

    Source: pdf.md, 1; such as 10200003 and 11402004.
    """
    digits = map(int, iban[SORT_CODE])
    return sum(digit * weight for digit, weight in zip(digits, SORT_CODE_WEIGHTS, strict=True)) % 10 == 0


def _own(iban: str, place: Place, subject: Subject) -> Iterator[FailedVerification]:
    if not has_check_digits(iban):
        yield _failed(OWN_DIGITS, place)
        return
    sort_codes = subject.layout.institution.sort_codes
    if sort_codes and not iban[SORT_CODE].startswith(sort_codes):
        yield _failed(OWN_BANK, place)


def _other(iban: str | None, place: Place) -> Iterator[FailedVerification]:
    # What does not begin like an IBAN is a bank's own number, which has no check digits of its own.
    if iban is not None and iban[:2].isalpha() and not has_check_digits(iban):
        yield _failed(OTHER_DIGITS, place, Severity.LOW)


def _reference(reference: str | None, place: Place, subject: Subject) -> Iterator[FailedVerification]:
    pattern = subject.layout.reference
    if reference is None or pattern is None:
        return
    found = compiled(pattern).fullmatch(reference)
    if found is None or not _is_day(found.groupdict().get(DAY_GROUP)):
        yield _failed(REFERENCE, place)


def _is_day(text: str | None) -> bool:
    """Say whether a text is a day, where there is one."""
    if text is None:
        return True
    try:
        datetime.strptime(text, "%Y%m%d")  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return False
    return True


def _sides(confirmation: Confirmation) -> tuple[str | None, str | None]:
    """Return the number of the document's account, and that of the other side."""
    sender, recipient = confirmation.sender.iban, confirmation.recipient.iban
    return (sender, recipient) if confirmation.currency_amount < 0 else (recipient, sender)


def _failed(message: str, place: Place, severity: Severity = Severity.HIGH) -> FailedVerification:
    return FailedVerification(Verification.ACCOUNT_NUMBER, severity, message, place.page, place.box)
