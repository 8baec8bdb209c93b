"""The body of an owner upload: read whole, or everything that is wrong with it, by path."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kontora.connectors.strict_json import parse_json
from kontora.errors import InvalidBody
from kontora.model import Account, AccountOwner, CreditCard, Import, MoneyTransaction, Owner, OwnerKind
from kontora.model import TransactionStatus as Status
from kontora.wire.checked_objects import MOST_COMPLAINTS
from kontora.wire.json import render_json
from kontora.wire.owner_upload import MOST_MONEY_TRANSACTIONS, OwnerUpload, read_upload

AT = datetime(2026, 5, 23, 7, 0, tzinfo=UTC)
IBAN = "PL26137013140000000000000001"


def read(document: Any, **institutions: str) -> OwnerUpload:
    return read_upload(parse_json(json.dumps(document).encode()), at=AT, institutions=institutions)


def wrong(document: Any) -> dict[str, str]:
    with pytest.raises(InvalidBody) as caught:
        read(document)
    return dict(caught.value.errors)


def with_account(*items: Any, **fields: Any) -> dict[str, Any]:
    account = {"iban": IBAN, "currencyName": "PLN", "moneyTransactions": list(items)} | fields
    return {"ownerExternalId": "o-1", "accounts": [account]}


def row(day: str = "2026-05-22", amount: Any = -15, **fields: Any) -> dict[str, Any]:
    return {"transactionOn": day, "currencyAmount": amount} | fields


def test_the_least_that_is_asked_for_is_read() -> None:
    upload = read(with_account(row()))
    assert (upload.owner_external_id, upload.warnings) == ("o-1", ())
    (imported,) = upload.imports
    assert imported.country == "pl"
    assert (imported.target, imported.institution, imported.origin) == ("Upload", "Upload", "upload")
    assert imported.credit_cards is None
    (item,) = imported.accounts[0].money_transactions
    assert (item.transaction_on, item.currency_amount, item.status) == (
        date(2026, 5, 22),
        Decimal(-15),
        Status.DONE,
    )


def test_money_is_exact() -> None:
    amount = "-9007199254740.93"
    body = json.dumps(with_account(row(amount="here"), currencyBalance="0.10")).replace('"here"', amount)
    (imported,) = read_upload(parse_json(body.encode()), at=AT, institutions={}).imports
    assert imported.accounts[0].money_transactions[0].currency_amount == Decimal(amount)
    assert imported.accounts[0].currency_balance == Decimal("0.10")


def test_null_means_unknown() -> None:
    document = with_account(row(partyIban=None, status=None, title=None), name=None, owners=None)
    (imported,) = read(document | {"owners": None, "creditCards": None, "country": None}).imports
    assert imported.accounts[0].name == ""


def test_everything_that_is_wrong_is_told_at_once() -> None:
    document: dict[str, Any] = {
        "country": "Poland",
        "owner": [],
        "owners": [{"name": " ", "kind": "BOSS", "birthDate": "1980-02-30"}],
        "accounts": [
            {
                "iban": IBAN,
                "currencyName": "zł",
                "directDebit": "yes",
                "moneyTransactions": [
                    row(),
                    row("22.05.2026", "12,50"),
                    row(amount=True),
                    {"currencyAmount": 1.005},
                    row(amount="NaN"),
                    row(amount=10**15),
                    row(status="OK", mcc="54110", title=7),
                    "x",
                ],
            },
            {"iban": IBAN.replace("PL26", "pl26 "), "currencyName": "zł", "moneyTransactions": {}},
        ],
        "creditCards": [{"cardId": "", "currencyName": "PLN", "number": "4251 2511 1111 1111"}],
    }
    item = "accounts[0].moneyTransactions"
    number = "It must be a number, such as -15.00."
    currency = "It is not of the right form. A currency: three capital letters, such as PLN."
    fields = "ownerExternalId, country, owners, accounts, creditCards"
    assert wrong(document) == {
        "ownerExternalId": "It is missing.",
        "country": "It is not of the right form. A country: two letters, such as pl.",
        "owner": f"There is no such field. Fields here: {fields}.",
        "owners[0].name": "It is not of the right form.",
        "owners[0].kind": "It must be one of OWNER, CO_OWNER, COMPANY.",
        "owners[0].birthDate": "It must be a day that exists, as text: 2026-05-22.",
        "accounts[0].currencyName": currency,
        "accounts[0].directDebit": "It must be true or false.",
        f"{item}[1].transactionOn": "It must be a day that exists, as text: 2026-05-22.",
        f"{item}[1].currencyAmount": number,
        f"{item}[2].currencyAmount": number,
        f"{item}[3].transactionOn": "It is missing.",
        f"{item}[3].currencyAmount": "It has more than two decimals.",
        f"{item}[4].currencyAmount": number,
        f"{item}[5].currencyAmount": "It is out of range: 15 digits before the point at most.",
        f"{item}[6].status": "It must be one of DONE, PENDING, PLANNED, REJECTED.",
        f"{item}[6].mcc": "It is not of the right form. A merchant category code: text of four digits.",
        f"{item}[6].title": "It must be text.",
        f"{item}[7]": "It must be an object.",
        "accounts[1].currencyName": currency,
        "accounts[1].moneyTransactions": "It must be an array.",
        "accounts[1].iban": "accounts[0] has it, too. Send one, with the money transactions of both.",
        "creditCards[0].cardId": "It must not be empty.",
        "creditCards[0].number": "It is not of the right form."
        " The number of a card with its middle masked: 425125******1111.",
    }


@pytest.mark.parametrize("document", [None, [], "x", 1, True, {}, {"ownerExternalId": 7}])
def test_what_is_no_upload_is_told(document: Any) -> None:
    assert wrong(document)


def test_an_upload_without_anything_is_refused() -> None:
    assert wrong({"ownerExternalId": "o-1", "accounts": []}) == {
        "accounts": "There is nothing to keep: send accounts, creditCards or owners."
    }


def test_values_and_odd_names_are_not_repeated() -> None:
    told = str(wrong(with_account(row("kowalski", title=["nowak"])) | {"wiśniewski\n": 1}))
    assert not any(name in told for name in ("kowalski", "nowak", "wiśniewski"))


@pytest.mark.parametrize(
    "number",
    ["4251251111111111", "4251 2511 1111 1111", "4251-2511-1111-1111", "no. 4251251111111", "1" * 19],
)
def test_a_whole_card_number_is_refused_however_it_is_written(number: str) -> None:
    card = {"cardId": "c", "currencyName": "PLN", "number": number}
    told = wrong({"ownerExternalId": "o-1", "creditCards": [card]})
    assert list(told) == ["creditCards[0].number"]
    assert number not in str(told)


@pytest.mark.parametrize("number", ["425125******1111", "4251 25** **** 1111", "XXXX1111", "****1111"])
def test_a_masked_card_number_is_kept(number: str) -> None:
    card = {"cardId": "c", "currencyName": "PLN", "number": number}
    (imported,) = read({"ownerExternalId": "o-1", "creditCards": [card]}).imports
    assert imported.credit_cards is not None
    assert imported.credit_cards[0].number == number


def test_the_list_of_mistakes_has_an_end() -> None:
    told = wrong(with_account(*[{}] * (MOST_COMPLAINTS // 2 + 1)))
    assert len(told) == MOST_COMPLAINTS + 1
    assert told[""] == f"There are more than {MOST_COMPLAINTS} mistakes; the rest is not listed."


def test_there_are_only_so_many_money_transactions() -> None:
    told = wrong(with_account(*[row()] * (MOST_MONEY_TRANSACTIONS + 1)))
    assert told == {"": "There are 50001 money transactions, over 50000. Send several uploads."}


def test_each_target_becomes_a_block_and_known_ones_keep_their_institution() -> None:
    document = {
        "ownerExternalId": "o-1",
        "country": "ES",
        "owners": [{"name": "Ana Ruiz"}],
        "accounts": [
            {"iban": "1", "currencyName": "EUR", "target": "MyBank"},
            {"iban": "2", "currencyName": "EUR"},
            {"iban": "3", "currencyName": "EUR", "target": "KontoBankApi"},
        ],
        "creditCards": [{"cardId": "c", "currencyName": "EUR", "target": "MyBank"}],
    }
    upload = read(document, KontoBankApi="KontoBank")
    assert {one.country for one in upload.imports} == {"es"}
    assert [(one.target, one.institution, len(one.accounts)) for one in upload.imports] == [
        ("MyBank", "MyBank", 1),
        ("Upload", "Upload", 1),
        ("KontoBankApi", "KontoBank", 1),
    ]
    assert [len(one.credit_cards or ()) for one in upload.imports] == [1, 0, 0]
    assert all(one.owners == (Owner("Ana Ruiz", OwnerKind.OWNER),) for one in upload.imports)


def test_money_transactions_stand_newest_first_and_what_is_untrue_is_told_by_its_place_in_the_body() -> None:
    account = {
        "iban": "PL27137013140000000000000001",
        "currencyName": "PLN",
        "target": "B",
        "moneyTransactions": [
            row("2026-05-20", partyIban="PL27137013140000000000000001"),
            row("2016-05-21"),
            row("2026-05-22"),
        ],
    }
    document = {
        "ownerExternalId": "o-1",
        "owners": [{"name": "Jan", "polishPesel": "44051401358"}],
        "accounts": [{"iban": IBAN, "currencyName": "PLN"}, account],
    }
    upload = read(document)
    assert [str(item.transaction_on) for item in upload.imports[1].accounts[0].money_transactions] == [
        "2026-05-22",
        "2026-05-20",
        "2016-05-21",
    ]
    assert set(upload.warnings) == {
        ("owners[0].polishPesel", "The check digits of the number do not match."),
        ("accounts[1].iban", "The check digits, length or bank code of the IBAN do not match."),
        (
            "accounts[1].moneyTransactions[0].partyIban",
            "The check digits, length or bank code of the IBAN do not match.",
        ),
        ("accounts[1].moneyTransactions[1].transactionOn", "The date lies outside of what a bank keeps."),
    }


def test_labels_of_a_reply_may_come_along_and_are_told_not_to_be_kept() -> None:
    upload = read(
        with_account(
            row(labels=["grocery"], vendors=[{"label": "grocery", "name": "Lidl"}]), row(labels=["fee"])
        )
    )
    assert upload.warnings == (
        (
            "accounts[0].moneyTransactions[0].labels",
            "Labels are made anew whenever data is read; yours are not kept. The same holds for 1 more.",
        ),
        (
            "accounts[0].moneyTransactions[0].vendors",
            "Vendors are made anew whenever data is read; yours are not kept.",
        ),
    )
    assert all(not item.labels for item in upload.imports[0].accounts[0].money_transactions)


MONEY = st.decimals(-(10**9), 10**9, places=2)
TEXT = st.none() | st.text(st.characters(codec="utf-8", categories=("L", "N", "Zs")), min_size=1, max_size=20)
ITEM = st.builds(
    MoneyTransaction,
    st.dates(date(2025, 1, 1), date(2026, 5, 1)),
    MONEY,
    st.sampled_from(Status),
    booked_on=st.none(),
    currency_balance=st.none() | MONEY,
    title=TEXT,
    party=TEXT,
    mcc=st.none() | st.just("5411"),
)
ITEMS = st.lists(ITEM, max_size=5).map(
    lambda items: tuple(sorted(items, key=lambda one: one.transaction_on, reverse=True))
)
IMPORTED = st.builds(
    Import,
    st.just("Upload"),
    st.just("Upload"),
    st.just(AT),
    owners=st.just((Owner("Jan Kowalski", OwnerKind.CO_OWNER, birth_date=date(1980, 2, 1)),)),
    accounts=st.builds(
        Account,
        st.just("Konto"),
        st.just(IBAN),
        st.just("PLN"),
        currency_balance=st.none() | MONEY,
        direct_debit=st.none() | st.booleans(),
        money_transactions=ITEMS,
        owners=st.just((AccountOwner("Jan Kowalski", kind=OwnerKind.OWNER),)),
        partial_due_to_timeout=st.booleans(),
    ).map(lambda one: (one,)),
    credit_cards=st.none()
    | st.builds(
        CreditCard, st.just("Visa"), st.just("c-1"), st.just("PLN"), limit=MONEY, money_transactions=ITEMS
    ).map(lambda one: (one,)),
    origin=st.just("upload"),
    country=st.just("pl"),
)


@given(IMPORTED)
def test_what_is_written_in_the_shape_of_an_upload_is_read_back_as_it_was(imported: Import) -> None:
    body = render_json(imported, owner_external_id="o-1")
    (found,) = read_upload(parse_json(body), at=AT, institutions={}).imports

    def in_days(one: Import) -> Import:
        # Within a day the order may be turned round: it is made from days and balances.
        def ordered(source: Any) -> Any:
            items = sorted(source.money_transactions, key=lambda item: (item.transaction_on, repr(item)))
            return replace(source, money_transactions=tuple(items))

        cards = None if one.credit_cards is None else tuple(map(ordered, one.credit_cards))
        return replace(one, accounts=tuple(map(ordered, one.accounts)), credit_cards=cards)

    assert in_days(found) == in_days(imported)


def test_the_banks_of_one_upload_keep_the_order_in_which_they_were_named() -> None:
    one, other = (with_account(row(), target=name)["accounts"][0] for name in ("B", "A"))
    imports = read({"ownerExternalId": "o-1", "accounts": [one, other | {"iban": "PL61"}]}).imports
    assert [one.target for one in imports] == ["B", "A"]
    assert imports[0].imported_at < imports[1].imported_at
