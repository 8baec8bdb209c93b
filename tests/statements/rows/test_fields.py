"""Single facts around the table, and confirmations, which have nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.statements.rows.layout_parts import CONFIRMATION, layout_of
from tests.statements.rows.sheet import Sheet, document

from kontora.errors import PdfNotReadable
from kontora.statements.readings import BookingStatus, Confirmation
from kontora.statements.rows import parse_confirmations


def sheet(y: float = 800, *, amount: str = "-12,34 PLN", title: str = "czynsz") -> Sheet:
    return confirmation(Sheet(), y, amount=amount, title=title)


def confirmation(page: Sheet, y: float, *, amount: str = "-12,34 PLN", title: str = "czynsz") -> Sheet:
    page.text(40, y, "Potwierdzenie Some Bank")
    page.line(y - 20, (40, "Kwota:"), (140, amount)).line(y - 35, (40, "Data operacji:"), (140, "10.09.2026"))
    return page.line(y - 50, (40, "Odbiorca:"), (140, "Jan Próbny")).line(
        y - 65, (40, "Tytuł:"), (140, title)
    )


def form(**changes: Any) -> dict[str, Any]:
    return {**CONFIRMATION["confirmation"], **changes}


def fields(**changes: Any) -> dict[str, Any]:
    return form(fields={**CONFIRMATION["confirmation"]["fields"], **changes})


def read(*pages: Sheet, **changes: Any) -> tuple[Confirmation, ...]:
    return parse_confirmations(document(*pages), layout_of(CONFIRMATION, **changes))


def test_a_confirmation_is_read_by_its_labels() -> None:
    (found,) = read(sheet())
    assert (found.currency_amount, found.currency) == (Decimal("-12.34"), "PLN")
    assert found.transaction_on == date(2026, 9, 10)
    assert (found.title, found.recipient.name) == ("czynsz", "Jan Próbny")
    assert found.booking_status is BookingStatus.UNKNOWN
    assert found.status is None


def test_several_confirmations_in_one_file_are_read_apart() -> None:
    first = confirmation(sheet(800, title="raz"), 600, title="dwa", amount="-5,00 PLN")
    found = read(first, sheet(700, title="trzy"))
    assert [item.title for item in found] == ["raz", "dwa", "trzy"]
    assert [item.place.page for item in found] == [1, 1, 2]


def test_a_value_that_begins_like_a_label_is_no_label() -> None:
    page = sheet(title="kwota 99,99 PLN").text(140, 723, "kwota: 1,00 PLN za wszystko")
    (found,) = read(page)
    assert found.currency_amount == Decimal("-12.34")
    assert found.title == "kwota 99,99 PLN kwota: 1,00 PLN za wszystko"


def test_a_label_farther_left_goes_before_the_same_word_in_a_value_above_it() -> None:
    page = Sheet().text(40, 800, "Potwierdzenie Some Bank")
    page.line(780, (40, "Tytuł:"), (140, "kwota: 99,99 PLN")).line(765, (40, "Kwota:"), (140, "-12,34 PLN"))
    page.line(750, (40, "Data operacji:"), (140, "10.09.2026"))
    (found,) = read(page)
    assert (found.currency_amount, found.title) == (Decimal("-12.34"), "kwota: 99,99 PLN")


def test_what_stands_far_right_of_a_value_is_no_part_of_it() -> None:
    page = sheet().text(300, 735, "www.bank.example")
    assert read(page)[0].title == "czynsz"
    parts = fields(title={"labels": ["Tytuł:"], "across_gaps": True})
    assert read(page, confirmation=parts)[0].title == "czynsz www.bank.example"


def test_a_value_ends_where_the_next_label_begins() -> None:
    page = sheet(title="czynsz za").text(140, 725, "wrzesień").line(710, (40, "Inne:"), (140, "nic"))
    assert read(page)[0].title == "czynsz za wrzesień"


def test_a_value_may_stand_below_its_label() -> None:
    page = Sheet().text(40, 800, "Potwierdzenie Some Bank").text(40, 780, "Kwota:").text(40, 768, "-1,00 PLN")
    page.text(40, 750, "Data operacji:").text(40, 738, "10.09.2026")
    assert read(page)[0].currency_amount == Decimal("-1.00")


@pytest.mark.parametrize(
    "text", ["Kwota:-12,34 PLN", "Kwota:-12,34PLN", "KWOTA : -12,34 PLN", "kwota:-12,34 PLN na dzień"]
)
def test_labels_are_found_without_spaces_and_case(text: str) -> None:
    page = Sheet().text(40, 800, "PotwierdzenieSomeBank").text(40, 780, text)
    page.text(40, 765, "Dataoperacji:10.09.2026")
    assert read(page)[0].currency_amount == Decimal("-12.34")


def test_a_label_within_a_longer_word_is_none() -> None:
    page = Sheet().text(40, 800, "Potwierdzenie Some Bank").text(40, 780, "Tytułem długu")
    page.text(40, 765, "Tytuł czynsz").text(40, 750, "Kwota: 1,00 PLN").text(
        40, 735, "Data operacji: 10.09.2026"
    )
    assert read(page, confirmation=fields(title={"labels": ["Tytuł"]}))[0].title == "czynsz"


@pytest.mark.parametrize(
    ("amount", "message"),
    [("1O,34 PLN", "amount on page 1 is not understood"), ("12,34", "currency was not found")],
)
def test_an_amount_that_cannot_be_read_is_an_error(amount: str, message: str) -> None:
    with pytest.raises(PdfNotReadable, match=message):
        read(sheet(amount=amount))


def test_a_missing_field_is_an_error_that_names_it() -> None:
    with pytest.raises(PdfNotReadable, match="transaction_on was not found"):
        read(Sheet().text(40, 800, "Potwierdzenie Some Bank").text(40, 780, "Kwota: 1,00 PLN"))


@pytest.mark.parametrize(("kind", "amount"), [("PRZELEW", "-12.34"), ("WPŁATA", "12.34"), ("ZWROT", "12.34")])
def test_the_kind_tells_the_sign_where_none_is_printed(kind: str, amount: str) -> None:
    page = sheet(amount="12,34 PLN").line(700, (40, "Rodzaj:"), (140, kind))
    parts = fields(kind={"labels": ["Rodzaj:"]})
    by_kind = {**parts, "sign": "kind", "debit_kinds": ["PRZELEW"], "credit_kinds": ["WPŁATA", "ZWROT"]}
    assert read(page, confirmation=by_kind)[0].currency_amount == Decimal(amount)


def test_an_unknown_kind_leaves_no_sign_to_guess() -> None:
    page = sheet(amount="12,34 PLN").line(700, (40, "Rodzaj:"), (140, "COKOLWIEK"))
    parts = {**fields(kind={"labels": ["Rodzaj:"]}), "sign": "kind", "debit_kinds": ["PRZELEW"]}
    with pytest.raises(PdfNotReadable, match="kind"):
        read(page, confirmation=parts)


@pytest.mark.parametrize(
    ("word", "booking"),
    [("zaksięgowana", BookingStatus.BOOKED), ("niezaksięgowana", BookingStatus.UNBOOKED)],
)
def test_the_status_tells_whether_it_is_booked(word: str, booking: BookingStatus) -> None:
    page = sheet().line(700, (40, "Status:"), (140, word))
    parts = {
        **fields(status={"labels": ["Status:"]}),
        "booked": ["zaksięgowana"],
        "unbooked": ["niezaksięgowana"],
    }
    assert read(page, confirmation=parts)[0].booking_status is booking


def test_an_unknown_status_is_an_error() -> None:
    page = sheet().line(700, (40, "Status:"), (140, "odrzucona"))
    parts = {**fields(status={"labels": ["Status:"]}), "booked": ["zaksięgowana"]}
    with pytest.raises(PdfNotReadable, match="status"):
        read(page, confirmation=parts)


def test_a_booking_date_tells_that_it_is_booked() -> None:
    page = sheet().line(700, (40, "Data księgowania:"), (140, "11.09.2026"))
    (found,) = read(page, confirmation=fields(booked_on={"labels": ["Data księgowania:"]}))
    assert (found.booking_status, found.status) == (BookingStatus.BOOKED, "DONE")


def test_what_is_printed_for_nothing_is_none() -> None:
    page = sheet().line(700, (40, "Data księgowania:"), (140, "-"))
    parts = fields(booked_on={"labels": ["Data księgowania:"], "absent": "-"})
    assert read(page, confirmation=parts)[0].booked_on is None


def test_a_field_is_looked_for_between_two_labels() -> None:
    page = sheet().line(700, (40, "Nadawca:"), (140, "Ewa")).line(690, (40, "Adres:"), (140, "Długa 1"))
    page.line(680, (40, "Komu:"), (140, "Iga")).line(670, (40, "Adres:"), (140, "Krótka 2"))
    parts = fields(
        sender_address={"labels": ["Adres:"], "after": "Nadawca:", "before": "Komu:"},
        recipient_address={"labels": ["Adres:"], "after": "Komu:"},
    )
    (found,) = read(page, confirmation=parts)
    assert (found.sender.address, found.recipient.address) == ("Długa 1", "Krótka 2")
