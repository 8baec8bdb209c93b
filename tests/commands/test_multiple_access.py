"""Consents that are used again, over a scripted bank and a real PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.commands.conftest import Line, make_line, make_room, pair
from tests.commands.scripted_bank import Bank

from kontora.commands.answers import Client, OpenedSession
from kontora.commands.consent_reaper import ConsentReaper
from kontora.commands.consents import (
    account_digest,
    reused_history_start,
    wants_multiple,
)
from kontora.commands.conversation_options import Options, history_start
from kontora.commands.intake import Intake
from kontora.commands.requests import DefaultImport
from kontora.commands.room import Limits
from kontora.commands.statuses import StatusReader
from kontora.connectors.catalogue import Catalogue
from kontora.connectors.protocol import Psu
from kontora.errors import (
    CommandNotAvailable,
    InvalidMultipleAccessId,
    InvalidSessionId,
    JobsQuotaExceeded,
    KontoraError,
    MultipleAccessLimitExceeded,
    ServiceTemporarilyUnavailable,
    SessionExpired,
)
from kontora.store import clock
from kontora.store.consent_vault import ConsentSealBroken
from kontora.store.database import Database
from kontora.store.keys import FileKeyStore, KeyDestroyed
from kontora.store.sessions import Life
from kontora.store.vault import Vault

DAY_SECONDS = 86400.0
LONGEST = datetime.now(UTC).date() + timedelta(days=180)


def featured(client: Client) -> Client:
    """The client with multiple access."""
    return replace(client, features=("multiple",))


async def given(line: Line, owner: str = "o-1", client: Client | None = None) -> OpenedSession:
    """Sign an owner in who allows us to come again."""
    if line.bank.reusable_until is None:
        line.bank.reusable_until = LONGEST
    return await line.intake.mock_session(
        featured(client or line.client),
        login="test",
        country="pl",
        owner_external_id=owner,
        multiple_access=True,
    )


async def token_of(line: Line, owner: str = "o-1", client: Client | None = None) -> str:
    """Sign an owner in; gives the multipleAccessId."""
    token = (await given(line, owner, client)).multiple_access_id
    assert token is not None
    return token


async def outcome(intake: Intake, client: Client, token: str) -> str:
    """Reuse; gives `ok` or the name of the failure."""
    try:
        await intake.reuse_multiple_access(featured(client), token)
    except KontoraError as error:
        return error.name
    return "ok"


async def count(line: Line, table: str = "consent_use") -> int:
    """Count the rows of a table."""
    rows = await line.database.rows(f"select count(*) from {table}")  # type: ignore[arg-type]
    return int(rows[0][0])


async def imported(line: Line, session: OpenedSession, client: Client | None = None) -> None:
    """Run the default import of a session to its end."""
    started = await line.intake.start(client or line.client, pair(session), DefaultImport())
    await line.runner.run(started.command_id)


async def move_clock(line: Line, days: float) -> None:
    """Move the practice clock."""
    async with line.database.connection() as db:
        await clock.move(db, days * DAY_SECONDS)


async def test_twenty_reuses_in_two_processes_at_once_give_exactly_four(
    line: Line, database_url: str, keys_dir: Path
) -> None:
    token = await token_of(line)
    other_database = await Database.open(database_url)
    vault = Vault(FileKeyStore(keys_dir), lambda: datetime.now(UTC))
    room = make_room(other_database, vault, line.bank)
    other = Intake(room, line.queue, StatusReader(other_database))
    outcomes = await asyncio.gather(
        *(outcome(intake, line.client, token) for intake in (line.intake, other) for _ in range(10))
    )
    assert sorted(outcomes) == ["MultipleAccessLimitExceeded"] * 16 + ["ok"] * 4
    assert await count(line) == 4
    await other_database.close()


async def test_a_use_is_durable_before_the_bank_is_asked(line: Line) -> None:
    token = await token_of(line)
    counted: list[int] = []

    async def look(name: str) -> None:
        if name == "consent status":
            counted.append(await count(line))

    line.bank.before = look
    await line.intake.reuse_multiple_access(featured(line.client), token)
    assert counted == [1]


async def test_four_uses_count_for_24_hours_each_and_the_refusal_tells_how_long(line: Line) -> None:
    token, client = await token_of(line), featured(line.client)
    for hours in (0, 1, 2, 3):
        await move_clock(line, hours / 24)
        await line.intake.reuse_multiple_access(client, token)
    await move_clock(line, 10 / 24)
    with pytest.raises(MultipleAccessLimitExceeded) as refused:
        await line.intake.reuse_multiple_access(client, token)
    assert refused.value.retry_after_seconds is not None
    assert 14 * 3600 - 60 < refused.value.retry_after_seconds <= 14 * 3600
    await move_clock(line, 24.1 / 24)
    assert await outcome(line.intake, client, token) == "ok"
    assert await outcome(line.intake, client, token) == "MultipleAccessLimitExceeded"


async def test_the_first_session_with_the_owner_does_not_count(line: Line) -> None:
    session = await given(line)
    await imported(line, session)
    assert await count(line) == 0
    assert line.bank.asked[0][0] == Psu(ip_address="127.0.0.1")


async def test_a_reused_session_tells_no_address_and_reads_180_days(line: Line) -> None:
    token = await token_of(line)
    session = await line.intake.reuse_multiple_access(featured(line.client), token)
    assert session.owner_external_id == "o-1"
    await imported(line, session)
    assert line.bank.asked == [(Psu(), line.room.now().date() - timedelta(days=180))]


async def test_uses_are_shared_by_all_tokens_on_an_account_also_of_other_clients(line: Line) -> None:
    mine, theirs = await given(line), await given(line, client=line.other_client)
    await imported(line, mine)
    await imported(line, theirs, line.other_client)
    assert mine.multiple_access_id is not None
    assert theirs.multiple_access_id is not None
    for client, token in (
        (line.client, mine.multiple_access_id),
        (line.other_client, theirs.multiple_access_id),
    ):
        for _ in range(2):
            assert await outcome(line.intake, client, token) == "ok"
    assert await outcome(line.intake, line.client, mine.multiple_access_id) == "MultipleAccessLimitExceeded"
    assert (
        await outcome(line.intake, line.other_client, theirs.multiple_access_id)
        == "MultipleAccessLimitExceeded"
    )


async def test_before_its_accounts_are_known_a_consent_counts_with_its_owners_others(line: Line) -> None:
    first, second = await token_of(line), await token_of(line)
    for token in (first, second, first, second):
        assert await outcome(line.intake, line.client, token) == "ok"
    assert await outcome(line.intake, line.client, first) == "MultipleAccessLimitExceeded"
    assert await outcome(line.intake, line.client, await token_of(line, "o-2")) == "ok"


async def test_a_deleted_consent_still_counts_for_the_next_one(line: Line) -> None:
    first = await token_of(line)
    for _ in range(4):
        await line.intake.reuse_multiple_access(featured(line.client), first)
    await line.intake.delete_multiple_access(featured(line.client), first)
    assert await outcome(line.intake, line.client, await token_of(line)) == "MultipleAccessLimitExceeded"


async def test_the_limit_comes_before_the_pool_of_eight_and_a_full_pool_costs_no_use(
    database: Database, keys_dir: Path, bank: Bank
) -> None:
    line = await make_line(database, keys_dir, bank, Limits(1, 2000, 120.0, 86400.0, Life(300.0, 3600.0)))
    token, client = await token_of(line), featured(line.client)
    busy = await line.session("o-busy")
    await line.intake.start(line.client, pair(busy), DefaultImport())
    with pytest.raises(JobsQuotaExceeded):
        await line.intake.reuse_multiple_access(client, token)
    assert await count(line) == 0
    await database.execute(
        "insert into consent_use (consent_id) select id from consent cross join generate_series(1, 4)"
    )
    with pytest.raises(MultipleAccessLimitExceeded):
        await line.intake.reuse_multiple_access(client, token)


async def test_foreign_unknown_and_malformed_ids_are_refused_alike(line: Line) -> None:
    token = await token_of(line)
    for client, one in ((line.other_client, token), (line.client, "x" * 43), (line.client, "short")):
        with pytest.raises(InvalidMultipleAccessId):
            await line.intake.reuse_multiple_access(featured(client), one)
        with pytest.raises(InvalidMultipleAccessId):
            await line.intake.delete_multiple_access(featured(client), one)


async def test_only_clients_with_the_feature_have_multiple_access(line: Line) -> None:
    token = await token_of(line)
    with pytest.raises(CommandNotAvailable):
        await line.intake.reuse_multiple_access(line.client, token)
    with pytest.raises(CommandNotAvailable):
        await line.intake.mock_session(
            line.client, login="test", country="pl", owner_external_id=None, multiple_access=True
        )


async def test_a_bank_that_gives_access_once_gives_no_id(line: Line) -> None:
    line.bank.reusable_until = None
    session = await line.intake.mock_session(
        featured(line.client), login="test", country="pl", owner_external_id="o-1", multiple_access=True
    )
    assert session.multiple_access_id is None
    await imported(line, session)
    assert await count(line, "consent") == 0


async def test_a_consent_that_the_bank_shortened_ends_with_the_banks_last_day(line: Line) -> None:
    line.bank.reusable_until = line.room.now().date() + timedelta(days=10)
    token = await token_of(line)
    await move_clock(line, 9)
    assert await outcome(line.intake, line.client, token) == "ok"
    await move_clock(line, 11.1)
    assert await outcome(line.intake, line.client, token) == "InvalidMultipleAccessId"


async def test_a_consent_never_lives_longer_than_180_days_whatever_the_bank_says(line: Line) -> None:
    line.bank.reusable_until = date(9999, 12, 31)
    token = await token_of(line)
    await move_clock(line, 179.9)
    assert await outcome(line.intake, line.client, token) == "ok"
    await move_clock(line, 180.1)
    assert await outcome(line.intake, line.client, token) == "InvalidMultipleAccessId"


async def test_a_consent_that_the_bank_no_longer_takes_ends_at_reuse(line: Line) -> None:
    token = await token_of(line)
    line.bank.consent_valid = False
    assert await outcome(line.intake, line.client, token) == "InvalidMultipleAccessId"
    line.bank.consent_valid = True
    assert await outcome(line.intake, line.client, token) == "InvalidMultipleAccessId"
    assert await line.vault.consents.consents() == []


async def test_a_bank_that_does_not_say_whether_the_consent_is_valid_does_not_end_it(line: Line) -> None:
    token = await token_of(line)

    def away(name: str) -> None:
        if name == "consent status":
            raise ServiceTemporarilyUnavailable

    line.bank.before = away
    assert await outcome(line.intake, line.client, token) == "ok"


async def test_a_consent_that_ends_during_an_import_ends_for_good(line: Line) -> None:
    token, client = await token_of(line), featured(line.client)
    session = await line.intake.reuse_multiple_access(client, token)

    def over(name: str) -> None:
        if name == "list":
            raise SessionExpired

    line.bank.before = over
    started = await line.intake.start(line.client, pair(session), DefaultImport())
    await line.runner.run(started.command_id)
    status = await line.intake.status(line.client, started.command_id, None)
    assert status.failure is not None
    assert status.failure.name == "InvalidMultipleAccessId"
    line.bank.before = None
    assert await outcome(line.intake, line.client, token) == "InvalidMultipleAccessId"


async def test_deleting_ends_the_sessions_and_what_was_sealed_can_never_be_opened(line: Line) -> None:
    token, client = await token_of(line), featured(line.client)
    session = await line.intake.reuse_multiple_access(client, token)
    [(consent_id, sealed)] = await line.database.rows("select id, sealed_access from consent")
    await line.intake.delete_multiple_access(client, token)
    await line.intake.close()
    assert "sign out" in line.bank.calls
    with pytest.raises(InvalidSessionId):
        await line.intake.start(line.client, pair(session), DefaultImport())
    with pytest.raises(KeyDestroyed):
        await line.vault.consents.open(sealed, consent_id=consent_id)
    assert await line.database.rows("select digest, sealed_access from consent") == [(None, None)]


async def test_deleting_an_owner_ends_the_owners_consents_and_no_others(line: Line) -> None:
    mine, other = await token_of(line, "o-1"), await token_of(line, "o-2")
    theirs = await token_of(line, "o-1", line.other_client)
    await line.intake.delete_owner(line.client, "o-1")
    assert await outcome(line.intake, line.client, mine) == "InvalidMultipleAccessId"
    assert await outcome(line.intake, line.client, other) == "ok"
    assert await outcome(line.intake, line.other_client, theirs) == "ok"


async def test_an_expired_consent_loses_its_key_and_keys_without_consents_go_in_the_second_round(
    line: Line,
) -> None:
    await token_of(line)
    reaper = ConsentReaper(line.room)
    await line.vault.consents.create(77)
    await reaper.reap()
    assert len(await line.vault.consents.consents()) == 2
    await reaper.reap()
    assert 77 not in await line.vault.consents.consents()
    await move_clock(line, 181)
    await reaper.reap()
    assert await line.vault.consents.consents() == []
    await move_clock(line, 183)
    await reaper.reap()
    assert await count(line, "consent") == 0
    assert ("consent_ended", "expired") in await line.database.rows("select kind, outcome from event")


async def test_a_seal_opens_for_its_own_consent_only(line: Line) -> None:
    vault = line.vault.consents
    await vault.create(1)
    await vault.create(2)
    sealed = await vault.seal(b"access", consent_id=1)
    assert await vault.open(sealed, consent_id=1) == b"access"
    for broken in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:5], b"\x01" + sealed[1:]):
        with pytest.raises(ConsentSealBroken):
            await vault.open(broken, consent_id=1)
    with pytest.raises(ConsentSealBroken):
        await vault.open(sealed, consent_id=2)
    assert await vault.token(1) != await vault.token(2)
    assert len(await vault.token(1)) == 43


async def test_billing_finds_every_step_among_the_events(line: Line) -> None:
    token, client = await token_of(line), featured(line.client)
    for _ in range(5):
        await outcome(line.intake, line.client, token)
    await line.intake.delete_multiple_access(client, token)
    rows = await line.database.rows(
        "select kind, outcome, count(*) from event where kind like 'consent%%' group by 1, 2 order by 1, 2"
    )
    assert rows == [
        ("consent_ended", "deleted", 1),
        ("consent_granted", "ok", 1),
        ("consent_reused", "MultipleAccessLimitExceeded", 1),
        ("consent_reused", "ok", 4),
    ]
    [(consents,)] = await line.database.rows(
        "select count(distinct detail ->> 'consent_id') from event where kind like 'consent%%'"
    )
    assert consents == 1


def test_an_account_has_one_digest_however_its_number_is_written(line: Line) -> None:
    same = account_digest(line.room, "Scripted", "PL61 1090", "PLN")
    assert same == account_digest(line.room, "Scripted", "pl611090", "PLN")
    assert same != account_digest(line.room, "Scripted", "PL611090", "EUR")
    assert same != account_digest(line.room, "Other", "PL611090", "PLN")


@pytest.mark.parametrize(
    ("features", "mode", "target", "wanted"),
    [
        (("multiple",), None, "KontoBankApi", True),
        (("multiple",), "MIXED", "KontoBankApi", True),
        (("multiple",), "MULTIPLE", "KontoBankApi", True),
        (("multiple",), "SINGLE", "KontoBankApi", False),
        (("multiple",), "MULTIPLE", "KontoBank", False),
        ((), "MULTIPLE", "KontoBankApi", False),
        (("labels",), None, "KontoBankApi", False),
    ],
)
def test_a_lasting_consent_is_asked_for_by_clients_that_may_have_it_where_it_exists(
    features: tuple[str, ...], mode: str | None, target: str, wanted: bool
) -> None:
    catalogue = Catalogue.load(practice=True, practice_bank_url="http://127.0.0.1:1")
    assert wants_multiple(features, mode, catalogue.target(target)) is wanted


TODAY = date(2026, 11, 25)
USUAL = date(2026, 8, 27)


@pytest.mark.parametrize(
    ("history_from", "force_sca", "needs_sca", "first"),
    [
        (None, False, False, USUAL),
        (None, True, True, USUAL),
        (date(2026, 11, 1), False, True, date(2026, 11, 1)),
        (date(2026, 11, 1), True, False, date(2026, 11, 1)),
        (date(2026, 1, 1), True, True, date(2026, 1, 1)),
        (date(2026, 1, 1), True, False, date(2026, 1, 1)),
        (date(2026, 1, 1), False, False, date(2026, 1, 1)),
        (date(2026, 1, 1), False, True, USUAL),
        (date(2015, 1, 1), True, False, date(2021, 11, 25)),
    ],
)
def test_how_far_back_a_first_session_reads(
    history_from: date | None, force_sca: bool, needs_sca: bool, first: date
) -> None:
    options = Options(owner_external_id="o", history_from=history_from, force_sca=force_sca)
    assert history_start(options, TODAY, long_history_needs_sca=needs_sca) == first


def test_a_reused_session_reads_180_days_at_most() -> None:
    assert reused_history_start(TODAY) == TODAY - timedelta(days=180)
