"""Days, the order of rows and pages, account numbers and references."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.statements.checks.building import (
    CONFIRMATIONS,
    IBAN,
    LAYOUT,
    OTHER_BANK,
    confirmation,
    document,
    failed,
    moved,
    names,
    row,
    statement,
)

from kontora.statements.checks.account_number import has_check_digits
from kontora.statements.checks.holidays import easter_sunday, holidays, is_banking_day
from kontora.statements.findings import Severity
from kontora.statements.layout import Arithmetic, Order, Running
from kontora.statements.readings import ConfirmationParty, DocumentType

ROW = row(3)[0]
HISTORY = msgspec.structs.replace(LAYOUT, document_type=DocumentType.HISTORY)


def booked(day: date, **changes):
    return moved(ROW, booked_on=day, transaction_on=day, **changes)


@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 5, 31)])
def test_days_of_the_period_pass(day):
    assert failed(document(), statement([booked(day)])) == []


@pytest.mark.parametrize("day", [date(2026, 4, 30), date(2026, 6, 1)])
def test_a_booking_day_outside_of_the_period_is_found_where_it_stands(day):
    found = failed(document(), statement([booked(day)]))
    assert names(found) == ["period HIGH"]
    assert found[0].box == ROW.date_place.box


def test_money_may_have_moved_before_the_period_in_which_it_is_booked():
    earlier = moved(ROW, booked_on=date(2026, 5, 1), transaction_on=date(2026, 4, 28))
    assert failed(document(), statement([earlier])) == []


def test_a_history_may_be_of_the_days_on_which_money_moved():
    later = moved(ROW, booked_on=date(2026, 6, 1), transaction_on=date(2026, 5, 30))
    assert names(failed(document(), statement([later]))) == ["period HIGH"]
    assert failed(document(), statement([later]), layout=HISTORY) == []


def test_what_is_not_booked_yet_has_no_day_in_the_period():
    pending = moved(ROW, booked_on=None, transaction_on=date(2026, 6, 1))
    assert failed(document(), statement([pending])) == []


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"period_start": date(2026, 6, 1), "period_end": date(2026, 5, 31)}, 1),
        ({"period_start": date(2026, 7, 1), "period_end": date(2026, 7, 31), "issued_on": None}, 1),
        ({"issued_on": date(2026, 5, 30)}, 1),
        ({"issued_on": date(2026, 6, 20)}, 1),
        ({"issued_on": date(2026, 5, 31)}, 0),
        ({"issued_on": None, "period_start": None, "period_end": None}, 0),
    ],
)
def test_days_of_the_document_that_cannot_be_are_found(changes, count):
    found = [each for each in failed(document(), statement([], **changes)) if each.name == "period"]
    assert len(found) == count
    assert all(each.severity is Severity.HIGH for each in found)


def test_a_history_may_be_asked_for_days_to_come_but_not_tell_of_them():
    asked = statement([ROW], period_end=date(2026, 6, 30), issued_on=date(2026, 6, 1))
    assert failed(document(), asked, layout=HISTORY) == []
    told = statement([booked(date(2026, 6, 2))], period_end=date(2026, 6, 30), issued_on=date(2026, 6, 1))
    assert "period HIGH" in names(failed(document(), told, layout=HISTORY))


def test_money_that_is_booked_in_the_future_is_found():
    future = statement([booked(date(2026, 6, 20))], period_start=None, period_end=None, issued_on=None)
    assert "period HIGH" in names(failed(document(), future))


@pytest.mark.parametrize("day", [date(2026, 5, 2), date(2026, 5, 3), date(2026, 5, 1)])
def test_a_payment_between_banks_on_a_free_day_is_told_and_does_not_refuse(day):
    cleared = booked(day, kind="PRZELEW ZEWNĘTRZNY PRZYCHODZĄCY")
    assert names(failed(document(), statement([cleared]))) == ["period LOW"]


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("PRZELEW ZEWNĘTRZNY PRZYCHODZĄCY", date(2026, 5, 4)),
        ("ZAKUP PRZY UŻYCIU KARTY W KRAJU", date(2026, 5, 2)),
        ("PRZELEW NATYCHMIASTOWY DO INNEGO BANKU", date(2026, 5, 2)),
        (None, date(2026, 5, 2)),
    ],
)
def test_other_payments_and_other_days_pass(kind, day):
    assert failed(document(), statement([booked(day, kind=kind)])) == []


@pytest.mark.parametrize(
    ("year", "easter"),
    [
        (2000, date(2000, 4, 23)),
        (2019, date(2019, 4, 21)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter_is_when_it_is(year, easter):
    assert easter_sunday(year) == easter


def test_polish_holidays_are_known():
    for day in ((1, 1), (1, 6), (4, 6), (5, 1), (6, 4), (8, 15), (11, 11), (12, 24), (12, 25)):
        assert date(2026, *day) in holidays(2026)
    assert date(2024, 12, 24) not in holidays(2024)
    assert is_banking_day(date(2024, 12, 24))
    assert not is_banking_day(date(2026, 6, 4))
    assert is_banking_day(date(2026, 6, 5))


def test_pages_that_follow_pass():
    assert failed(document(), statement([], pages_said=((1, 2), (2, 2)))) == []
    assert failed(document(), statement([], pages_said=((1, None), None, (3, None)))) == []


@pytest.mark.parametrize(
    ("said", "page"), [(((1, 3), (3, 3)), 1), (((1, None), (3, None)), 2), (((2, 2),), 1), (((1, 2),), 1)]
)
def test_pages_that_are_missing_are_found(said, page):
    found = failed(document(), statement([], pages_said=said))
    assert names(found) == ["sequence HIGH"]
    assert found[0].page == page


@pytest.mark.parametrize(
    ("order", "days", "count"),
    [
        (Order.OLDEST_FIRST, (4, 4, 5), 0),
        (Order.OLDEST_FIRST, (4, 6, 5), 1),
        (Order.NEWEST_FIRST, (6, 5, 5), 0),
        (Order.NEWEST_FIRST, (5, 6, 4), 1),
        (Order.UNORDERED, (5, 6, 4), 0),
    ],
)
def test_rows_follow_each_other_as_the_layout_says(order, days, count):
    rows = [
        moved(row(place)[0], booked_on=date(2026, 5, day), transaction_on=date(2026, 5, 1))
        for place, day in enumerate(days)
    ]
    arithmetic = Arithmetic(Running.MULTISET, opening_and_closing=False)
    layout = msgspec.structs.replace(LAYOUT, order=order, arithmetic=arithmetic)
    found = failed(document(), statement(rows), layout=layout)
    assert [each.name.value for each in found] == ["sequence"] * count


@pytest.mark.parametrize(("number", "count"), [("5/2026", 0), ("1/2027", 0), ("5/2025", 1), ("7718519", 0)])
def test_the_number_of_a_statement_is_of_its_year(number, count):
    assert len(failed(document(), statement([], number=number))) == count


def test_numbers_with_matching_check_digits_pass():
    assert failed(document(), statement([moved(ROW, party_iban=OTHER_BANK)])) == []


@pytest.mark.parametrize(
    ("iban", "message"),
    [
        (IBAN[:-1] + "8", "check digits"),
        (OTHER_BANK, "another bank"),
        ("PL" + IBAN[2:-1], "check digits"),
        # Both of the IBAN's check digits match; the sort code's own digit does not.
        ("PL49114000010000000000000007", "check digits"),
    ],
)
def test_a_number_of_the_account_that_cannot_be_is_found(iban, message):
    found = failed(document(), statement([], iban=iban))
    assert names(found) == ["accountNumber HIGH"]
    assert message in found[0].message
    assert iban[8:] not in found[0].message


def test_any_bank_passes_where_the_layout_names_none():
    anybody = msgspec.structs.replace(
        LAYOUT, institution=msgspec.structs.replace(LAYOUT.institution, sort_codes=())
    )
    assert failed(document(), statement([], iban=OTHER_BANK), layout=anybody) == []


def test_a_wrong_number_of_the_other_side_is_told_and_does_not_refuse():
    wrong = moved(ROW, party_iban=OTHER_BANK[:-1] + "5")
    assert names(failed(document(), statement([wrong]))) == ["accountNumber LOW"]
    assert failed(document(), statement([moved(ROW, party_iban="0000123456")])) == []
    assert failed(document(), statement([moved(ROW, party_iban="DE89370400440532013000")])) == []


@pytest.mark.parametrize("sort_code", ["10200003", "11402004", "10501025", "24900005"])
def test_sort_codes_of_banks_have_their_own_check_digit(sort_code):
    assert has_check_digits(with_check_digits(sort_code + "0000000000000007"))
    other = sort_code[:-1] + str((int(sort_code[-1]) + 3) % 10)
    assert not has_check_digits(with_check_digits(other + "0000000000000007"))


def with_check_digits(number: str) -> str:
    return f"PL{98 - int(number + '252100') % 97:02d}{number}"


@given(some.integers(4, 27), some.integers(1, 9))
def test_one_wrong_digit_never_passes(place, by):
    wrong = IBAN[:place] + str((int(IBAN[place]) + by) % 10) + IBAN[place + 1 :]
    assert not has_check_digits(wrong)


def test_references_have_the_form_of_the_bank():
    layout = msgspec.structs.replace(LAYOUT, reference="(?P<day>[0-9]{8})[0-9]{10}")

    def found(reference):
        rows = [msgspec.structs.replace(ROW, reference=reference)]
        return names(failed(document(), statement(rows), layout=layout))

    assert found("202605040123456789") == found(None) == []
    assert found("202613040123456789") == found("20260504012345678") == ["accountNumber HIGH"]


def test_a_sound_confirmation_passes():
    assert failed(document(), confirmations=(confirmation(),)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"issued_on": date(2026, 5, 3)}, "period HIGH"),
        ({"issued_on": date(2026, 6, 20)}, "period HIGH"),
        ({"booked_on": date(2026, 6, 20), "issued_on": None}, "period HIGH"),
        ({"reference": "KB123"}, "accountNumber HIGH"),
        ({"sender": ConfirmationParty(iban=OTHER_BANK)}, "accountNumber HIGH"),
        ({"sender": ConfirmationParty(iban=IBAN[:-1] + "8")}, "accountNumber HIGH"),
        ({"recipient": ConfirmationParty(iban=OTHER_BANK[:-1] + "5")}, "accountNumber LOW"),
    ],
)
def test_a_confirmation_that_cannot_be_is_found(changes, expected):
    assert expected in names(failed(document(), confirmations=(confirmation(**changes),)))


def test_of_money_that_came_the_recipient_is_the_banks_own():
    came = confirmation(
        currency_amount=abs(confirmation().currency_amount),
        sender=ConfirmationParty(iban=OTHER_BANK),
        recipient=ConfirmationParty(iban=IBAN),
    )
    assert failed(document(), confirmations=(came,), layout=CONFIRMATIONS) == []
