"""Tables whose columns have a known place: rows by lines, rows by rules, pages, pending rows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.statements.rows.layout_parts import TABLE, layout_of
from tests.statements.rows.sheet import Sheet, document

from kontora.errors import PdfNotReadable
from kontora.model import TransactionStatus
from kontora.statements.readings import Statement
from kontora.statements.rows import parse_statement

NUMBER = "12 3456 7890 1234 5678 9012 3456"
IBAN = "PL12345678901234567890123456"


def sheet() -> Sheet:
    page = Sheet().text(40, 800, "Wyciąg Some Bank").text(40, 780, f"Numer rachunku: {NUMBER}")
    page.text(40, 765, "Posiadacz: Jan Próbny, Anna Próbna").text(40, 750, "Waluta: PLN")
    page.text(40, 735, "Saldo początkowe: 100,00")
    return header(page, 700)


def header(page: Sheet, y: float) -> Sheet:
    page.line(y, (40, "Data"), (100, "Data"), (160, "Opis"), (440, "Kwota"), (520, "Saldo"))
    return page.line(y - 9, (40, "księgowania"), (100, "operacji"))


def row(page: Sheet, y: float, amount: str, balance: str, *lines: str, booked: str = "02.09.2026") -> Sheet:
    page.line(y, (42, booked), (102, "01.09.2026"))
    page.right(468, y, amount).right(553, y, balance)
    for place, line in enumerate(lines):
        page.text(164, y - 10 * place, line)
    return page


def read(*pages: Sheet, **changes: object) -> Statement:
    return parse_statement(document(*pages), layout_of(**changes))


def test_rows_are_read_with_their_cells_and_continuation_lines() -> None:
    page = row(sheet(), 670, "-10,00", "90,00", "PRZELEW", "czynsz za", "wrzesień")
    row(page, 630, "1 014,84", "1 104,84", "WPŁATA").text(40, 600, "Saldo końcowe: 1 104,84")
    statement = read(page)
    first, second = (item.money_transaction for item in statement.rows)
    assert (first.kind, first.title) == ("PRZELEW", "czynsz za wrzesień")
    assert (first.booked_on, first.transaction_on) == (date(2026, 9, 2), date(2026, 9, 1))
    assert (first.currency_amount, first.currency_balance) == (Decimal("-10.00"), Decimal("90.00"))
    assert second.currency_amount == Decimal("1014.84")
    assert (statement.iban, statement.currency) == (IBAN, "PLN")
    assert [owner.name for owner in statement.owners] == ["Jan Próbny", "Anna Próbna"]
    assert (statement.opening_balance, statement.closing_balance) == (Decimal("100.00"), Decimal("1104.84"))


def test_what_stands_at_the_foot_of_a_page_is_no_part_of_a_row() -> None:
    page = row(sheet(), 670, "-10,00", "90,00", "PRZELEW", "czynsz").text(500, 30, "Strona 1 z 2")
    second = header(Sheet().text(40, 800, "Wyciąg Some Bank"), 780)
    second.text(164, 760, "ciąg dalszy")
    row(second, 740, "-5,00", "85,00", "OPŁATA").text(40, 700, "Saldo końcowe: 85,00")
    second.text(500, 30, "Strona 2 z 2")
    statement = read(page, second)
    assert statement.rows[0].money_transaction.title == "czynsz ciąg dalszy"
    assert statement.rows[1].money_transaction.title is None
    assert statement.pages_said == ((1, 2), (2, 2))


def test_a_page_without_a_header_begins_with_its_first_row() -> None:
    page = row(sheet(), 670, "-10,00", "90,00", "PRZELEW", "czynsz")
    second = row(Sheet().text(164, 800, "Some Bank"), 740, "-5,00", "85,00", "OPŁATA")
    second.text(40, 700, "Saldo końcowe: 85,00")
    statement = read(page, second)
    assert [item.money_transaction.title for item in statement.rows] == ["czynsz", None]


def test_a_row_with_dashes_is_pending() -> None:
    page = row(sheet(), 670, "-10,00", "-", "PRZELEW", booked="-").text(40, 600, "Saldo końcowe: 100,00")
    (item,) = read(page, table={**TABLE, "pending": "-"}).rows
    assert item.money_transaction.status is TransactionStatus.PENDING
    assert item.money_transaction.booked_on is None
    assert item.balance_place is None


@pytest.mark.parametrize(("booked", "balance"), [("-", "90,00"), ("02.09.2026", "-")])
def test_a_row_that_is_half_pending_is_not_understood(booked: str, balance: str) -> None:
    page = row(sheet(), 670, "-10,00", balance, "PRZELEW", booked=booked)
    with pytest.raises(PdfNotReadable, match="balance of row 1 on page 1"):
        read(page.text(40, 600, "Saldo końcowe: 90,00"), table={**TABLE, "pending": "-"})


@pytest.mark.parametrize("amount", ["1O,00", "10,0", "10.00", "-", "10,00 EUR", "1 0,00"])
def test_an_amount_that_cannot_be_read_is_an_error_with_its_place(amount: str) -> None:
    page = row(sheet(), 670, amount, "90,00", "PRZELEW").text(40, 600, "Saldo końcowe: 90,00")
    with pytest.raises(PdfNotReadable, match="The field amount of row 1 on page 1 is not understood"):
        read(page)


def test_words_that_are_glued_over_an_edge_are_taken_apart() -> None:
    page = sheet().line(670, (42, "02.09.2026"), (102, "01.09.2026"), (164, "KARTĄ"))
    # Amount and the first group of the balance in one word, over the edge between their columns.
    page.text(446, 670, "-18,972").text(478, 670, "981,03")
    statement = read(page.text(40, 600, "Saldo końcowe: 2 981,03"))
    item = statement.rows[0].money_transaction
    assert (item.currency_amount, item.currency_balance) == (Decimal("-18.97"), Decimal("2981.03"))


def test_balances_carried_between_pages_are_kept_with_their_rows() -> None:
    page = row(sheet(), 670, "-10,00", "90,00", "PRZELEW")
    page.text(164, 640, "Saldo do przeniesienia").right(553, 640, "90,00")
    second = header(Sheet(), 780)
    second.text(164, 760, "Saldo z przeniesienia").right(553, 760, "90,00")
    row(second, 740, "-5,00", "85,00", "OPŁATA").text(40, 700, "Saldo końcowe: 85,00")
    carried = {
        **TABLE,
        "brought_forward": "Saldo z przeniesienia",
        "carried_forward": "Saldo do przeniesienia",
    }
    statement = read(page, second, table=carried, arithmetic={"carry": True})
    assert [(carry.balance, carry.row, carry.is_brought_forward) for carry in statement.carries] == [
        (Decimal("90.00"), 1, False),
        (Decimal("90.00"), 1, True),
    ]
    assert len(statement.rows) == 2


def test_rows_between_rules_are_read_whatever_height_their_values_have() -> None:
    page = sheet().text(164, 672, "PRZELEW").text(164, 662, "czynsz")
    page.line(667, (42, "02.09.2026"), (102, "01.09.2026")).right(468, 667, "-10,00").right(553, 667, "90,00")
    page.fill(40, 650, 555, 651).text(164, 640, "OPŁATA")
    page.line(634, (42, "02.09.2026"), (102, "01.09.2026")).right(468, 634, "-5,00").right(553, 634, "85,00")
    page.fill(40, 620, 555, 621).text(40, 600, "Saldo końcowe: 85,00")
    bands = {**TABLE["grid"], "cut": "bands"}
    statement = read(page, table={**TABLE, "grid": bands})
    assert [item.money_transaction.kind for item in statement.rows] == ["PRZELEW", "OPŁATA"]
    assert statement.rows[0].money_transaction.title == "czynsz"


def test_an_amount_between_rules_without_a_date_is_an_error() -> None:
    page = sheet().text(164, 672, "PRZELEW").right(468, 667, "-10,00").right(553, 667, "90,00")
    page.fill(40, 650, 555, 651).text(40, 600, "Saldo końcowe: 90,00")
    with pytest.raises(PdfNotReadable, match="transaction_on of row 1"):
        read(page, table={**TABLE, "grid": {**TABLE["grid"], "cut": "bands"}})


def test_columns_follow_the_drawn_cells_of_a_header_that_is_a_little_off() -> None:
    page = sheet()
    for left, right in ((40, 100), (100, 161.5), (161.5, 400), (400, 470), (470, 555)):
        page.fill(left, 686, right, 712)
    row(page, 670, "-10,00", "90,00", "PRZELEW").text(152.4, 660, "abcd")
    page.text(40, 600, "Saldo końcowe: 90,00")
    drawn = {**TABLE["grid"], "drawn_edges": True}
    with_edges = read(page, table={**TABLE, "grid": drawn})
    assert with_edges.rows[0].money_transaction.title is None
    assert read(page).rows[0].money_transaction.title == "abcd"


def test_a_header_whose_words_are_glued_is_found() -> None:
    page = Sheet().text(40, 780, f"Numer rachunku: {NUMBER}").text(40, 750, "Waluta: PLN")
    page.text(40, 735, "Saldo początkowe: 100,00")
    page.line(700, (40, "Data"), (100, "Data"), (120, "księgowaniaOpis"), (440, "KwotaSaldo"))
    row(page.text(100, 691, "operacji"), 670, "-10,00", "90,00", "PRZELEW")
    assert len(read(page.text(40, 600, "Saldo końcowe: 90,00")).rows) == 1


def test_a_table_without_rows_is_read() -> None:
    assert read(sheet().text(40, 600, "Saldo końcowe: 100,00")).rows == ()


def test_a_document_without_the_header_is_not_understood() -> None:
    with pytest.raises(PdfNotReadable, match="header"):
        read(Sheet().text(40, 800, "Wyciąg Some Bank"))


def test_a_currency_after_an_amount_that_is_not_the_accounts_is_an_error() -> None:
    page = row(sheet(), 670, "-10,00 EUR", "90,00 PLN", "PRZELEW").text(40, 600, "Saldo końcowe: 90,00")
    with pytest.raises(PdfNotReadable, match="currency of row 1 on page 1"):
        read(page, amounts={"minus": "before", "currency": "after"})


def test_a_label_in_a_description_is_not_taken_for_a_fact() -> None:
    page = row(sheet(), 670, "-10,00", "90,00", "PRZELEW", "Saldo końcowe: 1,00", "Numer rachunku: 1")
    statement = read(page.text(40, 600, "Saldo końcowe: 90,00"))
    assert statement.closing_balance == Decimal("90.00")
    assert statement.iban == IBAN
    assert statement.rows[0].money_transaction.title == "Saldo końcowe: 1,00 Numer rachunku: 1"
