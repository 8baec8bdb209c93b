"""Seals what a client tells Kontora to keep, under a key of its own that no retention destroys.

Neither an owner's key nor an hour's would do: it outlives the data of every owner. Version 3 of a seal:

    1 byte      version
    the rest    nonce, then AES-256-GCM under the client's key, bound to version, client and context
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kontora.store.keys import KeyStore

VERSION = b"\x03"
NONCE_BYTES = 12


class ClientSealBroken(Exception):
    """The seal is damaged, or belongs to another client or context."""


class ClientVault:
    """Seals and opens with the keys of clients. Every method raises StoreUnavailable."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    async def digest(self, plaintext: bytes, *, client_id: str, context: str) -> bytes:
        """Return the keyed digest by which equal data of a client is found, and nothing is read from."""
        key = await self._keys.create(_name(client_id))
        bound = b"kontora client digest\0" + _bound(client_id, context)
        return hmac.new(key, bound + b"\0" + plaintext, hashlib.sha256).digest()

    async def seal(self, plaintext: bytes, *, client_id: str, context: str) -> bytes:
        """Seal data of a client; its first data makes its key."""
        key = await self._keys.create(_name(client_id))
        nonce = secrets.token_bytes(NONCE_BYTES)
        return VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, _bound(client_id, context))

    async def open(self, sealed: bytes, *, client_id: str, context: str) -> bytes:
        """Open a seal. Raises: KeyDestroyed, if the key is gone; ClientSealBroken."""
        key = await self._keys.get(_name(client_id))
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if sealed[:1] != VERSION or len(nonce) < NONCE_BYTES:
            raise ClientSealBroken("This is no seal of a client.")
        try:
            return AESGCM(key).decrypt(nonce, body, _bound(client_id, context))
        except InvalidTag as error:
            raise ClientSealBroken("The seal is damaged, or belongs to another client.") from error


def _name(client_id: str) -> str:
    """Return the name of a client's key: names of keys hold numbers, ids of clients are words."""
    digest = hashlib.sha256(b"kontora client key\0" + client_id.encode()).digest()
    return f"client-{int.from_bytes(digest[:8]) >> 1}"


def _bound(client_id: str, context: str) -> bytes:
    return VERSION + b"client/" + client_id.encode() + b"\0" + context.encode()
