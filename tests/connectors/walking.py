"""Walk a connector through a whole sign-in and import, as the command room does."""

from __future__ import annotations

import asyncio
import html
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import msgspec

from kontora.connectors.protocol import (
    Access,
    Answer,
    BankAccount,
    BankCard,
    Connector,
    CredentialKind,
    Grant,
    Psu,
    ReadsCreditCards,
    Secret,
    SignInRequest,
)
from kontora.connectors.target import Target
from kontora.model import Account, CreditCard, Import, MoneyTransaction
from kontora.model.order import newest_first

PSU = Psu(ip_address="203.0.113.7", user_agent="Firefox/140.0")
PASSWORD = "Test123"


@contextmanager
def practice_bank(*options: str) -> Iterator[str]:
    """Run the practice bank on a free port; gives its URL."""
    command = [str(Path(sys.executable).parent / "kontobank"), "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


async def sign_in(connector: Connector, login: str, **choices: str) -> Access:
    """Sign in without a browser, answering each question as it comes."""
    told = {"STATIC_LOGIN": login, "CHOICE": "sms", "APP_CONFIRMATION": ""} | choices
    request, access, answers = SignInRequest(psu=PSU), None, list[Answer]()
    for _ in range(10):
        step = await connector.sign_in(request, answers, access)
        if not step.challenges:
            assert step.access.signed_in
            return step.access
        answers = [Answer(one.kind, Secret(told.get(one.kind, PASSWORD))) for one in step.challenges]
        access = step.access
    raise AssertionError("the sign-in has no end")


async def sign_in_at_pages(connector: Connector, login: str, request: SignInRequest) -> Access:
    """Sign in through the bank's pages, as a browser would."""
    step = await connector.sign_in(request, (), None)
    (challenge,) = step.challenges
    assert challenge.kind is CredentialKind.REDIRECT
    assert challenge.url is not None
    query = await visit_pages(challenge.url, login, request.redirect_uri or "")
    step = await connector.sign_in(request, [Answer(CredentialKind.REDIRECT, Secret(query))], step.access)
    assert step.access.signed_in
    return step.access


async def visit_pages(url: str, login: str, redirect_uri: str) -> str:
    """Fill in every form until the bank sends the owner back; gives the query they come back with."""
    filled = {"login": login, "password": PASSWORD, "code": PASSWORD}
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        method, form = "GET", list[tuple[str, str]]()
        for _ in range(20):
            async with browser.request(method, url, data=form or None, allow_redirects=False) as page:
                text = await page.text()
                if location := page.headers.get("Location"):
                    method, form, url = "GET", [], location
                    if location.startswith(redirect_uri):
                        return urlsplit(location).query
                    continue
                assert page.status == 200, (page.status, text[:500])
            fields = re.findall(r"<input[^>]*>", text)
            names = [(_attribute(field, "name"), _attribute(field, "value")) for field in fields]
            form = [(name, filled.get(name, value)) for name, value in names if name]
            method, url = "POST", html.unescape(re.findall(r'<form[^>]* action="([^"]*)"', text)[0])
    raise AssertionError("the pages have no end")


def _attribute(field: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', field)
    return html.unescape(found[1]) if found else ""


async def read_everything(
    connector: Connector, target: Target, access: Access, since: date, at: datetime, psu: Psu = PSU
) -> Import:
    """Read owners, accounts, cards and their money transactions, everything that may run together at once."""
    grant = Grant(access, psu=psu)

    async def whole_account(found: BankAccount) -> Account:
        account, items = await asyncio.gather(
            connector.read_account(grant, found),
            _items(connector.read_money_transactions(grant, found, since)),
        )
        return msgspec.structs.replace(account, money_transactions=newest_first(items))

    async def accounts() -> tuple[Sequence[Account], Sequence[object]]:
        listed = await connector.list_accounts(grant)
        return await asyncio.gather(*(whole_account(found) for found in listed.accounts)), listed.owners

    async def cards() -> tuple[CreditCard, ...] | None:
        if not isinstance(connector, ReadsCreditCards):
            return None
        reader: ReadsCreditCards = connector

        async def whole_card(found: BankCard) -> CreditCard:
            card, items = await asyncio.gather(
                reader.read_credit_card(grant, found),
                _items(reader.read_credit_card_transactions(grant, found, since)),
            )
            return msgspec.structs.replace(card, money_transactions=newest_first(items))

        return tuple(
            await asyncio.gather(*(whole_card(found) for found in await reader.list_credit_cards(grant)))
        )

    (read, owners), read_cards = await asyncio.gather(accounts(), cards())
    return Import(
        target=target.name,
        institution=target.institution.name,
        imported_at=at,
        owners=tuple(owners),
        accounts=tuple(read),
        credit_cards=read_cards,
    )


async def _items(pages: AsyncIterator[tuple[MoneyTransaction, ...]]) -> list[MoneyTransaction]:
    return [item async for page in pages for item in page]


async def control(
    url: str, method: str, path: str, body: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Use the practice bank's control API."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"{url}/control/{path}", json=body) as reply,
    ):
        return dict(await reply.json(content_type=None) or {})
