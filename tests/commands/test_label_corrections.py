"""Corrections of labels: kept sealed, once, for one client, and no more than a thousand."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from tests.commands.conftest import Line

from kontora.commands.answers import Client
from kontora.commands.label_corrections import (
    MOST_CORRECTIONS,
    LabelCorrectionDesk,
    Said,
    corrections_of,
)
from kontora.errors import CommandNotAvailable, InvalidCorrectionId, LabelCorrectionLimitExceeded
from kontora.store.ids import random_id

CANARY = "Wojciech Kanarek"
SAID = Said(party=CANARY, title="czynsz za maj", is_credit=False, add=("rent",), remove=("person transfer",))


@pytest.fixture
def desk(line: Line) -> LabelCorrectionDesk:
    return LabelCorrectionDesk(line.room)


@pytest.fixture
def client(line: Line) -> Client:
    return replace(line.client, features=("labels",))


@pytest.fixture
def rival(line: Line) -> Client:
    return replace(line.other_client, features=("labels",))


async def test_what_is_said_is_listed_by_its_client_alone_and_forgotten_when_taken_back(
    desk: LabelCorrectionDesk, client: Client, rival: Client
) -> None:
    correction_id = await desk.add(client, SAID)
    (listed,) = await desk.listed(client)
    assert (listed.id, listed.party, listed.title) == (str(correction_id), SAID.party, SAID.title)
    assert (listed.is_credit, listed.add, listed.remove) == (False, SAID.add, SAID.remove)
    assert await desk.listed(rival) == ()
    with pytest.raises(InvalidCorrectionId):
        await desk.remove(rival, correction_id)
    await desk.remove(client, correction_id)
    assert await desk.listed(client) == ()
    with pytest.raises(InvalidCorrectionId):
        await desk.remove(client, correction_id)


async def test_the_same_said_again_keeps_its_id_and_is_the_latest(
    desk: LabelCorrectionDesk, client: Client, rival: Client
) -> None:
    first = await desk.add(client, SAID)
    second = await desk.add(client, replace_said(add=("household",)))
    in_other_letters = replace_said(party=CANARY.upper(), title="CZYNSZ  ZA MAJ!")
    assert await desk.add(client, in_other_letters) == first
    assert [one.id for one in await desk.listed(client)] == [str(second), str(first)]
    assert await desk.add(rival, SAID) != first


def replace_said(**change: object) -> Said:
    told = {name: getattr(SAID, name) for name in Said.__struct_fields__}
    return Said(**(told | change))


async def test_two_requests_at_once_make_one_correction(desk: LabelCorrectionDesk, client: Client) -> None:
    assert len(set(await asyncio.gather(*(desk.add(client, SAID) for _ in range(10))))) == 1
    assert len(await desk.listed(client)) == 1


async def test_a_thousand_are_kept_and_the_next_is_refused_until_one_goes(
    line: Line, desk: LabelCorrectionDesk, client: Client, rival: Client
) -> None:
    vault = line.vault.clients
    async with line.database.tx() as db:
        for number in range(MOST_CORRECTIONS - 1):
            digest = await vault.digest(str(number).encode(), client_id=client.id, context="filler")
            await db.execute(
                "insert into label_correction (id, client_id, digest, sealed) values (%s, %s, %s, %s)",
                (random_id(), client.id, digest, b"filler"),
            )
    last = await desk.add(client, SAID)
    with pytest.raises(LabelCorrectionLimitExceeded):
        await desk.add(client, replace_said(add=("household",)))
    assert await desk.add(client, SAID) == last
    assert await desk.add(rival, SAID)
    await desk.remove(client, last)
    assert await desk.add(client, replace_said(add=("household",)))


async def test_neither_the_database_nor_an_event_holds_a_word_of_it(
    line: Line, desk: LabelCorrectionDesk, client: Client
) -> None:
    correction_id = await desk.add(client, SAID)
    await desk.listed(client)
    await desk.remove(client, correction_id)
    await desk.add(client, SAID)
    written = await line.database.rows(
        "select row_to_json(label_correction)::text from label_correction"
        " union all select row_to_json(event)::text from event"
    )
    everything = "".join(row[0] for row in written) + str(
        await line.database.rows("select sealed, digest from label_correction")
    )
    for word in ("Kanarek", "czynsz", "rent", "4b616e6172656b", "637a796e737a"):
        assert word not in everything
    kinds = [row[0] for row in await line.database.rows("select kind from event order by id")]
    assert kinds == [
        "label_correction_added",
        "label_corrections_listed",
        "label_correction_removed",
        "label_correction_added",
    ]


async def test_without_labels_nothing_can_be_corrected(
    line: Line, desk: LabelCorrectionDesk, client: Client
) -> None:
    bare = replace(client, features=("pdf", "vendors"))
    for asked in (desk.add(bare, SAID), desk.listed(bare), desk.remove(bare, 1)):
        with pytest.raises(CommandNotAvailable, match="kontora client set lender-test --enable labels"):
            await asked


async def test_corrections_whose_key_is_lost_are_lost_and_labels_go_on(
    line: Line, desk: LabelCorrectionDesk, client: Client
) -> None:
    await desk.add(client, SAID)
    async with line.database.tx() as db:
        await db.execute("update label_correction set sealed = sealed || '\\x00'::bytea")
    assert await corrections_of(line.room, client.id) == ()
    assert await desk.listed(client) == ()
