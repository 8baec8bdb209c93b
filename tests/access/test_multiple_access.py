"""Multiple access through the whole line: the API, the worker, PostgreSQL, and the real practice bank."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

import aiohttp
import psycopg
import pytest
from tests.access.conftest import Town
from tests.connectors.walking import visit_pages
from tests.widget.owners import Browser

from kontora.client import AsyncKontora, CommandFailed, KontoraApiError, Pacing, Session
from kontora.settings import Settings

DAY_SECONDS = 86400


async def given(lender: AsyncKontora, login: str = "test1", owner: str = "o-1") -> str:
    """Sign an owner in who allows us to come again; gives the multipleAccessId."""
    session = await lender.mock_session(login, owner_external_id=owner, multiple_access=True)
    assert session.multiple_access_id is not None
    return session.multiple_access_id


async def reused(lender: AsyncKontora, token: str) -> Session | str:
    """Reuse; gives the session, or the name of the failure."""
    try:
        return await lender.reuse_multiple_access(token)
    except KontoraApiError as error:
        return error.name


async def move_clock(lender: AsyncKontora, seconds: float) -> None:
    """Move Kontora's practice clock."""
    url = f"{lender.base_url}/practice/clock"
    headers = {"X-Api-Key": lender._api_key}
    body = {"offset_seconds": seconds}
    async with aiohttp.ClientSession() as http, http.put(url, json=body, headers=headers) as reply:
        assert reply.status == 200, await reply.text()


async def test_of_twenty_reuses_at_once_four_give_sessions_and_the_clock_gives_four_more(town: Town) -> None:
    async with town.kontora() as (_, lender):
        token = await given(lender)
        outcomes = await asyncio.gather(*(reused(lender, token) for _ in range(20)))
        assert sum(isinstance(one, Session) for one in outcomes) == 4
        assert outcomes.count("MultipleAccessLimitExceeded") == 16
    # A restart forgets nothing.
    async with town.kontora() as (_, lender):
        with pytest.raises(KontoraApiError) as refused:
            await lender.reuse_multiple_access(token)
        assert refused.value.status == 429
        assert refused.value.retry_after_seconds is not None
        assert DAY_SECONDS - 120 < refused.value.retry_after_seconds <= DAY_SECONDS
        await move_clock(lender, DAY_SECONDS + 1)
        assert isinstance(await reused(lender, token), Session)
        await move_clock(lender, 181 * DAY_SECONDS)
        assert await reused(lender, token) == "InvalidMultipleAccessId"


async def test_a_reused_session_imports_without_the_owner_and_counts_whatever_the_token(town: Town) -> None:
    async with town.kontora() as (_, lender):
        first = await lender.mock_session("test1", owner_external_id="o-1", multiple_access=True)
        assert first.multiple_access_id is not None
        present = await lender.default_import(first)
        for _ in range(2):
            session = await lender.reuse_multiple_access(first.multiple_access_id)
            absent = await lender.default_import(session)
            assert [one.iban for one in absent.accounts] == [one.iban for one in present.accounts]
        second = await lender.mock_session("test1", owner_external_id="o-2", multiple_access=True)
        assert second.multiple_access_id is not None
        await lender.default_import(second)
        # The accounts are the same: of four uses, two are left for both tokens together.
        assert isinstance(await reused(lender, second.multiple_access_id), Session)
        assert isinstance(await reused(lender, first.multiple_access_id), Session)
        assert await reused(lender, second.multiple_access_id) == "MultipleAccessLimitExceeded"
        assert await reused(lender, first.multiple_access_id) == "MultipleAccessLimitExceeded"


async def test_a_consent_that_the_owner_ended_at_the_bank_is_refused_at_reuse(town: Town) -> None:
    async with town.kontora() as (_, lender):
        token = await given(lender)
        consent_id = next(
            call["consent_id"] for call in reversed((await town.bank_calls())["log"]) if call["consent_id"]
        )
        await town.tell_bank(f"consent/{consent_id}", revoked=True)
        assert await reused(lender, token) == "InvalidMultipleAccessId"
        assert await reused(lender, token) == "InvalidMultipleAccessId"


async def test_a_consent_that_ends_before_the_import_fails_it_and_all_that_follow(town: Town) -> None:
    async with town.kontora() as (_, lender):
        token = await given(lender)
        session = await lender.reuse_multiple_access(token)
        consent_id = next(
            call["consent_id"] for call in reversed((await town.bank_calls())["log"]) if call["consent_id"]
        )
        await town.tell_bank(f"consent/{consent_id}", revoked=True)
        with pytest.raises(CommandFailed) as failed:
            await lender.default_import(session)
        assert failed.value.name == "InvalidMultipleAccessId"
        assert await reused(lender, token) == "InvalidMultipleAccessId"


async def test_a_deleted_consent_ends_here_at_once_and_at_the_bank(town: Town) -> None:
    async with town.kontora() as (_, lender):
        token = await given(lender)
        session = await lender.reuse_multiple_access(token)
        await lender.delete_multiple_access(token)
        assert await reused(lender, token) == "InvalidMultipleAccessId"
        with pytest.raises(KontoraApiError) as ended:
            await lender.default_import(session)
        assert ended.value.name == "InvalidSessionId"
        for _ in range(100):
            if (await town.bank_calls())["by_operation"].get("deleteConsent"):
                break
            await asyncio.sleep(0.05)
        assert (await town.bank_calls())["by_operation"]["deleteConsent"] == 1


