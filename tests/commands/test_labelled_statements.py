"""Labels of statements and confirmations: told where they are switched on, kept nowhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from tests.commands.conftest import Line
from tests.commands.scripted_reader import PLACE, confirmations
from tests.commands.test_statements import REQUEST, Desk
from tests.labels.building import OWN, rule

from kontora.commands.answers import Client
from kontora.commands.label_work import LabelWork
from kontora.commands.statements import StatementDesk
from kontora.errors import LabelsFailed
from kontora.labels.dictionary import Dictionary
from kontora.labels.labelling import Knowledge
from kontora.statements.library import layouts
from kontora.statements.readings import BookingStatus, Confirmation, ConfirmationParty

KNOWN = Knowledge(Dictionary((rule("refund", "Zwrot"),)))
Know = Callable[[str], Knowledge | None]


def known(country: str) -> Knowledge | None:
    return KNOWN if country == "pl" else None


def broken(country: str) -> Knowledge | None:
    raise KeyError(country)


@pytest.fixture
def scene(line: Line) -> Desk:
    return Desk(line)


@pytest.fixture
def client(scene: Desk) -> Client:
    return replace(scene.client, features=("pdf", "labels"))


def labelling(scene: Desk, know: Know) -> StatementDesk:
    """The desk with rules of the test's own."""
    room = replace(scene.line.room, label_work=LabelWork(know))
    return StatementDesk(room, scene.reader, layouts())


async def test_a_statement_is_kept_as_it_was_read_and_told_with_labels(scene: Desk, client: Client) -> None:
    desk = labelling(scene, known)
    taken = await desk.take(client, REQUEST)
    told = taken.imported.accounts[0].money_transactions
    assert [(item.title, item.labels) for item in told] == [
        ("Zwrot", ("refund",)),
        ("KanarekWTytule7391", ()),
    ]
    (stored,) = (await scene.line.intake.owner_data(client, "o-1")).imports
    assert all(not item.labels for item in stored.accounts[0].money_transactions)
    bare = await desk.take(scene.client, REQUEST)
    assert all(not item.labels for item in bare.imported.accounts[0].money_transactions)


async def test_where_labelling_fails_nothing_of_a_statement_is_kept(scene: Desk, client: Client) -> None:
    with pytest.raises(LabelsFailed):
        await labelling(scene, broken).take(client, REQUEST)
    assert await scene.rows("select id from import union all select id from statement") == []
    assert await scene.readings() == 0
    assert await scene.events() == [("statement_read", "LabelsFailed")]
    assert await labelling(scene, known).take(client, REQUEST)


async def test_confirmations_are_labelled_as_their_holder_sees_them(scene: Desk, client: Client) -> None:
    sent = Confirmation(
        Decimal("-15.00"),
        "PLN",
        date(2026, 5, 17),
        BookingStatus.BOOKED,
        PLACE,
        PLACE,
        title="Zwrot",
        sender=ConfirmationParty("Jan Kowalski", OWN),
        recipient=ConfirmationParty("Sklep sp. z o.o."),
    )
    received = msgspec.structs.replace(
        sent, currency_amount=Decimal("15.00"), sender=sent.recipient, recipient=sent.sender
    )
    own = msgspec.structs.replace(sent, title="x", recipient=ConfirmationParty("KOWALSKI JAN"))
    scene.reader.result = confirmations(sent, received, own)
    told = (await labelling(scene, known).confirm(client, REQUEST)).confirmations
    assert [one.labels for one in told] == [(), ("refund",), ("own transfer",)]
    bare = (await labelling(scene, known).confirm(scene.client, REQUEST)).confirmations
    assert [one.labels for one in bare] == [(), (), ()]
