"""Tokens: for the owner's code, in exchange for another scope, and fresh ones for ended ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from kontora.connectors.protocol import Psu
from kontora.connectors.standards.json_fields import Json, a_text, an_object
from kontora.connectors.standards.polish_api.access import Redirect, Tokens
from kontora.connectors.standards.polish_api.calls import Calls
from kontora.connectors.standards.polish_api.consent import (
    READ_SCOPE,
    GrantedScope,
    parse_granted,
)
from kontora.errors import BankChanged, SessionExpired

_EXPIRY_MARGIN = timedelta(seconds=5)
_LONGEST_SECONDS = 10 * 366 * 86400


class TokenDesk:
    """The token calls to one bank. Codes and refresh tokens are sent once."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def for_code(self, code: str, redirect: Redirect, psu: Psu) -> tuple[Tokens, GrantedScope]:
        """Exchange the owner's code; the standard writes it with a capital C.

        Raises: SessionExpired, if the bank does not take it.
        """
        grant = {
            "grant_type": "authorization_code",
            "Code": code,
            "redirect_uri": redirect.redirect_uri,
            "client_id": self._calls.client_id,
        }
        return await self._tokens(grant, psu)

    async def exchanged(
        self, tokens: Tokens, scope_details: Mapping[str, Any], psu: Psu
    ) -> tuple[Tokens, GrantedScope]:
        """Exchange a token for one of the reading scope, without a new sign-in.

        Raises: SessionExpired, if the bank does not allow it.
        """
        grant = {
            "grant_type": "exchange_token",
            "exchange_token": tokens.access,
            "client_id": self._calls.client_id,
            "scope": READ_SCOPE,
            "scope_details": scope_details,
        }
        return await self._tokens(grant, psu)

    async def refreshed(self, tokens: Tokens, psu: Psu) -> Tokens:
        """Get new tokens for the refresh token.

        Raises: SessionExpired, if there is none, or the bank does not take it.
        """
        if tokens.refresh is None:
            raise SessionExpired(f"{self._calls.surroundings.line.target}: the access token ended.")
        grant = {
            "grant_type": "refresh_token",
            "refresh_token": tokens.refresh,
            "client_id": self._calls.client_id,
        }
        new, _ = await self._tokens(grant, psu)
        return new if new.refresh is not None else Tokens(new.access, new.expires_at, tokens.refresh)

    def ended(self, tokens: Tokens) -> bool:
        """Tell whether the access token has ended, or is about to."""
        return self._calls.surroundings.now() >= tokens.expires_at

    async def _tokens(self, grant: Mapping[str, Any], psu: Psu) -> tuple[Tokens, GrantedScope]:
        asked_at = self._calls.surroundings.now()
        answer = await self._calls.read("token", "auth", {**grant, **_presence(psu)}, psu)
        with self._calls.understanding("token"):
            access = a_text(answer.get("access_token"), "access_token")
            if access is None or not access.isascii() or not access.isprintable():
                raise BankChanged("access_token is missing")
            if (a_text(answer.get("token_type"), "token_type") or "").lower() != "bearer":
                raise BankChanged("token_type is not Bearer")
            life = timedelta(seconds=_seconds(answer))
            scope = parse_granted(an_object(answer.get("scope_details"), "scope_details"))
            refresh = a_text(answer.get("refresh_token"), "refresh_token")
        return Tokens(access, asked_at + max(life - _EXPIRY_MARGIN, life / 2), refresh), scope


def _presence(psu: Psu) -> dict[str, Any]:
    """Tell whether the owner is there; the bank wants to know from where then, and with what."""
    agent = psu.user_agent if psu.user_agent and psu.user_agent.isprintable() else None
    if psu.ip_address is None or agent is None:
        return {"is_user_session": False}
    return {
        "is_user_session": True,
        "user_ip": psu.ip_address.removeprefix("::ffff:"),
        "user_agent": agent,
    }


def _seconds(answer: Json) -> int:
    """Return the life of a token; the standard writes it as text, some banks as a number."""
    value = answer.get("expires_in")
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LONGEST_SECONDS:
        raise BankChanged("expires_in is not a number of seconds")
    return value
