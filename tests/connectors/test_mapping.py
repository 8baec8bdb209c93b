"""The mapping table of the standard, field by field, and the habits of single banks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kontora.connectors.standards.berlin_group.camt import parse_camt
from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.berlin_group.parse_accounts import (
    Handle,
    parse_account_balances,
    parse_accounts,
)
from kontora.connectors.standards.berlin_group.parse_balances import parse_balances
from kontora.connectors.standards.berlin_group.parse_cards import parse_card_balances, parse_cards
from kontora.connectors.standards.berlin_group.parse_transactions import Reading, parse_card_page, parse_page
from kontora.errors import BankChanged
from kontora.model import MoneyTransaction, TransactionStatus

URL = "https://bank.invalid/v1/accounts"
TODAY = date(2026, 1, 31)
OWN = "PL61109010140000071219812874"
PLAIN = Dialect()


def one(
    state: str = "booked", dialect: Dialect = PLAIN, amount: Any = "-5.00", **fields: Any
) -> MoneyTransaction:
    dated = {"bookingDate": "2026-01-30", "valueDate": "2026-01-29"}
    body = {"transactionAmount": {"amount": amount, "currency": "PLN"}} | dated | fields
    body = {name: value for name, value in body.items() if value is not None}
    reading = Reading(Handle("b", "t", number=OWN), "PLN", TODAY)
    (found,) = parse_page({"transactions": {state: [body]}}, URL, reading, dialect).items
    return found


def test_days_and_state_come_from_the_list() -> None:
    booked = one()
    assert (booked.transaction_on, booked.booked_on, booked.status) == (
        date(2026, 1, 29),
        date(2026, 1, 30),
        TransactionStatus.DONE,
    )
    pending = one("pending")
    assert (pending.booked_on, pending.status) == (None, TransactionStatus.PENDING)
    assert one("pending", bookingDate=None, valueDate=None).transaction_on == TODAY
    assert one(bookingDate=None).booked_on == date(2026, 1, 29)
    assert one(valueDate="2026-01-28T23:59:59Z").transaction_on == date(2026, 1, 28)
    swapped = one(dialect=Dialect(dates_swapped=True))
    assert (swapped.transaction_on, swapped.booked_on) == (date(2026, 1, 30), date(2026, 1, 29))
    with pytest.raises(BankChanged, match="no date"):
        one(bookingDate=None, valueDate=None)
    with pytest.raises(BankChanged, match="not a date"):
        one(bookingDate="2026-02-30")


@pytest.mark.parametrize(
    ("amount", "value"),
    [
        ("-5.00", "-5.00"),
        ("5", "5"),
        (Decimal("5.10"), "5.10"),
        (7, "7"),
        ("+1.5", "1.5"),
        (Decimal("1E+2"), "100"),
    ],
)
def test_amounts_are_exact_however_they_are_written(amount: Any, value: str) -> None:
    assert str(one(amount=amount).currency_amount) == value


@pytest.mark.parametrize(
    "amount", ["1,50", "", "abc", "1e5", "--1", "9" * 19, None, True, "٣", "1.1234567", [], "NaN"]
)
def test_an_amount_that_is_none_is_refused(amount: Any) -> None:
    with pytest.raises(BankChanged, match="amount"):
        one(amount=amount)


def test_the_other_side_is_the_party() -> None:
    sides = {
        "creditorName": "Shop",
        "creditorAccount": {"iban": "PL27 1140 2004 0000 3002 0135 5387"},
        "debtorName": "Boss",
        "debtorAccount": {"bban": "123"},
    }
    spent, earned = one(**sides), one(amount="5", **sides)
    assert (spent.party, spent.party_iban) == ("Shop", "PL27114020040000300201355387")
    assert (earned.party, earned.party_iban) == ("Boss", "123")
    assert one(creditorName="NOTPROVIDED", creditorAccount={"other": {"identification": " "}}).party is None


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ({"remittanceInformationUnstructured": "a"}, "a"),
        (
            {"remittanceInformationUnstructured": "a", "remittanceInformationUnstructuredArray": ["b", "c"]},
            "b c",
        ),
        (
            {
                "remittanceInformationUnstructured": "hello w",
                "remittanceInformationUnstructuredArray": ["hello wo", "rld"],
            },
            "hello world",
        ),
        ({"remittanceInformationUnstructuredArray": ["NOTPROVIDED", "x"]}, "x"),
        ({"remittanceInformationStructured": {"reference": "RF18"}}, "RF18"),
        ({"remittanceInformationStructured": "RF18"}, "RF18"),
        ({"remittanceInformationStructuredArray": [{"reference": "RF1"}, {"reference": "RF2"}]}, "RF1"),
        ({"additionalInformation": "more", "remittanceInformationUnstructured": " "}, "more"),
        ({}, None),
    ],
)
def test_the_title_is_the_fullest_text(fields: dict[str, Any], title: str | None) -> None:
    assert one(**fields).title == title


def test_the_rest_of_an_item_is_kept() -> None:
    after = {"balanceType": "interimBooked", "balanceAmount": {"amount": "95.00", "currency": "PLN"}}
    found = one(
        transactionId=" ", entryReference="e1", bankTransactionCode="PMNT-ICDT-ESCT",
        proprietaryBankTransactionCode="PRZELEW", balanceAfterTransaction=after, surprise={"x": 1},
    )  # fmt: skip
    assert (found.internal_id, found.kind, found.currency_balance) == (
        "e1",
        "PMNT-ICDT-ESCT",
        Decimal("95.00"),
    )
    assert found.raw is not None and b'"surprise":{"x":1}' in found.raw
    assert one(balanceAfterTransaction=None).internal_id == one().internal_id


@pytest.mark.parametrize(
    ("fields", "sign"),
    [
        ({"creditorName": "Shop"}, -1),
        ({"debtorName": "Boss"}, 1),
        ({"creditorAccount": {"iban": OWN}, "debtorAccount": {"iban": "X"}}, 1),
        ({"creditorAccount": {"iban": "X"}, "debtorAccount": {"iban": OWN}}, -1),
    ],
)
def test_unsigned_amounts_get_their_sign_from_the_sides(fields: dict[str, Any], sign: int) -> None:
    assert one(dialect=Dialect(unsigned=True), amount="5", **fields).currency_amount == sign * 5


def test_an_unreadable_sign_is_an_error() -> None:
    with pytest.raises(BankChanged, match="no sign"):
        one(dialect=Dialect(unsigned=True), amount="5")
    with pytest.raises(BankChanged, match="no sign"):
        one(dialect=Dialect(unsigned=True), amount="5", creditorName="A", debtorName="B")


def test_a_pending_amount_without_its_minus_is_a_debit_where_the_bank_is_known_for_it() -> None:
    dialect = Dialect(unsigned_pending=True)
    assert one("pending", dialect, "5", creditorName="Shop").currency_amount == -5
    assert one("pending", dialect, "-5", debtorName="Boss").currency_amount == -5
    assert one("booked", dialect, "5", creditorName="Shop").currency_amount == 5
    assert one("pending", PLAIN, "5", creditorName="Shop").currency_amount == 5


def account(**fields: Any) -> Any:
    body = {"resourceId": "r/1", "iban": OWN, "currency": "PLN"} | fields
    return parse_accounts({"accounts": [body]}, URL, PLAIN)


@pytest.mark.parametrize(
    ("fields", "number"),
    [({}, OWN), ({"iban": "pl61 1090"}, "PL611090"), ({"iban": " ", "bban": "12 34"}, "1234"),
     ({"iban": None, "other": {"identification": "o1"}}, "o1"), ({"iban": None}, "r/1"),
     ({"iban": None, "bban": 1234}, "1234"), ({"iban": None, "maskedPan": "1*2"}, "1*2")],
)  # fmt: skip
def test_an_account_without_iban_has_the_banks_own_number(fields: dict[str, Any], number: str) -> None:
    (found,) = account(**fields)
    assert found.account.iban == number


def test_an_account_keeps_the_banks_name_and_the_owners() -> None:
    names = {"name": "Konto 0", "product": "CACC", "displayName": "Moje"}
    (found,) = account(**names)
    assert (found.account.name, found.account.friendly_name) == ("Konto 0", "Moje")
    (found,) = account(displayName="Moje")
    assert (found.account.name, found.account.friendly_name) == ("Moje", None)
    (found,) = account(product="Savings")
    assert found.account.name == "Savings"
    (found,) = account()
    assert found.account.name == OWN


def test_links_of_the_bank_come_before_the_paths_of_the_standard() -> None:
    (found,) = account()
    assert Handle.decoded(found.handle).balances == f"{URL}/r%2F1/balances"
    (found,) = account(_links={"transactions": {"href": "/v2/t"}, "balances": "b"})
    handle = Handle.decoded(found.handle)
    assert (handle.money_transactions, handle.balances) == (
        "https://bank.invalid/v2/t",
        "https://bank.invalid/v1/b",
    )


def test_deleted_accounts_are_left_out_and_none_is_no_error() -> None:
    assert account(status="deleted") == ()
    assert parse_accounts({"accounts": []}, URL, PLAIN) == ()
    with pytest.raises(BankChanged, match="accounts is missing"):
        parse_accounts({}, URL, PLAIN)


def test_owners_joined_in_one_name_are_told_apart_only_where_the_bank_is_known_for_it() -> None:
    (found,) = account(ownerName="Jan, Anna")
    assert [owner.name for owner in found.owners] == ["Jan, Anna"]


def balance(kind: str, amount: str, currency: str = "PLN", **more: Any) -> dict[str, Any]:
    return {"balanceType": kind, "balanceAmount": {"amount": amount, "currency": currency}} | more


@pytest.mark.parametrize(
    ("balances", "booked", "available"),
    [
        (
            [balance("closingBooked", "1"), balance("interimBooked", "2"), balance("interimAvailable", "3")],
            "2",
            "3",
        ),
        ([balance("openingBooked", "1"), balance("expected", "2")], "2", None),
        ([balance("forwardAvailable", "4")], "4", "4"),
        ([balance("authorised", "5"), balance("interimBooked", "6")], "6", "5"),
        ([balance("interimBooked", "1", "EUR"), balance("interimBooked", "2")], "2", None),
        (
            [
                balance("interimBooked", "1", referenceDate="2026-01-01"),
                balance("interimBooked", "2", referenceDate="2026-01-02"),
            ],
            "2",
            None,
        ),
        (
            [balance("interimBooked", "1"), balance("interimAvailable", "900", creditLimitIncluded=True)],
            "1",
            None,
        ),
    ],
)
def test_the_balance_of_an_account_is_chosen_by_type_and_currency(
    balances: list[dict[str, Any]], booked: str, available: str | None
) -> None:
    (listed,) = account()
    found = parse_account_balances({"balances": balances}, listed.account, None, PLAIN)
    assert (found.currency_balance, found.currency_funds_available) == (
        Decimal(booked),
        None if available is None else Decimal(available),
    )


def test_a_balance_in_no_currency_of_the_account_is_refused() -> None:
    (listed,) = account()
    for balances in ([], [balance("interimBooked", "1", "EUR")]):
        with pytest.raises(BankChanged, match="currency"):
            parse_account_balances({"balances": balances}, listed.account, None, PLAIN)
    with pytest.raises(BankChanged, match="balanceType"):
        parse_balances([{"balanceAmount": {"amount": "1", "currency": "PLN"}}], "balances", PLAIN)


def card(**fields: Any) -> Any:
    body = {"resourceId": "c1", "maskedPan": "4*1", "currency": "PLN", "product": "Visa"} | fields
    (found,) = parse_cards({"cardAccounts": [body]}, URL, PLAIN)
    return found


def test_a_card_is_known_by_its_masked_number() -> None:
    found = card(creditLimit={"amount": "1000", "currency": "PLN"}, ownerName="Jan")
    assert (found.card.name, found.card.card_id, found.card.number, found.card.limit) == (
        "Visa",
        "4*1",
        "4*1",
        1000,
    )
    twice = [{"resourceId": name, "maskedPan": "4*1", "currency": "PLN"} for name in ("a", "b")]
    assert [one.card.card_id for one in parse_cards({"cardAccounts": twice}, URL, PLAIN)] == ["a", "b"]


@pytest.mark.parametrize(
    ("on_card", "on_reply", "sign"), [(True, None, -1), (False, None, 1), (True, False, 1), (None, True, -1)]
)
def test_debit_accounting_turns_the_signs_of_a_card(
    on_card: bool | None, on_reply: bool | None, sign: int
) -> None:
    found = card(debitAccounting=on_card)
    handle = Handle.decoded(found.handle)
    reply = {} if on_reply is None else {"debitAccounting": on_reply}
    body = reply | {
        "balances": [
            balance("interimBooked", "100"),
            balance("interimAvailable", "900", creditLimitIncluded=True),
        ]
    }
    complete = parse_card_balances(body, found.card, handle, PLAIN)
    assert (complete.currency_balance, complete.currency_funds_available) == (sign * 100, 900)
    item = {"transactionAmount": {"amount": "5", "currency": "PLN"}, "bookingDate": "2026-01-30"}
    page = reply | {"cardTransactions": {"booked": [item], "_links": {}}}
    assert (
        parse_card_page(page, URL, Reading(handle, "PLN", TODAY), PLAIN).items[0].currency_amount == sign * 5
    )


def test_a_card_item_abroad_counts_in_the_cards_currency() -> None:
    item = {
        "transactionAmount": {"amount": "-5", "currency": "EUR"},
        "grandTotalAmount": {"amount": "-22.10", "currency": "PLN"},
        "transactionDate": "2026-01-29", "bookingDate": "2026-01-30", "merchantCategoryCode": "5411",
        "transactionDetails": "SHOP BERLIN", "cardTransactionId": "x",
    }  # fmt: skip
    page = {"cardTransactions": {"booked": [item], "_links": {}}}
    (found,) = parse_card_page(page, URL, Reading(Handle("b", "t"), "PLN", TODAY), PLAIN).items
    assert (found.currency_amount, found.mcc, found.title) == (Decimal("-22.10"), "5411", "SHOP BERLIN")
    assert (found.transaction_on, found.booked_on) == (date(2026, 1, 29), date(2026, 1, 30))


CAMT = """<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.{version}">
<BkToCstmrAcctRpt><GrpHdr/><Rpt><Id>1</Id><Ntry>{entry}</Ntry></Rpt></BkToCstmrAcctRpt></Document>"""
OLD = """<Amt Ccy="PLN">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-01-30</Dt></BookgDt><ValDt><Dt>2026-01-29</Dt></ValDt><AcctSvcrRef>a1</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd>
<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><RltdPties><Cdtr><Nm>Shop</Nm></Cdtr><CdtrAcct><Id>
<IBAN>PL27</IBAN></Id></CdtrAcct></RltdPties><RmtInf><Ustrd>one</Ustrd><Ustrd>two</Ustrd></RmtInf></TxDtls></NtryDtls>"""
NEW = """<Amt Ccy="PLN">7</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG</Cd></Sts>
<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>Boss</Nm></Pty></Dbtr><DbtrAcct><Id><Othr><Id>12</Id></Othr></Id></DbtrAcct></RltdPties></TxDtls>
</NtryDtls><AddtlNtryInf>Salary</AddtlNtryInf>"""


def test_camt_of_any_version_is_read() -> None:
    reading = Reading(Handle("b", "t"), "PLN", TODAY)
    (old,) = parse_camt(CAMT.format(version="02", entry=OLD).encode(), reading, PLAIN).items
    assert (old.currency_amount, old.party, old.party_iban, old.title) == (
        Decimal("-5.00"),
        "Shop",
        "PL27",
        "one two",
    )
    assert (old.kind, old.internal_id, old.booked_on) == ("PMNT-ICDT-ESCT", "a1", date(2026, 1, 30))
    (new,) = parse_camt(CAMT.format(version="08", entry=NEW).encode(), reading, PLAIN).items
    assert (new.currency_amount, new.party, new.party_iban, new.title) == (7, "Boss", "12", "Salary")
    assert (new.status, new.transaction_on, new.booked_on) == (TransactionStatus.PENDING, TODAY, None)


@pytest.mark.parametrize("cut", ["Amt", "CdtDbtInd", "Sts", "BookgDt"])
def test_a_camt_entry_that_lacks_what_counts_is_refused(cut: str) -> None:
    entry = OLD.replace("ValDt", "X").replace(cut, "X")
    with pytest.raises(BankChanged):
        parse_camt(
            CAMT.format(version="02", entry=entry).encode(), Reading(Handle("b", "t"), "PLN", TODAY), PLAIN
        )
    with pytest.raises(BankChanged, match="currency"):
        reading = Reading(Handle("b", "t"), "EUR", TODAY)
        parse_camt(CAMT.format(version="02", entry=OLD).encode(), reading, PLAIN)
