from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.connectors.polish_api.signing import ACCOUNT, GRANTED, NUMBER, Bank, SigningBank, granted, tokens
from tests.connectors.scripted import Handler, answer

from kontora.connectors.standards.polish_api.access import Granted
from kontora.connectors.standards.polish_api.consent import LISTS, parse_granted
from kontora.connectors.standards.polish_api.dialect import Dialect
from kontora.connectors.standards.polish_api.listing import next_page, parse_account_list
from kontora.connectors.standards.polish_api.parse_accounts import parse_account
from kontora.connectors.standards.polish_api.parse_transactions import Reading, parse_list
from kontora.connectors.strict_json import parse_json
from kontora.errors import BankChanged, KontoraError

READING = Reading(NUMBER, "PLN", date(2026, 1, 31))
ITEM = {
    "itemId": "1",
    "amount": "10.00",
    "currency": "PLN",
    "description": "x",
    "transactionType": "BLIK",
    "tradeDate": "2026-01-30T00:00:00",
    "bookingDate": "2026-01-30T00:00:00",
    "mcc": "5411",
    "transactionCategory": "DEBIT",
    "postTransactionBalance": "1.00",
    "sender": {"accountNumber": "1", "nameAddress": {"value": ["A", "B"]}},
    "recipient": {"accountNumber": "2", "nameAddress": {"value": ["C"]}},
}
SOUND: dict[str, Any] = {
    "account": ACCOUNT | {"auxData": {"a": "b"}, "accountNameClient": "Moje"},
    "transactions": [ITEM],
    "holds": [ITEM],
    "accounts": [ACCOUNT],
    "pageInfo": {"nextPage": "2"},
    "consentId": "c",
    "scopeTimeLimit": "2026-07-30T12:00:00",
    "privilegeList": [GRANTED],
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=3),
    st.sampled_from(["", " ", "NaN", "1e400", "-0", "0x10", "9" * 60, "\u0000", "\u202e", "2026-02-30"]),
)


def paths(value: object, at: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [at] if at else []
    if isinstance(value, dict):
        found += [path for key, inner in value.items() for path in paths(inner, (*at, key))]
    if isinstance(value, list):
        found += [path for index, inner in enumerate(value) for path in paths(inner, (*at, index))]
    return found


PATHS = paths(SOUND)


def mutated(path: tuple[object, ...], value: object) -> dict[str, Any]:
    whole: Any = json.loads(json.dumps(SOUND))
    place = whole
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return dict(parse_json(json.dumps(whole).encode()))


@settings(max_examples=1500, deadline=None)
@given(st.sampled_from(PATHS), ODD)
def test_one_odd_value_anywhere_is_understood_or_named(path: tuple[object, ...], value: object) -> None:
    try:
        body = mutated(path, value)
    except BankChanged:
        return
    parsers = [
        lambda: parse_account(body, Granted(NUMBER), Dialect()),
        lambda: parse_account_list(body, Dialect()),
        lambda: next_page(body),
        lambda: parse_granted(body),
        *(lambda name=name: parse_list(body, name, READING, Dialect()) for name in LISTS),
    ]
    for parse in parsers:
        try:
            parse()
        except BankChanged as error:
            assert "9" * 60 not in error.message


def hostile(signing: SigningBank) -> list[Handler]:
    return [
        signing.raw(b""),
        signing.raw(b"null"),
        signing.raw(b"[]"),
        signing.raw(b'{"responseHeader": []}'),
        signing.raw(b'{"responseHeader": {"isCallback": "yes"}}'),
        signing.raw(b'{"responseHeader": {}, "responseHeader": {}}'),
        signing.raw(b'{"responseHeader": {}, "a": NaN}'),
        signing.raw(b"[" * 100_000),
        signing.raw(b"\xff\xfe"),
        signing.raw(b"<html>ok</html>"),
        answer(b'{"responseHeader": {}}'),
        answer(b"x" * 300_000),
    ]


@pytest.mark.parametrize("operation", ["getAccounts", "getAccount", "getTransactionsDone"])
async def test_a_hostile_answer_is_a_named_failure(
    polish: SigningBank, connector: Bank, operation: str
) -> None:
    for handler in hostile(polish):
        polish.script_sign_in()
        polish.script_reading()
        polish.on(operation, handler)
        with pytest.raises(KontoraError):
            grant = await granted(connector)
            (account,) = (await connector.list_accounts(grant)).accounts
            async for _ in connector.read_money_transactions(grant, account, date(2026, 1, 1)):
                pass


@pytest.mark.parametrize("operation", ["authorize", "token"])
async def test_a_hostile_answer_to_a_sign_in_is_a_named_failure(
    polish: SigningBank, connector: Bank, operation: str
) -> None:
    for handler in hostile(polish):
        polish.script_sign_in()
        polish.on(operation, handler)
        with pytest.raises(KontoraError):
            await granted(connector)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(tokens("a"))), value=ODD)
async def test_an_odd_token_is_understood_or_named(
    polish: SigningBank, connector: Bank, name: str, value: object
) -> None:
    polish.script_sign_in()
    polish.on("token", tokens("a") | {name: value}, tokens("b", privilegeList=[GRANTED]))
    try:
        await granted(connector)
    except KontoraError as error:
        assert isinstance(error, BankChanged)
