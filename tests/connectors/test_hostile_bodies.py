"""Recorded answers with something broken: the end is a named failure or sound data."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.connectors.exchanges import HOST, exchanges, read_exchange

from kontora.connectors.bank_line import BankCall, BankReply
from kontora.connectors.bank_reach import Reach
from kontora.connectors.protocol import BankAccount, BankCard, Grant, SignInRequest
from kontora.connectors.standards.berlin_group.access import State
from kontora.connectors.standards.kontobank import KontoBankConnector
from kontora.connectors.strict_json import parse_json
from kontora.connectors.strict_xml import parse_xml
from kontora.connectors.target import Surroundings
from kontora.errors import BankChanged, BankError, KontoraError
from kontora.model import Account, CreditCard

ODD: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    " ",
    "x",
    "NaN",
    "1e400",
    "9" * 50,
    [],
    {},
    [None],
    {"href": 7},
    "\ud800",
    "\x00",
    "2026-13-45",
    "-0.00",
    "1,50",
    {"amount": "1", "currency": "ZZZ"},
    "javascript:x",
]


class FixedLine:
    target = "Bank"
    reach = Reach.of([HOST])

    def __init__(self, body: bytes, status: int = 200, content_type: str = "application/json") -> None:
        self.reply = (status, {"Content-Type": content_type}, body)
        self.calls = 0

    async def send(self, call: BankCall) -> BankReply:
        self.reach.checked(call.url)
        self.calls += 1
        assert self.calls < 1100, "the list has no end"
        return BankReply(*self.reply, call.url)


@cache
def bodies() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in exchanges():
        for turn in read_exchange(path).turns:
            xml = "camt" if turn.body.startswith("<") else ""
            found.setdefault(turn.operation + xml, turn.body.encode())
    return found


READ = [
    "getAccountList",
    "getBalances",
    "getTransactionList",
    "getTransactionListcamt",
    "getCardAccountList",
    "getCardAccountBalances",
    "getCardAccountTransactionList",
    "createConsent",
]
HANDLE = '{"balances":"https://bank.invalid/b","money_transactions":"https://bank.invalid/t"}'


async def read(operation: str, line: FixedLine) -> None:
    connector = KontoBankConnector(
        Surroundings(line=line, base_url=HOST, now=lambda: datetime(2026, 1, 31, tzinfo=UTC))
    )
    grant = Grant(State(consent_id="c").sealed(signed_in=True))
    account = BankAccount(HANDLE, Account(name="a", iban="i", currency_name="PLN"))
    card = BankCard(HANDLE, CreditCard(name="c", card_id="1", currency_name="PLN"))
    if operation == "createConsent":
        await connector.sign_in(SignInRequest(redirect_uri="https://k.example/"), (), None)
    elif operation == "getAccountList":
        await connector.list_accounts(grant)
    elif operation == "getBalances":
        await connector.read_account(grant, account)
    elif operation == "getCardAccountList":
        await connector.list_credit_cards(grant)
    elif operation == "getCardAccountBalances":
        await connector.read_credit_card(grant, card)
    elif operation == "getCardAccountTransactionList":
        _ = [page async for page in connector.read_credit_card_transactions(grant, card, date(2025, 1, 1))]
    else:
        _ = [page async for page in connector.read_money_transactions(grant, account, date(2025, 1, 1))]


def survives(operation: str, body: bytes) -> None:
    with suppress(KontoraError):
        asyncio.run(read(operation, FixedLine(body)))


@st.composite
def broken_values(draw: st.DrawFn, body: bytes) -> bytes:
    """A body in which one value somewhere is something else, or missing."""
    value = json.loads(body)
    place: Any = value
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        if not keys:
            return json.dumps(value).encode("utf-8", "surrogatepass")
        key = draw(st.sampled_from(keys))
        if isinstance(place[key], dict | list) and place[key] and draw(st.integers(0, 3)):
            place = place[key]
            continue
        if draw(st.booleans()):
            del place[key]
        else:
            place[key] = draw(st.sampled_from(ODD))
        return json.dumps(value).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("operation", [name for name in READ if not name.endswith("camt")])
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_broken_value_ends_in_a_named_failure(operation: str, data: st.DataObject) -> None:
    survives(operation, data.draw(broken_values(bodies()[operation])))


@pytest.mark.parametrize("operation", READ)
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_broken_bytes_end_in_a_named_failure(operation: str, data: st.DataObject) -> None:
    body = bytearray(bodies()[operation])
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(body) - 1))
        end = start + data.draw(st.sampled_from([0, 1, 2, 50]))
        body[start:end] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b'"', b"}", b"\\u0000", b"<", b"&x;"])
        )
    survives(operation, bytes(body))


@pytest.mark.parametrize("operation", READ)
@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b"<", b"<a/>", b"\xff\xfe", b"<html>down</html>", b"0"]
)
def test_a_body_of_another_kind_ends_in_a_named_failure(operation: str, body: bytes) -> None:
    with pytest.raises(BankChanged) as caught:
        asyncio.run(read(operation, FixedLine(body)))
    assert caught.value.message.startswith("Bank, ")
    assert isinstance(caught.value, BankError)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 1}',
        b'{"a": NaN}',
        b"[Infinity]",
        b"[-Infinity]",
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b'["\\ud800"]',
        b'["\\uDFFF x"]',
        b"[" + b"9" * 100_000 + b"]",
        b"[1e999999999]",
        b"[1" + b"0" * 39 + b".5e30]",
        b"\xff",
        b"{",
        b"",
        b"[1,]",
        b"'a'",
        b'{"a": 1} {"b": 2}',
        b'["\xed\xa0\x80"]',
    ],
)
def test_json_that_has_no_one_meaning_is_refused(body: bytes) -> None:
    with pytest.raises(BankChanged):
        parse_json(body)


def test_numbers_of_json_are_exact() -> None:
    assert parse_json(b'[0.1, 12, 1.10, -0.0, 1e2, "\xf0\x9f\x98\x80", "\\ud83d\\ude00"]') == [
        Decimal("0.1"),
        12,
        Decimal("1.10"),
        Decimal("0.0"),
        Decimal(100),
        "😀",
        "😀",
    ]
    assert str(parse_json(b"1.10")) == "1.10"
    assert not any(isinstance(value, float) for value in parse_json(b"[1.5, 1e0]"))


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'
)


@pytest.mark.parametrize(
    "body",
    [
        LAUGHS,
        b"<!DOCTYPE x><x/>",
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>',
        b"<a>" * 65 + b"</a>" * 65,
        b"<a>" * 100_000,
        b"<a>&undefined;</a>",
        b"<a",
        b"",
        b"<a/><b/>",
        b"<a>\x00</a>",
        "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE x><x/>".encode("utf-16"),
    ],
)
def test_xml_with_a_trick_is_refused(body: bytes) -> None:
    with pytest.raises(BankChanged):
        parse_xml(body)
