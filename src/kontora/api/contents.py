"""JSON replies about an owner: what is told, under `content`, with the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from kontora.api.endpoints import OWNER_ID, Parameter
from kontora.api.failures import JSON
from kontora.api.visits import Answer

OWNER = Parameter(name="ownerExternalId", description="Your id of the owner.", required=True, schema=OWNER_ID)
_JSON = msgspec.json.Encoder(decimal_format="number")


class Contents:
    """Writes replies. `clock`: UTC, seconds since 1970."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """Return the time of a reply, to the second."""
        return datetime.fromtimestamp(int(self._clock()), UTC)

    def answer(self, owner_external_id: str, told: dict[str, Any]) -> Answer:
        """Write what is told of an owner; decimals as numbers, with the places that they have."""
        return content({"ownerExternalId": owner_external_id} | told)


def content(told: object) -> Answer:
    """Write a reply."""
    return Answer(200, _JSON.encode({"content": told}), JSON)
