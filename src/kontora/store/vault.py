"""The vault: seals data so that it dies with its owner's key or with its hour's key, whichever goes first.

What a seal is made of (version 1):

    1 byte      version
    10 bytes    the hour, as YYYYMMDDHH, in ASCII
    88 bytes    nonce, then AES-256-GCM under the hour's key of
                    nonce, then AES-256-GCM under the owner's key of
                        the data key: 32 random bytes, used once
    the rest    nonce, then AES-256-GCM under the data key of the data, compressed with zstd

All three are bound to version, hour, owner and context, so a seal opens nowhere but where it was made for.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kontora.store.client_vault import ClientVault
from kontora.store.consent_vault import ConsentVault
from kontora.store.keys import KEY_BYTES, KeyDestroyed, KeyStore

__all__ = ["KeyDestroyed", "SealBroken", "Vault", "open_with"]

VERSION = b"\x01"
HOUR_FORMAT = "%Y%m%d%H"
HOUR_BYTES = 10
NONCE_BYTES = 12
TAG_BYTES = 16
HEAD_BYTES = len(VERSION) + HOUR_BYTES
WRAPPED_BYTES = KEY_BYTES + 2 * (NONCE_BYTES + TAG_BYTES)
SHORTEST_BYTES = HEAD_BYTES + WRAPPED_BYTES + NONCE_BYTES + TAG_BYTES
# On bank data, level 3 takes half as long again and saves nothing.
LEVEL = 1
# Larger data is worked on in a thread, for the event loop must not wait.
INLINE_BYTES = 100_000
MOST_BYTES = 256 * 1024 * 1024
# Work may begin in one hour and be sealed at the start of the next; clocks of machines differ a little.
HOUR_GRACE = timedelta(minutes=2)


class SealBroken(Exception):
    """The seal is damaged, or belongs to another owner or context."""


class Vault:
    """Seals and opens, with the keys of a key store; `now` tells the time by which keys die, in UTC."""

    def __init__(self, keys: KeyStore, now: Callable[[], datetime]) -> None:
        self._keys = keys
        self._now = now
        self.consents = ConsentVault(keys)
        self.clients = ClientVault(keys)

    async def create_owner(self, owner_id: int) -> None:
        """Make an owner's key. Nothing else makes one, so a destroyed one stays destroyed."""
        await self._keys.create(_owner_key(owner_id))

    async def owners(self) -> list[int]:
        """Return the ids of all owners that have a key."""
        return [int(name.partition("-")[2]) for name in await self._keys.names() if name.startswith("owner-")]

    async def destroy_owner(self, owner_id: int) -> None:
        """Destroy an owner's key, and with it all that was sealed for the owner."""
        await self._keys.destroy(_owner_key(owner_id))

    async def destroy_hours(self, before: datetime) -> list[str]:
        """Destroy the keys of all hours that began at this time or earlier; return these hours."""
        hours = [name.partition("-")[2] for name in await self._keys.names() if name.startswith("hour-")]
        past = [hour for hour in hours if _start_of(hour) <= before]
        for hour in past:
            await self._keys.destroy(f"hour-{hour}")
        return past

    async def seal(self, plaintext: bytes, *, owner_id: int, hour: str, context: str) -> bytes:
        """Seal data of an owner; `hour` (YYYYMMDDHH, UTC) says when it dies, `context` what it is.

        Raises: KeyDestroyed, if the owner's key is gone, or the hour is over and has no key;
        StoreUnavailable; ValueError, if the hour is in the future.
        """
        owner_key = await self._keys.get(_owner_key(owner_id))
        hour_key = await self._hour_key(hour)
        head = VERSION + hour.encode()
        bound = _bound(head, owner_id, context)

        def work() -> bytes:
            data_key = secrets.token_bytes(KEY_BYTES)
            wrapped = _encrypt(hour_key, _encrypt(owner_key, data_key, bound), bound)
            return head + wrapped + _encrypt(data_key, zstandard.compress(plaintext, LEVEL), bound)

        return await _run(work, len(plaintext))

    async def open(self, sealed: bytes, *, owner_id: int, context: str) -> bytes:
        """Open a seal that was made for this owner and context.

        Raises: KeyDestroyed, if either key is gone; SealBroken, for anything else; StoreUnavailable.
        """
        keys = await self.opening_keys(sealed, owner_id=owner_id)
        return await _run(lambda: open_with(keys, sealed, owner_id=owner_id, context=context), len(sealed))

    async def opening_keys(self, sealed: bytes, *, owner_id: int) -> tuple[bytes, bytes]:
        """Return the owner's and the hour's key, with which another process opens this one seal.

        Raises: KeyDestroyed, if either is gone; SealBroken; StoreUnavailable.
        """
        if len(sealed) < SHORTEST_BYTES:
            raise SealBroken("This is too short for a seal.")
        hour_key = await self._keys.get(f"hour-{_hour_of(sealed[:HEAD_BYTES])}")
        return await self._keys.get(_owner_key(owner_id)), hour_key

    async def _hour_key(self, hour: str) -> bytes:
        start, now = _start_of(hour), self._now()
        if start - HOUR_GRACE > now:
            raise ValueError("an hour in the future")
        if start + timedelta(hours=1) + HOUR_GRACE > now:
            return await self._keys.create(f"hour-{hour}")
        return await self._keys.get(f"hour-{hour}")


def open_with(keys: tuple[bytes, bytes], sealed: bytes, *, owner_id: int, context: str) -> bytes:
    """Open a seal with the keys that `Vault.opening_keys` gave for it.

    Raises: SealBroken.
    """
    owner_key, hour_key = keys
    head, rest = sealed[:HEAD_BYTES], sealed[HEAD_BYTES:]
    wrapped, body = rest[:WRAPPED_BYTES], rest[WRAPPED_BYTES:]
    bound = _bound(head, owner_id, context)
    try:
        data_key = _decrypt(owner_key, _decrypt(hour_key, wrapped, bound), bound)
        return zstandard.decompress(_decrypt(data_key, body, bound), MOST_BYTES)
    except InvalidTag as error:
        raise SealBroken("The seal is damaged, or was made for another owner or context.") from error


def _owner_key(owner_id: int) -> str:
    return f"owner-{owner_id}"


def _start_of(hour: str) -> datetime:
    return datetime.strptime(hour, HOUR_FORMAT).replace(tzinfo=UTC)


def _hour_of(head: bytes) -> str:
    hour = head[len(VERSION) :]
    if not head.startswith(VERSION) or not hour.isdigit():
        raise SealBroken("This is no seal of a version that is known.")
    return hour.decode()


def _bound(head: bytes, owner_id: int, context: str) -> bytes:
    """Return what the seal is bound to; each part ends where the next begins, so no two mean the same."""
    return b"kontora seal\0" + head + str(owner_id).encode() + b"\0" + context.encode()


def _encrypt(key: bytes, plaintext: bytes, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)


async def _run(work: Callable[[], bytes], size: int) -> bytes:
    return work() if size <= INLINE_BYTES else await asyncio.to_thread(work)
