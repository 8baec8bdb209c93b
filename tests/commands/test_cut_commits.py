"""The line to the database is cut at a commit: nothing is half kept, and asked again all is kept once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from tests.commands.conftest import Line
from tests.harness.databases import through
from tests.harness.gates import DatabaseGate

from kontora.commands.answers import Client
from kontora.commands.intake import Idempotency
from kontora.commands.label_corrections import LabelCorrectionDesk, Said
from kontora.commands.labelled_owners import labelled_owner
from kontora.commands.owner_analytics import AnalyticsDesk
from kontora.commands.owner_uploads import OwnerUploadDesk
from kontora.commands.room import CommandRoom
from kontora.errors import StoreUnavailable
from kontora.scores.served_model import served_model
from kontora.store.database import Database
from kontora.wire.owner_upload import read_upload

AT = datetime(2026, 11, 20, tzinfo=UTC)
KEPT_ONCE = Idempotency(b"k" * 32, b"f" * 32)
SAID = Said(party="Sklep Pod Lipą", title=None, is_credit=False, add=("grocery",), remove=())
DOCUMENT = {
    "ownerExternalId": "o-1",
    "accounts": [
        {
            "iban": "PL26137013140000000000000001",
            "currencyName": "PLN",
            "moneyTransactions": [{"transactionOn": "2026-10-22", "currencyAmount": 2800, "title": "pensja"}],
        }
    ],
}
Act = Callable[[CommandRoom, Client], Awaitable[Any]]


async def upload(room: CommandRoom, client: Client) -> Any:
    read = read_upload(DOCUMENT, at=AT, institutions={})
    return await OwnerUploadDesk(room).take(client, read, idempotency=KEPT_ONCE)


async def correct(room: CommandRoom, client: Client) -> Any:
    return await LabelCorrectionDesk(room).add(client, SAID)


async def confirm_income(room: CommandRoom, client: Client) -> Any:
    await AnalyticsDesk(room, served_model(), labelled_owner).income(client, "o-1")


@dataclass(frozen=True)
class Fault:
    """What is done, by which words its commit is known, and what there must be once in the end."""

    act: Act
    commit_after: str
    count: str


FAULTS = {
    "an upload": Fault(upload, "insert into import", "select count(*) from import"),
    "the event of an upload": Fault(
        upload, "insert into import", "select count(*) from event where kind = 'owner_uploaded'"
    ),
    "a correction": Fault(correct, "insert into label_correction", "select count(*) from label_correction"),
    "a confirmed income": Fault(
        confirm_income,
        "update owner set income_confirmed_for",
        "select count(*) from event where kind = 'income_confirmed'",
    ),
}


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after it"])
@pytest.mark.parametrize("what", FAULTS)
async def test_what_is_cut_off_at_its_commit_is_there_once_when_it_is_asked_again(
    line: Line, database_url: str, what: str, committed: bool
) -> None:
    fault, client = FAULTS[what], replace(line.client, features=("labels",))
    if fault.act is confirm_income:
        await upload(line.room, client)
    gate = DatabaseGate(int(str(psycopg.conninfo.conninfo_to_dict(database_url)["port"])))
    far = await Database.open(through(database_url, gate.port), min_size=1, max_size=2)
    try:
        commit = gate.hold_commit_after(fault.commit_after, answered=committed)
        acting = asyncio.create_task(fault.act(replace(line.room, database=far), client))
        await asyncio.to_thread(commit.wait)
        commit.release(drop=True)
        gate.close()
        with pytest.raises(StoreUnavailable):
            await acting
    finally:
        gate.close()
        await far.close()
    assert await counted(line, fault) == int(committed)
    first, second = [await fault.act(line.room, client) for _ in range(2)]
    assert first == second
    assert await counted(line, fault) == 1


async def counted(line: Line, fault: Fault) -> int:
    with psycopg.connect(str(line.database.pool.conninfo)) as db:
        row = db.execute(fault.count.encode()).fetchone()
    assert row is not None
    return int(row[0])
