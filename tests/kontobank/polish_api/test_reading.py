from __future__ import annotations

import gzip
from datetime import date
from itertools import pairwise

import aiohttp
import pytest
from tests.connectors.walking import control, practice_bank
from tests.kontobank.polish_api.party import LISTS, PRESENT, Body, Party, Reply

DONE = "getTransactionsDone"


async def read(party: Party, operation: str, number: str, **more: object) -> Reply:
    return await party.call(operation, {"accountNumber": number, **more}, header=PRESENT)


async def all_done(party: Party, number: str, **more: object) -> list[Body]:
    items, page = [], None
    while True:
        query = {**more, **({"pageId": page} if page else {})}
        reply = await read(party, DONE, number, **query)
        assert reply.status == 200, reply.content
        items += reply.body["transactions"]
        page = reply.body["pageInfo"].get("nextPage")
        if page is None:
            return items


async def test_the_list_masks_numbers_and_the_details_do_not(party: Party) -> None:
    await party.listing("many")
    listed = (await party.call("getAccounts", {}, header=PRESENT)).body["accounts"]
    assert [account["accountType"]["code"] for account in listed] == [
        "CACC",
        "SVGS",
        *["CACC"] * 3,
        "CARD",
        "CARD",
    ]
    for account in listed:
        assert "*" in account["accountNumber"]
        assert account["psuRelations"] == [{"typeOfRelation": "Owner"}]
    numbers = await party.sign_in("many")
    found = (await read(party, "getAccount", numbers[0])).body["account"]
    assert found["accountNumber"] == numbers[0]
    assert found["accountHolderType"] == "individual"
    assert len(found["nameAddress"]["value"]) in range(2, 5)
    assert all(len(line) <= 35 for line in found["nameAddress"]["value"])


async def test_lists_of_accounts_have_pages_and_filters(party: Party) -> None:
    await party.listing("many")
    first = (await party.call("getAccounts", {"perPage": 3}, header=PRESENT)).body
    assert (len(first["accounts"]), first["pageInfo"]) == (3, {"nextPage": "p2"})
    last = (await party.call("getAccounts", {"perPage": 3, "pageId": "p3"}, header=PRESENT)).body
    assert (len(last["accounts"]), last["pageInfo"]) == (1, {"previousPage": "p2"})
    none = await party.call("getAccounts", {"typeOfPsuRelation": "Trustee"}, header=PRESENT)
    assert none.body["accounts"] == []
    assert (await party.call("getAccounts", {"pageId": "x"}, header=PRESENT)).status == 422


async def test_amounts_are_unsigned_and_the_side_tells_the_sign(party: Party) -> None:
    numbers = await party.sign_in("test1")
    items = await all_done(party, numbers[0])
    assert {item["transactionCategory"] for item in items} == {"CREDIT", "DEBIT"}
    assert not any(item["amount"].startswith("-") for item in items)
    for newer, older in pairwise(items):
        signed = float(newer["amount"]) * (1 if newer["transactionCategory"] == "CREDIT" else -1)
        after = float(newer["postTransactionBalance"]) - signed
        assert after == pytest.approx(float(older["postTransactionBalance"]), abs=0.005)


async def test_pages_of_a_list_join_without_gap(party: Party) -> None:
    numbers = await party.sign_in("large")
    items = await all_done(party, numbers[0], perPage=1000)
    assert len(items) == len({item["itemId"] for item in items}) == 5000
    days = [item["bookingDate"] for item in items]
    assert days == sorted(days, reverse=True)


async def test_filters_of_a_list_are_obeyed(party: Party) -> None:
    numbers = await party.sign_in("test1")
    everything = await all_done(party, numbers[0])
    credits = await all_done(party, numbers[0], type="CREDIT")
    assert credits == [item for item in everything if item["transactionCategory"] == "CREDIT"]
    middle = await all_done(party, numbers[0], minAmount="20.00", maxAmount="100.00")
    assert middle == [item for item in everything if 20 <= float(item["amount"]) <= 100]
    booked = await all_done(party, numbers[0], bookingDateFrom="2026-03-01", bookingDateTo="2026-03-10")
    assert booked == [item for item in everything if "2026-03-01" <= item["bookingDate"][:10] <= "2026-03-10"]
    delta = await all_done(party, numbers[0], itemIdFrom=everything[3]["itemId"])
    assert delta == everything[:4]
    assert (await read(party, DONE, numbers[0], itemIdFrom="x")).status == 422
    assert (await read(party, DONE, numbers[0], minAmount="-1")).status == 400
    assert (await read(party, DONE, numbers[0], type="BOTH")).status == 400


async def test_holds_are_debits_without_a_side_and_pending_ones_have_one(party: Party) -> None:
    numbers = await party.sign_in("pending")
    holds = (await read(party, "getHolds", numbers[0])).body["holds"]
    assert len(holds) == 3
    assert all("transactionCategory" not in hold and "bookingDate" not in hold for hold in holds)
    assert (await read(party, "getTransactionsPending", numbers[0])).body["transactions"] == []
    for name in ("getTransactionsRejected", "getTransactionsCancelled"):
        assert (await read(party, name, numbers[0])).body["transactions"] == []


