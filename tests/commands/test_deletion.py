"""Data dies with its keys: at a client's request, and when its time is over; nothing comes back."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tests.commands.conftest import Line, make_line, pair
from tests.commands.scripted_bank import Bank, money_transactions
from tests.commands.scripted_reader import PDF, ScriptedReader

from kontora.commands.answers import CommandState
from kontora.commands.requests import DefaultImport
from kontora.commands.retention import ClockGuard, Retention
from kontora.commands.room import Limits
from kontora.commands.statements import StatementDesk, StatementRequest
from kontora.errors import InvalidCommandId, InvalidOwnerExternalId, InvalidSessionId, SessionExpired
from kontora.model import MoneyTransaction
from kontora.statements.library import layouts
from kontora.store import migrate
from kontora.store.database import Database
from kontora.store.embedded import EmbeddedPostgres
from kontora.store.keys import FileKeyStore
from kontora.store.sessions import Life
from kontora.store.vault import KeyDestroyed, SealBroken

CANARY = "KanarekWTytule7391"


def canary_pages() -> tuple[tuple[MoneyTransaction, ...], ...]:
    return (tuple(msgspec.structs.replace(item, title=CANARY) for item in money_transactions(3)),)


async def imported(line: Line, owner: str = "o-1") -> int:
    session = await line.session(owner)
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        status = await line.ended(started.command_id)
    assert status.state is CommandState.SUCCESSFUL
    return started.command_id


async def test_after_deletion_everything_answers_as_if_never_there(line: Line) -> None:
    command_id = await imported(line)
    await line.intake.delete_owner(line.client, "o-1")
    with pytest.raises(InvalidOwnerExternalId):
        await line.intake.owner_data(line.client, "o-1")
    with pytest.raises(InvalidCommandId):
        await line.intake.status(line.client, command_id, None)
    with pytest.raises(InvalidOwnerExternalId):
        await line.intake.delete_owner(line.client, "o-1")


async def test_a_client_cannot_delete_or_read_another_clients_owner(line: Line) -> None:
    await imported(line)
    with pytest.raises(InvalidOwnerExternalId):
        await line.intake.owner_data(line.other_client, "o-1")
    with pytest.raises(InvalidOwnerExternalId):
        await line.intake.delete_owner(line.other_client, "o-1")
    assert await line.intake.owner_data(line.client, "o-1")


async def test_deletion_while_an_import_runs_leaves_nothing_and_says_so(line: Line) -> None:
    reached = asyncio.Event()
    go_on = asyncio.Event()

    async def wait(name: str) -> None:
        if name == "page":
            reached.set()
            await go_on.wait()

    session = await line.session()
    line.bank.before = wait
    async with line.working():
        started = await line.intake.start(line.client, pair(session), DefaultImport())
        await reached.wait()
        await line.intake.delete_owner(line.client, "o-1")
        go_on.set()
        status = await line.ended(started.command_id)
        await asyncio.sleep(0.3)
    assert status.failure is not None
    assert status.failure.name == "OwnerDeleted"
    async with line.database.connection() as db:
        for table in ("import", "owner"):
            assert await (await db.execute(f"select count(*) from {table}")).fetchone() == (0,)
    with pytest.raises(InvalidOwnerExternalId):
        await line.intake.owner_data(line.client, "o-1")


async def test_deletion_at_any_moment_of_an_import_lets_nothing_reappear(line: Line) -> None:
    for moment in range(40):
        owner = f"o-{moment}"
        session = await line.session(owner)
        async with line.working():
            await line.intake.start(line.client, pair(session), DefaultImport())
            await asyncio.sleep(moment / 1000)
            await line.intake.delete_owner(line.client, owner)
        with pytest.raises(InvalidOwnerExternalId):
            await line.intake.owner_data(line.client, owner)
    async with line.database.connection() as db:
        assert await (await db.execute("select count(*) from import")).fetchone() == (0,)
        unfinished = "select count(*) from command where finished_at is null"
        assert await (await db.execute(unfinished)).fetchone() == (0,)
    assert await line.vault.owners() == []


async def test_an_event_outlives_the_data_and_names_nobody(line: Line) -> None:
    await imported(line)
    await line.intake.owner_data(line.client, "o-1")
    await line.intake.delete_owner(line.client, "o-1")
    async with line.database.connection() as db:
        rows = await (
            await db.execute("select kind, outcome, detail::text from event order by id")
        ).fetchall()
    kinds = [row[0] for row in rows]
    for kind in (
        "session_opened",
        "sign_in",
        "command_accepted",
        "command_ended",
        "data_read",
        "owner_deleted",
    ):
        assert kind in kinds
    assert "Kowalski" not in str(rows)
    assert "o-1" not in str(rows)


async def test_an_event_can_be_neither_changed_nor_deleted(line: Line) -> None:
    await imported(line)
    for statement in ("update event set outcome = 'x'", "delete from event", "truncate event"):
        with pytest.raises(Exception, match="only ever appended"):
            async with line.database.tx() as db:
                await db.execute(statement)


async def test_data_is_gone_when_its_time_is_over_and_not_before(line: Line) -> None:
    command_id = await imported(line)
    retention = Retention(line.room, ClockGuard())
    await line.intake.set_clock(86_000)
    assert await retention.reap()
    assert await line.intake.owner_data(line.client, "o-1")
    await line.intake.set_clock(86_500)
    with pytest.raises(InvalidOwnerExternalId):
        await line.intake.owner_data(line.client, "o-1")
    async with line.database.tx() as db:
        await db.execute("update session set state = 'ended', sealed_state = null")
    assert await retention.reap()
    assert await retention.reap()
    assert await line.vault.owners() == []
    with pytest.raises(InvalidCommandId):
        await line.intake.status(line.client, command_id, None)


async def test_a_short_retention_is_kept_in_real_time(database: Database, keys_dir: Path) -> None:
    limits = Limits(8, 2000, 120.0, 1.0, Life(300.0, 3600.0))
    line = await make_line(database, keys_dir, Bank(), limits)
    await imported(line)
    assert await line.intake.owner_data(line.client, "o-1")
    await asyncio.sleep(1.2)
    with pytest.raises(InvalidOwnerExternalId):
        await line.intake.owner_data(line.client, "o-1")
    assert await Retention(line.room, ClockGuard()).reap()
    async with line.database.connection() as db:
        assert await (await db.execute("select count(*) from import")).fetchone() == (0,)


async def test_keys_without_an_owner_are_destroyed_when_seen_twice(line: Line) -> None:
    await line.vault.create_owner(4711)
    retention = Retention(line.room, ClockGuard())
    await retention.reap()
    assert await line.vault.owners() == [4711]
    await retention.reap()
    assert await line.vault.owners() == []


async def test_an_import_whose_session_expires_while_it_waits_ends_with_a_name(line: Line) -> None:
    session = await line.session()
    started = await line.intake.start(line.client, pair(session), DefaultImport())
    async with line.database.tx() as db:
        await db.execute("update session set state = 'ended', sealed_state = null")
    async with line.working():
        status = await line.ended(started.command_id)
    assert status.failure is not None
    assert status.failure.name == SessionExpired.__name__
    with pytest.raises(InvalidSessionId):
        await line.intake.start(line.client, pair(session), DefaultImport())


START = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize("jump", [timedelta(days=3650), timedelta(days=-1), timedelta(hours=1)])
def test_a_jump_of_the_clock_stops_deletion_and_an_hour_of_steady_time_ends_the_stop(jump: timedelta) -> None:
    guard = ClockGuard()
    assert guard.allows(START, 0.0)
    assert guard.allows(START + timedelta(seconds=60), 60.0)
    assert not guard.allows(START + jump, 120.0)
    assert not guard.allows(START + jump + timedelta(seconds=3000), 3120.0)
    assert guard.allows(START + jump + timedelta(seconds=3660), 3780.0)


def test_an_operator_may_confirm_a_jump() -> None:
    guard = ClockGuard()
    assert guard.allows(START, 0.0)
    assert not guard.allows(START + timedelta(days=1), 60.0)
    guard.confirm()
    assert guard.allows(START + timedelta(days=1, seconds=60), 120.0)


@dataclass
class Cluster:
    """A PostgreSQL of the test's own whose files can be searched."""

    url: str
    admin_url: str
    folder: Path


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    server = EmbeddedPostgres(tmp_path / "postgres")
    url = server.start()
    migrate.upgrade(url)
    yield Cluster(url, server.admin_url, tmp_path / "postgres")
    server.stop()


