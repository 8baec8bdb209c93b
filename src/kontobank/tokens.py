"""OAuth codes and tokens, bound to a consent: a code works once within 60 seconds, a refresh token once."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import TypeVar

from kontobank.clock import Clock

CODE_SECONDS = 60
ACCESS_SECONDS = 900
_MOST = 50_000
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Code:
    """What a code was given for; the party must show the same again."""

    consent_id: str
    client_id: str
    redirect_uri: str
    challenge: str
    expires_at: float


@dataclass(frozen=True)
class AccessToken:
    """An access token."""

    consent_id: str
    expires_at: float


@dataclass(frozen=True)
class TokenPair:
    """What the token endpoint gives out."""

    access_token: str
    refresh_token: str
    expires_in: int
    consent_id: str


class Tokens:
    """All codes and tokens; the oldest are forgotten beyond 50,000 of each."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: OrderedDict[str, Code] = OrderedDict()
        self._access: OrderedDict[str, AccessToken] = OrderedDict()
        self._refresh: OrderedDict[str, tuple[str, str]] = OrderedDict()

    def clear(self) -> None:
        """Forget everything."""
        self._codes.clear()
        self._access.clear()
        self._refresh.clear()

    def new_code(self, consent_id: str, client_id: str, redirect_uri: str, challenge: str) -> str:
        """Give out a code."""
        code = secrets.token_urlsafe(24)
        expires_at = self._clock.timestamp() + CODE_SECONDS
        _keep(self._codes, code, Code(consent_id, client_id, redirect_uri, challenge, expires_at))
        return code

    def take_code(self, code: str, client_id: str, redirect_uri: str, verifier: str) -> Code | None:
        """Use up a code; `None` where anything about it is wrong, and then it is used up, too."""
        found = self._codes.pop(code, None)
        if found is None or found.expires_at < self._clock.timestamp():
            return None
        is_same = (found.client_id, found.redirect_uri) == (client_id, redirect_uri)
        return found if is_same and secrets.compare_digest(found.challenge, challenge_of(verifier)) else None

    def new_pair(self, consent_id: str, client_id: str, expires_in: int) -> TokenPair:
        """Give out an access token and a refresh token."""
        pair = TokenPair(secrets.token_urlsafe(32), secrets.token_urlsafe(32), expires_in, consent_id)
        _keep(self._access, pair.access_token, AccessToken(consent_id, self._clock.timestamp() + expires_in))
        _keep(self._refresh, pair.refresh_token, (consent_id, client_id))
        return pair

    def take_refresh_token(self, token: str, client_id: str) -> str | None:
        """Use up a refresh token and return its consent; `None` where it is unknown, used or foreign."""
        consent_id, owner = self._refresh.pop(token, ("", ""))
        return consent_id if consent_id and owner == client_id else None

    def find_access_token(self, token: str) -> AccessToken | None:
        """Find an access token, also one that has expired."""
        return self._access.get(token)


def challenge_of(verifier: str) -> str:
    """Return the S256 challenge of a verifier. Source: RFC 7636, 4.2."""
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _keep(store: OrderedDict[str, _Value], key: str, value: _Value) -> None:
    store[key] = value
    if len(store) > _MOST:
        store.popitem(last=False)
