"""What each scenario does to the one who reads: faults, failures, habits of banks."""

from __future__ import annotations

from decimal import Decimal
from time import perf_counter
from typing import Any

import aiohttp
import pytest
from tests.kontobank.party import WHOLE, Party, Reply

from kontobank.failures import FAILURES, Stage
from kontobank.quirks import QUIRKS


async def listing(party: Party, login: str, status: str = "both") -> list[Any]:
    """Sign in and read the money transactions of the first account."""
    await party.sign_in(login)
    return await party.money_transactions((await party.accounts())[0], status=status)


async def test_every_third_read_of_a_flaky_bank_fails_and_is_well_when_repeated(party: Party) -> None:
    await party.sign_in("flaky")
    reads = ["/v1/accounts", "/v1/card-accounts"] * 5
    statuses = [(await party.get(read)).status for read in reads]
    assert statuses == [200, 200, 500, 200, 200, 500, 200, 200, 200, 200]


async def test_a_bank_that_is_down_says_so_at_once(party: Party) -> None:
    reply = await party.consent("down")
    assert reply.status == 503
    assert reply.text.startswith("KontoBank: ServiceTemporarilyUnavailable")


async def test_a_slow_bank_takes_its_time(party: Party) -> None:
    made = await party.consent("slow-0.15")
    times = []
    for _ in range(2):
        start = perf_counter()
        await party.get(made.body["_links"]["status"]["href"])
        times.append(perf_counter() - start)
    assert all(0.15 <= seconds < 0.6 for seconds in times)


async def test_garbage_is_no_json(party: Party) -> None:
    await party.sign_in("garbage")
    (account,) = await party.accounts()
    reply = await party.get(account["_links"]["transactions"]["href"] + "?bookingStatus=booked")
    assert reply.status == 200
    assert reply.body is None


@pytest.mark.parametrize("login", ["truncated", "fail-IO"])
async def test_an_answer_breaks_off(party: Party, login: str) -> None:
    await party.sign_in(login)
    with pytest.raises(aiohttp.ClientError):
        (account,) = await party.accounts()
        await party.get(account["_links"]["transactions"]["href"] + "?bookingStatus=booked")


async def test_a_revoked_consent_ends_after_the_list_of_accounts(party: Party) -> None:
    await party.sign_in("revoked")
    (account,) = await party.accounts()
    reply = await party.get(account["_links"]["balances"]["href"])
    assert (reply.status, reply.code) == (401, "CONSENT_INVALID")


async def test_an_owner_can_revoke_a_consent(party: Party) -> None:
    consent_id = await party.sign_in("single")
    told = await party.call("PUT", f"/control/consent/{consent_id}", json={"revoked": True})
    assert told.body == {"consentStatus": "revokedByPsu"}
    assert (await party.get("/v1/accounts")).code == "CONSENT_INVALID"


async def test_a_quota_that_is_used_up_refuses_reads(party: Party) -> None:
    await party.sign_in("quota")
    reply = await party.get("/v1/accounts")
    assert (reply.status, reply.code) == (429, "ACCESS_EXCEEDED")


async def test_a_company_that_is_switched_off_is_told_what_to_do(party: Party) -> None:
    await party.sign_in("company-off")
    reply = await party.get("/v1/accounts")
    assert (reply.status, reply.code) == (403, "SERVICE_BLOCKED")
    assert "administrator" in reply.text


@pytest.mark.parametrize(
    "name", [name for name, one in FAILURES.items() if one.stage is Stage.READ and one.status]
)
async def test_a_read_that_should_fail_names_its_failure(party: Party, name: str) -> None:
    await party.sign_in(f"fail-{name}")
    reply = await party.get("/v1/accounts")

    assert reply.status == FAILURES[name].status
    assert f"KontoBank: {name}. ".encode() in reply.content
    if FAILURES[name].is_html:
        assert reply.headers["content-type"].startswith("text/html")
        assert reply.headers["retry-after"] == "600"


async def test_relative_links_can_be_followed(party: Party) -> None:
    made = await party.consent("relative")
    assert made.body["_links"]["self"]["href"].startswith("/v1/consents/")


async def test_unknown_fields_are_everywhere(party: Party) -> None:
    items = await listing(party, "unknown-fields")
    assert all("x-loyalty" in item for item in items)
    assert all("_internal" in account for account in await party.accounts())


