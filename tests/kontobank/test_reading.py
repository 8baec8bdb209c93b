"""Reading accounts and cards over HTTP, with a confirmed consent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from lxml import etree
from tests.kontobank.party import WHOLE, Party

CAMT = "{urn:iso:std:iso:20022:tech:xsd:camt.052.001.02}"


async def test_the_list_of_accounts_names_owners_and_their_address(party: Party) -> None:
    await party.sign_in("test")
    (account,) = await party.accounts()

    assert account["ownerName"].count(", ") == 1
    address, opened, debit = account["details"].split("; ")
    assert address.startswith("Owner address: ")
    assert opened.startswith("Opened: 20")
    assert debit == "Direct debit: yes"
    assert account["usage"] == "PRIV"


async def test_names_are_told_only_where_the_consent_covers_them(party: Party) -> None:
    await party.sign_in("test", {**WHOLE, "access": {"allPsd2": "allAccounts"}})
    (account,) = await party.accounts()

    assert "ownerName" not in account
    assert "address" not in account["details"]


async def test_the_balance_is_the_balance_after_the_newest_money_transaction(party: Party) -> None:
    await party.sign_in("test1")
    (account,) = await party.accounts("?withBalance=true")
    newest = (await party.money_transactions(account))[0]
    balances = {one["balanceType"]: one["balanceAmount"]["amount"] for one in account["balances"]}

    assert balances["interimBooked"] == newest["balanceAfterTransaction"]["balanceAmount"]["amount"]
    read = await party.get(account["_links"]["balances"]["href"])
    assert read.body["balances"] == account["balances"]


async def test_a_company_is_told_as_one(party: Party) -> None:
    await party.sign_in("company")
    assert [account["usage"] for account in await party.accounts()] == ["ORGA"]


async def test_an_owner_without_accounts_gets_an_empty_list(party: Party) -> None:
    await party.sign_in("empty")
    assert await party.accounts() == []


async def test_an_account_without_iban_has_the_number_of_the_bank(party: Party) -> None:
    await party.sign_in("noiban")
    (account,) = await party.accounts()
    assert "iban" not in account
    assert account["bban"].isdigit()


async def test_5000_money_transactions_come_in_25_pages_without_gap_or_repetition(party: Party) -> None:
    await party.sign_in("large")
    (account,) = await party.accounts()
    href = account["_links"]["transactions"]["href"]
    pages = await party.pages(f"{href}?bookingStatus=booked&dateFrom=2000-01-01")
    items = [item for page in pages for item in page.body["transactions"]["booked"]]

    assert len(pages) == 25
    assert len({item["transactionId"] for item in items}) == 5000
    assert [item["bookingDate"] for item in items] == sorted((i["bookingDate"] for i in items), reverse=True)


async def test_a_list_holds_the_days_asked_for_and_no_other(party: Party) -> None:
    await party.sign_in("large")
    (account,) = await party.accounts()
    query = "?bookingStatus=booked&dateFrom=2026-03-10&dateTo=2026-03-11&itemsPerPage=50"
    pages = await party.pages(account["_links"]["transactions"]["href"] + query)
    days = [item["bookingDate"] for page in pages for item in page.body["transactions"]["booked"]]

    assert set(days) == {"2026-03-10", "2026-03-11"}
    assert 120 <= len(days) <= 130
    assert len(pages) == 3


async def test_pending_items_stand_apart_and_change_the_available_balance(party: Party) -> None:
    await party.sign_in("pending")
    (account,) = await party.accounts("?withBalance=true")
    pending = await party.money_transactions(account, status="pending")
    available, booked = (Decimal(one["balanceAmount"]["amount"]) for one in account["balances"])

    assert len(pending) == 3
    assert all("bookingDate" not in item and "balanceAfterTransaction" not in item for item in pending)
    assert available - booked == sum(Decimal(item["transactionAmount"]["amount"]) for item in pending)


async def test_a_money_transaction_can_be_read_by_its_id(party: Party) -> None:
    await party.sign_in("test")
    (account,) = await party.accounts()
    item = (await party.money_transactions(account))[5]
    path = f"/v1/accounts/{account['resourceId']}/transactions"

    assert (await party.get(f"{path}/{item['transactionId']}")).body == {"transactionsDetails": item}
    assert (await party.get(f"{path}/nope")).status == 404


async def test_a_credit_card_shows_debt_limit_and_where_it_is_paid_from(party: Party) -> None:
    await party.sign_in("test1")
    (account,) = await party.accounts()
    (card,) = (await party.get("/v1/card-accounts")).body["cardAccounts"]
    balances = (await party.get(card["_links"]["balances"]["href"])).body["balances"]
    href = card["_links"]["transactions"]["href"]
    report = (await party.get(f"{href}?bookingStatus=both&dateFrom=2025-10-01")).body["cardTransactions"]

    assert "*" in card["maskedPan"]
    assert card["details"].startswith(f"Account: {account['iban']}; Interest: ")
    assert Decimal(balances[0]["balanceAmount"]["amount"]) < 0
    assert Decimal(card["creditLimit"]["amount"]) == 10000
    assert len(report["booked"]) > 40
    assert report["pending"] == []
    details = await party.get(f"/v1/card-accounts/{card['resourceId']}")
    assert details.body["cardAccount"] == card


@pytest.mark.parametrize(
    ("root", "currency", "country"), [("/cz", "CZK", "CZ"), ("/es", "EUR", "ES"), ("/pl", "PLN", "PL")]
)
async def test_other_countries_stand_under_their_own_root(
    party: Party, root: str, currency: str, country: str
) -> None:
    party.root = root
    await party.sign_in("test1")
    (account,) = await party.accounts()

    assert account["currency"] == currency
    assert account["iban"].startswith(country)
    assert f"{root}/v1/accounts/" in account["_links"]["balances"]["href"]
    assert len(await party.money_transactions(account)) == 72
    assert len((await party.get("/v1/card-accounts")).body["cardAccounts"]) == 1


async def test_czech_symbols_stand_in_structured_references(party: Party) -> None:
    party.root = "/cz"
    await party.sign_in("test")
    (account,) = await party.accounts()
    items = await party.money_transactions(account)
    single = [
        item["remittanceInformationStructured"] for item in items if "remittanceInformationStructured" in item
    ]
    several = [
        {one["referenceType"] for one in item["remittanceInformationStructuredArray"]}
        for item in items
        if "remittanceInformationStructuredArray" in item
    ]

    assert {one["referenceType"] for one in single} == {"VS"}
    assert {"VS", "KS", "SS"} in several


async def test_an_account_has_another_id_under_another_consent(party: Party) -> None:
    await party.sign_in("single.8")
    (first,) = await party.accounts()
    await party.sign_in("single.8")
    (second,) = await party.accounts()

    assert first["iban"] == second["iban"]
    assert first["resourceId"] != second["resourceId"]
    assert (await party.get(f"/v1/accounts/{first['resourceId']}")).status == 404


async def test_camt_documents_hold_the_same_money_transactions(party: Party) -> None:
    await party.sign_in("camt")
    (account,) = await party.accounts()
    reply = await party.get(
        account["_links"]["transactions"]["href"] + "?bookingStatus=both&dateFrom=2000-01-01"
    )
    entries = etree.fromstring(reply.content).findall(f".//{CAMT}Ntry")

    assert reply.headers["content-type"] == "application/xml; charset=utf-8"
    assert len(entries) == 72
    assert entries[0].findtext(f"{CAMT}Sts") == "BOOK"
    assert etree.fromstring(reply.content).findtext(f".//{CAMT}Acct/{CAMT}Id/{CAMT}IBAN") == account["iban"]


async def test_the_consent_chooses_which_accounts_are_seen(party: Party) -> None:
    await party.sign_in("many")
    wanted = (await party.accounts())[3]
    reference = [{"iban": wanted["iban"]}]
    await party.sign_in("many", {**WHOLE, "access": {"accounts": reference, "balances": reference}})
    (account,) = await party.accounts()

    assert account["iban"] == wanted["iban"]
    assert (await party.get(account["_links"]["balances"]["href"])).status == 200
    refused = await party.get(
        account["_links"]["transactions"]["href"] + "?bookingStatus=booked&dateFrom=2026-01-01"
    )
    assert (refused.status, refused.code) == (401, "CONSENT_INVALID")


async def test_a_consent_for_the_list_gives_the_list_only(party: Party) -> None:
    await party.sign_in("test", {**WHOLE, "access": {"availableAccounts": "allAccounts"}})
    (account,) = await party.accounts()

    assert "_links" not in account
    assert (await party.get(f"/v1/accounts/{account['resourceId']}/balances")).code == "CONSENT_INVALID"
