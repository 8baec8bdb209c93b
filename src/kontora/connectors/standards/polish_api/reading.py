"""Reading with a token, kept fresh."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec

from kontora.connectors.protocol import Grant
from kontora.connectors.standards.json_fields import Json
from kontora.connectors.standards.polish_api.access import State, Tokens
from kontora.connectors.standards.polish_api.calls import Calls, Refused
from kontora.connectors.standards.polish_api.tokens import TokenDesk
from kontora.errors import NotSignedIn

_UNAUTHORIZED = 401


class Reader:
    """Reads one bank with one grant."""

    def __init__(self, calls: Calls, grant: Grant) -> None:
        self._grant = grant
        self.calls = calls.trusting(State.opened(grant.access).bank_keys)
        self._desk = TokenDesk(self.calls)

    async def read(self, operation: str, body: Mapping[str, Any]) -> Json:
        """Read an answer."""
        answer = await self.send(operation, body)
        if isinstance(answer, Refused):
            raise AssertionError("only send() is asked for expected failures")
        return answer

    async def send(
        self, operation: str, body: Mapping[str, Any], *, expected: AbstractSet[int] = frozenset()
    ) -> Json | Refused:
        """Send a read with a fresh token; an ended token is renewed and the read sent again.

        Raises: SessionExpired, if consent or token ended; other BankError, OwnerError, OperatorError.
        """
        tokens = await self._fresh_tokens(None)
        renewable = {_UNAUTHORIZED} if tokens.refresh is not None else set[int]()
        answer = await self._send(operation, body, tokens, expected | renewable)
        if isinstance(answer, Refused) and answer.problem.status in renewable - expected:
            tokens = await self._fresh_tokens(tokens)
            answer = await self._send(operation, body, tokens, expected)
        return answer

    async def _send(
        self, operation: str, body: Mapping[str, Any], tokens: Tokens, expected: AbstractSet[int]
    ) -> Json | Refused:
        return await self.calls.send(
            operation,
            "accounts",
            body,
            self._grant.psu,
            token=tokens.access,
            reads_only=True,
            expected=expected,
        )

    async def _fresh_tokens(self, refused: Tokens | None) -> Tokens:
        """Return tokens that have not ended; new ones are stored before they are used.

        `refused`: the tokens that the bank refused, if it did.
        """
        tokens = self._tokens()
        if not self._stale(tokens, refused):
            return tokens
        async with self._grant.refreshing:
            tokens = self._tokens()
            if self._stale(tokens, refused):
                tokens = await self._desk.refreshed(tokens, self._grant.psu)
                state = msgspec.structs.replace(State.opened(self._grant.access), tokens=tokens)
                await self._grant.replace(state.sealed(signed_in=True))
        return tokens

    def _tokens(self) -> Tokens:
        tokens = State.opened(self._grant.access).tokens
        if tokens is None:
            raise NotSignedIn()
        return tokens

    def _stale(self, tokens: Tokens, refused: Tokens | None) -> bool:
        if refused is not None and refused == tokens:
            return True
        return tokens.refresh is not None and self._desk.ended(tokens)