def forms(text: str) -> tuple[bytes, ...]:
    """Return how a text could lie on a disk: plain, wide, escaped, encoded."""
    plain = text.encode()
    return (
        plain,
        text.encode("utf-16-le"),
        text.encode("utf-16-be"),
        plain.hex().encode(),
        base64.b64encode(plain).rstrip(b"=")[:-1],
        "".join(f"%{byte:02X}" for byte in plain).encode(),
    )


def files_with(wanted: bytes, *folders: Path) -> list[str]:
    """Return the files below the folders that hold these bytes."""
    return [
        file.name
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file() and not file.is_symlink() and wanted in file.read_bytes()
    ]


async def test_no_file_holds_the_data_in_plain_and_after_deletion_no_key_opens_it(
    cluster: Cluster, keys_dir: Path
) -> None:
    database = await Database.open(cluster.url)
    bank = Bank(pages=canary_pages())
    line = await make_line(database, keys_dir, bank)
    await imported(line, owner="id-" + CANARY)
    await imported(line, owner="another")
    await sent_a_statement(line, "id-" + CANARY)
    data = await line.intake.owner_data(line.client, "id-" + CANARY)
    assert data.imports[0].accounts[0].money_transactions[0].title == CANARY
    blobs = await every_blob(database)
    assert len(blobs) >= 8
    old_keys = {file.name: file.read_bytes() for file in keys_dir.iterdir()}
    owner_ids = await line.vault.owners()
    with psycopg.connect(cluster.admin_url, autocommit=True) as db:
        db.execute("checkpoint")
    for name in (CANARY, "Kowalski", "secret-token", PDF.decode(), CANARY + ".pdf"):
        for form in forms(name):
            assert files_with(form, cluster.folder, keys_dir) == []

    await line.intake.delete_owner(line.client, "id-" + CANARY)
    await line.intake.delete_owner(line.client, "another")

    left = FileKeyStore(keys_dir)
    kept = [await left.get(name) for name in await left.names()]
    gone = [content[:32] for name, content in old_keys.items() if name.startswith("owner-")]
    assert gone
    for key in gone:
        assert key not in kept
        assert files_with(key, cluster.folder, keys_dir) == []
    all_keys = [content[:32] for content in old_keys.values()]
    for sealed, context in blobs:
        for owner_id in owner_ids:
            with pytest.raises((KeyDestroyed, SealBroken)):
                await line.vault.open(sealed, owner_id=owner_id, context=context)
        assert opened_by_any(sealed, context, owner_ids, kept) is None
        # The search itself works: with the keys of before it opens every blob.
        assert opened_by_any(sealed, context, owner_ids, all_keys) is not None
    await database.close()


