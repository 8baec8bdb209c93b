from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp import web
from tests.connectors.scripted import NOW, Handler, ScriptedBank, answer_json

from kontora.connectors.protocol import BankAccount, Grant, Psu
from kontora.connectors.standards.berlin_group.access import State
from kontora.connectors.standards.berlin_group.connector import BerlinGroupConnector
from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.berlin_group.parse_accounts import Handle
from kontora.connectors.target import Surroundings
from kontora.errors import BankChanged, MultipleAccessLimitExceeded, NotSignedIn
from kontora.model import Account, MoneyTransaction, TransactionStatus

PATH = "/v1/accounts/r1/transactions"
SINCE = (NOW - timedelta(days=400)).date()


def item(id_: str | None, day: str = "2026-01-30", amount: str = "-1.00", **more: Any) -> dict[str, Any]:
    money = {"amount": amount, "currency": "PLN"}
    named = {} if id_ is None else {"transactionId": id_}
    return named | {"bookingDate": day, "valueDate": day, "transactionAmount": money} | more


def page(
    *items: dict[str, Any], following: str | None = None, pending: tuple[dict[str, Any], ...] = ()
) -> dict[str, Any]:
    links: dict[str, Any] = {"account": {"href": "/v1/accounts/r1"}}
    if following is not None:
        links["next"] = {"href": following}
    return {"transactions": {"booked": list(items), "pending": list(pending), "_links": links}}


def refusal(code: str, status: int = 400) -> Handler:
    return answer_json({"tppMessages": [{"category": "ERROR", "code": code}]}, status)


async def read(
    bank: ScriptedBank,
    surroundings: Surroundings,
    since: date = SINCE,
    dialect: Dialect | None = None,
    currency: str = "PLN",
) -> list[MoneyTransaction]:
    class Bank(BerlinGroupConnector):
        pass

    Bank.dialect = dialect or Dialect()
    handle = Handle(balances=f"{bank.url}/b", money_transactions=bank.url + PATH)
    account = BankAccount(handle.encoded(), Account(name="a", iban="PL1", currency_name=currency))
    grant = Grant(State(consent_id="c1").sealed(signed_in=True), psu=Psu())
    return [
        item
        async for items in Bank(surroundings).read_money_transactions(grant, account, since)
        for item in items
    ]


def ids(items: list[MoneyTransaction]) -> list[str | None]:
    return [item.internal_id for item in items]


@pytest.mark.parametrize("form", ["{base}/p2?x=%C4%85&y", "/p2?x=%C4%85&y", "../../../p2?x=%C4%85&y"])
async def test_links_to_the_next_page_are_followed_to_the_letter(
    bank: ScriptedBank, surroundings: Surroundings, form: str
) -> None:
    bank.json("GET", PATH, page(item("1"), following=form.format(base=bank.url)))
    bank.json("GET", "/p2", page(item("2")))
    assert ids(await read(bank, surroundings)) == ["1", "2"]
    second = bank.asked("GET", "/p2")[0]
    assert second.query in {"x=%C4%85&y", "x=ą&y"}
    assert second.headers["Consent-ID"] == "c1"


