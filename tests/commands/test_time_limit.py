"""An import that takes too long stops: what was read stays, what was cut says so, and nothing else does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.commands.conftest import Line, make_line, pair
from tests.commands.scripted_bank import Bank, money_transactions

from kontora.commands.answers import CommandState
from kontora.commands.requests import DefaultImport
from kontora.commands.room import Limits
from kontora.model import Import
from kontora.store.database import Database
from kontora.store.sessions import Life

PAGES = tuple(money_transactions(40)[start : start + 10] for start in range(0, 40, 10))


def quick(import_seconds: float) -> Limits:
    return Limits(8, 2000, import_seconds, 86400.0, Life(300.0, 3600.0))


async def imported_with_a_stop_at(line: Line, stuck_page: int) -> Import:
    pages = 0

    async def stick(name: str) -> None:
        nonlocal pages
        if name == "page":
            pages += 1
            if pages > stuck_page:
                await asyncio.sleep(60)

    session = await line.session()
    line.bank.before = stick
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        status = await line.ended(started.command_id)
    assert status.state is CommandState.SUCCESSFUL
    return (await line.intake.owner_data(line.client, "o-1")).imports[0]


@pytest.mark.parametrize("stuck_page", range(5))
async def test_an_account_is_partial_when_and_only_when_its_pages_were_cut(
    database: Database, keys_dir: Path, stuck_page: int
) -> None:
    line = await make_line(database, keys_dir, Bank(pages=PAGES), quick(1.0))
    found = await imported_with_a_stop_at(line, stuck_page)
    account = found.accounts[0]
    assert len(account.money_transactions) == 10 * stuck_page
    assert account.partial_due_to_timeout is (stuck_page < 4)
    assert found.credit_cards is not None
    assert not found.credit_cards[0].partial_due_to_timeout


async def test_a_bank_that_does_not_even_list_in_time_is_unavailable(
    database: Database, keys_dir: Path
) -> None:
    line = await make_line(database, keys_dir, Bank(), quick(0.5))

    async def stick(name: str) -> None:
        if name == "list":
            await asyncio.sleep(60)

    session = await line.session()
    line.bank.before = stick
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        status = await line.ended(started.command_id)
    assert status.failure is not None
    assert status.failure.name == "ServiceTemporarilyUnavailable"