def _check_quirk(number: int, items: list[Any], accounts: list[Any]) -> bool:
    booked = [item for item in items if "balanceAfterTransaction" in item]
    pending = [item for item in items if item not in booked]
    ids = [item.get("transactionId") for item in items]
    checks = {
        1: lambda: all(isinstance(item["transactionAmount"]["amount"], float) for item in items),
        3: lambda: (
            accounts[0]["cashAccountType"] is None
            and len({one["balanceAmount"]["currency"] for one in accounts[0]["balances"]}) == 3
        ),
        4: lambda: {one["balanceType"] for one in accounts[0]["balances"]} == {"authorised", "interimBooked"},
        5: lambda: ids == [None] * len(items),
        6: lambda: len(set(ids)) < len(ids),
        7: lambda: {item["transactionId"] for item in pending} == {" "},
        8: lambda: all(item["bookingDate"] < item["valueDate"] for item in booked),
        9: lambda: len(pending) == 3 and all(Decimal(p["transactionAmount"]["amount"]) > 0 for p in pending),
        10: lambda: all(
            "".join(item["remittanceInformationUnstructuredArray"]).startswith(
                item["remittanceInformationUnstructured"]
            )
            and len(item["remittanceInformationUnstructured"]) == 140
            for item in items
        ),
        11: lambda: not any("creditorName" in item or "debtorName" in item for item in items),
        12: lambda: all(item["additionalInformation"] for item in items),
        13: lambda: all(item["endToEndId"] == "NOTPROVIDED" for item in items),
        14: lambda: len(pending) == 3 and not any("valueDate" in item for item in pending),
        15: lambda: accounts[0]["balances"][0]["creditLimitIncluded"] is True,
        16: lambda: [account["status"] for account in accounts] == ["enabled", "enabled", "deleted"],
        25: lambda: accounts[0]["iban"].startswith("PL"),
    }
    return checks.get(number, lambda: len(items) == 72)()


@pytest.mark.parametrize("number", sorted(QUIRKS.keys() - {2, 17, 18, 19, 20, 21, 22, 24}))
async def test_a_bank_has_its_habit(party: Party, number: int) -> None:
    items = await listing(party, f"quirk-{number}")
    assert _check_quirk(number, items, await party.accounts("?withBalance=true"))


async def test_bank_9_turns_the_sign_of_card_amounts(party: Party) -> None:
    await party.sign_in("quirk-9")
    (card,) = (await party.get("/v1/card-accounts")).body["cardAccounts"]
    report = (await party.get(card["_links"]["transactions"]["href"] + "?bookingStatus=booked")).body

    assert card["debitAccounting"] is report["debitAccounting"] is True
    amounts = [Decimal(item["transactionAmount"]["amount"]) for item in report["cardTransactions"]["booked"]]
    assert sum(amount > 0 for amount in amounts) > sum(amount < 0 for amount in amounts)


async def read_from(party: Party, account: Any, query: str) -> Reply:
    """Read the first page of a list."""
    return await party.get(account["_links"]["transactions"]["href"] + "?bookingStatus=booked&" + query)


async def test_bank_17_gives_history_once(party: Party) -> None:
    await party.sign_in("quirk-17")
    (account,) = await party.accounts()
    answers = [(await read_from(party, account, "dateFrom=2025-10-01")).status for _ in range(2)]
    assert answers == [200, 400]


async def test_bank_18_gives_two_weeks_at_once(party: Party) -> None:
    await party.sign_in("quirk-18")
    (account,) = await party.accounts()
    assert (await read_from(party, account, "dateFrom=2026-03-01&dateTo=2026-03-15")).status == 200
    assert (await read_from(party, account, "dateFrom=2026-03-01&dateTo=2026-03-16")).code == "PERIOD_INVALID"


async def test_bank_19_takes_entries_at_the_consent(party: Party) -> None:
    made = await party.consent("quirk-19")
    assert made.body["_links"]["updatePsuAuthentication"]["href"].endswith(
        f"/v1/consents/{made.body['consentId']}"
    )
    entered = await party.put(made, "updatePsuAuthentication", {"psuData": {"password": "Test123"}})
    assert entered.body["challengeData"]["optMaxLength"] == 10
    done = await party.put(entered, "authoriseTransaction", {"scaAuthenticationData": "Test123"})
    assert done.body["scaStatus"] == "finalised"


async def test_bank_20_knows_a_party_from_its_second_call(party: Party) -> None:
    assert [(await party.consent("quirk-20.3")).status for _ in range(2)] == [401, 201]


async def test_bank_21_reads_money_transactions_under_another_version(party: Party) -> None:
    await party.sign_in("quirk-21")
    (account,) = await party.accounts()
    assert "/v2/accounts/" in account["_links"]["transactions"]["href"]
    assert len(await party.money_transactions(account)) == 72
    path = f"/v1/accounts/{account['resourceId']}/transactions?bookingStatus=booked"
    assert (await party.get(path)).status == 404


async def test_bank_22_counts_questions_for_the_status(party: Party) -> None:
    made = await party.consent("quirk-22", WHOLE)
    statuses = [(await party.get(made.body["_links"]["status"]["href"])).status for _ in range(3)]
    assert statuses == [200, 200, 429]
