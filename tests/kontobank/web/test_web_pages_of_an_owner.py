"""What an owner sees at the web bank, how it is counted and switched, and how it drifts."""

from __future__ import annotations

import csv
import io
import re

import pytest
from tests.connectors.walking import control
from tests.kontobank.web.browsing import Visitor

from kontobank.sign_in_scenarios import DRIFTS

REFERENCE = re.compile(r'data-ref="([^"]+)"')


async def history(visitor: Visitor, login: str) -> list[str]:
    """Sign in and return the references of the whole history, page by page."""
    page = await visitor.get((await visitor.sign_in(login)).link("/accounts/"))
    page = await visitor.get(page.link("/history") + "?from=2025-01-01")
    found = REFERENCE.findall(page.text)
    while 'rel="next"' in page.text:
        page = await visitor.get(page.link("after="))
        found += REFERENCE.findall(page.text)
    assert 'class="pages end"' in page.text
    return found


async def test_a_history_comes_in_pages_and_says_where_it_ends(visitor: Visitor) -> None:
    found = await history(visitor, "single")
    assert len(found) == len(set(found)) == 72
    assert sum("/history" in page.url for page in visitor.seen) == 2


async def test_a_file_to_keep_holds_the_same_history(visitor: Visitor) -> None:
    await history(visitor, "single")
    first = next(page for page in visitor.seen if page.name == "history")
    file = await visitor.send(first, "download-form")
    assert file.headers["content-type"].startswith("text/csv")
    assert "attachment" in file.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(file.body.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "Date"
    assert len(rows) == 73


async def test_addresses_of_accounts_are_good_for_one_session(
    visitor: Visitor, another_visitor: Visitor
) -> None:
    link = (await visitor.sign_in("single")).link("/accounts/")
    other = (await another_visitor.sign_in("single")).link("/accounts/")
    assert link != other
    assert (await another_visitor.get(link)).status == 404


async def test_a_session_of_one_country_is_none_of_another(visitor: Visitor) -> None:
    await visitor.sign_in("single")
    assert (await visitor.get(f"{visitor.url}/web/cz/accounts")).name == "login"
    assert (await visitor.get(f"{visitor.url}/web/xx/login")).status == 404


@pytest.mark.parametrize(
    ("country", "amount", "day"),
    [("pl", r"-?[\d\u00a0]+,\d\d PLN", r"\d\d\.\d\d\.\d{4}"),
     ("cz", r"-?[\d ]+,\d\d CZK", r"\d+\. \d+\. \d{4}"),
     ("es", r"−?[\d.]+,\d\d EUR", r"\d\d/\d\d/\d{4}")],
)  # fmt: skip
async def test_each_country_writes_in_its_own_way(
    visitor: Visitor, country: str, amount: str, day: str
) -> None:
    visitor.country = country
    page = await visitor.get((await visitor.sign_in("single")).link("/accounts/"))
    assert re.search(rf'class="fact-balance">{amount}<', page.text)
    assert re.search(rf'class="fact-opened">{day}<', page.text)


async def test_the_owners_data_are_told_with_a_masked_phone_number(visitor: Visitor) -> None:
    await visitor.sign_in("single")
    page = await visitor.get("profile")
    assert re.search(r'class="fact-pesel">\d{11}<', page.text)
    assert re.search(r'class="fact-phone">\+48 \*\*\* \*\*\* \d{3}<', page.text)


async def test_pages_are_counted_apart_from_calls_of_the_api(visitor: Visitor) -> None:
    await visitor.sign_in("single")
    calls = await control(visitor.url, "GET", "calls")
    assert calls["total"] == 0
    web = calls["web"]
    assert isinstance(web, dict)
    assert web["logins"] == 1
    assert web["by_operation"]["enterPassword"] == 1
    assert web["by_operation"]["showAccounts"] == 1


async def test_the_web_bank_and_the_api_are_switched_off_apart(visitor: Visitor) -> None:
    await control(visitor.url, "PUT", "behaviour", {"down": True})
    assert (await visitor.get("login")).status == 200
    told = await control(visitor.url, "PUT", "behaviour", {"down": False, "web_down": True})
    assert told == {"delay_ms": 0.0, "down": False, "web_down": True, "web_maintenance": False}
    assert (await visitor.get("login")).status == 503
    await control(visitor.url, "PUT", "behaviour", {"web_down": False, "web_maintenance": True})
    page = await visitor.get("login")
    assert (page.status, page.headers["retry-after"]) == (503, "600")


@pytest.mark.parametrize("drift", sorted(DRIFTS.keys() - {"token", "question"}))
async def test_a_drift_changes_one_page_and_leaves_the_others(visitor: Visitor, drift: str) -> None:
    page = await visitor.sign_in(f"drift-{drift}")
    assert page.name == ("overview" if drift == "mark" else "accounts")
    if drift != "mark":
        account = await visitor.get(page.link("/accounts/"))
        listed = await visitor.get(account.link("/history"))
        card = await visitor.get((await visitor.get("cards")).link("/cards/"))
        profile = await visitor.get("profile")
        assert ("fact-balance" not in account.text) == (drift == "missing")
        assert ('class="amount"' not in listed.text) == (drift in ("class", "table"))
        assert ("<table" not in listed.text) == (drift == "table")
        assert ("<th>Booked</th><th>Date</th>" in listed.text) == (drift == "column")
        assert ("fact-limit" not in card.text) == (drift == "card")
        assert ("fact-name" not in profile.text) == (drift == "profile")
