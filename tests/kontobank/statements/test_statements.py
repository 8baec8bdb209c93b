"""Statements agree with the ledger to the grosz, on every page, and are the same bytes when issued again."""

from __future__ import annotations

import io
import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
from tests.kontobank.statements.conftest import NOW
from tests.kontobank.statements.documents import cents, fact, pages, rows

from kontobank.books import Books
from kontobank.countries import COUNTRIES
from kontobank.ledger import Account, Item
from kontobank.scenarios import Login, parse_login
from kontobank.statements.desk import Desk
from kontobank.statements.periods import NotIssued

TODAY = NOW.date()


def login_of(name: str) -> Login:
    login = parse_login(name)
    assert login is not None
    return login


def booked(books: Books, name: str, account: Account, first: date, last: date) -> list[Item]:
    listing = books.listing(COUNTRIES["pl"], login_of(name), account, TODAY)
    start, end = listing.between(first, last)
    return list(reversed(listing.booked_items[start:end]))


@pytest.mark.parametrize("name", ["test1", "pending", "company", "coowners", "noiban", "many.7", "history.3"])
def test_every_row_is_the_money_transaction_of_the_ledger(desk: Desk, books: Books, name: str) -> None:
    account = desk.account(login_of(name))
    since = desk.kept_since(account)
    pdf = desk.statement_of_days(login_of(name), account, since).pdf
    pending = reversed(books.listing(COUNTRIES["pl"], login_of(name), account, TODAY).pending_items)
    expected = [*booked(books, name, account, since, TODAY), *pending]
    found = rows(pdf)

    assert len(found) == len(expected) > 0
    for row, item in zip(found, expected, strict=True):
        number = row.fact("Rachunek")
        assert row.booked_on == str(item.booked_on or "-")
        assert row.made_on == str(item.value_on)
        assert row.cents == item.cents
        assert row.balance_cents == item.balance_cents
        assert row.kind == item.entry.kind
        assert row.fact("Tytuł") == item.title
        assert row.fact("Odbiorca" if item.cents <= 0 else "Nadawca") == item.party
        assert (number.replace(" ", "") if number else None) == item.entry.party_iban


@pytest.mark.parametrize("name", ["test1", "pending", "company", "large"])
def test_balances_sums_and_counts_follow_from_the_rows(desk: Desk, name: str) -> None:
    account = desk.account(login_of(name))
    pdf = desk.statement_of_month(login_of(name), account).pdf
    head, found = pages(pdf)[0], rows(pdf)
    opening, closing = (cents(fact(head, f"Saldo {which}:") or "") for which in ("początkowe", "końcowe"))
    credits = [row.cents for row in found if row.cents > 0]
    debits = [row.cents for row in found if row.cents <= 0]

    assert opening + sum(row.cents for row in found) == closing
    assert cents(fact(head, f"Suma uznań ({len(credits)}):") or "") == sum(credits)
    assert cents(fact(head, f"Suma obciążeń ({len(debits)}):") or "") == sum(debits)
    balance = opening
    for row in found:
        balance += row.cents
        assert row.balance_cents == balance


def test_one_statement_goes_on_where_the_one_before_ended(desk: Desk) -> None:
    account = desk.account(login_of("test1"))
    heads = [
        pages(desk.statement_of_month(login_of("test1"), account, month).pdf)[0]
        for month in reversed(desk.months(account))
    ]
    assert len(heads) == 5
    for before, after in pairwise(heads):
        assert fact(before, "Saldo końcowe:") == fact(after, "Saldo początkowe:")


def test_the_balance_is_carried_from_page_to_page(desk: Desk) -> None:
    account = desk.account(login_of("pending"))
    found = pages(desk.statement_of_month(login_of("pending"), account, "2026-09").pdf)
    assert len(found) > 3
    carried = [fact(lines, "Saldo do przeniesienia") for lines in found]
    brought = [fact(lines, "Saldo z przeniesienia") for lines in found]

    assert carried[-1] is None
    assert brought[0] is None
    assert carried[:-1] == brought[1:]
    for lines in found[:-1]:
        balances = [
            line.split(",")[1][2:] for line in lines if line.endswith(carried[found.index(lines)] or "")
        ]
        assert len(balances) == 2, "the last row's balance and the carried one"


