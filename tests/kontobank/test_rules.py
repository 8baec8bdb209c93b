"""The rules of the standard: what a request must look like, and what the bank refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.kontobank.party import OFFERED, WHOLE, Party, RunningBank


async def test_the_id_of_a_request_comes_back(party: Party) -> None:
    sent = "99391c7e-ad88-49ec-a2ad-99ddcb1f7721"
    reply = await party.get("/v1/accounts", X_Request_ID=sent)
    assert reply.headers["x-request-id"] == sent


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X_Request_ID", "-"),
        ("X_Request_ID", "7"),
        ("Consent_ID", "-"),
        ("PSU_IP_Address", "999.1.1.1"),
        ("PSU_Device_ID", "phone"),
        ("PSU_Http_Method", "FETCH"),
        ("PSU_Geo_Location", "Warsaw"),
        ("TPP_Redirect_Preferred", "yes"),
        ("TPP_Redirect_URI", "no uri"),
    ],
)
async def test_a_wrong_header_is_named(party: Party, header: str, value: str) -> None:
    await party.sign_in("single")
    reply = await party.get("/v1/accounts", **{header: value})

    assert (reply.status, reply.code) == (400, "FORMAT_ERROR")
    assert reply.body["tppMessages"][0]["path"].lower() == header.replace("_", "-").lower()
    assert len(reply.headers["x-request-id"]) == 36


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "FORMAT_ERROR"),
        ("?bookingStatus=everything", "FORMAT_ERROR"),
        ("?bookingStatus=information", "PARAMETER_NOT_SUPPORTED"),
        ("?bookingStatus=booked&dateFrom=2026-02-30", "FORMAT_ERROR"),
        ("?bookingStatus=booked&dateFrom=20260201", "FORMAT_ERROR"),
        ("?bookingStatus=booked&dateFrom=2026-02-02&dateTo=2026-02-01", "PERIOD_INVALID"),
        ("?bookingStatus=booked&deltaList=true", "PARAMETER_NOT_SUPPORTED"),
        ("?bookingStatus=booked&pageIndex=0", "FORMAT_ERROR"),
        ("?bookingStatus=booked&withBalance=1", "FORMAT_ERROR"),
    ],
)
async def test_a_wrong_query_is_refused(party: Party, query: str, code: str) -> None:
    await party.sign_in("single")
    (account,) = await party.accounts()
    reply = await party.get(account["_links"]["transactions"]["href"] + query)
    assert (reply.status, reply.code) == (400, code)


def _without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in WHOLE.items() if name not in names}


@pytest.mark.parametrize(
    "body",
    [
        [],
        _without("access"),
        _without("combinedServiceIndicator"),
        {**WHOLE, "access": {}},
        {**WHOLE, "access": {"allPsd2": "some"}},
        {**WHOLE, "access": {"accounts": [{"iban": "x"}]}},
        {**WHOLE, "frequencyPerDay": 0},
        {**WHOLE, "recurringIndicator": "true"},
        {**WHOLE, "validUntil": "soon"},
        {**WHOLE, "validUntil": "2020-01-01"},
    ],
)
async def test_a_wrong_consent_is_refused(party: Party, body: Any) -> None:
    reply = await party.consent("single", body)
    assert reply.status == 400
    assert reply.code in ("FORMAT_ERROR", "PERIOD_INVALID")


async def test_the_owner_can_choose_accounts_only_on_the_pages_of_the_bank(party: Party) -> None:
    assert (await party.consent("single", OFFERED)).code == "SERVICE_INVALID"


async def test_a_body_must_be_small_and_json(party: Party) -> None:
    made = await party.consent("single")
    address = made.body["_links"]["updatePsuAuthentication"]["href"]
    large = await party.call("PUT", address, json={"psuData": {"password": "x" * 70_000}})
    form = await party.call("PUT", address, json={}, Content_Type="text/plain")
    party.http.cookie_jar.clear()
    async with party.http.put(
        address,
        data=b"{",
        headers={"X-Request-ID": "99391c7e-ad88-49ec-a2ad-99ddcb1f7721", "Content-Type": "application/json"},
    ) as reply:
        assert reply.status == 400

    assert (large.status, large.code, large.text) == (400, "FORMAT_ERROR", "The body is longer than 64 KiB.")
    assert form.status == 415


async def test_errors_come_as_problem_details_where_wanted(party: Party) -> None:
    reply = await party.get(
        "/v1/accounts", Accept="application/problem+json, application/json", Consent_ID="nope"
    )

    assert reply.status == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.body["code"] == "CONSENT_UNKNOWN"
    assert reply.body["type"].startswith("https://")


async def test_a_format_that_is_not_offered_is_refused(party: Party) -> None:
    await party.sign_in("single")
    reply = await party.get("/v1/accounts", Accept="text/csv")
    assert (reply.status, reply.code) == (406, "REQUESTED_FORMATS_INVALID")


async def test_other_methods_and_paths_are_refused_cleanly(party: Party) -> None:
    wrong_method = await party.call("POST", "/v1/accounts")
    wrong_path = await party.get("/v1/account")

    assert (wrong_method.status, wrong_method.code, wrong_method.headers["allow"]) == (
        405,
        "SERVICE_INVALID",
        "GET",
    )
    assert (wrong_path.status, wrong_path.code) == (404, "RESOURCE_UNKNOWN")


async def test_a_consent_of_another_country_is_unknown(party: Party) -> None:
    consent_id = await party.sign_in("single")
    party.root = "/cz"

    assert (await party.get("/v1/accounts")).code == "CONSENT_UNKNOWN"
    reply = await party.get(f"/v1/consents/{consent_id}/status")
    assert (reply.status, reply.code) == (403, "CONSENT_UNKNOWN")


async def test_a_consent_that_nobody_confirmed_opens_nothing(party: Party) -> None:
    made = await party.consent("single")
    reply = await party.get("/v1/accounts", Consent_ID=made.body["consentId"])
    assert (reply.status, reply.code) == (401, "CONSENT_INVALID")


async def test_a_consent_can_be_read_and_ended_twice(party: Party) -> None:
    consent_id = await party.sign_in("single")
    told = await party.get(f"/v1/consents/{consent_id}")

    assert told.body["access"] == WHOLE["access"]
    assert told.body["validUntil"] == "2026-09-14"
    assert told.body["consentStatus"] == "valid"
    for _ in range(2):
        assert (await party.call("DELETE", f"/v1/consents/{consent_id}")).status == 204
    assert (await party.get(f"/v1/consents/{consent_id}/status")).body == {"consentStatus": "terminatedByTpp"}
    assert (await party.get("/v1/accounts")).code == "CONSENT_INVALID"


async def test_each_account_and_endpoint_can_be_read_four_times_without_the_owner(party: Party) -> None:
    await party.sign_in("many")
    first, second, *_ = await party.accounts()
    answers = [
        (await party.get(first["_links"]["balances"]["href"], PSU_IP_Address="-")).status for _ in range(5)
    ]
    other = await party.get(second["_links"]["balances"]["href"], PSU_IP_Address="-")
    with_owner = await party.get(first["_links"]["balances"]["href"])

    assert answers == [200, 200, 200, 200, 429]
    assert (other.status, with_owner.status) == (200, 200)


async def test_the_pages_of_a_list_count_once(party: Party) -> None:
    await party.sign_in("large")
    (account,) = await party.accounts()
    party.headers["PSU-IP-Address"] = "-"

    assert len(await party.money_transactions(account)) == 5000


async def test_quotas_refill_history_closes_and_consents_end_when_the_clock_moves(
    party: Party, start_bank: Callable[..., RunningBank]
) -> None:
    party.url = start_bank("--now", "2026-03-18T09:00:00Z").url
    consent_id = await party.sign_in("single")
    for _ in range(4):
        await party.get("/v1/accounts", PSU_IP_Address="-")
    assert (await party.get("/v1/accounts", PSU_IP_Address="-")).code == "ACCESS_EXCEEDED"
    (account,) = await party.accounts()
    href = account["_links"]["transactions"]["href"]
    assert (await party.get(f"{href}?bookingStatus=booked&dateFrom=2025-11-01")).status == 200

    await party.clock(days=1, seconds=1)
    assert (await party.get("/v1/accounts", PSU_IP_Address="-")).status == 200
    closed = await party.get(f"{href}?bookingStatus=booked&dateFrom=2025-11-01")
    assert (closed.status, closed.code) == (400, "PERIOD_INVALID")
    assert (await party.get(f"{href}?bookingStatus=booked&dateFrom=2025-12-19")).status == 200

    await party.clock(days=181)
    assert (await party.get("/v1/accounts")).code == "CONSENT_EXPIRED"
    assert (await party.get(f"/v1/consents/{consent_id}/status")).body == {"consentStatus": "expired"}


async def test_pending_items_become_booked_when_the_clock_moves(
    party: Party, start_bank: Callable[..., RunningBank]
) -> None:
    party.url = start_bank("--now", "2026-03-18T09:00:00Z").url
    await party.sign_in("pending")
    (account,) = await party.accounts()
    before = await party.money_transactions(account, "2026-03-01", "both")
    pending = [item for item in before if "bookingDate" not in item]
    await party.clock(days=1)
    after = await party.money_transactions(account, "2026-03-01", "both")
    booked = [
        item
        for item in after
        if item.get("bookingDate") == "2026-03-19" and item["valueDate"] == "2026-03-18"
    ]

    assert len(pending) == 3
    assert len(booked) >= 3
    assert not {item["transactionId"] for item in pending} & {item["transactionId"] for item in after}


async def test_the_control_api_is_not_counted_and_counts_the_rest(
    party: Party, start_bank: Callable[..., RunningBank]
) -> None:
    party.url = start_bank().url
    await party.sign_in("many")
    await party.accounts()
    told = (await party.get("/control/calls")).body

    assert told["total"] == 4
    assert told["by_operation"] == {"createConsent": 1, "updateConsentsPsuData": 2, "getAccountList": 1}
    assert told["logins"] == 1
    assert [(call["operation"], call["login"]) for call in told["log"]][-1] == ("getAccountList", "many")
    assert (await party.call("POST", "/control/reset")).status == 200
    assert (await party.get("/control/calls")).body["total"] == 0
    assert (await party.get("/v1/accounts")).code == "CONSENT_UNKNOWN"


async def test_the_control_api_slows_the_bank_and_takes_it_down(
    party: Party, start_bank: Callable[..., RunningBank]
) -> None:
    party.url = start_bank().url
    made = await party.call("POST", "/control/consent", json={"login": "many"})
    party.headers["Consent-ID"] = made.body["consentId"]
    assert len(await party.accounts()) == len(made.body["accountIds"]) == 5

    await party.call("PUT", "/control/behaviour", json={"down": True})
    assert (await party.get("/v1/accounts")).status == 503
    told = await party.call("PUT", "/control/behaviour", json={"down": False, "delay_ms": 20})
    assert told.body == {"delay_ms": 20.0, "down": False, "web_down": False, "web_maintenance": False}
    assert (await party.get("/v1/accounts")).status == 200
    assert (await party.call("PUT", "/control/behaviour", json={"delay": 1})).status == 400


async def test_links_follow_the_public_url(party: Party, start_bank: Callable[..., RunningBank]) -> None:
    party.url = start_bank(
        "--public-url", "https://api.bank.example/x", "--pages-url", "https://bank.example"
    ).url
    made = await party.consent(
        "single", WHOLE, TPP_Redirect_Preferred="true", TPP_Redirect_URI="https://a.example/b"
    )

    assert made.body["_links"]["self"]["href"].startswith("https://api.bank.example/x/v1/consents/")
    assert (
        made.body["_links"]["scaOAuth"]["href"]
        == "https://bank.example/.well-known/oauth-authorization-server"
    )
    assert made.headers["location"] == made.body["_links"]["self"]["href"]
