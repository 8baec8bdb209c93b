"""The XML payloads: exact order, exact numbers, sound whatever the bank wrote."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from kontora.model import (
    Account,
    CreditCard,
    Import,
    MoneyTransaction,
    Owner,
    OwnerKind,
    TransactionStatus,
    Vendor,
)
from kontora.wire.characters import attribute, text
from kontora.wire.merge import merge_imports
from kontora.wire.told_labels import NOTHING, Shown
from kontora.wire.xml import render_credentials_metadata, render_owner_data, render_result

AT = datetime(2026, 5, 23, 7, 35, 7, 264013, tzinfo=UTC)
ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=30)


def names(element: Any) -> list[str]:
    return [child.tag for child in element]


def rendered(imported: Import, command: str = "DefaultImportCommand", **options: Any) -> Any:
    return etree.fromstring(render_result(imported, command=command, **options))


def test_the_elements_of_an_owner_stand_in_the_order_of_the_specification(full_import: Import) -> None:
    assert names(rendered(full_import).find("owners/owner")) == [
        "name", "address", "polishPesel", "polishNip", "polishRegon", "phone", "email", "citizenship",
        "nationality", "personalDocumentType", "personalDocumentNumber", "birthDate", "birthPlace", "kind",
    ]  # fmt: skip


def test_the_elements_of_an_account_stand_in_the_order_of_the_specification(full_import: Import) -> None:
    account = rendered(full_import).find("accounts/account")
    assert names(account) == [
        "name", "friendlyName", "iban", "currencyBalance", "currencyFundsAvailable", "currencyName",
        "activeSinceAtLeast", "directDebit", "moneyTransactions", "owners",
    ]  # fmt: skip
    assert account.get("partialDueToTimeout") == "true"
    assert account.find("directDebit").get("available") == "true"
    assert account.findtext("currencyFundsAvailable") == "1000.00"


def test_the_elements_of_a_card_stand_in_the_order_of_the_specification(full_import: Import) -> None:
    card = rendered(full_import).find("creditCards/creditCard")
    assert names(card) == [
        "name", "cardId", "iban", "number", "currencyBalance", "currencyFundsAvailable", "currencyName",
        "owners", "limit", "interest", "dueDate", "moneyTransactions",
    ]  # fmt: skip
    assert card.get("partialDueToTimeout") is None


def test_the_elements_of_a_money_transaction_stand_in_order_with_the_czech_symbols_before_the_labels(
    full_import: Import,
) -> None:
    items = rendered(full_import, shown=Shown(labels=True)).findall(
        "accounts/account/moneyTransactions/moneyTransaction"
    )
    assert names(items[0]) == [
        "transactionOn", "bookedOn", "currencyAmount", "currencyBalance", "title", "party", "partyIban",
        "kind", "status", "variableSymbol", "constantSymbol", "specificSymbol", "labels",
    ]  # fmt: skip
    assert items[0].findtext("title") == "ZAKUPY & <WIĘCEJ>"
    assert names(items[1]) == ["transactionOn", "currencyAmount", "status"]


def with_labels(imported: Import, *labels: str, vendors: tuple[Vendor, ...] = (), country: str) -> Import:
    account = imported.accounts[0]
    item = replace(account.money_transactions[0], labels=labels, vendors=vendors)
    return replace(
        imported, accounts=(replace(account, money_transactions=(item,)),), credit_cards=None, country=country
    )


def told(element: Any, path: str) -> list[str]:
    return [found.text for found in element.iterfind(f".//{path}")]


def test_labels_are_told_by_the_names_that_clients_know_them_by(full_import: Import) -> None:
    labels = ("bonus", "child benefit", "social benefit", "compensation", "monthly")
    polish = rendered(with_labels(full_import, *labels, country="pl"), shown=Shown(labels=True))
    assert told(polish, "label") == ["monthly", "compensation", "extra pay", "welfare", "500+"]
    czech = rendered(with_labels(full_import, *labels, country="cz"), shown=Shown(labels=True))
    assert told(czech, "label") == ["monthly", "compensation", "extra pay", "welfare", "child benefit"]


def test_vendors_follow_the_labels_and_name_them_as_clients_do(full_import: Import) -> None:
    vendors = (Vendor("credit card repayment", "Bank <A>"), Vendor("credit card repayment", "Bank B"))
    one = with_labels(full_import, "credit card repayment", vendors=vendors, country="pl")
    item = rendered(one, shown=Shown(labels=True, vendors=True)).find(".//moneyTransaction")
    assert names(item)[-2:] == ["labels", "vendors"]
    assert [(vendor.get("label"), vendor.text) for vendor in item.iterfind("vendors/vendor")] == [
        ("credit card", "Bank <A>"),
        ("credit card", "Bank B"),
    ]
    assert rendered(one, shown=Shown(labels=True)).find(".//vendors") is None


def test_vendors_are_told_only_to_clients_that_have_labels_too() -> None:
    assert Shown.to(("labels", "vendors", "pdf")) == Shown(labels=True, vendors=True)
    assert Shown.to(("labels",)) == Shown(labels=True)
    assert Shown.to(("vendors",)) == NOTHING


def test_labels_are_left_out_for_a_client_without_labelling(full_import: Import) -> None:
    assert rendered(full_import, shown=NOTHING).find(".//labels") is None


def test_credit_cards_are_left_out_where_the_target_has_none_and_empty_where_the_owner_has_none(
    full_import: Import,
) -> None:
    assert rendered(replace_cards(full_import, None)).find("creditCards") is None
    assert names(rendered(replace_cards(full_import, ())).find("creditCards")) == []


def replace_cards(imported: Import, cards: tuple[CreditCard, ...] | None) -> Import:
    return msgspec.structs.replace(imported, credit_cards=cards)


@pytest.mark.parametrize(
    ("command", "elements"),
    [
        ("DefaultImportCommand", ["owners", "accounts", "creditCards"]),
        ("ImportOwnersDetailsCommand", ["owners"]),
        ("ImportAccountsCommand", ["accounts"]),
        ("ImportAccountTransactionsCommand", ["moneyTransactions"]),
        ("ImportCreditCardsCommand", ["creditCards"]),
        ("ImportCreditCardTransactionsCommand", ["moneyTransactions"]),
        ("SignOutCommand", []),
    ],
)
def test_each_command_brings_its_own_elements(full_import: Import, command: str, elements: list[str]) -> None:
    assert names(rendered(full_import, command)) == elements


def test_accounts_alone_come_without_money_transactions(full_import: Import) -> None:
    assert rendered(full_import, "ImportAccountsCommand").find(".//moneyTransactions") is None
    assert rendered(full_import, "ImportCreditCardsCommand").find(".//moneyTransactions") is None


def test_cut_money_transactions_are_marked_also_where_they_come_alone(full_import: Import) -> None:
    marked = rendered(full_import, "ImportAccountTransactionsCommand").find("moneyTransactions")
    assert marked.get("partialDueToTimeout") == "true"
    assert len(marked) == 3


@pytest.mark.parametrize(
    ("amount", "written"),
    [("1", "1.00"), ("-0.01", "-0.01"), ("259402.51", "259402.51"), ("1E+5", "100000.00"), ("-0.000", "0.00"),
     ("1E-9", "0.00"), ("12345678901234567890.129", "12345678901234567890.13")],
)  # fmt: skip
def test_money_has_two_decimals_and_never_an_exponent(amount: str, written: str) -> None:
    item = MoneyTransaction(date(2026, 1, 1), Decimal(amount), TransactionStatus.DONE)
    account = Account("K", "X", "PLN", money_transactions=(item,))
    imported = Import("T", "I", AT, accounts=(account,))
    assert rendered(imported).findtext(".//currencyAmount") == written


def is_xml_character(character: str) -> bool:
    code = ord(character)
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


@given(ANY_TEXT)
@example("\ud800 \udfff \x00 \ufffe \uffff ]]> \r\n \x85 \u2028")
def test_any_text_comes_back_from_a_parser_with_only_forbidden_characters_replaced(value: str) -> None:
    expected = "".join(character if is_xml_character(character) else "\ufffd" for character in value)
    document = etree.fromstring(f'<a b="{attribute(value)}">{text(value)}</a>'.encode())
    assert (document.text or "") == expected
    assert document.get("b") == expected


def made_of(name: str, title: str, label: str) -> Import:
    item = MoneyTransaction(
        date(2026, 1, 1),
        Decimal(1),
        TransactionStatus.DONE,
        title=title,
        party=name,
        kind=label,
        labels=("grocery",),
        vendors=(Vendor("grocery", label),),
    )
    account = Account(name, title, "PLN", friendly_name=label, money_transactions=(item,))
    card = CreditCard(name, title, label, number=label)
    return Import("T", "I", AT, (Owner(name, OwnerKind.OWNER, title),), (account,), (card,))


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_whatever_the_bank_writes_the_result_is_sound_and_has_no_foreign_element(
    name: str, title: str, label: str
) -> None:
    shapes = [
        [element.tag for element in rendered(one, shown=Shown(labels=True, vendors=True)).iter()]
        for one in (made_of(name, title, label), made_of("n", "t", "l"))
    ]
    assert shapes[0] == shapes[1]


@dataclass(frozen=True)
class Asked:
    kind: str
    name: str = ""
    description: str | None = None
    asterisked: bool = False
    supported: bool = True
    options: tuple[tuple[str, str], ...] = ()
    url: str | None = None
    image_base64: str | None = None
    mask: dict[str, object] | None = field(default=None)


def test_the_credentials_that_the_bank_asks_for_are_told_with_their_kind_and_choices() -> None:
    asked = (
        Asked("CHOICE", "Method", options=(("1", "SMS"), ("2", "App"))),
        Asked("STATIC_PASSWORD", "Hasło", "Some letters", asterisked=True, mask={"positions": [1, 3]}),
    )
    found = etree.fromstring(render_credentials_metadata(asked)).findall(
        "credentialsMetadata/credentialMetadata"
    )
    assert [item.get("kind") for item in found] == ["CHOICE", "STATIC_PASSWORD"]
    assert names(found[0]) == ["name", "supported", "asterisked", "choice"]
    assert [(option.get("value"), option.text) for option in found[0].find("choice")] == [
        ("1", "SMS"),
        ("2", "App"),
    ]
    assert names(found[1]) == ["name", "description", "supported", "asterisked", "mask"]
    assert found[1].findtext("mask") == '{"positions":[1,3]}'


def test_owner_data_has_one_target_per_bank_with_cards_and_deposits_even_if_empty(
    full_import: Import,
) -> None:
    other = Import("Other", "Other", AT)
    owner = etree.fromstring(
        render_owner_data(
            merge_imports((full_import, other)),
            owner_external_id='o-"1"',
            created_at=AT,
            last_change_at=AT,
            origin="scraper",
            official_names={"KontoBankApi": "KontoBank"},
        )
    )
    assert dict(owner.attrib) == {
        "externalId": 'o-"1"',
        "createdAt": "2026-05-23T07:35:07.264013Z",
        "updatedAt": "2026-05-23T07:35:07.264013Z",
        "origin": "scraper",
        "lastChange": "2026-05-23T07:35:07.264013Z",
    }
    targets = {target.get("name"): target for target in owner}
    assert dict(targets["KontoBankApi"].attrib) == {
        "name": "KontoBankApi",
        "officialName": "KontoBank",
        "institution": "KontoBank",
        "origin": "scraper",
    }
    assert [names(target) for target in owner] == [["owners", "accounts", "creditCards", "deposits"]] * 2
    assert len(targets["Other"].find("creditCards")) == 0


def test_five_thousand_money_transactions_take_no_more_than_150_ms_of_cpu(large_import: Import) -> None:
    took = []
    for _ in range(3):
        began = time.process_time()
        render_result(large_import, command="DefaultImportCommand", shown=Shown(labels=True))
        took.append(time.process_time() - began)
    assert min(took) < 0.150
