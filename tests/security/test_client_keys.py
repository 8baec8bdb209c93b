"""API keys: random, shown once, stored as digests, several at once, revoked at once (A01, E06)."""

from __future__ import annotations

import hashlib

import psycopg

from kontora.administration import Administration
from kontora.store import clients
from kontora.store.database import Database


async def test_the_whole_database_holds_the_digest_of_a_key_and_never_the_key(
    database: Database, database_url: str
) -> None:
    desk = Administration(database)
    _, key = await desk.add_client("lender-test", "test", ("127.0.0.1/32",))
    second = await desk.add_key("lender-test")
    dump = everything(database_url)
    for one in (key, second):
        assert one not in dump
        assert bytes.fromhex(one).hex() not in dump
        assert hashlib.sha256(one.encode()).hexdigest() in dump


async def test_keys_are_256_random_bits_and_never_the_same(database: Database) -> None:
    desk = Administration(database)
    await desk.add_client("lender-test", "test", ("127.0.0.1/32",))
    keys = [await desk.add_key("lender-test") for _ in range(60)]
    assert len(set(keys)) == 60
    ones = 0
    for key in keys:
        assert len(bytes.fromhex(key)) == 32
        assert key == key.lower()
        ones += int(key, 16).bit_count()
    # 15,360 fair bits: the mean is 7,680 and the standard deviation 62.
    assert 7300 < ones < 8060


async def test_revoking_one_key_leaves_the_others_alive(database: Database) -> None:
    desk = Administration(database)
    _, key = await desk.add_client("lender-test", "test", ("127.0.0.1/32",))
    second = await desk.add_key("lender-test")
    await desk.revoke_key("lender-test", key[:12])
    async with database.connection() as db:
        assert await clients.find_by_key_prefix(db, key[:12]) is None
        found = await clients.find_by_key_prefix(db, second[:12])
    assert found is not None
    assert found[0] == hashlib.sha256(second.encode()).digest()


def everything(database_url: str) -> str:
    """Every row of every table of the database, as text; bytes in hex."""
    with psycopg.connect(database_url) as db:
        tables = db.execute("select tablename from pg_tables where schemaname = current_schema()").fetchall()
        rows = [row for (table,) in tables for row in db.execute(f'select * from "{table}"').fetchall()]
    assert len(tables) > 8
    return " ".join(value.hex() if isinstance(value, bytes) else str(value) for row in rows for value in row)
