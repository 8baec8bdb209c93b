"""The key store for several machines: a second PostgreSQL database, whose keys are wrapped by a master key.

That database must have no archive, no backup, no replica and no snapshot, and should run with
`wal_level=minimal`: PostgreSQL keeps what was deleted until the row is vacuumed and the write-ahead log is
written over. Until then, whoever has both these remains and the master key could read a destroyed key.
"""

from __future__ import annotations

import asyncio
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kontora.errors import ConfigurationError, StoreUnavailable
from kontora.store.database import Database
from kontora.store.keys import KEY_BYTES, KeyDestroyed, check_name

NONCE_BYTES = 12
MASTER_CHECK = "master-check"
LOCK = 0x6B6F6E6B657973

# Deleted rows are vacuumed within a minute, however few they are.
SCHEMA = """
create table if not exists kontora_key (
    name text primary key,
    wrapped bytea not null,
    created_at timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_threshold = 0, autovacuum_vacuum_scale_factor = 0)
"""


class PostgresKeyStore:
    """Keys as rows, each sealed with AES-256-GCM under the master key and bound to its name.

    `master`: 32 bytes. The database is opened, and its table made, at the first call.
    Raises: ConfigurationError, at once for a malformed master key, at the first call for a wrong one.
    """

    def __init__(self, url: str, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise ConfigurationError("KONTORA_KEYS_MASTER must be 32 bytes: 64 hex characters.")
        self._url = url
        self._master = AESGCM(master)
        self._opening = asyncio.Lock()
        self._database: Database | None = None

    async def create(self, name: str) -> bytes:
        """Return the key of this name, making it if there is none; it is durable before this returns."""
        check_name(name)
        try:
            return await self.get(name)
        except KeyDestroyed:
            await self._insert(await self._opened(), name, secrets.token_bytes(KEY_BYTES))
        return await self.get(name)

    async def get(self, name: str) -> bytes:
        """Return a key. Raises: KeyDestroyed."""
        check_name(name)
        return await self._read(await self._opened(), name)

    async def destroy(self, name: str) -> None:
        """Destroy a key for good. Without such a key, do nothing."""
        check_name(name)
        await (await self._opened()).execute("delete from kontora_key where name = %s", (name,))

    async def names(self) -> list[str]:
        """Return the names of all keys, sorted."""
        database = await self._opened()
        rows = await database.rows("select name from kontora_key where name <> %s", (MASTER_CHECK,))
        return sorted(str(row[0]) for row in rows)

    async def close(self) -> None:
        """Close the connections."""
        database, self._database = self._database, None
        if database:
            await database.close()

    async def _opened(self) -> Database:
        async with self._opening:
            if self._database is None:
                database = await Database.open(self._url, min_size=1, max_size=4)
                try:
                    await self._prepare(database)
                except BaseException:
                    await database.close()
                    raise
                self._database = database
        return self._database

    async def _prepare(self, database: Database) -> None:
        async with database.tx() as db:
            await db.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
            await db.execute(SCHEMA)
        await self._insert(database, MASTER_CHECK, bytes(KEY_BYTES))
        try:
            await self._read(database, MASTER_CHECK)
        except StoreUnavailable as error:
            raise ConfigurationError(
                "KONTORA_KEYS_MASTER is not the master key of this key store."
            ) from error

    async def _insert(self, database: Database, name: str, key: bytes) -> None:
        nonce = secrets.token_bytes(NONCE_BYTES)
        wrapped = nonce + self._master.encrypt(nonce, key, name.encode())
        await database.execute(
            "insert into kontora_key (name, wrapped) values (%s, %s) on conflict do nothing", (name, wrapped)
        )

    async def _read(self, database: Database, name: str) -> bytes:
        row = await database.row("select wrapped from kontora_key where name = %s", (name,))
        if row is None:
            raise KeyDestroyed
        wrapped: bytes = row[0]
        try:
            return self._master.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], name.encode())
        except InvalidTag as error:
            raise StoreUnavailable("A key cannot be opened with this master key.") from error
