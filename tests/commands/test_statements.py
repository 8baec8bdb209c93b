"""The desk of statements: exactly one ending for each file, kept or refused, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.commands.conftest import Line, pair
from tests.commands.scripted_reader import (
    CONFIRMATION,
    FINDING,
    MAY,
    PDF,
    ScriptedReader,
    confirmations,
    money_transaction,
    reading,
    statement,
)
from tests.commands.test_sweep import swept

from kontora.commands.requests import DefaultImport
from kontora.commands.retention import ClockGuard, Retention
from kontora.commands.statements import MOST_LISTED_BYTES, StatementDesk, StatementRequest
from kontora.errors import (
    CommandInterrupted,
    CommandNotAvailable,
    InvalidArgument,
    InvalidOwnerExternalId,
    InvalidTarget,
    JobsQuotaExceeded,
    MalformedOwnerExternalId,
    OwnerDeleted,
    PdfIsScan,
    PdfLayoutNotSupported,
    PdfVerificationFailed,
)
from kontora.statements.library import layouts
from kontora.store import owners

REQUEST = StatementRequest(pdf=PDF, file_name="may.pdf", owner_external_id="o-1")


class Desk:
    """The desk over a scripted reader, a client that may use it, and what the metrics were told."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.reader = ScriptedReader()
        self.told: list[tuple[str, str, str]] = []
        self.announced: list[tuple[str, str]] = []
        self.client = replace(line.client, features=("pdf",))
        self.rival = replace(line.other_client, features=("pdf",))
        room = replace(line.room, announce=lambda name, state, _: self.announced.append((name, state)))
        self.desk = StatementDesk(
            room,
            self.reader,
            layouts(),
            on_read=lambda kind, layout, how, _: self.told.append((kind, layout, how)),
        )

    async def rows(self, query: str) -> list[Any]:
        async with self.line.database.connection() as db:
            return await (await db.execute(query)).fetchall()

    async def events(self) -> list[tuple[str, str]]:
        """Kind and outcome of the events of files, oldest first."""
        found = await self.rows("select kind, outcome from event where kind like '%\\_read' order by id")
        return [tuple(row) for row in found]

    async def readings(self) -> int:
        """How many files are being read, as the database has it."""
        return int((await self.rows("select count(*) from pdf_reading"))[0][0])

    def hold(self) -> tuple[asyncio.Event, asyncio.Event]:
        """Let the reader wait; tells when it does."""
        reached, go_on = asyncio.Event(), asyncio.Event()

        async def wait() -> None:
            reached.set()
            await go_on.wait()

        self.reader.before = wait
        return reached, go_on


@pytest.fixture
async def desk(line: Line) -> AsyncIterator[Desk]:
    yield Desk(line)


async def test_an_accepted_statement_is_an_import_and_is_listed_with_its_file(desk: Desk) -> None:
    taken = await desk.desk.take(desk.client, REQUEST)
    assert taken.owner_external_id == "o-1"
    assert taken.details.mode == "STANDARD"
    data = await desk.line.intake.owner_data(desk.client, "o-1")
    assert data.origin == "pdf"
    assert data.imports == (taken.imported,)
    assert [item.title for item in taken.imported.accounts[0].money_transactions] == [
        "Zwrot",
        "KanarekWTytule7391",
    ]
    assert taken.imported.ends_on == date(2026, 5, 31)
    (kept,) = await desk.desk.of_owner(desk.client, "o-1", with_files=True)
    assert (kept.statement_id, kept.details, kept.pdf) == (taken.statement_id, taken.details, PDF)
    assert kept.details.failed_verifications == (FINDING,)
    (without,) = await desk.desk.of_owner(desk.client, "o-1", with_files=False)
    assert without.pdf is None
    assert await desk.events() == [("statement_read", "ok"), ("data_read", "ok")]
    assert desk.told == [("statement_read", "mbank-statement", "ok")]
    assert desk.announced == [("StatementCommand", "successful")]
    assert await desk.readings() == 0


