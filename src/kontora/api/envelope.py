"""The envelope of XML replies: status, caller, owner and time around a payload."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

from kontora.wire.characters import attribute, text

PROLOG = b'<?xml version="1.0" encoding="utf-8"?>\n'
XML = "application/xml; charset=utf-8"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


class Timestamps:
    """Tells the time of replies, second precision with `Z`; written once a second."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._second = -1
        self._written = b""

    def now(self) -> bytes:
        """Return the time of this reply."""
        second = int(self._clock())
        if second != self._second:
            self._second = second
            self._written = datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
        return self._written


class Envelope:
    """Writes replies. `schema_base_url` precedes the name of the schema of a payload."""

    def __init__(self, schema_base_url: str, clock: Callable[[], float]) -> None:
        self._schema_base_url = schema_base_url
        self.timestamps = Timestamps(clock)

    def head(self, status: int, user: str, schema: str | None) -> bytes:
        """Write the beginning of a success up to the time: the part that is the same for each reply."""
        location = ""
        if schema is not None:
            location = f' xsi:noNamespaceSchemaLocation="{attribute(self._schema_base_url + schema)}"'
        return (
            PROLOG
            + (
                f'<reply xmlns:xsi="{_INSTANCE}"{location} status="{status} {HTTPStatus(status).phrase}"'
                f' user="{attribute(user)}"'
            ).encode()
        )

    def success(
        self,
        payload: bytes,
        *,
        user: str,
        owner_external_id: str | None = None,
        schema: str | None = None,
        status: int = 200,
    ) -> bytes:
        """Write a success."""
        owner = "" if owner_external_id is None else f' ownerExternalId="{attribute(owner_external_id)}"'
        head, time = self.head(status, user, schema) + owner.encode(), self.timestamps.now()
        return b"".join((head, b' responseTimestamp="', time, b'">', payload, b"</reply>"))

    def failure(
        self, status: int, payload: str, *, user: str | None = None, owner_external_id: str | None = None
    ) -> bytes:
        """Write a failure: it names no schema."""
        known = (("user", user), ("ownerExternalId", owner_external_id))
        attributes = "".join(f' {name}="{attribute(value)}"' for name, value in known if value is not None)
        return (
            PROLOG
            + (
                f'<reply status="{status} {HTTPStatus(status).phrase}"{attributes}'
                f' responseTimestamp="{self.timestamps.now().decode()}">{payload}</reply>'
            ).encode()
        )


def exception(name: str, message: str, friendly_message: str | None = None) -> str:
    """Write the element `exception`."""
    friendly = (
        "" if friendly_message is None else f"<friendlyMessage>{text(friendly_message)}</friendlyMessage>"
    )
    return f'<exception name="{attribute(name)}"><message>{text(message)}</message>{friendly}</exception>'


def comment(message: str) -> str:
    """Write the element `comment` of a 401."""
    return f"<comment>{text(message)}</comment>"