def test_pages_are_counted_and_the_notice_stands_on_the_last_one(desk: Desk) -> None:
    account = desk.account(login_of("pending"))
    found = pages(desk.statement_of_month(login_of("pending"), account).pdf)

    for turn, lines in enumerate(found, start=1):
        assert f"Strona {turn} z {len(found)}" in lines
        has_notice = any(line.startswith("Dokument wygenerowany elektronicznie") for line in lines)
        assert has_notice == (turn == len(found))


def test_a_month_is_dated_and_numbered_by_itself_whenever_it_is_issued(books: Books) -> None:
    later = Desk(books, lambda: NOW + timedelta(days=40))
    now = Desk(books, lambda: NOW)
    account = now.account(login_of("test1"))
    first, second = (
        desk.statement_of_month(login_of("test1"), account, "2026-09").pdf for desk in (now, later)
    )
    assert first == second
    head = pages(first)[0]
    assert fact(head, "Nr wyciągu:") == "9/2026"
    assert fact(head, "Data wygenerowania:") == "2026-10-01"
    assert "Za okres od 2026-09-01 do 2026-09-30" in head


def test_a_history_is_dated_by_the_banks_clock(desk: Desk) -> None:
    account = desk.account(login_of("test1"))
    issued = desk.statement_of_days(login_of("test1"), account, date(2026, 9, 20), date(2026, 10, 3))
    head = pages(issued.pdf)[0]

    assert fact(head, "Nr wyciągu:") == "291/2026/Z"
    assert fact(head, "Data wygenerowania:") == "2026-10-18"
    with pikepdf.open(io.BytesIO(issued.pdf)) as document:
        assert str(document.docinfo["/CreationDate"]) == "D:20261018000000+00'00'"
    assert {row.booked_on for row in rows(issued.pdf)} <= {
        str(date(2026, 9, 20) + timedelta(days=offset)) for offset in range(14)
    }


def test_two_issues_of_a_history_are_the_same_bytes(books: Books, desk: Desk) -> None:
    account = desk.account(login_of("pending"))
    other = Desk(Books(1), lambda: NOW + timedelta(hours=5))
    issued = [
        one.statement_of_days(login_of("pending"), account, date(2026, 10, 1)).pdf for one in (desk, other)
    ]
    assert issued[0] == issued[1]


def test_what_is_pending_stands_only_in_a_statement_up_to_today(desk: Desk) -> None:
    account = desk.account(login_of("pending"))
    yesterday = TODAY - timedelta(days=1)
    until = [
        rows(desk.statement_of_days(login_of("pending"), account, date(2026, 10, 10), last).pdf)
        for last in (None, yesterday)
    ]
    assert [row.booked_on for row in until[0]][-3:] == ["-", "-", "-"]
    assert "-" not in [row.booked_on for row in until[1]]


def test_owner_address_and_account_stand_at_the_head(desk: Desk) -> None:
    account = desk.account(login_of("coowners"))
    head = pages(desk.statement_of_month(login_of("coowners"), account).pdf)[0]

    assert fact(head, "Posiadacz rachunku:") == ", ".join(person.name for person in account.owners)
    assert fact(head, "Adres:") == account.owners[0].address
    assert (fact(head, "Numer rachunku:") or "").replace(" ", "") == account.number
    assert fact(head, "Rodzaj rachunku:") == "Konto 0"
    assert fact(head, "Waluta:") == "PLN"
    assert fact(head, "NIP:") is None


def test_a_company_is_named_with_its_tax_number(desk: Desk) -> None:
    account = desk.account(login_of("company"))
    head = pages(desk.statement_of_month(login_of("company"), account).pdf)[0]
    assert (fact(head, "NIP:") or "").isdigit()


def test_an_account_without_money_transactions_has_a_statement(desk: Desk) -> None:
    account = desk.account(login_of("test1"))
    day = next(
        day
        for day in (TODAY - timedelta(days=offset) for offset in range(100))
        if not rows(desk.statement_of_days(login_of("test1"), account, day, day).pdf)
    )
    head = pages(desk.statement_of_days(login_of("test1"), account, day, day).pdf)[0]
    assert fact(head, "Saldo początkowe:") == fact(head, "Saldo końcowe:")
    assert fact(head, "Suma uznań (0):") == "0,00"


