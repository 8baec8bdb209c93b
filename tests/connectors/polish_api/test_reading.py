from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count

import msgspec
import pytest
from aiohttp import web
from tests.connectors.polish_api.signing import (
    ACCOUNT,
    GRANTED,
    MASKED,
    NUMBER,
    PSU,
    REQUEST,
    Bank,
    Body,
    SigningBank,
    granted,
    signed_in,
    tokens,
)
from tests.connectors.scripted import NOW

from kontora.connectors.protocol import Access, Grant
from kontora.connectors.standards.polish_api.access import Granted, State
from kontora.connectors.standards.polish_api.consent import LISTS
from kontora.errors import (
    BankChanged,
    KontoraError,
    MultipleAccessLimitExceeded,
    NotSignedIn,
    ServiceMaintenance,
    ServiceTemporarilyUnavailable,
    SessionExpired,
)
from kontora.model import MoneyTransaction

SINCE = date(2026, 1, 1)


def item(number: int, day: str = "2026-01-20") -> Body:
    return {
        "itemId": str(number),
        "amount": "1.00",
        "transactionCategory": "DEBIT",
        "bookingDate": f"{day}T00:00:00",
    }


async def read(bank: Bank, grant: Grant, since: date = SINCE) -> list[Sequence[MoneyTransaction]]:
    (account,) = (await bank.list_accounts(grant)).accounts
    return [page async for page in bank.read_money_transactions(grant, account, since)]


async def test_every_list_is_asked_and_what_is_done_comes_last(polish: SigningBank, connector: Bank) -> None:
    polish.script_sign_in()
    polish.script_reading()
    pages = await read(connector, await granted(connector))
    assert pages == [()] * 6
    order = [seen.path.rpartition("/")[2] for seen in polish.bank.seen]
    assert order[-6:] == list(LISTS)
    for name in LISTS:
        (asked,) = polish.asked(name)
        since = "bookingDateFrom" if name == "getTransactionsDone" else "transactionDateFrom"
        assert (asked["accountNumber"], asked[since], asked["perPage"]) == (NUMBER, "2026-01-01", 2)


async def test_pages_are_read_until_there_is_no_next_one(polish: SigningBank, connector: Bank) -> None:
    polish.script_sign_in()
    polish.script_reading()
    polish.on(
        "getTransactionsDone",
        {"transactions": [item(1), item(2)], "pageInfo": {"nextPage": "zażółć/2"}},
        {"transactions": [item(3)], "pageInfo": {"previousPage": "1", "nextPage": "3"}},
        {"transactions": [item(4)], "pageInfo": {"previousPage": "2"}},
    )
    pages = await read(connector, await granted(connector))
    assert [[one.internal_id for one in page] for page in pages[5:]] == [["1", "2"], ["3"], ["4"]]
    asked = polish.asked("getTransactionsDone")
    assert [body.get("pageId") for body in asked] == [None, "zażółć/2", "3"]
    assert {body["bookingDateFrom"] for body in asked} == {"2026-01-01"}


@pytest.mark.parametrize("page", ["1", "same"])
async def test_a_page_that_leads_to_itself_ends_the_list(
    polish: SigningBank, connector: Bank, page: str
) -> None:
    polish.script_sign_in()
    polish.script_reading()
    body = {"transactions": [item(1)], "pageInfo": {"nextPage": page}}
    polish.on("getTransactionsDone", body)
    pages = await read(connector, await granted(connector))
    assert len(polish.asked("getTransactionsDone")) == 2
    assert [len(page) for page in pages[5:]] == [1, 0]


async def test_empty_pages_in_a_row_end_the_list(polish: SigningBank, connector: Bank) -> None:
    polish.script_sign_in()
    polish.script_reading()
    bodies = [{"pageInfo": {"nextPage": str(turn)}} for turn in range(20)]
    polish.on("getTransactionsDone", *bodies)
    await read(connector, await granted(connector))
    assert len(polish.asked("getTransactionsDone")) == 5


async def test_a_list_without_end_is_refused(polish: SigningBank, connector: Bank) -> None:
    class Impatient(Bank):
        dialect = replace(Bank.dialect, max_pages=10)

    polish.script_sign_in()
    polish.script_reading()
    turns = count()

    async def endless(request: web.Request) -> web.StreamResponse:
        turn = next(turns)
        body = {"transactions": [item(turn)], "pageInfo": {"nextPage": f"p{turn}"}}
        return await polish.answer(body)(request)

    polish.on("getTransactionsDone", endless)
    grant = await granted(connector)
    with pytest.raises(BankChanged, match="too many pages"):
        await read(Impatient(connector.calls.surroundings), grant)
    assert len(polish.asked("getTransactionsDone")) == 11