async def test_deleting_the_owner_ends_their_consents_also_when_their_data_is_long_gone(town: Town) -> None:
    async with town.kontora() as (started, lender):
        token = await given(lender, owner="o-9")
        await move_clock(lender, 3 * DAY_SECONDS)
        async with started.engine.database.connection() as db:
            await db.execute("update session set state = 'ended', sealed_state = null")
            await db.execute("update owner set changed_at = changed_at - interval '3 days'")
        assert isinstance(await reused(lender, token), Session)
        await lender.delete_data("o-9")
        assert await reused(lender, token) == "InvalidMultipleAccessId"
        with pytest.raises(KontoraApiError) as gone:
            await lender.delete_data("o-9")
        assert gone.value.name == "InvalidOwnerExternalId"


async def test_a_one_time_refresh_token_survives_imports_at_once(town: Town) -> None:
    """The access token lives for a second: each import needs a new one, and both share one refresh token."""
    async with town.kontora() as (_, lender):
        token = await given(lender, login="refresh")
        sessions = [await lender.reuse_multiple_access(token) for _ in range(3)]
        await asyncio.sleep(1.2)
        imports = await asyncio.gather(*(lender.default_import(session) for session in sessions))
        assert all(one.accounts for one in imports)


async def test_a_consent_from_the_banks_own_pages_is_used_again_with_its_tokens(town: Town) -> None:
    async with (
        town.kontora() as (started, lender),
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        url = started.addresses.api_url or ""
        browser = Browser(url, http)
        visit = await browser.open(accessMode="MULTIPLE")
        state = await visit.choose(institution="KontoBank")
        page = await browser.to_bank(state["redirect"]["url"])
        await browser.get(f"/signin/callback?{await visit_pages(page, 'test1', f'{url}/signin/callback')}")
        told = (await visit.follow())["signedIn"]
        session = await lender.reuse_multiple_access(told["options"]["multipleAccessId"])
        assert (await lender.default_import(session)).accounts


async def test_killed_at_any_moment_it_never_gives_a_fifth(town: Town) -> None:
    async with town.kontora() as (started, lender):
        token = await given(lender, login="slow-1")
        async with started.engine.database.connection() as db:
            await db.execute("update consent set checked_at = null")
        key = lender._api_key
    given_sessions = 0
    for _ in range(4):
        process, url = await served(town.settings)
        try:
            async with AsyncKontora(
                url, key, allow_plain_http=True, pacing=Pacing(patience_seconds=1)
            ) as client:
                reuses = [asyncio.create_task(reused(client, token)) for _ in range(2)]
                # At the bank for a second, to ask about the consent, or just through.
                await asyncio.sleep(0.5)
                process.kill()
                outcomes = await asyncio.gather(*reuses, return_exceptions=True)
                given_sessions += sum(isinstance(one, Session) for one in outcomes)
        finally:
            with suppress(ProcessLookupError):  # it is gone already, unless the test failed before
                process.kill()
            await process.wait()
    assert given_sessions <= 4
    with psycopg.connect(town.settings.database_url or "") as db:
        assert db.execute("select count(*) from consent_use").fetchone() == (4,)
        assert db.execute("select count(*) from session where consent_id is not null").fetchone() == (5,)


async def served(settings: Settings) -> tuple[asyncio.subprocess.Process, str]:
    """Run `kontora serve`; gives the process and its URL."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KONTORA_")},
        "KONTORA_PRACTICE": "on",
        "KONTORA_PRACTICE_BANK_URL": settings.practice_bank_url,
        "KONTORA_DATABASE_URL": settings.database_url or "",
        "KONTORA_DATA_DIR": str(settings.data_dir),
        "KONTORA_PORT": "0",
        "KONTORA_METRICS_PORT": "0",
    }
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).parent / "kontora"),
        "serve",
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    return process, (await process.stdout.readline()).decode().split()[-1]


async def test_the_database_holds_neither_the_token_nor_the_access(town: Town, tmp_path: Path) -> None:
    async with town.kontora() as (started, lender):
        token = await given(lender)
        await lender.reuse_multiple_access(token)
        consent_id = next(
            call["consent_id"] for call in reversed((await town.bank_calls())["log"]) if call["consent_id"]
        )
        async with started.engine.database.connection() as db:
            cursor = await db.execute(
                "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
            )
            tables = [row[0] for row in await cursor.fetchall()]
            assert {"consent", "consent_use", "session", "event"} <= set(tables)
            for table in tables:
                query = psycopg.sql.SQL("select t::text from {} t").format(psycopg.sql.Identifier(table))
                text = "\n".join(row[0] for row in await (await db.execute(query)).fetchall())
                for canary in (token, consent_id):
                    assert canary not in text
                    assert canary.encode().hex() not in text
    assert token not in "".join(
        path.read_text(errors="replace") for path in tmp_path.rglob("*.log") if path.is_file()
    )