async def test_the_reader_is_told_everything_that_the_client_asked_for(desk: Desk) -> None:
    asked = replace(REQUEST, trusted=True, accept_inconsistent=True, evidence=True, password="geheim")
    taken = await desk.desk.take(desk.client, asked)
    pdf, options, client = desk.reader.asked[0]
    assert (pdf, client) == (PDF, desk.client.id)
    assert options.trusted and options.accept_inconsistent and options.evidence
    assert (options.password, options.confirmations) == ("geheim", False)
    assert taken.details.mode == "TRUSTED"
    assert "geheim" not in repr(asked) and "Kanarek" not in repr(asked)


async def test_an_owner_is_made_where_the_client_names_none(desk: Desk) -> None:
    taken = await desk.desk.take(desk.client, replace(REQUEST, owner_external_id=None))
    assert taken.owner_external_id.startswith("kontomatik-")
    assert await desk.desk.of_owner(desk.client, taken.owner_external_id, with_files=False)


@pytest.mark.parametrize("failure", [PdfIsScan(), PdfVerificationFailed(failed_verifications=(FINDING,))])
async def test_a_refused_file_leaves_an_event_with_its_name_and_nothing_else(
    desk: Desk, failure: PdfIsScan
) -> None:
    desk.reader.result = failure
    with pytest.raises(type(failure)):
        await desk.desk.take(desk.client, REQUEST)
    assert await desk.rows("select id from import union all select id from statement") == []
    assert await desk.events() == [("statement_read", failure.name)]
    assert desk.told == [("statement_read", "", failure.name)]
    assert desk.announced == [("StatementCommand", "error")]
    assert await desk.readings() == 0
    assert await desk.desk.of_owner(desk.client, "o-1", with_files=True) == ()


async def test_a_bug_is_told_as_one_and_frees_the_place(desk: Desk) -> None:
    desk.reader.result = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await desk.desk.take(desk.client, REQUEST)
    assert await desk.events() == [("statement_read", "InternalError")]
    assert desk.announced == [("StatementCommand", "fatal")]
    assert await desk.readings() == 0


async def test_confirmations_are_kept_nowhere_and_make_no_owner(desk: Desk) -> None:
    desk.reader.result = confirmations(CONFIRMATION)
    found = await desk.desk.confirm(desk.client, REQUEST)
    assert found.confirmations == (CONFIRMATION,)
    assert desk.reader.asked[0][1].confirmations
    assert await desk.rows("select id from import union all select id from statement") == []
    assert await desk.line.vault.owners() == []
    assert await desk.events() == [("confirmation_read", "ok")]
    assert desk.announced == [("ConfirmationCommand", "successful")]
    assert await desk.readings() == 0


async def test_an_event_of_a_file_holds_figures_and_nobody(desk: Desk) -> None:
    await desk.desk.take(desk.client, REQUEST)
    ((target, detail),) = await desk.rows("select target, detail from event where kind = 'statement_read'")
    assert target == "MBank"
    assert detail == {"layout": "mbank-statement", "pages": 2, "consistent": True, "failed_verifications": 1}
    told = str(await desk.rows("select * from event"))
    assert not any(name in told for name in ("Kowalski", "o-1", "may.pdf", "Kanarek"))


async def test_a_client_without_the_feature_is_told_how_to_get_it(desk: Desk) -> None:
    client = replace(desk.client, features=())
    for ask in (desk.desk.take, desk.desk.confirm):
        with pytest.raises(CommandNotAvailable, match="--enable pdf"):
            await ask(client, REQUEST)
    assert desk.reader.asked == []


async def test_a_malformed_owner_is_refused_before_anything_is_read(desk: Desk) -> None:
    with pytest.raises(MalformedOwnerExternalId):
        await desk.desk.take(desk.client, replace(REQUEST, owner_external_id="a\nb"))
    assert desk.reader.asked == []


async def test_a_document_of_another_bank_than_the_chosen_one_is_not_kept(desk: Desk) -> None:
    with pytest.raises(InvalidTarget):
        await desk.desk.take(desk.client, replace(REQUEST, only_target="Alior"))
    assert await desk.rows("select id from import") == []
    assert await desk.desk.take(desk.client, replace(REQUEST, only_target="MBank"))


async def test_documents_of_the_practice_bank_are_not_for_production_clients(desk: Desk) -> None:
    desk.reader.result = reading(layout="kontobank-statement")
    production = replace(desk.client, environment="production")
    with pytest.raises(PdfLayoutNotSupported):
        await desk.desk.take(production, REQUEST)
    assert await desk.desk.take(desk.client, REQUEST)


