"""Whoever deletes an owner while an import runs sees nothing of it come back, whatever the moment (E07)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.harness.gates import Exchange
from tests.harness.towns import Town

STEPS = ("/accounts", "/card-accounts", "/balances", "/transactions")
RACES = 40


def deleted(town: Town, owner: str) -> None:
    """Delete an owner."""
    reply = town.caller.send("DELETE", "/v1/data.xml", {"ownerExternalId": owner})
    assert reply.status == 200, reply.body


def nothing_is_left(town: Town, owner: str, command_id: str) -> bool:
    """Tell whether neither the API nor the database has anything of it."""
    data = town.caller.send("GET", "/v1/data.xml", {"ownerExternalId": owner})
    with psycopg.connect(town.database_url) as db:
        stored = db.execute(
            "select (select count(*) from import where id = %(id)s),"
            " (select count(*) from command where id = %(id)s and sealed_result is not null)",
            {"id": command_id},
        ).fetchone()
    return data.failure == "InvalidOwnerExternalId" and stored == (0, 0)


@pytest.mark.parametrize("answered", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_an_owner_deleted_while_the_bank_is_read_does_not_come_back(
    town: Town, step: str, answered: bool
) -> None:
    owner = f"deleted at {step} {answered}"
    pair = town.caller.session("test1", owner)

    def is_the_step(exchange: Exchange) -> bool:
        return exchange.is_read and exchange.path.partition("?")[0].endswith(step)

    hold = town.gate.hold(is_the_step, answered=answered)
    started = town.caller.start(pair)
    hold.wait()
    deleted(town, owner)
    hold.release()
    ended = town.caller.poll(started.command_id)
    assert (ended.state, ended.failure) == ("error", "OwnerDeleted")
    assert nothing_is_left(town, owner, started.command_id)


@pytest.mark.slow
def test_an_owner_deleted_at_any_moment_does_not_come_back(town: Town) -> None:
    with ThreadPoolExecutor(2) as threads:
        for race in range(RACES):
            owner = f"race {race}"
            pair = town.caller.session("single", owner)
            started = town.caller.start(pair)
            importing = threads.submit(town.caller.poll, started.command_id)
            hold = race % 8
            for _ in range(hold):
                town.caller.poll(started.command_id)
            threads.submit(deleted, town, owner).result()
            importing.result()
            ended = town.caller.poll(started.command_id)
            gone = (ended.status, ended.failure) == (404, "InvalidCommandId")
            assert gone or (ended.state, ended.failure) == ("error", "OwnerDeleted"), ended.body
            assert nothing_is_left(town, owner, started.command_id)
