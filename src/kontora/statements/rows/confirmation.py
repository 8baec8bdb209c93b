"""A document of a known layout as confirmations: each begins with a title, and there may be several."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from kontora.statements.document import Document
from kontora.statements.layout import Layout
from kontora.statements.layout_confirmation import ConfirmationForm, Sign
from kontora.statements.layout_fields import FieldForm
from kontora.statements.readings import BookingStatus, Confirmation, ConfirmationParty
from kontora.statements.rows.failing import not_found, not_understood
from kontora.statements.rows.fields import Facts, value_or_none
from kontora.statements.rows.frame import Span
from kontora.statements.rows.head import known_labels
from kontora.statements.rows.lines import PageLines, pages_of, place_of
from kontora.statements.rows.marks import fold_tight, mark

DONE = "DONE"


def parse_confirmations(document: Document, layout: Layout) -> tuple[Confirmation, ...]:
    """Read all confirmations of a file, as printed; there is one at least.

    Raises: PdfNotReadable, with the page and field, if something is not understood; ValueError, for a layout
    of statements.
    """
    form = layout.confirmation
    if form is None:
        raise ValueError(f"{layout.name} is no confirmation")
    parts = _parts(pages_of(document), form)
    if not parts:
        raise not_found("title of the confirmation")
    return tuple(_Part(layout, form, *part).read() for part in parts)


def _parts(pages: tuple[PageLines, ...], form: ConfirmationForm) -> list[tuple[str, tuple[Span, ...]]]:
    """Return the title and the lines of each confirmation; one may go on on the next page."""
    starts = sorted(
        {
            (place, number): label
            for label in sorted(form.starts, key=len)
            for place, page in enumerate(pages)
            for number in page.lines_with(mark(label))
        }.items()
    )
    bounds = [*(start for start, _ in starts), (len(pages), 0)]
    return [
        (label, tuple(_between(pages, begin, end)))
        for (begin, label), end in zip(starts, bounds[1:], strict=True)
    ]


def _between(pages: tuple[PageLines, ...], begin: tuple[int, int], end: tuple[int, int]) -> Iterator[Span]:
    for place in range(begin[0], min(end[0] + 1, len(pages))):
        first = begin[1] if place == begin[0] else 0
        last = end[1] if place == end[0] else len(pages[place].lines)
        if first < last:
            yield Span(pages[place], first, last)


class _Part:
    """One confirmation: its title and its lines."""

    def __init__(self, layout: Layout, form: ConfirmationForm, title: str, spans: tuple[Span, ...]) -> None:
        self.form = form
        self.title = title
        self.spans = spans
        self.facts = Facts(layout.amounts, layout.dates, known_labels(form.fields))

    def read(self) -> Confirmation:
        fields, facts, spans = self.form.fields, self.facts, self.spans
        amount = facts.amount("amount", fields.amount, spans)
        day = facts.day("transaction_on", fields.transaction_on, spans)
        if amount is None or day is None:
            raise not_found("amount" if amount is None else "transaction_on")
        kind = self.title if self.form.title_is_kind else self._text("kind", fields.kind)
        booked_on = value_or_none(facts.day("booked_on", fields.booked_on, spans))
        booking = self._booking(booked_on)
        span = spans[0]
        return Confirmation(
            currency_amount=self._signed(amount[0].value, kind),
            currency=amount[0].currency or self._currency(),
            transaction_on=day[0],
            booking_status=booking,
            place=place_of(span.page.number, [word for line in span.lines for word in line.words]),
            amount_place=amount[1],
            booked_on=booked_on,
            issued_on=value_or_none(facts.day("issued_on", fields.issued_on, spans)),
            status=DONE if booking is BookingStatus.BOOKED else None,
            generated_by=self.form.generated_by.value if self.form.generated_by else None,
            title=self._text("title", fields.title),
            kind=kind,
            reference=self._text("reference", fields.reference),
            sender=self._party("sender", fields.sender_name, fields.sender_iban, fields.sender_address),
            recipient=self._party(
                "recipient", fields.recipient_name, fields.recipient_iban, fields.recipient_address
            ),
        )

    def _text(self, name: str, form: FieldForm | None) -> str | None:
        return value_or_none(self.facts.text(name, form, self.spans))

    def _party(
        self, who: str, name: FieldForm | None, iban: FieldForm | None, address: FieldForm | None
    ) -> ConfirmationParty:
        return ConfirmationParty(
            name=self._text(f"{who}_name", name),
            iban=value_or_none(self.facts.account(f"{who}_iban", iban, self.spans)),
            address=self._text(f"{who}_address", address),
        )

    def _currency(self) -> str:
        found = value_or_none(self.facts.currency("currency", self.form.fields.currency, self.spans))
        currency = found or self.form.currency
        if currency is None:
            raise not_found("currency")
        return currency

    def _signed(self, value: Decimal, kind: str | None) -> Decimal:
        form = self.form
        if form.sign is Sign.PRINTED:
            return value
        tight = fold_tight(kind or "")
        for names, sign in ((form.credit_kinds, 1), (form.debit_kinds, -1)):
            if any(mark(name).begins(tight) for name in names):
                return sign * abs(value)
        if form.sign is Sign.DEBIT:
            return -abs(value)
        raise not_understood("kind, which tells the sign of the amount,", page=self.spans[0].page.number)

    def _booking(self, booked_on: date | None) -> BookingStatus:
        form = self.form
        if form.fields.status is not None:
            status = fold_tight(self._text("status", form.fields.status) or "")
            for words, booking in (
                (form.unbooked, BookingStatus.UNBOOKED),
                (form.booked, BookingStatus.BOOKED),
            ):
                if any(mark(word).begins(status) for word in words):
                    return booking
            raise not_understood("status", page=self.spans[0].page.number)
        if form.fields.booked_on is not None and booked_on is not None:
            return BookingStatus.BOOKED
        return BookingStatus.UNKNOWN
