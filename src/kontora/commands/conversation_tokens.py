"""Random tokens of conversations and links: 128 bits, stored as digests, and keys for what only they open."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TOKEN_BYTES = 16
NONCE_BYTES = 12
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    """Return 128 random bits as 22 characters that may stand in a URL."""
    return unpadded(secrets.token_bytes(TOKEN_BYTES))


def is_token(text: str) -> bool:
    """Tell whether the text is of the form of a token."""
    return _TOKEN.fullmatch(text) is not None


def digest_of(token: str) -> bytes:
    """Return what is stored of a token. A fast hash is right for 128 random bits."""
    return hashlib.sha256(token.encode()).digest()


def unpadded(data: bytes) -> str:
    """Return data as base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def padded(text: str) -> bytes:
    """Return the data of base64url without padding.

    Raises: ValueError.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("not base64url")
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def seal_under(token: str, plain: bytes, context: str) -> bytes:
    """Seal data so that only who brings the token can open it."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key(token)).encrypt(nonce, plain, context.encode())


def open_under(token: str, sealed: bytes, context: str) -> bytes:
    """Open what was sealed under the token.

    Raises: ValueError, if it was sealed under another token or for something else.
    """
    try:
        return AESGCM(_key(token)).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except InvalidTag as error:
        raise ValueError("sealed under another token") from error


def _key(token: str) -> bytes:
    return HKDF(SHA256(), 32, None, b"kontora options v1").derive(token.encode())
