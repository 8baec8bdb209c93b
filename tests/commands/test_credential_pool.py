"""Credential children: forked from a warm process, gone after their step, and never in the caller's way."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from tests.connectors.walking import practice_bank
from tests.widget.owners import seal

from kontora.commands.conversation_tokens import digest_of, new_token, padded
from kontora.commands.credential_keys import new_pair, read_ephemeral
from kontora.commands.credential_order import Order, SealedAnswer
from kontora.commands.credential_pool import CredentialPool
from kontora.commands.credential_zygote import WarmUp
from kontora.connectors.protocol import CredentialKind, Psu, SignInRequest
from kontora.errors import CommandInterrupted, InvalidCredentials, InvalidParameter
from kontora.store.keys import FileKeyStore
from kontora.store.vault import Vault

pytestmark = pytest.mark.xdist_group("widget")


@pytest.fixture(scope="module")
def bank_url() -> Iterator[str]:
    with practice_bank() as url:
        yield url


@pytest.fixture
def calls() -> list[tuple[str, str, str, float]]:
    return []


@pytest.fixture
async def pool(bank_url: str, calls: list[tuple[str, str, str, float]]) -> AsyncIterator[CredentialPool]:
    async with CredentialPool(
        WarmUp(True, bank_url, None), lambda *call: calls.append(call)
    ).running() as made:
        yield made


async def order(keys_dir: Path, login: str) -> Order:
    """An order with a login, sealed as a page seals it."""
    vault = Vault(FileKeyStore(keys_dir), lambda: datetime.now(UTC))
    await vault.create_owner(7)
    public, private = new_pair()
    hour = datetime.now(UTC).strftime("%Y%m%d%H")
    sealed_key = await vault.seal(private, owner_id=7, hour=hour, context="key/1/1")
    token = new_token()
    state = {"step": 1, "publicKey": public.jwk(), "stepToken": public.step_token}
    said = seal(token, state, [("STATIC_LOGIN", login)])
    return Order(
        target="KontoBankApi",
        request=SignInRequest(psu=Psu(ip_address="203.0.113.7")),
        access=None,
        answers=tuple(SealedAnswer(one["kind"], padded(one["cipherText"])) for one in said["answers"]),
        ephemeral=read_ephemeral(said["ephemeralKey"]),
        step_token=public.step_token,
        token_digest=digest_of(token),
        step=1,
        sealed_key=sealed_key,
        keys=await vault.opening_keys(sealed_key, owner_id=7),
        owner_id=7,
        context="key/1/1",
    )


async def test_a_step_is_taken_in_a_child_that_has_exited_when_it_is_told(
    pool: CredentialPool, keys_dir: Path
) -> None:
    step = (await pool.take(await order(keys_dir, "test"))).step()
    assert [challenge.kind for challenge in step.challenges] == [CredentialKind.STATIC_PASSWORD]
    ((pid, status),) = pool.exited
    assert (status, Path(f"/proc/{pid}").exists()) == (0, False)
    assert pid not in {os.getpid(), pool.pid}


async def test_calls_to_banks_are_counted_where_the_metrics_are(
    pool: CredentialPool, calls: list[tuple[str, str, str, float]], keys_dir: Path
) -> None:
    await pool.take(await order(keys_dir, "test"))
    assert ("KontoBankApi", "createConsent", "201") in {call[:3] for call in calls}


async def test_steps_run_side_by_side_each_in_a_child_of_its_own(
    pool: CredentialPool, keys_dir: Path
) -> None:
    orders = [await order(keys_dir, f"slow-0.5.{place}") for place in range(6)]
    began = time.monotonic()
    await asyncio.gather(*(pool.take(one) for one in orders))
    assert time.monotonic() - began < 6 * 0.5
    assert len({pid for pid, _ in pool.exited}) == 6


async def test_a_named_failure_comes_back_by_its_name(pool: CredentialPool, keys_dir: Path) -> None:
    with pytest.raises(InvalidCredentials):
        (await pool.take(await order(keys_dir, "  "))).step()


async def test_a_step_for_another_conversation_is_not_opened(pool: CredentialPool, keys_dir: Path) -> None:
    made = await order(keys_dir, "test")
    for changed in ({"token_digest": b"x" * 32}, {"step": 2}, {"step_token": new_token()}):
        with pytest.raises(InvalidParameter):
            (await pool.take(msgspec.structs.replace(made, **changed))).step()


async def test_a_child_that_dies_is_an_interruption(pool: CredentialPool, keys_dir: Path) -> None:
    taking = asyncio.create_task(pool.take(await order(keys_dir, "slow-3")))
    async with asyncio.timeout(20):
        while not (children := _children_of(pool.pid)):
            await asyncio.sleep(0.02)
    (child,) = children
    os.kill(child, signal.SIGKILL)
    with pytest.raises(CommandInterrupted):
        await taking
    assert pool.exited[-1] == (child, signal.SIGKILL)


def _children_of(pid: int | None) -> list[int]:
    folders = [folder for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    return [int(folder.name) for folder in folders if _parent(folder) == pid]


def _parent(folder: Path) -> int:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


async def test_the_warm_process_ends_with_its_pool(bank_url: str) -> None:
    pool = CredentialPool(WarmUp(True, bank_url, None), lambda *call: None)
    async with pool.running():
        pid = pool.pid
        assert pid is not None
    assert not Path(f"/proc/{pid}").exists()


async def test_a_pool_that_ends_before_it_is_warm_leaves_no_word_behind(
    bank_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    pool = CredentialPool(WarmUp(True, bank_url, None), lambda *call: None)
    async with pool.running():
        await asyncio.sleep(0.05)
    assert capfd.readouterr().err == ""
