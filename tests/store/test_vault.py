from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from kontora.store.keys import FileKeyStore
from kontora.store.vault import INLINE_BYTES, KeyDestroyed, SealBroken, Vault

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = "2026112212"
IMPORT = "import/1"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[FileKeyStore]:
    store = FileKeyStore(tmp_path / "keys")
    yield store
    await store.close()


@pytest.fixture
async def vault(keys: FileKeyStore, clock: Clock) -> Vault:
    vault = Vault(keys, clock.now)
    await vault.create_owner(1)
    await vault.create_owner(2)
    return vault


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Vault:
    """A vault for properties: its keys are made once."""
    vault = Vault(FileKeyStore(tmp_path_factory.mktemp("shared") / "keys"), lambda: NOON)
    for owner_id in (1, 2):
        asyncio.run(vault.create_owner(owner_id))
    return vault


@given(plaintext=st.binary(max_size=300), context=st.text(max_size=20))
@settings(max_examples=50, deadline=None)
async def test_what_was_sealed_opens_again(shared: Vault, plaintext: bytes, context: str) -> None:
    sealed = await shared.seal(plaintext, owner_id=1, hour=HOUR, context=context)
    assert await shared.open(sealed, owner_id=1, context=context) == plaintext


@given(plaintext=st.binary(max_size=100), here=st.text(max_size=10), there=st.text(max_size=10))
@settings(max_examples=50, deadline=None)
async def test_a_seal_opens_for_no_other_owner_and_in_no_other_context(
    shared: Vault, plaintext: bytes, here: str, there: str
) -> None:
    sealed = await shared.seal(plaintext, owner_id=1, hour=HOUR, context=here)
    with pytest.raises(SealBroken):
        await shared.open(sealed, owner_id=2, context=here)
    if here != there:
        with pytest.raises(SealBroken):
            await shared.open(sealed, owner_id=1, context=there)


