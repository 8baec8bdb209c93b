"""The facts around a table: whose account it is, of which days, with which balances and sums."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import msgspec

from kontora.model import AccountOwner, OwnerKind
from kontora.statements.forms.amounts import Amount
from kontora.statements.layout import Layout
from kontora.statements.layout_confirmation import ConfirmationFields
from kontora.statements.layout_fields import FieldForm, StatementFields, Where
from kontora.statements.readings import Place, Totals
from kontora.statements.rows.failing import not_found
from kontora.statements.rows.fields import Facts, decimal_or_none, value_or_none
from kontora.statements.rows.frame import Frame, Span, frame_of
from kontora.statements.rows.lines import PageLines
from kontora.statements.rows.values import values_of


class Head:
    """Reads the facts of one document by their names in the layout, each where it says that it stands.

    Raises, everywhere: PdfNotReadable, with the field, if it must be there and is not, or cannot be read.
    """

    def __init__(self, layout: Layout, fields: StatementFields, frame: Frame) -> None:
        self.fields = fields
        self.frame = frame
        self.facts = Facts(layout.amounts, layout.dates, known_labels(fields))

    def iban(self) -> tuple[str, Place]:
        """Return the account's number and where it stands."""
        found = self.facts.account("iban", self.fields.iban, self._spans(self.fields.iban))
        if found is None:
            raise not_found("iban")
        return found

    def amount(self, name: str) -> tuple[Amount, Place] | None:
        """Return an amount, a balance or a sum."""
        form = self._form(name)
        return self.facts.amount(name, form, self._spans(form))

    def count(self, name: str) -> tuple[int, Place] | None:
        """Return a number of money transactions."""
        form = self._form(name)
        return self.facts.count(name, form, self._spans(form))

    def text(self, name: str) -> str | None:
        """Return a text."""
        form = self._form(name)
        return value_or_none(self.facts.text(name, form, self._spans(form)))

    def day(self, name: str) -> date | None:
        """Return a date."""
        form = self._form(name)
        return value_or_none(self.facts.day(name, form, self._spans(form)))

    def period(self) -> tuple[tuple[date, date], Place] | None:
        """Return the first and the last day, and where they stand."""
        return self.facts.period("period", self.fields.period, self._spans(self.fields.period))

    def currency(self) -> str | None:
        """Return the account's currency, as far as it is stated."""
        form = self.fields.currency
        return value_or_none(self.facts.currency("currency", form, self._spans(form)))

    def owners(self) -> tuple[AccountOwner, ...]:
        """Return the holders, the first as the owner; empty where the layout does not print them."""
        form = self.fields.owners
        found = self.facts.lines("owners", form, self._spans(form))
        address = self.facts.lines("address", self.fields.address, self._spans(self.fields.address))
        if form is None or found is None:
            return ()
        shown = address[0].text if address else None
        return tuple(
            # Documents print one address, below the names of all.
            AccountOwner(name, shown, OwnerKind.CO_OWNER if place else OwnerKind.OWNER)
            for place, name in enumerate(_names(found[0].text, form))
        )

    def totals(self) -> Totals:
        """Return the sums and counts that are stated, and where the first of them stands."""
        credits, debits, total = (self.amount(name) for name in ("credits", "debits", "total"))
        counts = [self.count(name) for name in ("credit_count", "debit_count", "total_count")]
        debited = decimal_or_none(debits)
        return Totals(
            credits=decimal_or_none(credits),
            # Some print the sum of debits with a minus, some without.
            debits=-abs(debited) if debited is not None else None,
            total=decimal_or_none(total),
            credit_count=value_or_none(counts[0]),
            debit_count=value_or_none(counts[1]),
            total_count=value_or_none(counts[2]),
            place=next((found[1] for found in (credits, debits, total, *counts) if found), None),
        )

    def _form(self, name: str) -> FieldForm | None:
        form: FieldForm | None = getattr(self.fields, name)
        return form

    def _spans(self, form: FieldForm | None) -> Iterable[Span]:
        if form is None or form.where is Where.HEAD:
            return self.frame.head
        return self.frame.foot if form.where is Where.FOOT else self.frame.outside()


def owner_names(first: PageLines, layout: Layout) -> tuple[str, ...]:
    """Return the names of the holders as the first page prints them; empty where it does not."""
    fields, table = layout.fields, layout.table
    if fields is None or table is None or fields.owners is None:
        return ()
    frame = frame_of((first,), table, layout.page_number)
    head = frame.head if frame else (Span(first, 0, len(first.lines)),)
    found = next(values_of(fields.owners, head, known_labels(fields)), None)
    return _names(found.text, fields.owners) if found else ()


@lru_cache(maxsize=128)
def known_labels(fields: StatementFields | ConfirmationFields) -> tuple[str, ...]:
    """Return all labels of a layout: where one begins a cell, the value before it has ended."""
    forms = msgspec.structs.asdict(fields).values()
    labels = {label for form in forms if isinstance(form, FieldForm) for label in form.labels}
    return (*sorted(labels), *fields.other_labels)


def _names(text: str, form: FieldForm) -> tuple[str, ...]:
    names = text.split(form.separator) if form.separator else [text]
    return tuple(name.strip() for name in names if name.strip())
