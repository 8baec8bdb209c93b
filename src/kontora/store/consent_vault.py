"""Seals what is kept of a consent under a key of its own, which dies with the consent.

A consent outlives its owner's data: neither the owner's key nor an hour's would do. Version 2 of a seal:

    1 byte      version
    the rest    nonce, then AES-256-GCM under the consent's key, bound to version and consent

The multipleAccessId is derived from the same key: nothing is stored that it could be read from.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kontora.store.keys import KeyStore

VERSION = b"\x02"
NONCE_BYTES = 12


class ConsentSealBroken(Exception):
    """The seal is damaged, or belongs to another consent."""


class ConsentVault:
    """Seals and opens with the keys of consents. Every method raises StoreUnavailable."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys

    async def create(self, consent_id: int) -> None:
        """Make a consent's key; nothing else makes one."""
        await self._keys.create(_name(consent_id))

    async def destroy(self, consent_id: int) -> None:
        """Destroy a consent's key, and with it the access and the multipleAccessId."""
        await self._keys.destroy(_name(consent_id))

    async def consents(self) -> list[int]:
        """Return the ids of all consents that have a key."""
        names = await self._keys.names()
        return [int(name.partition("-")[2]) for name in names if name.startswith("consent-")]

    async def token(self, consent_id: int) -> str:
        """Return the multipleAccessId: 43 characters of base64url, 256 bits.

        Raises: KeyDestroyed.
        """
        key = await self._keys.get(_name(consent_id))
        made = hmac.new(key, b"kontora multipleAccessId v1\0" + str(consent_id).encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(made.digest()).rstrip(b"=").decode()

    async def seal(self, plaintext: bytes, *, consent_id: int) -> bytes:
        """Seal data of a consent. Raises: KeyDestroyed."""
        key = await self._keys.get(_name(consent_id))
        nonce = secrets.token_bytes(NONCE_BYTES)
        return VERSION + nonce + AESGCM(key).encrypt(nonce, plaintext, _bound(consent_id))

    async def open(self, sealed: bytes, *, consent_id: int) -> bytes:
        """Open a seal. Raises: KeyDestroyed, if the key is gone; ConsentSealBroken."""
        key = await self._keys.get(_name(consent_id))
        nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        if sealed[:1] != VERSION or len(nonce) < NONCE_BYTES:
            raise ConsentSealBroken("This is no seal of a consent.")
        try:
            return AESGCM(key).decrypt(nonce, body, _bound(consent_id))
        except InvalidTag as error:
            raise ConsentSealBroken("The seal is damaged, or belongs to another consent.") from error


def _name(consent_id: int) -> str:
    return f"consent-{consent_id}"


def _bound(consent_id: int) -> bytes:
    return VERSION + b"consent/" + str(consent_id).encode()