async def test_nobody_sees_the_statements_of_another_client(desk: Desk) -> None:
    await desk.desk.take(desk.client, REQUEST)
    with pytest.raises(InvalidOwnerExternalId):
        await desk.desk.of_owner(desk.rival, "o-1", with_files=True)


async def test_one_statement_can_be_asked_for_and_too_many_files_at_once_cannot(desk: Desk) -> None:
    large = replace(REQUEST, pdf=bytes(MOST_LISTED_BYTES // 3 + 1))
    ids = [(await desk.desk.take(desk.client, large)).statement_id for _ in range(3)]
    assert len(await desk.desk.of_owner(desk.client, "o-1", with_files=False)) == 3
    with pytest.raises(InvalidArgument, match="statementId"):
        await desk.desk.of_owner(desk.client, "o-1", with_files=True)
    (one,) = await desk.desk.of_owner(desk.client, "o-1", with_files=True, only=ids[1])
    assert (one.statement_id, len(one.pdf or b"")) == (ids[1], len(large.pdf))
    assert await desk.desk.of_owner(desk.client, "o-1", with_files=True, only=4711) == ()


async def test_files_and_commands_share_the_places_of_a_client(desk: Desk) -> None:
    line, most = desk.line, desk.line.room.limits.commands_per_client
    session = await line.session("another")
    _, go_on = desk.hold()
    async with asyncio.TaskGroup() as tasks:
        for place in range(most):
            ask = desk.desk.take if place % 2 else desk.desk.confirm
            tasks.create_task(ask(desk.client, replace(REQUEST, owner_external_id=f"o-{place}")))
        async with asyncio.timeout(10):
            while await desk.readings() < most:
                await asyncio.sleep(0.01)
        for ninth in (desk.desk.take, desk.desk.confirm):
            with pytest.raises(JobsQuotaExceeded):
                await ninth(desk.client, REQUEST)
        with pytest.raises(JobsQuotaExceeded):
            await line.intake.start(desk.client, pair(session), DefaultImport())
        rival = asyncio.create_task(desk.desk.take(desk.rival, REQUEST))
        go_on.set()
        assert await rival
    started = await line.intake.start(desk.client, pair(session), DefaultImport())
    assert started.command_id


async def test_imports_under_way_leave_no_place_for_files(desk: Desk) -> None:
    line = desk.line
    for place in range(line.room.limits.commands_per_client):
        session = await line.session(f"o-{place}")
        await line.intake.start(line.client, pair(session), DefaultImport())
    with pytest.raises(JobsQuotaExceeded):
        await desk.desk.take(desk.client, REQUEST)
    assert desk.reader.asked == []


async def test_the_place_of_a_process_that_died_is_free_after_ten_seconds_and_the_event_says_so(
    desk: Desk,
) -> None:
    async with desk.line.database.tx() as db:
        await db.execute(
            "insert into pdf_reading (id, client_id, kind, beat_at)"
            " select n, 'lender-test', 'confirmation_read', clock_timestamp() - interval '9 seconds'"
            " from generate_series(1, 8) n"
        )
    with pytest.raises(JobsQuotaExceeded):
        await desk.desk.take(desk.client, REQUEST)
    async with desk.line.database.tx() as db:
        await db.execute("update pdf_reading set beat_at = clock_timestamp() - interval '11 seconds'")
    assert await desk.desk.take(desk.client, REQUEST)
    await swept(desk.line)
    assert await desk.readings() == 0
    assert (await desk.events()).count(("confirmation_read", "CommandInterrupted")) == 8


async def test_a_file_that_is_read_for_long_keeps_its_place(desk: Desk) -> None:
    reached, go_on = desk.hold()
    asked = asyncio.create_task(desk.desk.take(desk.client, REQUEST))
    await reached.wait()
    async with desk.line.database.tx() as db:
        await db.execute("update pdf_reading set beat_at = clock_timestamp() - interval '8 seconds'")
    await asyncio.sleep(2.5)
    ((age,),) = await desk.rows("select extract(epoch from clock_timestamp() - beat_at) from pdf_reading")
    assert float(age) < 3
    await swept(desk.line)
    assert await desk.readings() == 1
    go_on.set()
    assert await asked


async def test_a_process_that_stood_still_finds_its_reading_given_up_and_keeps_nothing(desk: Desk) -> None:
    reached, go_on = desk.hold()
    asked = asyncio.create_task(desk.desk.take(desk.client, REQUEST))
    await reached.wait()
    async with desk.line.database.tx() as db:
        await db.execute("update pdf_reading set beat_at = clock_timestamp() - interval '1 hour'")
    await swept(desk.line)
    go_on.set()
    with pytest.raises(CommandInterrupted):
        await asked
    assert await desk.rows("select id from import") == []
    assert await desk.events() == [("statement_read", "CommandInterrupted")]


async def test_an_owner_that_is_deleted_while_a_file_is_read_does_not_come_back(desk: Desk) -> None:
    reached, go_on = desk.hold()
    asked = asyncio.create_task(desk.desk.take(desk.client, REQUEST))
    await reached.wait()
    await desk.line.intake.delete_owner(desk.client, "o-1")
    go_on.set()
    with pytest.raises(OwnerDeleted):
        await asked
    assert await desk.rows("select id from import union all select id from owner") == []
    assert await desk.line.vault.owners() == []


async def test_an_owner_whose_rows_go_at_the_last_moment_does_not_come_back_either(desk: Desk) -> None:
    reached, go_on = desk.hold()
    asked = asyncio.create_task(desk.desk.take(desk.client, REQUEST))
    await reached.wait()
    (owner_id,) = await desk.line.vault.owners()
    async with desk.line.database.tx() as db:
        await owners.forget(db, owner_id)
    go_on.set()
    with pytest.raises(OwnerDeleted):
        await asked
    assert await desk.rows("select id from import union all select id from owner") == []


async def test_a_server_that_ends_frees_the_place_and_says_so(desk: Desk) -> None:
    reached, _ = desk.hold()
    asked = asyncio.create_task(desk.desk.take(desk.client, REQUEST))
    await reached.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert await desk.readings() == 0
    assert await desk.events() == [("statement_read", "CommandInterrupted")]


async def test_statements_go_with_their_owner_and_with_their_time(desk: Desk) -> None:
    line = desk.line
    await desk.desk.take(desk.client, REQUEST)
    await desk.desk.take(desk.client, replace(REQUEST, owner_external_id="o-2"))
    await line.intake.delete_owner(desk.client, "o-2")
    assert len(await desk.rows("select id from statement")) == 1
    with pytest.raises(InvalidOwnerExternalId):
        await desk.desk.of_owner(desk.client, "o-2", with_files=False)
    await line.intake.set_clock(86_500)
    assert await desk.desk.of_owner(desk.client, "o-1", with_files=False) == ()
    retention = Retention(line.room, ClockGuard())
    assert await retention.reap()
    assert await desk.rows("select id from statement union all select id from import") == []
    assert await retention.reap()
    assert await line.vault.owners() == []


async def test_retention_leaves_an_owner_whose_file_is_still_being_read(desk: Desk) -> None:
    reached, go_on = desk.hold()
    asked = asyncio.create_task(desk.desk.take(desk.client, REQUEST))
    await reached.wait()
    async with desk.line.database.tx() as db:
        await db.execute("update owner set changed_at = kontora_now() - interval '2 minutes'")
    assert await Retention(desk.line.room, ClockGuard()).reap()
    go_on.set()
    assert await asked


async def test_statements_of_several_months_become_one_account_with_the_latest_balance(desk: Desk) -> None:
    june = statement(money_transaction(date(2026, 6, 3), "-5.50", "110.00", "Opłata"), end=date(2026, 6, 30))
    for found in (june, MAY):
        desk.reader.result = reading(found)
        await desk.desk.take(desk.client, REQUEST)
    data = await desk.line.intake.owner_data(desk.client, "o-1")
    assert [one.ends_on for one in data.imports] == [date(2026, 6, 30), date(2026, 5, 31)]
    assert [one.accounts[0].currency_balance for one in data.imports] == [
        Decimal("110.00"),
        Decimal("115.50"),
    ]
