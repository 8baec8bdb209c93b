"""Owners who sign in through the widget, at the bank's pages, with Prism between Kontora and the bank."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path

import aiohttp
from bench import stand
from tests.connectors.walking import visit_pages
from tests.widget.owners import Browser, State

from kontora import main
from kontora.client import AsyncKontora, Session
from kontora.commands.features import MULTIPLE
from kontora.settings import Settings
from tools.conformance.crossroads import crossroads
from tools.conformance.line import differences
from tools.conformance.prism import Prism, free_port, prism
from tools.conformance.report import Check

CLIENT = "bench-0"
ORIGIN = "https://lender.example"
INSTITUTION = "KontoBank"
REDIRECTED = ("test1", "many", "coowners", "history")
LONGEST_SECONDS, SETTLED_SECONDS = 60.0, 15.0
SIGN_INS, ENDING = len(REDIRECTED) + 1, "deleteConsent"


async def checks(specification: Path, where: Path) -> list[Check]:
    """Sign in by redirect with the conversation of the widget, import, use the consent again, end it."""
    bank_port, prism_port, port = free_port(), free_port(), free_port()
    bank_url, own_url = f"http://127.0.0.1:{bank_port}", f"http://127.0.0.1:{port}"
    async with (
        stand.bank(where, "--public-url", own_url, port=bank_port) as bank,
        prism(specification, bank_url, prism_port, where / "prism.log") as proxy,
        crossroads(port, proxy.url, bank_url),
        stand.kontora(where, own_url) as server,
    ):
        await _register(server)
        async with AsyncKontora(server.url, server.keys[0]) as lender:
            faults = [
                *[
                    fault
                    for login in REDIRECTED
                    for fault in await _attempt(login, _once(server, lender, login))
                ],
                *await _attempt("multiple access", _again(server, lender)),
            ]
        counted = await _settled(bank, proxy)
        faults += differences(proxy, counted)
        faults += proxy.complaints()
    if counted[ENDING] != SIGN_INS:
        faults.append(f"{ENDING}: {counted[ENDING]} consents were ended, of {SIGN_INS}")
    done = f"{SIGN_INS} sign-ins by redirect, {SIGN_INS + 1} imports, {counted.total()} calls"
    return [Check("Prism, the widget's redirect", done, tuple(faults))]


async def _register(server: stand.Server) -> None:
    settings = Settings(database_url=server.database_url, data_dir=server.folder / "data", practice=True)
    async with main.administer(settings) as administration:
        await administration.set_client(CLIENT, origins=(ORIGIN,), features=(MULTIPLE,))


async def _attempt(name: str, work: Awaitable[None]) -> list[str]:
    """Await a sign-in with its import; a failure is a fault."""
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await work
    except Exception as error:  # noqa: BLE001 - whatever it is, the report names it
        return [f"{name}: {type(error).__name__}: {error}"]
    return []


async def _settled(bank: stand.Bank, proxy: Prism) -> Counter[str]:
    """Return the calls at the bank, once what Kontora ends behind its answers has arrived there as well."""
    deadline = asyncio.get_running_loop().time() + SETTLED_SECONDS
    while True:
        counted = Counter((await bank.log())["by_operation"])
        have_ended = counted[ENDING] == SIGN_INS and not differences(proxy, counted)
        if have_ended or asyncio.get_running_loop().time() > deadline:
            return counted
        await asyncio.sleep(0.1)


async def _once(server: stand.Server, lender: AsyncKontora, login: str) -> None:
    """Sign in, import, and sign out."""
    session = _session(await _signed_in(server, login, accessMode="SINGLE"))
    await _import(lender, session)
    await lender.sign_out(session)


async def _again(server: stand.Server, lender: AsyncKontora) -> None:
    """Sign in for multiple access, import with the consent once more without the owner, and end it."""
    state = await _signed_in(server, "test1.2", accessMode="MULTIPLE")
    await _import(lender, _session(state))
    token = state["signedIn"]["options"]["multipleAccessId"]
    await _import(lender, await lender.reuse_multiple_access(token))
    await lender.delete_multiple_access(token)


async def _signed_in(server: stand.Server, login: str, **options: str) -> State:
    """Choose the bank in the widget, go to its pages and back; return the state that this ends in."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        browser = Browser(server.url, http)
        visit = await browser.open(CLIENT, **options)
        state = await visit.choose(institution=INSTITUTION)
        page = await browser.to_bank(state["redirect"]["url"])
        query = await visit_pages(page, login, f"{server.url}/signin/callback")
        await browser.get(f"/signin/callback?{query}")
        state = await visit.follow()
    if state["state"] != "signedIn":
        raise ValueError(f"the sign-in ended in {state}")
    return state


async def _import(lender: AsyncKontora, session: Session) -> None:
    if not (await lender.default_import(session)).accounts:
        raise ValueError("the import is empty")


def _session(state: State) -> Session:
    told = state["signedIn"]
    return Session(id=told["sessionId"], signature=told["sessionIdSignature"])
