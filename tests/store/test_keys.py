from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from kontora.errors import ConfigurationError, StoreUnavailable
from kontora.store.keys import FileKeyStore, KeyDestroyed, KeyStore
from kontora.store.keys_postgres import PostgresKeyStore

MASTER = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture(params=["files", "postgres"])
async def keys(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[KeyStore]:
    store: KeyStore
    if request.param == "files":
        store = FileKeyStore(folder)
    else:
        store = PostgresKeyStore(request.getfixturevalue("empty_url"), MASTER)
    yield store
    await store.close()


async def test_a_key_is_random_and_stays_the_same(keys: KeyStore) -> None:
    first = await keys.create("owner-1")
    assert len(first) == 32
    assert await keys.create("owner-1") == first
    assert await keys.get("owner-1") == first
    assert await keys.create("owner-2") != first


async def test_a_destroyed_key_is_gone_for_good(keys: KeyStore) -> None:
    old = await keys.create("hour-2026112209")
    await keys.destroy("hour-2026112209")
    with pytest.raises(KeyDestroyed):
        await keys.get("hour-2026112209")
    assert await keys.create("hour-2026112209") != old


async def test_destroying_what_is_not_there_does_nothing(keys: KeyStore) -> None:
    await keys.destroy("owner-1")
    await keys.create("owner-1")
    await keys.destroy("owner-1")
    await keys.destroy("owner-1")
    assert await keys.names() == []


async def test_names_are_listed_and_nothing_else(keys: KeyStore) -> None:
    for name in ("owner-2", "hour-2026112209", "consent-7", "index-1", "owner-10"):
        await keys.create(name)
    assert await keys.names() == ["consent-7", "hour-2026112209", "index-1", "owner-10", "owner-2"]


async def test_a_race_for_a_new_key_has_one_outcome(keys: KeyStore) -> None:
    made = await asyncio.gather(*(keys.create("owner-1") for _ in range(20)))
    assert len(set(made)) == 1


@pytest.mark.parametrize(
    "name", ["", "owner-", "owner--1", "../owner-1", "hour-20261122", "owner-1\n", "x-1"]
)
async def test_a_malformed_name_is_refused(keys: KeyStore, name: str) -> None:
    for call in (keys.create, keys.get, keys.destroy):
        with pytest.raises(ValueError, match="malformed"):
            await call(name)


async def test_a_key_that_is_destroyed_while_it_is_read_is_never_read_wrong(keys: KeyStore) -> None:
    seen = set()
    made = set()

    async def read() -> None:
        for _ in range(200):
            with suppress(KeyDestroyed):
                seen.add(await keys.get("owner-1"))
            await asyncio.sleep(0)

    async def destroy() -> None:
        for _ in range(15):
            made.add(await keys.create("owner-1"))
            await keys.destroy("owner-1")

    await asyncio.gather(read(), read(), destroy())
    assert seen <= made


async def test_a_key_is_a_file_that_only_its_user_can_read(folder: Path) -> None:
    store = FileKeyStore(folder)
    await store.create("owner-1")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert [(file.name, file.stat().st_mode & 0o777) for file in folder.iterdir()] == [("owner-1", 0o600)]
    await store.close()


async def test_a_destroyed_key_is_overwritten_before_its_file_goes(folder: Path, tmp_path: Path) -> None:
    store = FileKeyStore(folder)
    key = await store.create("owner-1")
    os.link(folder / "owner-1", tmp_path / "same-blocks")
    assert key in (tmp_path / "same-blocks").read_bytes()
    await store.destroy("owner-1")
    assert len((tmp_path / "same-blocks").read_bytes()) == 64
    assert key not in (tmp_path / "same-blocks").read_bytes()
    assert list(folder.iterdir()) == []
    await store.close()


async def test_a_destruction_that_a_crash_cut_short_is_finished_at_the_next_start(
    folder: Path, tmp_path: Path
) -> None:
    store = FileKeyStore(folder)
    key = await store.create("owner-1")
    await store.close()
    os.link(folder / "owner-1", tmp_path / "same-blocks")
    (folder / "owner-1").rename(folder / ".owner-1.gone")
    await FileKeyStore(folder).close()
    assert list(folder.iterdir()) == []
    assert key not in (tmp_path / "same-blocks").read_bytes()


async def test_a_draft_of_a_crash_is_no_key_and_goes_after_an_hour(folder: Path) -> None:
    await FileKeyStore(folder).close()
    old, new = folder / ".owner-1.00.new", folder / ".owner-2.00.new"
    for draft in (old, new):
        draft.touch(mode=0o600)
    os.utime(old, (time.time() - 7200,) * 2)
    store = FileKeyStore(folder)
    assert await store.names() == []
    assert list(folder.iterdir()) == [new]
    await store.close()


async def test_processes_that_make_one_key_at_once_agree(folder: Path) -> None:
    program = (
        "import asyncio, sys; from pathlib import Path; from kontora.store.keys import FileKeyStore\n"
        "print(asyncio.run(FileKeyStore(Path(sys.argv[1])).create('owner-1')).hex())"
    )
    processes = [
        subprocess.Popen([sys.executable, "-c", program, folder], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert len({process.communicate()[0] for process in processes}) == 1
    assert {process.returncode for process in processes} == {0}


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o711])
async def test_a_folder_that_others_can_enter_is_refused(folder: Path, mode: int) -> None:
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod 700"):
        FileKeyStore(folder)


async def test_a_key_that_others_can_read_is_refused(folder: Path) -> None:
    store = FileKeyStore(folder)
    await store.create("owner-1")
    await store.close()
    (folder / "owner-1").chmod(0o640)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        FileKeyStore(folder)


async def test_a_path_that_is_no_folder_is_refused(folder: Path) -> None:
    folder.touch()
    with pytest.raises(ConfigurationError, match="cannot be used"):
        FileKeyStore(folder)


async def test_a_damaged_key_is_not_taken_for_a_destroyed_one(folder: Path) -> None:
    store = FileKeyStore(folder)
    await store.create("owner-1")
    content = bytearray((folder / "owner-1").read_bytes())
    content[3] ^= 1
    (folder / "owner-1").write_bytes(content)
    with pytest.raises(StoreUnavailable, match="damaged"):
        await store.get("owner-1")
    (folder / "owner-1").write_bytes(b"")
    with pytest.raises(StoreUnavailable, match="damaged"):
        await store.get("owner-1")
    await store.close()


async def test_a_key_file_under_another_name_is_no_key(folder: Path) -> None:
    store = FileKeyStore(folder)
    await store.create("owner-1")
    (folder / "owner-1").rename(folder / "owner-2")
    with pytest.raises(StoreUnavailable, match="damaged"):
        await store.get("owner-2")
    await store.close()


async def test_a_closed_store_is_a_named_failure(folder: Path) -> None:
    store = FileKeyStore(folder)
    await store.close()
    await store.close()
    with pytest.raises(StoreUnavailable):
        await store.get("owner-1")


async def test_no_key_lies_in_the_second_database_in_plain(empty_url: str) -> None:
    store = PostgresKeyStore(empty_url, MASTER)
    key = await store.create("owner-1")
    with psycopg.connect(empty_url) as db:
        rows = db.execute("select wrapped from kontora_key").fetchall()
    assert rows
    assert all(key not in bytes(wrapped) for (wrapped,) in rows)
    await store.close()


async def test_another_master_key_is_refused(empty_url: str) -> None:
    store = PostgresKeyStore(empty_url, MASTER)
    await store.create("owner-1")
    await store.close()
    other = PostgresKeyStore(empty_url, bytes(32))
    with pytest.raises(ConfigurationError, match="not the master key"):
        await other.get("owner-1")
    await other.close()
    with pytest.raises(ConfigurationError, match="64 hex"):
        PostgresKeyStore(empty_url, b"short")


async def test_a_wrapped_key_under_another_name_is_no_key(empty_url: str) -> None:
    store = PostgresKeyStore(empty_url, MASTER)
    await store.create("owner-1")
    with psycopg.connect(empty_url) as db:
        db.execute("update kontora_key set name = 'owner-2' where name = 'owner-1'")
    with pytest.raises(StoreUnavailable, match="master key"):
        await store.get("owner-2")
    await store.close()


async def test_machines_share_the_keys_of_the_second_database(empty_url: str) -> None:
    stores = [PostgresKeyStore(empty_url, MASTER) for _ in range(3)]
    made = await asyncio.gather(*(store.create("hour-2026112209") for store in stores))
    assert len(set(made)) == 1
    await stores[0].destroy("hour-2026112209")
    with pytest.raises(KeyDestroyed):
        await stores[1].get("hour-2026112209")
    for store in stores:
        await store.close()
