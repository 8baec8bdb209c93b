"""Kontora's own client and Kontora, with Prism between them and Kontora's own description.

Prism reads JSON alone: replies in XML go by unread. The requests that schemathesis makes up check those.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import aiohttp
from bench import http, stand

from kontora import main
from kontora.client import AsyncKontora, SignatureInvalid
from kontora.commands.features import LABELS, SCORE, VENDORS
from kontora.settings import Settings
from tools.conformance.prism import Prism, free_port, prism
from tools.conformance.report import Check

LOGIN, OWNER, UPLOADED = "test1", "owner-test1", "owner-uploaded"
PERIOD = (date(2026, 1, 1), date(2026, 12, 31))
CATEGORIES = ("allTransactions", "balance", "activeSinceAtLeast", "label:salary", "label:repayment~bank")
MONEY_TRANSACTION = {
    "transactionOn": "2026-05-22",
    "currencyAmount": -15,
    "title": "ZAKUPY",
    "party": "BIEDRONKA 123",
}
UPLOAD = {
    "ownerExternalId": UPLOADED,
    "accounts": [
        {
            "iban": "PL26137013140000000000000001",
            "currencyName": "PLN",
            "moneyTransactions": [MONEY_TRANSACTION],
        }
    ],
}


async def _correct(lender: AsyncKontora) -> None:
    """Say a correction, list it, and take it back."""
    kept = await lender.correct_label("outgoing", party="Sklep Pod Lipą", add=["grocery"])
    (listed,) = await lender.label_corrections()
    await lender.delete_label_correction(listed.id)
    if kept != listed.id or await lender.label_corrections():
        raise ValueError("the correction is another one, or still there")


async def _ask_signed(lender: AsyncKontora) -> None:
    """Ask for a signed reply. Prism writes JSON anew, so the signature of what comes cannot fit it."""
    with suppress(SignatureInvalid):
        await lender.income_confirmation(OWNER, signed=True)


Ask = Callable[[AsyncKontora], Awaitable[Any]]
ASKED: dict[str, Ask] = {
    "upload": lambda lender: lender.upload_owner(UPLOAD),
    "external labels": lambda lender: lender.label_external_data(
        {"accounts": [{"moneyTransactions": [{"id": "1"} | MONEY_TRANSACTION]}]}
    ),
    "accounts summary": lambda lender: lender.accounts_summary(OWNER, *PERIOD, CATEGORIES),
    "accounts by month": lambda lender: lender.accounts_summary(OWNER, *PERIOD, CATEGORIES, monthly=True),
    "owner summary": lambda lender: lender.owner_summary(OWNER, *PERIOD, CATEGORIES),
    "owner by month": lambda lender: lender.owner_summary(OWNER, *PERIOD, CATEGORIES, monthly=True),
    "catalogue": lambda lender: lender.data_summary_catalog(),
    "income": lambda lender: lender.income_confirmation(OWNER),
    "signed income": _ask_signed,
    "features": lambda lender: lender.owner_features(OWNER),
    "profile": lambda lender: lender.profile(OWNER),
    "scores": lambda lender: lender.scores(OWNER),
    "model card": lambda lender: lender.score_model_card(),
    "data": lambda lender: lender.data(UPLOADED),
    "corrections": _correct,
}


async def checks(where: Path) -> list[Check]:
    """Ask everything about owners through Prism."""
    async with (
        stand.bank(where) as bank,
        stand.kontora(where, bank.url) as server,
        aiohttp.ClientSession() as http_client,
    ):
        await _prepare(server)
        async with http_client.get(f"{server.url}/openapi.json") as reply:
            document = json_only(await reply.json())
        description = where / "openapi.json"
        description.write_text(json.dumps(document))
        async with prism(description, server.url, free_port(), where / "prism.log") as proxy:
            faults = [
                fault for name, ask in ASKED.items() for fault in await _attempt(name, ask, proxy, server)
            ]
            counted = proxy.calls()
            faults += proxy.complaints()
    return [Check("Prism, Kontora's client", _told(counted), tuple(faults))]


def json_only(document: dict[str, Any]) -> dict[str, Any]:
    """Return a description in which replies in XML may be anything."""
    for methods in document["paths"].values():
        for operation in methods.values():
            for answer in operation["responses"].values():
                for media_type, content in answer.get("content", {}).items():
                    if media_type.endswith("xml"):
                        content.pop("schema", None)
    return document


def _told(counted: Counter[str]) -> str:
    return f"{len(counted)} operations, {counted.total()} calls"


async def _attempt(name: str, ask: Ask, proxy: Prism, server: stand.Server) -> Iterable[str]:
    async with AsyncKontora(proxy.url, server.keys[0]) as lender:
        try:
            await ask(lender)
        except Exception as error:  # noqa: BLE001 - whatever it is, the report names it
            return [f"{name}: {type(error).__name__}: {error}"]
    return []


async def _prepare(server: stand.Server) -> None:
    """Switch on what is asked for, and import an owner."""
    settings = Settings(database_url=server.database_url, data_dir=server.folder / "data", practice=True)
    async with main.administer(settings) as administration:
        await administration.set_client("bench-0", features=(LABELS, VENDORS, SCORE))
    connection = await http.Connection.open(server.url)
    session = await stand.sign_in(server, connection, LOGIN, server.keys[0], OWNER)
    command = await stand.start(server, connection, session, "default-import")
    await stand.finished(server, connection, server.keys[0], command, every_seconds=0.1)
    connection.close()