async def test_repeats_are_dropped_and_what_only_looks_alike_is_kept(
    polish: SigningBank, connector: Bank
) -> None:
    polish.script_sign_in()
    polish.script_reading()
    other = item(1) | {"description": "other"}
    nameless = {name: value for name, value in item(9).items() if name != "itemId"}
    polish.on("getTransactionsDone", {"transactions": [item(1), item(1), other, nameless, nameless]})
    pages = await read(connector, await granted(connector))
    assert len(pages[-1]) == 4


async def test_what_is_older_than_asked_for_is_left_out(polish: SigningBank, connector: Bank) -> None:
    polish.script_sign_in()
    polish.script_reading()
    polish.on("getTransactionsDone", {"transactions": [item(1), item(2, "2025-12-31")]})
    pages = await read(connector, await granted(connector))
    assert [one.internal_id for one in pages[-1]] == ["1"]


async def test_only_lists_that_were_granted_are_asked(polish: SigningBank, connector: Bank) -> None:
    kept = {"accountNumber", "ais:getAccount", "ais:getHolds"}
    polish.script_sign_in(granted=[{name: GRANTED[name] for name in kept}])
    polish.script_reading()
    await read(connector, await granted(connector))
    assert [name for name in LISTS if polish.asked(name)] == ["getHolds", "getTransactionsDone"]


@pytest.mark.parametrize("status", [403, 405, 501])
async def test_a_list_that_the_bank_does_not_offer_is_left_out(
    polish: SigningBank, connector: Bank, status: int
) -> None:
    polish.script_sign_in()
    polish.script_reading()
    for name in LISTS[:-1]:
        polish.on(name, status)
    polish.on("getTransactionsDone", {"transactions": [item(1)]})
    pages = await read(connector, await granted(connector))
    assert [len(page) for page in pages] == [1]


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (400, BankChanged),
        (401, SessionExpired),
        (403, SessionExpired),
        (405, BankChanged),
        (406, BankChanged),
        (415, BankChanged),
        (422, BankChanged),
        (429, MultipleAccessLimitExceeded),
        (500, ServiceTemporarilyUnavailable),
        (501, BankChanged),
        (503, ServiceTemporarilyUnavailable),
    ],
)
@pytest.mark.parametrize("operation", ["getAccount", "getTransactionsDone"])
async def test_failures_are_named_by_their_status_and_keep_the_banks_words_to_themselves(
    polish: SigningBank, connector: Bank, operation: str, status: int, failure: type[KontoraError]
) -> None:
    polish.script_sign_in()
    polish.script_reading()
    polish.on(operation, status)
    grant = await granted(connector)
    polish.on("token", 401)
    with pytest.raises(failure) as raised:
        await read(connector, grant)
    assert type(raised.value) is failure
    assert "Odmowa" not in raised.value.message and "FREE_TEXT" not in raised.value.message


async def test_a_page_of_maintenance_is_maintenance(polish: SigningBank, connector: Bank) -> None:
    polish.script_sign_in()
    polish.on("getAccount", polish.raw(b"<html>Maintenance until 6</html>", 503))
    with pytest.raises(ServiceMaintenance):
        await connector.list_accounts(await granted(connector))


async def test_a_read_that_the_bank_fails_is_tried_again_and_a_code_is_not(
    polish: SigningBank, connector: Bank
) -> None:
    polish.script_sign_in()
    polish.on("getAccount", 503, {"account": ACCOUNT})
    grant = await granted(connector)
    assert len((await connector.list_accounts(grant)).accounts) == 1
    polish.on("authorize", 503)
    with pytest.raises(ServiceTemporarilyUnavailable):
        await connector.sign_in(REQUEST, [], None)
    assert len(polish.asked("authorize")) == 2


async def test_history_that_the_bank_no_longer_gives_is_read_as_far_as_it_does(
    polish: SigningBank, connector: Bank
) -> None:
    polish.script_sign_in(granted=[{"accountNumber": NUMBER}])
    polish.script_reading()
    polish.on("getTransactionsDone", 422, {"transactions": [item(1)]})
    pages = await read(connector, await granted(connector), date(2025, 1, 1))
    assert [len(page) for page in pages] == [0, 0, 0, 0, 0, 1]
    asked = [body["bookingDateFrom"] for body in polish.asked("getTransactionsDone")]
    assert asked == ["2025-01-01", str(NOW.date() - timedelta(days=89))]


