from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.connectors.polish_api.signing import ACCOUNT, NUMBER

from kontora.connectors.protocol import BankAccount, BankCard
from kontora.connectors.standards.details import Details
from kontora.connectors.standards.polish_api.access import Granted
from kontora.connectors.standards.polish_api.consent import is_masked_form
from kontora.connectors.standards.polish_api.dialect import Dialect, names_a_card
from kontora.connectors.standards.polish_api.fields import (
    a_day,
    account_number,
    masked_card_number,
    polish_offset,
)
from kontora.connectors.standards.polish_api.parse_accounts import parse_account
from kontora.connectors.standards.polish_api.parse_transactions import Reading, parse_list
from kontora.errors import BankChanged
from kontora.model import AccountOwner, MoneyTransaction, Owner, OwnerKind, TransactionStatus

STANDARD = Dialect()
TODAY = date(2026, 1, 31)
READING = Reading(NUMBER, "PLN", TODAY)
CARD_TYPE = {"code": "7", "description": "Karta kredytowa"}


def account(**more: object) -> BankAccount:
    found = parse_account({"account": ACCOUNT | more}, Granted(NUMBER), STANDARD)
    assert isinstance(found, BankAccount)
    return found


def card(number: str = "5169311234567890", dialect: Dialect = STANDARD, **more: object) -> BankCard:
    body = ACCOUNT | {"accountNumber": number, "accountType": CARD_TYPE, "bookingBalance": "-12.50"} | more
    found = parse_account({"account": body}, Granted(number), dialect)
    assert isinstance(found, BankCard)
    return found


def item(
    operation: str = "getTransactionsDone", dialect: Dialect = STANDARD, **more: object
) -> MoneyTransaction:
    whole: dict[str, Any] = {
        "itemId": "1",
        "amount": "10.00",
        "transactionCategory": "DEBIT",
        "bookingDate": "2026-01-31T00:00:00.000",
        "tradeDate": "2026-01-30T00:00:00.000",
    }
    key = "holds" if operation == "getHolds" else "transactions"
    body = {name: value for name, value in (whole | more).items() if value is not ...}
    (found,) = parse_list({key: [body]}, operation, READING, dialect)
    return found


def test_an_account_is_mapped_field_by_field() -> None:
    found = account(accountNameClient="Domowe").account
    assert (found.name, found.friendly_name, found.iban) == ("Konto", "Domowe", NUMBER)
    assert (found.currency_name, found.currency_balance) == ("PLN", Decimal("100.00"))
    assert found.currency_funds_available == Decimal("100.00")
    address = "UL. LIPOWA 1 00-001 WARSZAWA"
    assert found.owners == (AccountOwner("JAN KOWALSKI", address, OwnerKind.OWNER),)
    assert account().owners == (Owner("JAN KOWALSKI", OwnerKind.OWNER, address),)


@pytest.mark.parametrize(
    ("told", "name", "friendly"),
    [
        ({}, "Konto", None),
        ({"accountTypeName": None}, "Rachunek", None),
        ({"accountTypeName": None, "accountNameClient": "Moje"}, "Rachunek", "Moje"),
        ({"accountTypeName": None, "accountType": {}, "accountNameClient": "Moje"}, "Moje", None),
        ({"accountTypeName": None, "accountType": {}}, NUMBER, None),
    ],
)
def test_an_account_has_the_banks_name_and_the_owners(
    told: dict[str, object], name: str, friendly: str | None
) -> None:
    found = account(**told).account
    assert (found.name, found.friendly_name) == (name, friendly)


@pytest.mark.parametrize(
    ("relations", "kind", "is_own"),
    [
        ([{"typeOfRelation": "Owner"}], OwnerKind.OWNER, True),
        ([{"typeOfRelation": "Owner", "stake": 100}], OwnerKind.OWNER, True),
        ([{"typeOfRelation": "Owner", "stake": 50}], OwnerKind.CO_OWNER, True),
        ([{"typeOfRelation": "Borrower", "stake": 50}], OwnerKind.OWNER, True),
        ([{"typeOfRelation": "ProxyOwner", "typeOfProxy": "General"}], OwnerKind.OWNER, False),
        ([{"typeOfRelation": "Guarantor"}], OwnerKind.OWNER, False),
        ([{"typeOfRelation": "Beneficiary"}], OwnerKind.OWNER, False),
        ([{"typeOfRelation": "Trustee"}], OwnerKind.OWNER, False),
        ([{"typeOfRelation": "ProxyOwner"}, {"typeOfRelation": "Owner"}], OwnerKind.OWNER, True),
        ([], OwnerKind.OWNER, True),
        (None, OwnerKind.OWNER, True),
    ],
)
def test_who_only_acts_for_the_holder_is_no_owner(relations: object, kind: OwnerKind, is_own: bool) -> None:
    found = account(psuRelations=relations)
    assert [owner.kind for owner in found.account.owners] == [kind]
    assert bool(found.owners) is is_own


