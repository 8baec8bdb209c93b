"""Reading with a consent: its headers, and tokens kept fresh."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import msgspec

from kontora.connectors.bank_line import BankReply
from kontora.connectors.protocol import Grant
from kontora.connectors.standards.berlin_group.access import State
from kontora.connectors.standards.berlin_group.calls import Calls, Refused
from kontora.connectors.standards.berlin_group.failures import TOKEN_PROBLEMS
from kontora.connectors.standards.berlin_group.oauth import OAuth
from kontora.connectors.standards.json_fields import Json, an_object
from kontora.connectors.strict_json import parse_json
from kontora.errors import NotSignedIn


class Reader:
    """Reads one bank with one grant."""

    def __init__(self, calls: Calls, grant: Grant) -> None:
        self.calls = calls
        self._grant = grant
        self._oauth = OAuth(calls)

    async def read(self, operation: str, url: str) -> tuple[Json, str]:
        """Read a JSON object; return it with the URL it came from."""
        reply = await self.get(operation, url)
        if isinstance(reply, Refused):
            raise AssertionError("only get() is asked for expected failures")
        with self.calls.understanding(operation):
            return an_object(parse_json(reply.body), "the body"), reply.url

    async def get(
        self,
        operation: str,
        url: str,
        *,
        method: str = "GET",
        accept: str | None = None,
        expected: AbstractSet[str] = frozenset(),
    ) -> BankReply | Refused:
        """Send a read with the consent and a fresh token; an ended token is renewed and the read sent again.

        Raises: SessionExpired, if consent or token ended; other BankError, OwnerError, OperatorError.
        """
        state = await self._fresh_state(None)
        headers = self._headers(state, accept)
        renewable = (
            TOKEN_PROBLEMS if state.tokens is not None and state.tokens.refresh is not None else frozenset()
        )
        reply = await self.calls.send(operation, method, url, headers, expected=expected | renewable)
        if isinstance(reply, Refused) and reply.problem.code in renewable:
            state = await self._fresh_state(state)
            reply = await self.calls.send(
                operation, method, url, self._headers(state, accept), expected=expected
            )
        return reply

    def _headers(self, state: State, accept: str | None) -> dict[str, str]:
        headers = self.calls.headers(self._grant.psu) | {"Consent-ID": state.consent_id or ""}
        if accept is not None:
            headers["Accept"] = accept
        if state.tokens is not None:
            headers["Authorization"] = f"Bearer {state.tokens.access}"
        return headers

    async def _fresh_state(self, refused: State | None) -> State:
        """Return the state with a token that has not ended; new tokens are stored before they are used.

        `refused`: the state whose token the bank refused, if it did.
        """
        state = State.opened(self._grant.access)
        if state.consent_id is None:
            raise NotSignedIn()
        if not self._stale(state, refused):
            return state
        async with self._grant.refreshing:
            state = State.opened(self._grant.access)
            if state.tokens is not None and self._stale(state, refused):
                tokens = await self._oauth.refreshed(state.tokens, self._grant.psu)
                state = msgspec.structs.replace(state, tokens=tokens)
                await self._grant.replace(state.sealed(signed_in=True))
        return state

    def _stale(self, state: State, refused: State | None) -> bool:
        if state.tokens is None:
            return False
        if refused is not None and refused.tokens == state.tokens:
            return True
        return state.tokens.refresh is not None and self._oauth.ended(state.tokens)