async def test_standing_orders_of_the_next_month_are_scheduled(party: Party) -> None:
    numbers = await party.sign_in("test1")
    items = (await read(party, "getTransactionsScheduled", numbers[0])).body["transactions"]
    assert items
    for item in items:
        assert date(2026, 3, 18) < date.fromisoformat(item["tradeDate"][:10]) <= date(2026, 4, 17)
        assert (item["transactionCategory"], "bookingDate" in item) == ("DEBIT", False)


async def test_one_money_transaction_can_be_read_alone(party: Party) -> None:
    numbers = await party.sign_in("test1")
    (item, *_) = await all_done(party, numbers[0], perPage=5)
    detail = await read(party, "getTransactionDetail", numbers[0], itemId=item["itemId"])
    assert detail.body["baseInfo"] == item
    assert (await read(party, "getTransactionDetail", numbers[0], itemId="x")).status == 422


async def test_only_what_was_granted_is_read(party: Party) -> None:
    numbers = await party.sign_in("many")
    await party.listing("many")
    await party.exchange(numbers[:1])
    reply = await party.exchange(numbers[:1])
    party.token = reply.body["access_token"]
    assert (await read(party, "getAccount", numbers[0])).status == 200
    assert (await read(party, "getAccount", numbers[1])).code == "RESOURCE_UNKNOWN"
    assert (await party.call("getAccounts", {}, header=PRESENT)).code == "PRIVILEGE_MISSING"


async def test_a_single_use_is_a_single_use_of_all_pages(party: Party) -> None:
    numbers = await party.sign_in("test1", limit="single")
    first = await read(party, DONE, numbers[0], perPage=5)
    assert first.status == 200
    assert (await read(party, DONE, numbers[0], perPage=5, pageId="p2")).status == 200
    assert (await read(party, DONE, numbers[0], perPage=5)).code == "PRIVILEGE_USED"


@pytest.mark.parametrize(
    ("headers", "header", "status"),
    [
        ({"Authorization": None}, PRESENT, 401),
        ({"Authorization": "Bearer other"}, PRESENT, 401),
        ({"Authorization": "Basic other"}, PRESENT, 401),
        ({}, {**PRESENT, "token": "other"}, 401),
        ({"Authorization": "Bearer other"}, {**PRESENT, "token": "other"}, 401),
        ({}, {"isDirectPsu": True}, 400),
    ],
)
async def test_a_read_without_its_token_or_its_owners_address_is_refused(
    party: Party, headers: dict[str, str | None], header: Body, status: int
) -> None:
    numbers = await party.sign_in("test1")
    reply = await party.call("getAccount", {"accountNumber": numbers[0]}, headers=headers, header=header)
    assert reply.status == status


async def test_four_reads_a_day_are_counted_by_account_and_operation_without_the_owner(party: Party) -> None:
    numbers = await party.sign_in("test1.77")
    for operation in ("getAccount", *(f"get{name}" for name in LISTS)):
        statuses = [(await party.call(operation, {"accountNumber": numbers[0]})).status for _ in range(5)]
        assert statuses == [200, 200, 200, 200, 429]
        assert (await read(party, operation, numbers[0])).status == 200
    assert (await party.call("getAccount", {"accountNumber": numbers[1]})).status == 200


async def test_history_is_limited_by_the_consent_and_later_to_ninety_days(
    http: aiohttp.ClientSession,
) -> None:
    with practice_bank("--now", "2026-03-18T09:00:00Z") as url:
        party = Party(http, url)
        numbers = await party.sign_in("history", days=400)
        assert (await read(party, DONE, numbers[0], bookingDateFrom="2025-03-01")).status == 200
        assert (await read(party, DONE, numbers[0], bookingDateFrom="2024-03-01")).code == "PERIOD_INVALID"
        await control(url, "PUT", "clock", {"offset_seconds": 901})
        refused = await read(party, DONE, numbers[0], bookingDateFrom="2025-03-01")
        assert (refused.status, refused.code) == (401, "TOKEN_EXPIRED")
        fresh = await party.tokens(grant_type="refresh_token", refresh_token=party.refresh_token)
        party.token = fresh.body["access_token"]
        assert (await read(party, DONE, numbers[0], bookingDateFrom="2025-03-01")).code == "PERIOD_INVALID"
        assert (await read(party, DONE, numbers[0], bookingDateFrom="2025-12-20")).status == 200


async def test_a_revoked_consent_ends_reading(party: Party) -> None:
    numbers = await party.sign_in("test1")
    calls = await control(party.url, "GET", "calls")
    consent_id = calls["log"][-1]["consent_id"]
    await control(party.url, "PUT", f"consent/{consent_id}", {"revoked": True})
    reply = await read(party, "getAccount", numbers[0])
    assert (reply.status, reply.code) == (401, "CONSENT_INVALID")


async def test_fields_that_no_standard_knows_stand_in_that_scenario(party: Party) -> None:
    numbers = await party.sign_in("unknown-fields")
    assert "x-loyalty" in (await read(party, "getAccount", numbers[0])).body["account"]


async def test_answers_are_small_enough_to_read_in_one_go(party: Party) -> None:
    numbers = await party.sign_in("large")
    reply = await read(party, DONE, numbers[0], perPage=10_000)
    assert len(reply.body["transactions"]) == 200
    assert len(gzip.compress(reply.content)) < 40_000