def test_a_corporation_is_a_company() -> None:
    assert [owner.kind for owner in account(accountHolderType="corporation").owners] == [OwnerKind.COMPANY]


def test_without_a_name_there_is_no_owner() -> None:
    for address in (None, {}, {"value": []}, {"value": [" "]}):
        found = account(nameAddress=address)
        assert (found.owners, found.account.owners) == ((), ())


@pytest.mark.parametrize("name", ["accountNumber", "currency", "bookingBalance"])
def test_an_account_that_lacks_what_is_needed_is_not_understood(name: str) -> None:
    with pytest.raises(BankChanged):
        account(**{name: None})


def test_a_card_is_an_account_of_a_card_type() -> None:
    found = card().card
    assert (found.number, found.card_id, found.iban) == ("516931******7890", "516931******7890", None)
    assert (found.currency_balance, found.currency_funds_available) == (Decimal("-12.50"), Decimal("100.00"))
    assert (found.name, found.limit) == ("Konto", None)
    assert [owner.name for owner in found.owners] == ["JAN KOWALSKI"]


def test_a_card_known_by_its_account_has_that_number() -> None:
    found = card(NUMBER).card
    assert (found.number, found.card_id, found.iban) == (None, NUMBER, NUMBER)


def test_a_bank_may_tell_more_of_a_card() -> None:
    dialect = Dialect(parse_details=lambda told: Details(limit=Decimal(told["limit"])))
    assert card("1", dialect, auxData={"limit": "5000", "other": 7}).card.limit == Decimal(5000)


@pytest.mark.parametrize(
    ("words", "is_card"),
    [
        ("Karta kredytowa Visa", True),
        ("RACHUNEK KARTY", True),
        ("Credit card account", True),
        ("Konto z kartą", False),
        ("Kredyt gotówkowy", False),
        ("", False),
    ],
)
def test_a_card_is_told_by_the_words_of_its_type(words: str, is_card: bool) -> None:
    assert names_a_card("", words) is is_card


@pytest.mark.parametrize(
    ("operation", "status"),
    [
        ("getTransactionsDone", TransactionStatus.DONE),
        ("getTransactionsPending", TransactionStatus.PENDING),
        ("getHolds", TransactionStatus.PENDING),
        ("getTransactionsScheduled", TransactionStatus.PLANNED),
        ("getTransactionsRejected", TransactionStatus.REJECTED),
        ("getTransactionsCancelled", TransactionStatus.REJECTED),
    ],
)
def test_the_list_tells_the_status_and_only_what_is_done_is_booked(
    operation: str, status: TransactionStatus
) -> None:
    found = item(operation, postTransactionBalance="5.00")
    is_done = status is TransactionStatus.DONE
    assert found.status is status
    assert found.booked_on == (date(2026, 1, 31) if is_done else None)
    assert found.currency_balance == (Decimal("5.00") if is_done else None)


@pytest.mark.parametrize(
    ("told", "amount"),
    [
        ({"amount": "10.00", "transactionCategory": "DEBIT"}, "-10.00"),
        ({"amount": "10.00", "transactionCategory": "CREDIT"}, "10.00"),
        ({"amount": "-10.00", "transactionCategory": "DEBIT"}, "-10.00"),
        ({"amount": Decimal("10.5"), "transactionCategory": "DEBIT"}, "-10.5"),
        ({"amount": "0.00", "transactionCategory": "CREDIT"}, "0.00"),
    ],
)
def test_the_side_gives_the_amount_its_sign(told: dict[str, object], amount: str) -> None:
    assert item(**told).currency_amount == Decimal(amount)


@pytest.mark.parametrize(
    "told",
    [
        {"transactionCategory": ...},
        {"transactionCategory": "debit"},
        {"transactionCategory": None},
        {"amount": "-10.00", "transactionCategory": "CREDIT"},
        {"amount": ...},
        {"amount": "ten"},
        {"amount": 1e9 > 1},
        {"currency": "EUR"},
        {"bookingDate": ..., "tradeDate": ...},
        {"bookingDate": "2026-02-30T00:00:00"},
        {"recipient": "SKLEP"},
        {"recipient": {"nameAddress": {"value": "SKLEP"}}},
        {"description": {"text": "x"}},
    ],
)
def test_an_item_that_is_not_sound_is_never_guessed_at(told: dict[str, object]) -> None:
    with pytest.raises(BankChanged):
        item(**told)


