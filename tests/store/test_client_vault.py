"""What clients tell Kontora to keep: sealed under their own keys, which no retention destroys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kontora.store.client_vault import ClientSealBroken, ClientVault
from kontora.store.keys import FileKeyStore
from kontora.store.vault import KeyDestroyed, Vault

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[FileKeyStore]:
    store = FileKeyStore(tmp_path / "keys")
    yield store
    await store.close()


@pytest.fixture
def vault(keys: FileKeyStore) -> ClientVault:
    return Vault(keys, lambda: NOW).clients


async def test_what_is_sealed_for_a_client_opens_for_it_and_there_alone(vault: ClientVault) -> None:
    sealed = await vault.seal(b"words", client_id="acme-test", context="c/1")
    assert b"words" not in sealed
    assert await vault.open(sealed, client_id="acme-test", context="c/1") == b"words"
    await vault.seal(b"other", client_id="rival-test", context="c/1")
    for client_id, context in (("rival-test", "c/1"), ("acme-test", "c/2")):
        with pytest.raises(ClientSealBroken):
            await vault.open(sealed, client_id=client_id, context=context)


@pytest.mark.parametrize(
    "spoil", [lambda s: s[:-1], lambda s: b"\x02" + s[1:], lambda s: s[:5], lambda s: b""]
)
async def test_a_damaged_seal_is_told_so(vault: ClientVault, spoil: object) -> None:
    sealed = await vault.seal(b"words", client_id="acme-test", context="c/1")
    with pytest.raises(ClientSealBroken):
        await vault.open(spoil(sealed), client_id="acme-test", context="c/1")  # type: ignore[operator]


async def test_equal_words_have_one_digest_for_a_client_and_another_for_the_next(vault: ClientVault) -> None:
    first = await vault.digest(b"words", client_id="acme-test", context="c")
    assert await vault.digest(b"words", client_id="acme-test", context="c") == first
    others = {
        await vault.digest(b"words", client_id="rival-test", context="c"),
        await vault.digest(b"words", client_id="acme-test", context="d"),
        await vault.digest(b"word", client_id="acme-test", context="c"),
    }
    assert len(others | {first}) == 4


async def test_no_retention_destroys_a_clients_key(keys: FileKeyStore) -> None:
    vault = Vault(keys, lambda: NOW)
    sealed = await vault.clients.seal(b"words", client_id="acme-test", context="c/1")
    await vault.destroy_hours(NOW + timedelta(days=900))
    assert (await vault.owners(), await vault.consents.consents()) == ([], [])
    assert await vault.clients.open(sealed, client_id="acme-test", context="c/1") == b"words"


async def test_a_client_without_a_key_has_nothing_to_open(keys: FileKeyStore, vault: ClientVault) -> None:
    sealed = await vault.seal(b"words", client_id="acme-test", context="c/1")
    (name,) = await keys.names()
    await keys.destroy(name)
    with pytest.raises(KeyDestroyed):
        await vault.open(sealed, client_id="acme-test", context="c/1")
