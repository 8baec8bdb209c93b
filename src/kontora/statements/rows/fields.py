"""The single facts of a document as typed values: account number, amounts, dates, owners."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from kontora.statements.forms.amounts import Amount, AmountForm, read_stated_amount
from kontora.statements.forms.dates import DateForm, find_dates
from kontora.statements.forms.patterns import compiled
from kontora.statements.layout_fields import FieldForm
from kontora.statements.readings import Place
from kontora.statements.rows.accounts import account_at_start
from kontora.statements.rows.failing import not_found, not_understood
from kontora.statements.rows.frame import Span
from kontora.statements.rows.values import Value, values_of

T = TypeVar("T")

_COUNT = re.compile(r"([0-9]{1,6})(?![0-9,.])")
_CURRENCY = re.compile(r"([A-Z]{3})(?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Facts:
    """Reads the facts of one document, each with its place. `known`: the layout's labels.

    A fact is `None` where the layout has no form for it, or where it is optional and not there.
    Raises: PdfNotReadable, with the field, if it is not there and must be, or if it cannot be read.
    """

    amounts: AmountForm
    dates: tuple[DateForm, ...]
    known: tuple[str, ...]

    def text(self, name: str, form: FieldForm | None, spans: Iterable[Span]) -> tuple[str, Place] | None:
        """Read a text as it stands."""
        return self._read(name, form, spans, lambda text: text or None)

    def lines(self, name: str, form: FieldForm | None, spans: Iterable[Span]) -> tuple[Value, Place] | None:
        """Read a text line by line."""
        value = next(values_of(form, spans, self.known), None) if form is not None else None
        if value is None:
            if form is not None and not form.optional:
                raise not_found(name)
            return None
        return value, value.place

    def account(self, name: str, form: FieldForm | None, spans: Iterable[Span]) -> tuple[str, Place] | None:
        """Read an account number: `PL` and 26 digits."""
        return self._read(name, form, spans, _account)

    def amount(self, name: str, form: FieldForm | None, spans: Iterable[Span]) -> tuple[Amount, Place] | None:
        """Read an amount, with its currency, where it is printed."""
        return self._read(name, form, spans, lambda text: read_stated_amount(text, self.amounts))

    def count(self, name: str, form: FieldForm | None, spans: Iterable[Span]) -> tuple[int, Place] | None:
        """Read a number of money transactions."""
        return self._read(name, form, spans, _count)

    def day(self, name: str, form: FieldForm | None, spans: Iterable[Span]) -> tuple[date, Place] | None:
        """Read a date."""
        return self._read(name, form, spans, lambda text: next(iter(find_dates(text, self.dates)), None))

    def period(
        self, name: str, form: FieldForm | None, spans: Iterable[Span]
    ) -> tuple[tuple[date, date], Place] | None:
        """Read the first and the last day of a period."""
        return self._read(name, form, spans, self._period)

    def currency(self, name: str, form: FieldForm | None, spans: Iterable[Span]) -> tuple[str, Place] | None:
        """Read a currency's code."""
        return self._read(name, form, spans, _currency)

    def _period(self, text: str) -> tuple[date, date] | None:
        days = find_dates(text, self.dates)
        return (days[0], days[1]) if len(days) >= 2 else None

    def _read(
        self, name: str, form: FieldForm | None, spans: Iterable[Span], read: Callable[[str], T | None]
    ) -> tuple[T, Place] | None:
        """Return the first value that can be read; it is an error if there are values and none can."""
        if form is None:
            return None
        failed: Value | None = None
        for value in values_of(form, spans, self.known):
            if form.absent is not None and value.text == form.absent:
                return None
            text = _narrowed(form, value.text)
            result = read(text) if text is not None else None
            if result is not None:
                return result, value.place
            failed = failed or value
        if failed is not None:
            raise not_understood(name, page=failed.place.page)
        if not form.optional:
            raise not_found(name)
        return None


def value_or_none(found: tuple[T, Place] | None) -> T | None:
    """Return a fact without its place."""
    return found[0] if found is not None else None


def decimal_or_none(found: tuple[Amount, Place] | None) -> Decimal | None:
    """Return an amount without its place and currency."""
    return found[0].value if found is not None else None


def _narrowed(form: FieldForm, text: str) -> str | None:
    if form.pattern is None:
        return text
    found = compiled(form.pattern).search(text)
    return found[1].strip() if found and found[1] is not None else None


def _account(text: str) -> str | None:
    account = account_at_start(text)
    return account.number if account is not None and account.number.startswith("PL") else None


def _count(text: str) -> int | None:
    found = _COUNT.match(text)
    return int(found[1]) if found else None


def _currency(text: str) -> str | None:
    found = _CURRENCY.match(text)
    return found[1] if found else None