@pytest.mark.parametrize("month", ["2026-10", "2026-04", "2026-13", "2026-9", "", "last", "2026-09-01"])
def test_a_month_that_is_not_over_or_not_kept_is_refused_and_the_others_named(desk: Desk, month: str) -> None:
    account = desk.account(login_of("test1"))
    with pytest.raises(NotIssued, match="2026-09, 2026-08, 2026-07, 2026-06, 2026-05"):
        desk.statement_of_month(login_of("test1"), account, month)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (TODAY + timedelta(days=1), None),
        (TODAY, TODAY - timedelta(days=1)),
        (TODAY - timedelta(days=182), TODAY),
        (TODAY, TODAY + timedelta(days=1)),
    ],
)
def test_days_in_the_wrong_order_to_come_or_not_kept_are_refused(
    desk: Desk, first: date, last: date | None
) -> None:
    account = desk.account(login_of("test1"))
    with pytest.raises(NotIssued, match="between 2026-04-20 and 2026-10-18"):
        desk.statement_of_days(login_of("test1"), account, first, last)


def test_an_account_is_found_by_its_place_and_by_its_number(desk: Desk) -> None:
    second = desk.account(login_of("many"), "2")
    assert desk.account(login_of("many"), second.number) == second
    assert desk.account(login_of("many"), f"{second.number[:4]} {second.number[4:]}") == second
    for wanted in ("0", "6", "", "PL00"):
        with pytest.raises(NotIssued, match="5 of them"):
            desk.account(login_of("many"), wanted)


def test_a_deleted_account_has_no_documents(desk: Desk) -> None:
    assert desk.account(login_of("quirk-16"), "2").status == "enabled"
    with pytest.raises(NotIssued):
        desk.account(login_of("quirk-16"), "3")


def test_every_font_is_embedded_and_every_page_has_the_logo(desk: Desk) -> None:
    account = desk.account(login_of("pending"))
    pdf = desk.statement_of_month(login_of("pending"), account).pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = set()
        for page in document.pages:
            for font in page.Resources.Font.values():
                assert "/FontFile2" in font.FontDescriptor
                names.add(str(font.BaseFont).partition("+")[2])
            assert len(page.get_images()) == 1
            assert [float(side) for side in page.MediaBox] == [0, 0, 595.276, 841.89]
        assert names == {"DejaVuSansCondensed", "DejaVuSansCondensed-Bold"}
        assert str(document.docinfo["/Producer"]) == "KontoBank Dokumenty 1.0"


def test_amounts_and_balances_end_at_the_right_edge_of_their_columns(desk: Desk) -> None:
    account = desk.account(login_of("pending"))
    pdf = desk.statement_of_month(login_of("pending"), account).pdf
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[1].get_textpage()
        edges = {
            round(box[2])
            for box in (text.get_rect(index) for index in range(text.count_rects()))
            if box[0] > 430 and box[3] > 60
        }
    assert edges <= {490, 491, 550, 551}


@pytest.mark.parametrize("offset", [0, 45, 90, 150])
def test_statements_agree_on_any_day(books: Books, offset: int) -> None:
    now = datetime(2027, 1, 1, 23, 59, tzinfo=UTC) + timedelta(days=offset)
    desk = Desk(books, lambda: now)
    account = desk.account(login_of("single"))
    for month in desk.months(account):
        pdf = desk.statement_of_month(login_of("single"), account, month).pdf
        head = pages(pdf)[0]
        moved = sum(row.cents for row in rows(pdf))
        opening = cents(fact(head, "Saldo początkowe:") or "")
        assert opening + moved == cents(fact(head, "Saldo końcowe:") or "")


def test_a_statement_of_three_pages_is_made_within_the_time_it_may_take(desk: Desk) -> None:
    account = desk.account(login_of("pending"))

    def issue() -> bytes:
        return desk.statement_of_days(login_of("pending"), account, date(2026, 10, 3)).pdf

    assert len(pages(issue())) == 3
    taken = []
    for _ in range(5):
        start = time.process_time()
        issue()
        taken.append(time.process_time() - start)
    assert min(taken) < 0.05
