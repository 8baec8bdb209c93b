"""Tables whose columns have no known place: dates from the left, amounts from the right, and the traps."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.statements.rows.layout_parts import READING, layout_of
from tests.statements.rows.sheet import Sheet, document

from kontora.errors import PdfNotReadable
from kontora.statements.readings import Statement
from kontora.statements.rows import parse_statement

NUMBER = "12 3456 7890 1234 5678 9012 3456"


def sheet() -> Sheet:
    page = Sheet().text(40, 800, f"Numer rachunku: {NUMBER}").text(40, 785, "Waluta: PLN")
    page.text(40, 770, "Saldo początkowe: 100,00")
    return page.line(700, (40, "Data"), (110, "Opis"), (440, "Kwota"), (520, "Saldo"))


def row(page: Sheet, y: float, text: str, amount: str, balance: str, *lines: str) -> Sheet:
    page.text(40, y, "02.09.2026").text(110, y, text).right(470, y, amount).right(555, y, balance)
    page.text(40, y - 10, "01.09.2026")
    for place, line in enumerate(lines, start=1):
        page.text(110, y - 10 * place, line)
    return page


def read(page: Sheet, closing: str = "90,00", **changes: object) -> Statement:
    page.text(40, 560, f"Saldo końcowe: {closing}")
    return parse_statement(document(page), layout_of(**{"table": {**READING, "grid": None}, **changes}))


def test_dates_begin_the_lines_and_amounts_end_the_first() -> None:
    page = row(sheet(), 680, "PRZELEW", "-10,00", "90,00", "czynsz", "wrzesień")
    (item,) = read(page).rows
    found = item.money_transaction
    assert (found.booked_on, found.transaction_on) == (date(2026, 9, 2), date(2026, 9, 1))
    assert (found.currency_amount, found.currency_balance) == (Decimal("-10.00"), Decimal("90.00"))
    assert (found.kind, found.title) == ("PRZELEW", "czynsz wrzesień")


def test_the_last_digits_of_an_account_left_of_an_amount_stay_in_the_text() -> None:
    page = sheet().text(40, 680, "02.09.2026 RACHUNEK 9734 1274 258,11 358,11").text(40, 670, "01.09.2026")
    (item,) = read(page, "358,11").rows
    assert item.money_transaction.currency_amount == Decimal("258.11")
    assert item.money_transaction.kind == "RACHUNEK 9734 1274"


def test_columns_that_are_glued_to_each_other_are_taken_apart() -> None:
    page = sheet().text(40, 680, "02.09.2026 KARTĄ DEBETOWĄ-18,972 981,03").text(40, 670, "01.09.2026")
    (item,) = read(page, "2 981,03").rows
    found = item.money_transaction
    assert (found.kind, found.currency_amount) == ("KARTĄ DEBETOWĄ", Decimal("-18.97"))
    assert found.currency_balance == Decimal("2981.03")


def test_a_currency_that_touches_the_next_amount_is_taken_apart() -> None:
    page = sheet().text(40, 680, "02.09.2026 PRZELEW -108,67 PLN10 326,62 PLN").text(40, 670, "01.09.2026")
    (item,) = read(page, "10 326,62", amounts={"minus": "before", "currency": "after"}).rows
    assert item.money_transaction.currency_balance == Decimal("10326.62")


def test_a_number_far_left_of_an_amount_is_no_part_of_it() -> None:
    page = sheet().text(40, 680, "02.09.2026").text(110, 680, "STOISKO 12").right(470, 680, "258,11")
    page.right(555, 680, "358,11").text(40, 670, "01.09.2026")
    assert read(page, "358,11").rows[0].money_transaction.kind == "STOISKO 12"


def test_what_the_bank_advertises_below_the_table_is_no_row() -> None:
    page = row(sheet(), 680, "PRZELEW", "-10,00", "90,00")
    page.text(40, 540, "01.10.2026 nowa oferta 5,00 1 000,00")
    assert len(read(page).rows) == 1


def test_a_date_inside_a_description_begins_no_row() -> None:
    page = row(sheet(), 680, "PRZELEW", "-10,00", "90,00", "rata", "02.09.2026 1,00 2,00")
    (item,) = read(page).rows
    assert item.money_transaction.title == "rata 02.09.2026 1,00 2,00"


def test_a_line_that_begins_like_a_row_and_has_no_amount_is_an_error() -> None:
    page = row(sheet(), 680, "PRZELEW", "-10,00", "90,00")
    row(page, 650, "PRZELEW", "-1O,00", "80,00")
    with pytest.raises(PdfNotReadable, match="amount of row 2 on page 1"):
        read(page)


def test_a_row_that_ends_before_its_second_date_is_an_error() -> None:
    page = sheet().text(40, 680, "02.09.2026 PRZELEW").right(470, 680, "-10,00").right(555, 680, "90,00")
    with pytest.raises(PdfNotReadable, match="transaction_on of row 1"):
        read(page)


def test_a_reference_after_the_date_is_kept_apart() -> None:
    reading = {**READING["reading"], "reference": "[0-9A-Z]{17}"}
    page = row(sheet(), 680, "48E5576219408038S ZAKUP", "-10,00", "90,00", "sklep")
    (item,) = read(page, table={**READING, "grid": None, "reading": reading}).rows
    assert (item.reference, item.money_transaction.kind) == ("48E5576219408038S", "ZAKUP")


def test_amounts_may_follow_the_dates() -> None:
    table = {
        "header": ["Data", "Kwota", "Opis"],
        "end": ["Saldo końcowe"],
        "one_date": True,
        "reading": {"dates": ["transaction_on"], "numbers": ["amount"], "numbers_at": "after-dates"},
    }
    page = Sheet().text(40, 800, f"Numer rachunku: {NUMBER}").text(40, 785, "Waluta: PLN")
    page.text(40, 770, "Saldo początkowe: 4.000,00").text(40, 700, "Data Kwota Opis")
    page.line(680, (40, "03.09.2026"), (110, "-3.723,00"), (200, "PRZELEW 10,00"))
    page.text(40, 560, "Saldo końcowe: 277,00")
    layout = layout_of(
        table={**table, "grid": None, "foot": []},
        amounts={"thousands": "."},
        arithmetic={"running": "none"},
    )
    (item,) = parse_statement(document(page), layout).rows
    found = item.money_transaction
    assert (found.currency_amount, found.kind) == (Decimal("-3723.00"), "PRZELEW 10,00")
    assert found.booked_on == found.transaction_on == date(2026, 9, 3)


def test_a_label_begins_rows_whose_amounts_stand_anywhere() -> None:
    reading = {
        "dates": ["transaction_on", "booked_on"],
        "numbers": ["amount", "balance"],
        "any_line": True,
        "start_label": "Data operacji",
        "date_labels": ["Data księgowania"],
    }
    page = sheet().line(680, (40, "Data operacji"), (110, "PRZELEW"))
    page.line(670, (40, "01.09.2026"), (110, "czynsz")).right(470, 670, "-10,00").right(555, 670, "90,00")
    page.text(40, 660, "Data księgowania").text(40, 650, "02.09.2026")
    (item,) = read(page, table={**READING, "grid": None, "reading": reading}).rows
    found = item.money_transaction
    assert (found.transaction_on, found.booked_on) == (date(2026, 9, 1), date(2026, 9, 2))
    assert (found.kind, found.title, found.currency_balance) == ("PRZELEW", "czynsz", Decimal("90.00"))


def test_texts_go_to_the_columns_of_the_headers_over_them() -> None:
    table = {
        "header": ["Data", "Kontrahent", "Tytuł", "Kwota"],
        "end": ["Saldo końcowe"],
        "reading": {
            "dates": ["booked_on", "transaction_on"],
            "numbers": ["amount"],
            "columns": [{"name": "party", "header": "Kontrahent"}, {"name": "title", "header": "Tytuł"}],
        },
    }
    page = Sheet().text(40, 800, f"Numer rachunku: {NUMBER}").text(40, 785, "Waluta: PLN")
    page.text(40, 770, "Saldo początkowe: 100,00")
    page.line(700, (40, "Data"), (110, "Kontrahent"), (250, "Tytuł"), (500, "Kwota"))
    page.line(680, (40, "02.09.2026"), (110, "ANNA PRÓBNA"), (250, "za"), (500, "-10,00"))
    page.line(670, (40, "01.09.2026"), (110, "UL. DŁUGA 1"), (250, "obiad"))
    page.text(40, 560, "Saldo końcowe: 90,00")
    layout = layout_of(table={**table, "grid": None, "foot": []}, arithmetic={"running": "none"})
    (item,) = parse_statement(document(page), layout).rows
    assert (item.money_transaction.party, item.money_transaction.title) == (
        "ANNA PRÓBNA UL. DŁUGA 1",
        "za obiad",
    )