async def test_a_link_to_a_page_already_read_ends_the_list(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    bank.json("GET", PATH, page(item("1"), following="/p2"))
    bank.json("GET", "/p2", page(item("2"), following="/p2"))
    assert ids(await read(bank, surroundings)) == ["1", "2"]
    assert len(bank.seen) == 2


async def test_an_empty_page_does_not_end_the_list_but_many_do(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    turns = 0

    async def empty(_: web.Request) -> web.StreamResponse:
        nonlocal turns
        turns += 1
        body = page(item("9")) if turns == 3 else page(following=f"/p{turns}?again")
        return web.json_response(body)

    bank.on("GET", PATH, answer_json(page(following="/p0")))
    for number in range(20):
        bank.on("GET", f"/p{number}", empty)
    assert ids(await read(bank, surroundings)) == ["9"]
    turns = 10
    assert await read(bank, surroundings) == []
    assert turns < 17


async def test_a_list_without_end_is_the_banks_mistake(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    turns = 0

    async def more(_: web.Request) -> web.StreamResponse:
        nonlocal turns
        turns += 1
        return web.json_response(page(item(str(turns)), following=f"{PATH}?page={turns}"))

    bank.on("GET", PATH, more)
    with pytest.raises(BankChanged, match="too many pages"):
        await read(bank, surroundings, dialect=Dialect(max_pages=7))
    assert turns == 8


async def test_a_next_page_at_another_host_is_not_asked_for(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    bank.json("GET", PATH, page(item("1"), following="http://169.254.169.254/p2"))
    with pytest.raises(BankChanged):
        await read(bank, surroundings)


async def test_a_list_to_be_fetched_elsewhere_is_fetched(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    bank.json("GET", PATH, {"_links": {"download": {"href": "/file"}}})
    bank.json("GET", "/file", page(item("1")))
    assert ids(await read(bank, surroundings)) == ["1"]


@pytest.mark.parametrize("code", ["PARAMETER_NOT_SUPPORTED", "SERVICE_INVALID"])
async def test_where_both_is_not_known_booked_and_pending_are_read(
    bank: ScriptedBank, surroundings: Surroundings, code: str
) -> None:
    pending = page(
        pending=({"transactionAmount": {"amount": "-2", "currency": "PLN"}, "transactionId": "p"},)
    )
    bank.on("GET", PATH, refusal(code), answer_json(page(item("1"))), answer_json(pending))
    found = await read(bank, surroundings)
    assert [(one.internal_id, one.status) for one in found] == [
        ("1", TransactionStatus.DONE),
        ("p", TransactionStatus.PENDING),
    ]
    assert found[1].transaction_on == NOW.date()
    assert [seen.query.split("&")[0] for seen in bank.seen] == [
        "bookingStatus=both",
        "bookingStatus=booked",
        "bookingStatus=pending",
    ]


async def test_a_bank_without_pending_items_gives_the_booked_ones(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    bank.on(
        "GET",
        PATH,
        refusal("PARAMETER_NOT_SUPPORTED"),
        answer_json(page(item("1"))),
        refusal("SERVICE_INVALID"),
    )
    assert ids(await read(bank, surroundings)) == ["1"]
    bank.on("GET", PATH, refusal("PARAMETER_NOT_SUPPORTED"))
    with pytest.raises(BankChanged):
        await read(bank, surroundings)


async def test_a_history_that_is_too_long_is_shortened_to_90_days(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    bank.on("GET", PATH, refusal("PERIOD_INVALID"), answer_json(page(item("1"))))
    assert ids(await read(bank, surroundings)) == ["1"]
    assert [seen.query.split("dateFrom=")[1] for seen in bank.seen] == [
        SINCE.isoformat(),
        (NOW - timedelta(days=89)).date().isoformat(),
    ]


async def test_a_bank_that_takes_short_spans_only_is_read_in_spans(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    async def short(request: web.Request) -> web.StreamResponse:
        first = date.fromisoformat(request.query["dateFrom"])
        last = date.fromisoformat(request.query.get("dateTo", NOW.date().isoformat()))
        if (last - first).days > 14 or first < (NOW - timedelta(days=60)).date():
            return await refusal("PERIOD_INVALID")(request)
        return web.json_response(page(item(first.isoformat(), first.isoformat())))

    bank.on("GET", PATH, short)
    found = await read(bank, surroundings)
    assert [one.transaction_on.isoformat() for one in found] == [
        "2026-01-18",
        "2026-01-04",
        "2025-12-21",
        "2025-12-07",
    ]
    bank.seen.clear()
    known = await read(bank, surroundings, NOW.date() - timedelta(days=20), Dialect(window_days=10))
    assert [one.transaction_on.isoformat() for one in known] == ["2026-01-22", "2026-01-12", "2026-01-11"]
    assert len(bank.seen) == 3


async def test_a_bank_that_refuses_every_span_has_changed(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    bank.on("GET", PATH, refusal("PERIOD_INVALID"))
    with pytest.raises(BankChanged):
        await read(bank, surroundings)
    assert len(bank.seen) == 3


async def test_what_is_older_than_asked_for_is_left_out(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    bank.json("GET", PATH, page(item("1"), item("2", "2025-01-01")))
    assert ids(await read(bank, surroundings, date(2026, 1, 1))) == ["1"]


async def test_repeats_are_dropped_and_nothing_else(bank: ScriptedBank, surroundings: Surroundings) -> None:
    coffee = item(None, remittanceInformationUnstructured="Coffee")
    bank.json(
        "GET", PATH, page(item("1"), item("1", amount="-2.00"), item("2"), coffee, coffee, following="/p2")
    )
    bank.json("GET", "/p2", page(item("2"), item("1"), item(" "), item("3")))
    found = await read(bank, surroundings)
    hashed = [one for one in ids(found) if (one or "").startswith("hash:")]
    assert [one for one in ids(found) if one not in hashed] == ["1", "1", "2", "3"]
    assert len(hashed) == 3
    assert hashed[0] == hashed[1] != hashed[2]


async def test_the_reads_of_the_day_being_used_up_has_its_own_name(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    bank.on("GET", PATH, answer_json([{"category": "ERROR", "code": "ACCESS_EXCEEDED"}], 429))
    with pytest.raises(MultipleAccessLimitExceeded):
        await read(bank, surroundings)
    assert len(bank.seen) == 1
    assert "PSU-IP-Address" not in bank.seen[0].headers


async def test_an_amount_in_another_currency_is_never_taken_for_the_accounts(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    bank.json("GET", PATH, page(item("1")))
    with pytest.raises(BankChanged, match="currency"):
        await read(bank, surroundings, currency="EUR")


async def test_reading_needs_a_sign_in(surroundings: Surroundings) -> None:
    with pytest.raises(NotSignedIn):
        await BerlinGroupConnector(surroundings).list_accounts(Grant(State().sealed()))


async def test_a_multicurrency_account_becomes_one_account_for_each_currency(
    bank: ScriptedBank, surroundings: Surroundings
) -> None:
    account = {
        "resourceId": "r 1",
        "iban": "PL61109010140000071219812874",
        "currency": "XXX",
        "name": "Multi",
    }
    bank.json("GET", "/v1/accounts", {"accounts": [account]})
    balances = [
        {"balanceType": "closingBooked", "balanceAmount": {"amount": amount, "currency": currency}}
        for amount, currency in (("10", "PLN"), ("20.5", "EUR"))
    ]
    bank.json("GET", "/v1/accounts/r 1/balances", {"balances": balances})
    euros = item("2")
    euros["transactionAmount"] = {"amount": "5", "currency": "EUR"}
    bank.json("GET", "/v1/accounts/r 1/transactions", page(item("1"), euros))
    connector = BerlinGroupConnector(replace(surroundings))
    grant = Grant(State(consent_id="c1").sealed(signed_in=True))
    listed = (await connector.list_accounts(grant)).accounts
    found = {}
    for one in listed:
        account_read = await connector.read_account(grant, one)
        items = [i async for p in connector.read_money_transactions(grant, one, SINCE) for i in p]
        found[account_read.currency_name] = (str(account_read.currency_balance), ids(items))
    assert found == {"PLN": ("10", ["1"]), "EUR": ("20.5", ["2"])}
    assert len(bank.asked("GET", "/v1/accounts/r 1/balances")) == 1
