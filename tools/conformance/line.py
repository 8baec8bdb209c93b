"""Whole sign-ins and default imports through Prism: no violation, and every call counted on both sides."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
from bench import http, stand

from kontora.commands.reading import Progress, Reading
from kontora.connectors.bank_http import BankHttp
from kontora.connectors.bank_reach import Reach
from kontora.connectors.protocol import Answer, CredentialKind, Grant, Psu, Secret, SignInRequest
from kontora.connectors.standards.kontobank import KONTOBANK, KontoBankConnector
from kontora.connectors.target import Surroundings
from kontora.model import Import
from kontora.model.truths import violations
from tools.conformance.owner import confirm
from tools.conformance.prism import Prism, free_port, prism
from tools.conformance.report import Check
from tools.conformance.specification import corrected

EMBEDDED = ("test1", "many", "methods", "history", "large", "relative", "company")
DECOUPLED = ("push",)
REDIRECTED = ("test1", "many")
HISTORY = timedelta(days=5 * 365)
BACK = "http://127.0.0.1:1/back"
COUNTRY = "pl"
PSU = Psu(ip_address="127.0.0.1")


class PlainRedirect(KontoBankConnector):
    """KontoBank's redirect without OAuth, which it does on request."""

    dialect = replace(KONTOBANK, extra_headers={"X-KontoBank-Sca": "redirect"})


async def checks(specification: Path, where: Path) -> list[Check]:
    """Go through Prism: with the file as published what it can describe, with a corrected copy the rest."""
    return [
        await _through(specification, where / "published", "as published", embedded=()),
        await _through(
            corrected(specification, where), where / "corrected", "corrected copy", embedded=EMBEDDED
        ),
    ]


async def _through(specification: Path, where: Path, what: str, *, embedded: tuple[str, ...]) -> Check:
    where.mkdir()
    bank_port, prism_port = free_port(), free_port()
    bank_url, prism_url = f"http://127.0.0.1:{bank_port}", f"http://127.0.0.1:{prism_port}"
    addresses = ("--public-url", prism_url, "--pages-url", bank_url)
    async with (
        stand.bank(where, *addresses, port=bank_port) as bank,
        prism(specification, bank_url, prism_port, where / "prism.log") as proxy,
        stand.kontora(where, prism_url) as server,
    ):
        faults: list[str] = []
        for login in (*DECOUPLED, *embedded):
            faults += await _attempt(f"{login}, through Kontora", _by_kontora(server, login))
        for login in REDIRECTED:
            faults += await _attempt(
                f"{login}, OAuth", _redirected(bank, prism_url, login, KontoBankConnector)
            )
        faults += await _attempt(
            "test1, plain redirect", _redirected(bank, prism_url, "test1", PlainRedirect)
        )
        faults += await _attempt("refresh, OAuth", _refreshed(bank, prism_url))
        counted = (await bank.log())["by_operation"]
        faults += differences(proxy, Counter(counted))
        faults += proxy.complaints()
    by_kontora, by_redirect = len(embedded) + len(DECOUPLED), len(REDIRECTED) + 2
    done = f"{by_kontora} imports by Kontora, {by_redirect} by redirect, {sum(counted.values())} calls"
    return Check(f"Prism, {what}", done, tuple(faults))


async def _attempt(name: str, work) -> list[str]:
    """Await a sign-in with its import; a failure is a fault."""
    try:
        async with asyncio.timeout(60):
            await work
    except Exception as error:  # noqa: BLE001 - whatever it is, the report names it
        return [f"{name}: {type(error).__name__}: {error}"]
    return []


async def _by_kontora(server: stand.Server, login: str) -> None:
    """Sign in with `mock-session.xml`, import everything, and sign out."""
    key = server.keys[0]
    connection = await http.Connection.open(server.url)
    try:
        session = await stand.sign_in(server, connection, login, key, f"owner-{login}")
        for command in ("default-import", "sign-out"):
            command_id = await stand.start(server, connection, session, command)
            await stand.finished(server, connection, key, command_id, every_seconds=0.1)
    finally:
        connection.close()


async def _redirected(
    bank: stand.Bank,
    base_url: str,
    login: str,
    kind: type[KontoBankConnector],
    *,
    wait_seconds: float = 0.0,
) -> Grant:
    """Sign in on the bank's pages, as a browser would, and read everything."""
    reach = Reach.of((base_url, bank.url), practice=True)
    request = SignInRequest(psu=PSU, redirect_uri=BACK, state="state1", recurring=True)
    bank_http = BankHttp()
    try:
        connector = kind(
            Surroundings(line=bank_http.line("KontoBankApi", reach), base_url=base_url, practice=True)
        )
        step = await connector.sign_in(request, (), None)
        (challenge,) = step.challenges
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
            back = await confirm(browser, challenge.url or "", login)
        answer = Answer(CredentialKind.REDIRECT, Secret(back.partition("?")[2]))
        step = await connector.sign_in(request, (answer,), step.access)
        if step.challenges or not step.access.signed_in:
            raise ValueError(f"the bank asks more: {step.challenges}")
        await asyncio.sleep(wait_seconds)
        grant = Grant(step.access, psu=PSU)
        imported = await _everything(connector, grant)
        if not imported.accounts or violations(imported):
            raise ValueError(f"the import is not sound: {violations(imported)[:3]}")
        await connector.sign_out(grant)
        return grant
    finally:
        await bank_http.close()


async def _refreshed(bank: stand.Bank, base_url: str) -> None:
    """Read with an access token that lives for a second; it must have been renewed."""
    before = (await bank.log())["token_exchanges"]
    await _redirected(bank, base_url, "refresh", KontoBankConnector, wait_seconds=1.2)
    if (await bank.log())["token_exchanges"] - before < 2:
        raise ValueError("no token was renewed")


async def _everything(connector: KontoBankConnector, grant: Grant) -> Import:
    async def silent(_per_cent: float) -> None:
        """Tell nobody."""

    now = datetime.now(UTC)
    deadline = asyncio.get_running_loop().time() + 50
    reading = Reading(connector, grant, "KontoBankApi", "KontoBank", COUNTRY, deadline, Progress(silent))
    return await reading.everything((now - HISTORY).date(), now)


def differences(proxy: Prism, at_bank: Counter[str]) -> list[str]:
    """Compare the calls counted on both sides."""
    at_proxy = proxy.calls()
    return [
        f"{operation}: {at_proxy[operation]} calls at Prism, {at_bank[operation]} at KontoBank"
        for operation in sorted(at_proxy | at_bank)
        if at_proxy[operation] != at_bank[operation]
    ]
