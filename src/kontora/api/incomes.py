"""Income confirmation, signed if asked, and the keys that signatures are checked with."""

from __future__ import annotations

import asyncio
from datetime import UTC
from typing import Protocol

from kontora.api.bodies import read_parameters
from kontora.api.contents import OWNER, Contents
from kontora.api.endpoints import Endpoint, Parameter
from kontora.api.failures import JSON
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.owner_analytics import IncomeReport
from kontora.commands.reply_signatures import ALGORITHM, ReplyKeys
from kontora.errors import InvalidParameter

ACCEPT_SIGNATURE = Parameter(
    name="Accept-Signature",
    description=f"`{ALGORITHM}` asks for a signature of the reply.",
    schema={"type": "string", "enum": [ALGORITHM]},
)
KEYS_KEPT = b"public, max-age=3600"


class Desk(Protocol):
    """Confirms income for authenticated clients."""

    async def income(self, client: Client, owner_external_id: str) -> IncomeReport:
        """Confirm income."""
        ...


class Incomes:
    """Answers with incomes. `keys`: sign replies."""

    def __init__(self, desk: Desk, keys: ReplyKeys, contents: Contents) -> None:
        self._desk = desk
        self._keys = keys
        self._jwks = keys.jwks()
        self._contents = contents

    async def income(self, visit: Visit) -> Answer:
        """Confirm income, signed if asked."""
        owner = (await read_parameters(visit)).required("ownerExternalId")
        signs = _wants_signature(visit)
        report = await self._desk.income(visit.client, owner)
        answer = self._contents.answer(
            owner,
            {
                "responseTimestamp": self._contents.now(),
                "dataChangedAt": report.data_changed_at.astimezone(UTC).replace(microsecond=0),
                "owners": report.owners,
                "incomes": report.incomes,
            },
        )
        return await asyncio.to_thread(self._signed, answer) if signs else answer

    def _signed(self, answer: Answer) -> Answer:
        signature = self._keys.sign(answer.body)
        headers = (
            (b"signature", signature.base64.encode()),
            (b"signature-key-id", signature.key_id.encode()),
        )
        return Answer(answer.status, answer.body, answer.media_type, headers)

    async def keys(self, _visit: Visit) -> Answer:
        """Return the public keys of signed replies; whoever asks may keep them for an hour."""
        return Answer(200, self._jwks, JSON, ((b"cache-control", KEYS_KEPT),))

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints."""
        return (
            Endpoint(
                method="GET",
                path="/v1/owner-income-confirmation",
                name="confirmIncome",
                handle=self.income,
                summary="Confirm an owner's income, by kind, of three months and of 90 days",
                description="A signed reply has the headers Signature and Signature-Key-Id; the keys are at"
                " /.well-known/jwks.json.",
                query=(OWNER,),
                headers=(ACCEPT_SIGNATURE,),
                reply="IncomeConfirmation",
                failures=(404,),
                json=True,
            ),
            Endpoint(
                method="GET",
                path="/.well-known/jwks.json",
                name="readReplyKeys",
                handle=self.keys,
                summary="Publish the keys that signed replies are checked with",
                reply="ReplyKeys",
                public=True,
                json=True,
            ),
        )


def _wants_signature(visit: Visit) -> bool:
    """Tell whether the caller asks for a signature.

    Raises: InvalidParameter, for another algorithm than ours.
    """
    asked = visit.header(b"accept-signature")
    if asked is None:
        return False
    if asked.strip().lower() != ALGORITHM.lower().encode():
        raise InvalidParameter(f"Accept-Signature must be {ALGORITHM}.")
    return True