@given(data=st.data(), plaintext=st.binary(max_size=40))
@settings(max_examples=150, deadline=None)
async def test_one_flipped_bit_breaks_the_seal(shared: Vault, data: st.DataObject, plaintext: bytes) -> None:
    sealed = bytearray(await shared.seal(plaintext, owner_id=1, hour=HOUR, context=IMPORT))
    bit = data.draw(st.integers(0, 8 * len(sealed) - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    # A flipped bit in the hour may name an hour that has no key.
    with pytest.raises((SealBroken, KeyDestroyed)):
        await shared.open(bytes(sealed), owner_id=1, context=IMPORT)


@given(data=st.data())
@settings(max_examples=50, deadline=None)
async def test_a_seal_cut_short_or_made_longer_is_broken(shared: Vault, data: st.DataObject) -> None:
    sealed = await shared.seal(b"plain", owner_id=1, hour=HOUR, context=IMPORT)
    cut = data.draw(st.integers(0, len(sealed) - 1))
    with pytest.raises(SealBroken):
        await shared.open(sealed[:cut], owner_id=1, context=IMPORT)
    with pytest.raises(SealBroken):
        await shared.open(sealed + b"\0", owner_id=1, context=IMPORT)


async def test_parts_of_two_seals_do_not_go_together(vault: Vault) -> None:
    one = await vault.seal(b"one" * 20, owner_id=1, hour=HOUR, context=IMPORT)
    two = await vault.seal(b"two" * 20, owner_id=1, hour=HOUR, context=IMPORT)
    with pytest.raises(SealBroken):
        await vault.open(one[:99] + two[99:], owner_id=1, context=IMPORT)


async def test_the_same_data_is_never_sealed_the_same_way_twice(vault: Vault) -> None:
    seals = [await vault.seal(b"same", owner_id=1, hour=HOUR, context=IMPORT) for _ in range(10)]
    assert len({seal[11:] for seal in seals}) == 10
    assert all(b"same" not in seal for seal in seals)


async def test_large_data_is_compressed_and_opens_again(vault: Vault) -> None:
    plaintext = b"PRZELEW WYNAGRODZENIE " * INLINE_BYTES
    sealed = await vault.seal(plaintext, owner_id=1, hour=HOUR, context=IMPORT)
    assert len(sealed) < len(plaintext) / 10
    assert await vault.open(sealed, owner_id=1, context=IMPORT) == plaintext


async def test_without_the_owners_key_nothing_of_the_owner_opens(vault: Vault) -> None:
    mine = await vault.seal(b"mine", owner_id=1, hour=HOUR, context=IMPORT)
    other = await vault.seal(b"other", owner_id=2, hour=HOUR, context=IMPORT)
    await vault.destroy_owner(1)
    with pytest.raises(KeyDestroyed):
        await vault.open(mine, owner_id=1, context=IMPORT)
    assert await vault.open(other, owner_id=2, context=IMPORT) == b"other"
    assert await vault.owners() == [2]


async def test_without_the_hours_key_nothing_of_the_hour_opens(vault: Vault, clock: Clock) -> None:
    early = await vault.seal(b"early", owner_id=1, hour=HOUR, context=IMPORT)
    clock.time += timedelta(hours=1)
    late = await vault.seal(b"late", owner_id=1, hour="2026112213", context=IMPORT)
    assert await vault.destroy_hours(NOON - timedelta(seconds=1)) == []
    assert await vault.destroy_hours(NOON) == [HOUR]
    with pytest.raises(KeyDestroyed):
        await vault.open(early, owner_id=1, context=IMPORT)
    assert await vault.open(late, owner_id=1, context=IMPORT) == b"late"


async def test_sealing_makes_no_key_for_an_owner(vault: Vault, keys: FileKeyStore) -> None:
    await vault.destroy_owner(1)
    with pytest.raises(KeyDestroyed):
        await vault.seal(b"again", owner_id=1, hour=HOUR, context=IMPORT)
    assert "owner-1" not in await keys.names()


async def test_sealing_makes_no_key_for_an_hour_that_is_over(
    vault: Vault, keys: FileKeyStore, clock: Clock
) -> None:
    await vault.seal(b"now", owner_id=1, hour=HOUR, context=IMPORT)
    clock.time += timedelta(hours=1, minutes=5)
    await vault.seal(b"still", owner_id=1, hour=HOUR, context=IMPORT)
    await vault.destroy_hours(NOON)
    with pytest.raises(KeyDestroyed):
        await vault.seal(b"again", owner_id=1, hour=HOUR, context=IMPORT)
    assert f"hour-{HOUR}" not in await keys.names()


async def test_work_that_crosses_the_hour_may_still_be_sealed_under_its_own(
    vault: Vault, clock: Clock
) -> None:
    clock.time += timedelta(hours=1, seconds=1)
    sealed = await vault.seal(b"late", owner_id=1, hour=HOUR, context=IMPORT)
    assert await vault.open(sealed, owner_id=1, context=IMPORT) == b"late"


async def test_an_hour_in_the_future_is_refused(vault: Vault) -> None:
    with pytest.raises(ValueError, match="future"):
        await vault.seal(b"x", owner_id=1, hour="2026112214", context=IMPORT)


async def test_no_key_that_is_left_opens_what_was_deleted(vault: Vault, keys: FileKeyStore) -> None:
    """Decision 10: keep every sealed blob, delete, and try every key that is left in every place."""
    from kontora.store import vault as envelope

    sealed = await vault.seal(b"canary", owner_id=1, hour=HOUR, context=IMPORT)
    await vault.destroy_owner(1)
    left = [await keys.get(name) for name in await keys.names()]
    bound = envelope._bound(sealed[:11], 1, IMPORT)
    for key in left:
        for blob in (sealed[11:99], sealed[99:]):
            try:
                found = envelope._decrypt(key, blob, bound)
            except InvalidTag:
                continue
            # The hour's key is left and opens the outer layer; what is inside needs the owner's.
            for other in left:
                with pytest.raises(InvalidTag):
                    envelope._decrypt(other, found, bound)
