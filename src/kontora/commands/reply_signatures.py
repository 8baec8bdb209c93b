"""Signatures of replies: RSASSA-PKCS1-v1_5 with SHA-256 over the exact body, and the keys to check them with.

Source: wire.md, 9.8; RFC 7517 and 7638 for the published keys and their ids.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from kontora.errors import ConfigurationError

ALGORITHM = "SHA256withRSA"
KEY_BITS = 3072
MOST_KEYS = 20
_BLOCK = re.compile(r"-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----\n?")


@dataclass(frozen=True, slots=True)
class ReplySignature:
    """A signature with the id of its key."""

    key_id: str
    base64: str


@dataclass(frozen=True)
class ReplyKeys:
    """The key that signs, and the public ones of all that did or do, newest first."""

    signing: rsa.RSAPrivateKey = field(repr=False)
    published: tuple[rsa.RSAPublicKey, ...]

    def sign(self, body: bytes) -> ReplySignature:
        """Sign a body, as it goes over the wire; takes milliseconds."""
        signature = self.signing.sign(body, padding.PKCS1v15(), hashes.SHA256())
        return ReplySignature(key_id(self.published[0]), base64.b64encode(signature).decode())

    def jwks(self) -> bytes:
        """Return the public keys as a JSON Web Key Set, newest first."""
        keys = [_members(key) | {"kid": key_id(key), "alg": "RS256", "use": "sig"} for key in self.published]
        return msgspec.json.encode({"keys": keys})


def new_reply_key() -> str:
    """Make a key; PEM, PKCS #8. Takes a second."""
    made = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    return made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def parse_reply_keys(pem: str) -> ReplyKeys:
    """Read PEM keys, newest first: the first is private and signs, of all the public one is published.

    Raises: ConfigurationError, if one cannot be read, is no RSA key of 3072 bits or more, or is there twice.
    """
    blocks = [match[0] for match in _BLOCK.finditer(pem)]
    if not 0 < len(blocks) <= MOST_KEYS:
        raise ConfigurationError(f"The reply keys must be 1 to {MOST_KEYS} keys as PEM.")
    signing = _private(blocks[0]) if "PRIVATE" in blocks[0] else None
    if signing is None:
        raise ConfigurationError("The first of the reply keys must be a private one: it signs.")
    published = tuple(_public(block) for block in blocks)
    if any(key.key_size < KEY_BITS for key in published):
        raise ConfigurationError(f"Each of the reply keys must have {KEY_BITS} bits or more.")
    if len({key_id(key) for key in published}) != len(published):
        raise ConfigurationError("One of the reply keys is there twice.")
    return ReplyKeys(signing, published)


def key_id(key: rsa.RSAPublicKey) -> str:
    """Return the id of a key: its thumbprint (RFC 7638)."""
    return _url_safe(hashlib.sha256(msgspec.json.encode(_members(key), order="sorted")).digest())


def _private(block: str) -> rsa.RSAPrivateKey:
    try:
        key = serialization.load_pem_private_key(block.encode(), password=None)
    except (ValueError, TypeError) as error:
        raise ConfigurationError("One of the reply keys cannot be read: no password, please.") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ConfigurationError("One of the reply keys is no RSA key.")
    return key


def _public(block: str) -> rsa.RSAPublicKey:
    if "PRIVATE" in block:
        return _private(block).public_key()
    try:
        key = serialization.load_pem_public_key(block.encode())
    except ValueError as error:
        raise ConfigurationError("One of the reply keys cannot be read.") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise ConfigurationError("One of the reply keys is no RSA key.")
    return key


def _members(key: rsa.RSAPublicKey) -> dict[str, str]:
    """Return the members of a key that its thumbprint is made of."""
    numbers = key.public_numbers()
    return {"e": _number(numbers.e), "kty": "RSA", "n": _number(numbers.n)}


def _number(value: int) -> str:
    return _url_safe(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def _url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