async def test_no_more_history_is_asked_for_than_the_owner_granted(
    polish: SigningBank, connector: Bank
) -> None:
    few = GRANTED | {"ais:getTransactionsDone": {"maxAllowedHistoryLong": 10}}
    polish.script_sign_in(granted=[few])
    polish.script_reading()
    await read(connector, await granted(connector))
    assert polish.asked("getTransactionsDone")[0]["bookingDateFrom"] == "2026-01-22"


async def test_an_ended_token_is_renewed_once_and_stored_before_it_is_used(
    polish: SigningBank, connector: Bank
) -> None:
    polish.script_sign_in()
    polish.script_reading()
    order: list[str] = []

    async def keep(access: Access) -> None:
        order.append("kept")

    grant = Grant(await signed_in(connector), psu=PSU, keep=keep)
    polish.on("token", tokens("c"))

    async def demanding(request: web.Request) -> web.StreamResponse:
        fresh = request.headers["Authorization"] == "Bearer access-c"
        order.append("fresh" if fresh else "ended")
        return await (polish.answer({"account": ACCOUNT}) if fresh else polish.answer({}, 401))(request)

    polish.on("getAccount", demanding)
    assert len((await connector.list_accounts(grant)).accounts) == 1
    assert order == ["ended", "kept", "fresh"]
    refresh = polish.asked("token")[-1]
    assert (refresh["grant_type"], refresh["refresh_token"]) == ("refresh_token", "refresh-b")
    state = State.opened(grant.access)
    assert state.tokens is not None and state.tokens.refresh == "refresh-c"
    assert len(state.accounts) == 1


async def test_a_token_that_is_about_to_end_is_renewed_before_the_read(
    polish: SigningBank, connector: Bank
) -> None:
    polish.script_sign_in()
    polish.on("token", tokens("a"), tokens("b", expires_in="0", privilegeList=[GRANTED]))
    grant = await granted(connector)
    polish.on("token", tokens("c"))
    polish.on("getAccount", {"account": ACCOUNT})
    await connector.list_accounts(grant)
    assert polish.asked("getAccount")[0]["requestHeader"]["token"] == "access-c"


async def test_cards_and_accounts_are_told_apart_by_the_list_and_each_is_read_once(
    polish: SigningBank, connector: Bank
) -> None:
    card_type = {"code": "K", "description": "Karta kredytowa"}
    card = "5169311234567890"
    polish.script_sign_in(
        {"accountNumber": MASKED, "accountType": {"code": "R"}},
        {"accountNumber": "516931******7890", "accountType": card_type},
        granted=[GRANTED, GRANTED | {"accountNumber": card}],
    )

    async def details(request: web.Request) -> web.StreamResponse:
        number = msgspec.json.decode(await request.read())["accountNumber"]
        kind = {"accountType": card_type} if number == card else {}
        return await polish.answer({"account": ACCOUNT | {"accountNumber": number} | kind})(request)

    polish.on("getAccount", details)
    grant = await granted(connector)
    (account,) = (await connector.list_accounts(grant)).accounts
    (found,) = await connector.list_credit_cards(grant)
    assert (account.account.iban, found.card.number) == (NUMBER, "516931******7890")
    assert await connector.read_account(grant, account) == account.account
    assert await connector.read_credit_card(grant, found) == found.card
    assert [body["accountNumber"] for body in polish.asked("getAccount")] == [NUMBER, card]
    for name in LISTS:
        polish.on(name, {})
    assert [page async for page in connector.read_credit_card_transactions(grant, found, SINCE)] == [()] * 6
    assert {body["accountNumber"] for name in LISTS for body in polish.asked(name)} == {card}


@pytest.mark.parametrize("status", [204, 400, 401, 403, 422])
async def test_signing_out_ends_both_consents_and_twice_is_harmless(
    polish: SigningBank, connector: Bank, status: int
) -> None:
    polish.script_sign_in()
    grant = await granted(connector)
    polish.on("deleteConsent", polish.raw(b"", 204) if status == 204 else status)
    await connector.sign_out(grant)
    ended = [body["consentId"] for body in polish.asked("deleteConsent")]
    assert ended == list(reversed(State.opened(grant.access).consent_ids))
    assert len(ended) == 2


async def test_without_a_sign_in_nothing_is_read(connector: Bank) -> None:
    state = State(accounts=State.opened(State().sealed()).accounts).sealed()
    assert (await connector.list_accounts(Grant(state))).accounts == ()
    with pytest.raises(NotSignedIn):
        await connector.list_accounts(Grant(State(accounts=(Granted(NUMBER),)).sealed()))