def test_a_hold_is_a_debit_without_saying_so() -> None:
    assert item("getHolds", transactionCategory=...).currency_amount == Decimal("-10.00")


def test_the_party_is_the_other_side_with_its_lines_joined() -> None:
    sides = {
        "sender": {"accountNumber": NUMBER[2:], "nameAddress": {"value": ["ADAM", "UL. 1"]}},
        "recipient": {"accountMassPayment": "1", "nameAddress": {"value": ["EWA", "", "UL. 2"]}},
    }
    paid, got = item(**sides), item(transactionCategory="CREDIT", **sides)
    assert (paid.party, paid.party_iban) == ("EWA UL. 2", "1")
    assert (got.party, got.party_iban) == ("ADAM UL. 1", NUMBER)


def test_the_rest_of_an_item_is_mapped_as_it_is() -> None:
    found = item(description="Zakupy", transactionType="BLIK", mcc="5411")
    assert (found.title, found.kind, found.mcc, found.internal_id) == ("Zakupy", "BLIK", "5411", "1")
    assert found.raw is not None and b'"itemId":"1"' in found.raw
    assert (item(itemId=...).internal_id or "").startswith("hash:")


def test_what_is_not_done_and_has_no_date_gets_the_day_of_the_read() -> None:
    assert item("getHolds", bookingDate=..., tradeDate=...).transaction_on == TODAY
    rejected = item(
        "getTransactionsRejected", bookingDate=..., tradeDate=..., rejectionDate="2026-01-15T10:00:00"
    )
    assert rejected.transaction_on == date(2026, 1, 15)


def test_dates_of_a_bank_that_swaps_them_are_swapped_back() -> None:
    found = item(dialect=Dialect(dates_swapped=True))
    assert (found.transaction_on, found.booked_on) == (date(2026, 1, 31), date(2026, 1, 30))


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("2026-01-31", date(2026, 1, 31)),
        ("2026-01-31T00:00:00", date(2026, 1, 31)),
        ("2026-01-31T23:59:59.999", date(2026, 1, 31)),
        ("2026-01-30T23:00:00Z", date(2026, 1, 31)),
        ("2026-01-30T22:59:59Z", date(2026, 1, 30)),
        ("2026-07-30T22:00:00.000Z", date(2026, 7, 31)),
        ("2026-07-31T00:00:00+02:00", date(2026, 7, 31)),
        ("2026-07-31T00:00:00-0500", date(2026, 7, 31)),
        (None, None),
        ("", None),
    ],
)
def test_a_moment_is_the_day_that_it_is_in_poland(told: str | None, day: date | None) -> None:
    assert a_day(told, "x") == day


@pytest.mark.parametrize(
    "told", ["2026-13-01", "yesterday", 20260131, "2026-01-31T25:00:00Z", "9999-12-31T23:30:00Z"]
)
def test_a_day_that_is_none_is_not_understood(told: object) -> None:
    with pytest.raises(BankChanged):
        a_day(told, "x")


def test_polish_summer_time_begins_and_ends_on_the_right_sundays() -> None:
    for at, hours in (
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), 1),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), 1),
        (datetime(2024, 3, 31, 1, 0, tzinfo=UTC), 2),
    ):
        assert polish_offset(at).total_seconds() == hours * 3600


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("61 1090 1014 0000 0712 1981 2874", NUMBER),
        (NUMBER.lower(), NUMBER),
        ("61109010140000071219812875", "61109010140000071219812875"),
        ("184020141362298184319095", "184020141362298184319095"),
    ],
)
def test_a_polish_number_without_its_country_becomes_the_iban_that_it_is(told: str, number: str) -> None:
    assert account_number(told) == number


def test_a_card_number_never_shows_its_middle() -> None:
    assert masked_card_number("5169 3112 3456 7890") == "516931******7890"
    assert masked_card_number("516931******7890") == "516931******7890"


@pytest.mark.parametrize(
    ("masked", "fits"),
    [
        ("PL61********************2874", True),
        ("PL61 **** **** **** **** **** 2874", True),
        ("PL61XXXXXXXXXXXXXXXXXXXX2874", True),
        (NUMBER, True),
        ("PL61********************2875", False),
        ("PL61***2874", False),
        ("", False),
    ],
)
def test_a_masked_number_is_matched_with_the_whole_one(masked: str, fits: bool) -> None:
    assert is_masked_form(masked, NUMBER) is fits
