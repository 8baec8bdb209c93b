"""Statements and confirmations in the web bank: for the owner who is signed in, and nobody else."""

from __future__ import annotations

import re

import pytest
from tests.connectors.walking import control
from tests.kontobank.statements.documents import fact, pages, rows
from tests.kontobank.web.browsing import Page, Visitor


async def statements(visitor: Visitor, login: str) -> Page:
    """Sign in and follow the link of the navigation."""
    page = await visitor.sign_in(login)
    return await visitor.get(page.link("/statements"))


def pdf_of(page: Page) -> bytes:
    assert (page.status, page.headers["content-type"]) == (200, "application/pdf")
    assert page.headers["content-disposition"].startswith('attachment; filename="')
    assert page.headers["cache-control"] == "no-store"
    return page.body


async def test_every_month_that_is_over_can_be_downloaded(visitor: Visitor) -> None:
    page = await statements(visitor, "single")
    months = re.findall(r"statement\?month=(\d{4}-\d\d)", page.text)

    assert months == ["2025-12", "2025-11", "2025-10", "2025-09"]
    for month in months:
        pdf = pdf_of(await visitor.get(page.link(f"month={month}")))
        year, number = month.split("-")
        assert fact(pages(pdf)[0], "Nr wyciągu:") == f"{int(number)}/{year}"


async def test_every_account_has_statements_of_its_own(visitor: Visitor) -> None:
    page = await statements(visitor, "many")
    links = re.findall(r'href="([^"]*month=2025-12)"', page.text)
    heads = [pages(pdf_of(await visitor.get(link)))[0] for link in links]

    assert len(links) == 5
    assert len({fact(head, "Numer rachunku:") for head in heads}) == 5


async def test_chosen_days_are_sent_by_the_form(visitor: Visitor) -> None:
    page = await statements(visitor, "pending")
    action = re.search(r'<form method="get" action="([^"]*)" class="days"', page.text)
    assert action
    assert 'min="2025-08-03"' in page.text
    assert 'max="2026-01-31"' in page.text
    pdf = pdf_of(await visitor.get(f"{action[1]}?from=2026-01-20&to=2026-01-31"))
    assert "Za okres od 2026-01-20 do 2026-01-31" in pages(pdf)[0]
    assert rows(pdf)[-1].booked_on == "-"


@pytest.mark.parametrize("login", ["pending", "test1"])
async def test_the_title_of_a_money_transaction_leads_to_its_confirmation(
    visitor: Visitor, login: str
) -> None:
    page = await visitor.get((await visitor.sign_in(login)).link("/accounts/"))
    page = await visitor.get(page.link("/history"))
    links = re.findall(r'<a class="confirmation" href="([^"]*)">([^<]*)</a>', page.text)
    is_pending = login == "pending"

    assert len(links) == page.text.count("data-ref=") > 20
    for place, (link, title) in enumerate([links[0], links[-1]]):
        lines = pages(pdf_of(await visitor.get(link.replace("&amp;", "&"))))[0]
        assert fact(lines, "Tytuł:") == title
        expected = "niezaksięgowana" if is_pending and place == 0 else "zaksięgowana"
        assert fact(lines, "Status:") == expected


async def test_owners_of_the_scenario_get_sealed_documents(visitor: Visitor) -> None:
    page = await statements(visitor, "sealed")
    assert b"KontoBankSeal" in pdf_of(await visitor.get(page.link("month=")))


@pytest.mark.parametrize("what", ["statement?month=2025-12", "confirmation?number=1"])
async def test_a_download_needs_the_session_it_was_offered_in(
    visitor: Visitor, another_visitor: Visitor, what: str
) -> None:
    link = (await visitor.sign_in("single")).link("/accounts/") + f"/{what}"
    assert pdf_of(await visitor.get(link))
    assert (await another_visitor.get(link)).name == "login"
    await another_visitor.sign_in("single")
    page = await another_visitor.get(link)
    assert (page.status, page.name) == (404, "problem")
    await control(visitor.url, "PUT", "clock", {"offset_seconds": 301})
    assert (await visitor.get(link)).name == "login"


@pytest.mark.parametrize(
    "what",
    [
        "statement?month=2026-01", "statement?month=x", "statement?from=2020-01-01", "statement?from=x",
        "statement?from=2026-01-20&to=2026-02-20", "confirmation", "confirmation?number=73",
        "confirmation?number=1&unbooked=1",
    ],
)  # fmt: skip
async def test_a_document_that_is_not_issued_is_not_found(visitor: Visitor, what: str) -> None:
    link = (await visitor.sign_in("single")).link("/accounts/")
    page = await visitor.get(f"{link}/{what}")
    assert page.status == 404
    assert "There is no such document." in page.text


@pytest.mark.parametrize("country", ["cz", "es"])
async def test_there_are_documents_in_poland_only(visitor: Visitor, country: str) -> None:
    visitor.country = country
    page = await visitor.sign_in("single")
    assert "/statements" not in page.text
    assert (await visitor.get("statements")).status == 404
    link = page.link("/accounts/")
    assert (await visitor.get(f"{link}/statement?month=2025-12")).status == 404
    assert "confirmation" not in (await visitor.get(f"{link}/history")).text


async def test_an_owner_without_accounts_has_no_statements(visitor: Visitor) -> None:
    page = await statements(visitor, "empty")
    assert page.name == "statements"
    assert "You have no accounts at this bank." in page.text


async def test_downloads_are_counted_as_pages(visitor: Visitor) -> None:
    page = await statements(visitor, "single")
    await visitor.get(page.link("month="))
    web = (await control(visitor.url, "GET", "calls"))["web"]
    assert isinstance(web, dict)
    assert web["by_operation"]["showStatements"] == 1
    assert web["by_operation"]["downloadStatement"] == 1
