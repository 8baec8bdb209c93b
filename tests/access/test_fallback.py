"""The switch to the web bank and back, by measured health, at the real practice bank."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest
from tests.access.conftest import Town
from tests.widget.owners import Browser

from kontora.client import AsyncKontora, ImportResult, KontoraApiError, Session
from kontora.main import Running

pytestmark = pytest.mark.timeout(240)
MINUTE = 60.0


async def signed_in(url: str, http: aiohttp.ClientSession) -> tuple[str, dict[str, object]]:
    """Sign `test1` in at the institution KontoBank through the widget; gives the target and the state."""
    visit = await Browser(url, http).open(forceTestCredentials="true", accessMode="MIXED")
    await visit.choose(institution="KontoBank")
    state = await visit.sign_in("test1")
    assert state["state"] == "signedIn", state
    return state["target"]["name"], state["signedIn"]


async def imported(lender: AsyncKontora, told: dict[str, object]) -> ImportResult:
    """Run the default import of the session."""
    return await lender.default_import(Session(str(told["sessionId"]), str(told["sessionIdSignature"])))


async def within_a_minute(started: Running, *, fails: bool) -> float:
    """Wait until the choice has changed; gives the seconds."""
    began = time.monotonic()
    while (started.engine.health.choose("KontoBank").reason is not None) is not fails:
        assert time.monotonic() - began < MINUTE
        await asyncio.sleep(0.5)
    return time.monotonic() - began


def essence(result: ImportResult) -> list[tuple[object, ...]]:
    """What must be the same whichever way was taken."""
    return [
        (one.iban, one.currency_name, one.currency_balance, len(one.money_transactions))
        for one in result.accounts
    ]


async def test_while_the_api_is_down_sign_ins_take_the_web_bank_and_then_the_api_again(town: Town) -> None:
    async with (
        town.kontora() as (started, lender),
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http,
    ):
        url = started.addresses.api_url or ""
        target, told = await signed_in(url, http)
        assert target == "KontoBankApi"
        token = told["options"]["multipleAccessId"]  # type: ignore[index]
        by_api = await imported(lender, told)

        await town.tell_bank("behaviour", down=True)
        await within_a_minute(started, fails=True)
        target, told = await signed_in(url, http)
        assert target == "KontoBank"
        assert "multipleAccessId" not in told["options"]  # type: ignore[operator]
        by_web = await imported(lender, told)
        assert essence(by_web) == essence(by_api)
        with pytest.raises(KontoraApiError) as refused:
            await lender.reuse_multiple_access(token)
        assert refused.value.name == "CommandNotAvailable"

        await town.tell_bank("behaviour", down=False)
        await within_a_minute(started, fails=False)
        target, told = await signed_in(url, http)
        assert target == "KontoBankApi"
        assert (await lender.reuse_multiple_access(token)).id

        async with started.engine.database.connection() as db:
            cursor = await db.execute(
                "select target, detail ->> 'fallback_reason' from event where kind = 'session_opened'"
                " order by id"
            )
            opened = await cursor.fetchall()
            cursor = await db.execute(
                "select kind, target, outcome from event where kind like 'target_%' order by id"
            )
            changes = await cursor.fetchall()
        assert opened == [
            ("KontoBankApi", None),
            ("KontoBank", "requests_unanswered"),
            ("KontoBankApi", None),
        ]
        assert [one for one in changes if one[1] == "KontoBankApi"] == [
            ("target_fails", "KontoBankApi", "requests_unanswered"),
            ("target_answers_again", "KontoBankApi", "requests_unanswered"),
        ]
