"""Labels in the results of commands and in owners' data, over a scripted bank and rules of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree
from tests.commands.conftest import Line, make_line, pair
from tests.commands.scripted_bank import IBANS, Bank, money_transactions
from tests.labels.building import rule

from kontora.commands.answers import Client, CommandState, CommandStatus
from kontora.commands.label_corrections import LabelCorrectionDesk, Said
from kontora.commands.label_work import LabelWork
from kontora.commands.labelled_owners import labelled_owner
from kontora.commands.requests import (
    CommandRequest,
    DefaultImport,
    ImportAccounts,
    ImportAccountTransactions,
    ImportCreditCardTransactions,
)
from kontora.errors import LabelsFailed
from kontora.labels.dictionary import Dictionary
from kontora.labels.labelling import Knowledge
from kontora.store import clients
from kontora.store.clients import ClientRow
from kontora.store.database import Database

KNOWN = Knowledge(Dictionary((rule("bonus", "ZAKUP", vendors=True),)))
RENT = Said(party=None, title="zakup 1", is_credit=True, add=("refund",), remove=("bonus", "compensation"))


class Rules:
    """Rules that can be broken."""

    broken = False

    def know(self, country: str) -> Knowledge | None:
        if self.broken:
            raise KeyError(country)
        return KNOWN if country == "pl" else None


@pytest.fixture
def rules() -> Rules:
    return Rules()


@pytest.fixture
async def line(database: Database, keys_dir: Path, bank: Bank, rules: Rules) -> AsyncIterator[Line]:
    yield await make_line(
        database, keys_dir, bank, label_work=LabelWork(rules.know), features=("labels", "vendors")
    )


async def ended(line: Line, request: CommandRequest, client: Client | None = None) -> CommandStatus:
    """Run one command to its end."""
    session = await line.session(client=client)
    async with line.working():
        started = await line.intake.start(client or line.client, pair(session), request)
        return await line.ended(started.command_id)


async def switch(line: Line, *features: str) -> None:
    """Replace what is switched on for the client."""
    async with line.database.tx() as db:
        await clients.update(db, ClientRow("lender-test", "test", ("127.0.0.1/32",), (), (), features))


def labels(status: CommandStatus) -> list[list[str]]:
    assert status.result is not None
    items = etree.fromstring(status.result).iter("moneyTransaction")
    return [[label.text or "" for label in item.iterfind("labels/label")] for item in items]


TOLD = ["monthly", "compensation", "extra pay"]


@pytest.mark.parametrize(
    ("request_", "count"),
    [
        (DefaultImport(), 5),
        (ImportAccountTransactions(iban=IBANS[0]), 3),
        (ImportCreditCardTransactions(card_number="c0"), 2),
    ],
)
async def test_each_command_that_brings_money_transactions_labels_them(
    line: Line, request_: CommandRequest, count: int
) -> None:
    status = await ended(line, request_)
    assert [set(one) - {"monthly"} for one in labels(status)] == [{"compensation", "extra pay"}] * count
    assert status.result is not None
    vendors = [one.get("label") for one in etree.fromstring(status.result).iter("vendor")]
    assert vendors == ["extra pay"] * count


async def test_a_command_without_money_transactions_asks_for_no_labels(line: Line, rules: Rules) -> None:
    rules.broken = True
    assert (await ended(line, ImportAccounts())).state is CommandState.SUCCESSFUL


async def test_what_is_switched_on_for_a_client_counts_when_the_command_runs(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())
    await switch(line)
    async with line.working():
        assert labels(await line.ended(started.command_id)) == [[]] * 5
    await switch(line, "labels")
    status = await ended(line, DefaultImport())
    assert all("extra pay" in one for one in labels(status))
    assert status.result is not None and b"vendor" not in status.result


async def test_what_is_stored_has_no_labels_and_the_owners_data_is_labelled_when_it_is_asked_for(
    line: Line,
) -> None:
    await ended(line, DefaultImport())
    stored = (await line.intake.owner_data(line.client, "o-1")).imports[0]
    assert all(not item.labels and not item.vendors for item in stored.accounts[0].money_transactions)
    owner = await labelled_owner(line.room, line.client, "o-1", kind="summary_read")
    (target,) = owner.targets
    items = target.accounts[0].money_transactions
    assert [item.labels for item in items] == [("compensation", "bonus")] * 3
    assert owner.country == "pl"
    (reasons,) = owner.reasons
    assert [[one.label for one in row] for row in reasons[0]] == [["compensation", "bonus"]] * 3
    assert [len(rows) for rows in reasons] == [3, 2]
    events = await line.database.rows("select kind from event order by id desc limit 1")
    assert events == [("summary_read",)]


async def test_a_correction_holds_for_history_and_later_imports_of_its_client_alone(line: Line) -> None:
    for client in (line.client, line.other_client):
        session = await line.session(client=client)
        async with line.working():
            started = await line.intake.start(client, pair(session), DefaultImport())
            while (await line.intake.status(client, started.command_id, None)).result is None:
                pass
    desk = LabelCorrectionDesk(line.room)
    correction_id = await desk.add(line.client, RENT)

    async def history(client: Client) -> list[tuple[str, ...]]:
        owner = await labelled_owner(line.room, client, "o-1", kind="data_read")
        return [item.labels for item in owner.targets[0].accounts[0].money_transactions]

    assert await history(line.client) == [("compensation", "bonus"), ("refund",), ("compensation", "bonus")]
    assert await history(line.other_client) == [("compensation", "bonus")] * 3
    assert labels(await ended(line, DefaultImport()))[1] == ["refund"]
    await desk.remove(line.client, correction_id)
    assert await history(line.client) == [("compensation", "bonus")] * 3


async def test_where_labelling_fails_the_command_says_so_and_what_was_read_is_kept(
    line: Line, rules: Rules
) -> None:
    rules.broken = True
    status = await ended(line, DefaultImport())
    assert status.state is CommandState.ERROR
    assert status.failure is not None and status.failure.name == "LabelsFailed"
    assert status.result is None
    with pytest.raises(LabelsFailed):
        await line.intake.labelled_owner(line.client, "o-1")
    rules.broken = False
    owner = await line.intake.labelled_owner(line.client, "o-1")
    assert len(owner.targets[0].accounts[0].money_transactions) == 3
    events = await line.database.rows("select outcome from event where kind = 'command_ended'")
    assert events == [("LabelsFailed",)]


async def test_a_bank_in_a_country_without_rules_gives_no_labels_and_no_error(
    database: Database, keys_dir: Path, bank: Bank
) -> None:
    line = await make_line(
        database, keys_dir, bank, label_work=LabelWork(lambda _: None), features=("labels",)
    )
    assert labels(await ended(line, DefaultImport())) == [[]] * 5


async def test_a_long_history_is_labelled_whole(line: Line, bank: Bank) -> None:
    bank.pages = (money_transactions(1_500, today=datetime.now(UTC).date()),)
    found = labels(await ended(line, DefaultImport()))
    assert len(found) > 1_500
    assert all("extra pay" in one for one in found)