async def sent_a_statement(line: Line, owner: str) -> None:
    client = replace(line.client, features=("pdf",))
    request = StatementRequest(pdf=PDF, file_name=f"{CANARY}.pdf", owner_external_id=owner)
    await StatementDesk(line.room, ScriptedReader(), layouts()).take(client, request)


async def every_blob(database: Database) -> list[tuple[bytes, str]]:
    queries = {
        "result": "select sealed_result, id from command where sealed_result is not null",
        "import": "select sealed_data, id from import",
        "statement": "select sealed_details, id from statement",
        "statement-pdf": "select sealed_pdf, id from statement",
        "session": "select sealed_state, id from session where sealed_state is not null",
        "owner": "select sealed_external_id, id from owner",
    }
    found = []
    async with database.connection() as db:
        for context, query in queries.items():
            for sealed, row_id in await (await db.execute(query)).fetchall():
                found.append((bytes(sealed), f"{context}/{row_id}"))
    return found


def opened_by_any(sealed: bytes, context: str, owner_ids: list[int], keys: list[bytes]) -> bytes | None:
    """Try every pair of keys on a seal, as somebody with every file of the disk would."""
    head, wrapped, body = sealed[:11], sealed[11:99], sealed[99:]
    for owner_id in owner_ids:
        bound = b"kontora seal\0" + head + str(owner_id).encode() + b"\0" + context.encode()
        for outer in unwrapped(wrapped, keys, bound):
            for data_key in unwrapped(outer, keys, bound):
                return AESGCM(data_key).decrypt(body[:12], body[12:], bound)
    return None


def unwrapped(sealed: bytes, keys: list[bytes], bound: bytes) -> list[bytes]:
    found = []
    for key in keys:
        with suppress(InvalidTag):
            found.append(AESGCM(key).decrypt(sealed[:12], sealed[12:], bound))
    return found
