"""The JSON document in the shape of the owner upload."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

from hypothesis import example, given
from hypothesis import strategies as st

from kontora.model import Account, Import
from kontora.wire.json import render_json


def test_an_import_is_written_in_the_shape_of_the_owner_upload(full_import: Import) -> None:
    document = json.loads(
        render_json(full_import, owner_external_id="o-1", country="pl"), parse_float=Decimal
    )
    assert list(document) == ["ownerExternalId", "country", "owners", "accounts", "creditCards"]
    assert document["owners"][0]["polishPesel"] == "84011812345"
    assert document["owners"][0]["birthDate"] == "1984-01-18"
    account = document["accounts"][0]
    assert account["owners"] == [{"name": "Jan Kowalski", "address": "Lipowa 1/2", "kind": "OWNER"}]
    assert account["directDebit"] is True
    assert account["moneyTransactions"][0] == {
        "transactionOn": "2026-05-22",
        "bookedOn": "2026-05-23",
        "currencyAmount": Decimal("-15.00"),
        "currencyBalance": Decimal("120.50"),
        "title": "ZAKUPY & <WIĘCEJ>",
        "party": "BIEDRONKA 123",
        "partyIban": "PL26137013140000000000000001",
        "kind": "ZAPŁATA KARTĄ",
        "status": "DONE",
        "variableSymbol": "1",
        "constantSymbol": "2",
        "specificSymbol": "3",
        "mcc": "5411",
        "labels": ["grocery"],
    }
    assert document["creditCards"][0]["limit"] == Decimal("5000.00")


def test_money_is_a_number_with_exactly_two_decimals_and_never_an_exponent(full_import: Import) -> None:
    written = render_json(full_import, owner_external_id="o-1").decode()
    amounts = re.findall(r'"(?:currency(?:Amount|Balance|FundsAvailable)|limit|interest)":([^,}]+)', written)
    assert len(amounts) == 10
    assert all(re.fullmatch(r"-?\d+\.\d\d", amount) for amount in amounts)


def test_credit_cards_are_left_out_where_the_target_has_none() -> None:
    imported = Import("T", "I", datetime(2026, 5, 23, tzinfo=UTC))
    assert "creditCards" not in json.loads(render_json(imported, owner_external_id="o-1"))


def test_an_unsaid_direct_debit_is_left_out_and_a_refused_one_is_told() -> None:
    accounts = (Account("K", "PL1", "PLN"), Account("K", "PL2", "PLN", direct_debit=False))
    imported = Import("T", "I", datetime(2026, 5, 23, tzinfo=UTC), accounts=accounts)
    written = json.loads(render_json(imported, owner_external_id="o-1"))["accounts"]
    assert ["directDebit" in account for account in written] == [False, True]
    assert all("partialDueToTimeout" not in account for account in written)


def test_a_reply_that_the_client_read_back_is_written_the_same_way() -> None:
    item = SimpleNamespace(
        transaction_on="2026-05-22", currency_amount=Decimal(1), status="DONE", labels=frozenset({"b", "a"})
    )
    account = SimpleNamespace(
        name="K", iban="PL1", currency_name="PLN", owners=(), money_transactions=(item,)
    )
    reply = SimpleNamespace(owners=(), accounts=(account,), credit_cards=None)
    written = json.loads(render_json(reply, owner_external_id="o-1"))
    assert written["accounts"][0]["moneyTransactions"] == [
        {"transactionOn": "2026-05-22", "currencyAmount": 1.0, "status": "DONE", "labels": ["a", "b"]}
    ]


@given(st.text(alphabet=st.characters(exclude_categories=())))
@example("\ud800")
def test_any_text_gives_a_document_that_can_be_read(value: str) -> None:
    imported = Import("T", "I", datetime(2026, 5, 23, tzinfo=UTC), accounts=(Account(value, value, "PLN"),))
    document = json.loads(render_json(imported, owner_external_id="o-1"))
    assert document["accounts"][0]["name"] == re.sub("[\ud800-\udfff]", "\ufffd", value)
