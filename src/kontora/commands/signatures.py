"""Signatures of session ids: HMAC-SHA256 over version, environment, client and session."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from kontora.errors import ConfigurationError

KEY_LENGTH = 32


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key with its id. The id only tells keys apart in the settings."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"SigningKey({self.id!r})"


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """The keys in force, newest first: the newest signs, all of them verify, so that keys can rotate."""

    keys: tuple[SigningKey, ...]

    def sign(self, environment: str, client_id: str, session_id: int) -> str:
        """Return 64 lower-case hex characters."""
        return _mac(self.keys[0], environment, client_id, session_id)

    def verify(self, signature: str, environment: str, client_id: str, session_id: int) -> bool:
        """Tell, in constant time, whether one of the keys made this signature."""
        given = signature.encode("utf-8", "surrogatepass")
        matches = [
            hmac.compare_digest(_mac(key, environment, client_id, session_id).encode(), given)
            for key in self.keys
        ]
        return any(matches)


def _mac(key: SigningKey, environment: str, client_id: str, session_id: int) -> str:
    message = f"v1|{environment}|{client_id}|{session_id}".encode()
    return hmac.new(key.secret, message, hashlib.sha256).hexdigest()


def parse_signing_keys(text: str) -> SigningKeys:
    """Parse `kid:hex,kid:hex`, newest first.

    Raises: ConfigurationError, if a key is malformed, too short, all alike, or an id stands twice.
    """
    keys = []
    for part in text.strip().split(","):
        key_id, _, secret_hex = part.strip().partition(":")
        try:
            secret = bytes.fromhex(secret_hex)
        except ValueError:
            secret = b""
        if not key_id or len(secret) != KEY_LENGTH or len(set(secret)) < KEY_LENGTH // 4:
            raise ConfigurationError(
                "KONTORA_SIGNING_KEYS must be `id:key`, comma separated, each key 64 random hex characters."
            )
        keys.append(SigningKey(key_id, secret))
    if len({key.id for key in keys}) != len(keys):
        raise ConfigurationError("KONTORA_SIGNING_KEYS names a key id twice.")
    return SigningKeys(tuple(keys))
