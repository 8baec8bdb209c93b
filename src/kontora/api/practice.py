"""The practice clock: moves Kontora's own quotas, consents and retention; practice mode only."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from kontora.api.bodies import check_media_type, read_body
from kontora.api.desk import Desk
from kontora.api.endpoints import Endpoint
from kontora.api.failures import JSON
from kontora.api.visits import Answer, Visit
from kontora.connectors.strict_json import parse_json
from kontora.errors import BankChanged, InvalidParameter

TEN_YEARS_SECONDS = 10 * 366 * 86400


class Practice:
    """Moves the clock."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def move_clock(self, visit: Visit) -> Answer:
        """Set how far the practice clock is ahead of the real one."""
        body = await read_body(visit)
        check_media_type(visit, b"application/json")
        offset_seconds = _offset(body)
        await self._desk.set_clock(offset_seconds)
        return Answer(200, msgspec.json.encode({"offset_seconds": offset_seconds}), JSON)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoint."""
        bound = {"minimum": -TEN_YEARS_SECONDS, "maximum": TEN_YEARS_SECONDS}
        schema = {
            "type": "object",
            "properties": {"offset_seconds": {"type": "number"} | bound},
            "required": ["offset_seconds"],
        }
        return (
            Endpoint(
                method="PUT",
                path="/practice/clock",
                name="movePracticeClock",
                handle=self.move_clock,
                summary="Move the clock of quotas, consents and retention",
                description="Practice mode only. 0 brings the real time back.",
                body=schema,
                reply="PracticeClock",
                json=True,
            ),
        )


def _offset(body: bytes) -> float:
    try:
        document = parse_json(body)
    except BankChanged as error:
        raise InvalidParameter(f"The body cannot be read: {error.message}.") from error
    value = document.get("offset_seconds") if isinstance(document, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise InvalidParameter('Send {"offset_seconds": n} with a number.')
    if abs(float(value)) > TEN_YEARS_SECONDS:
        raise InvalidParameter("offset_seconds must be at most ten years, either way.")
    return float(value)
