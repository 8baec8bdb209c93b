"""One request on its way through the API, and the answer it gets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from kontora.api.callers import Caller
from kontora.api.parameters import Parameters
from kontora.commands.answers import Client

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `headers` beside type, length and those that every answer has."""

    status: int
    body: bytes
    media_type: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(slots=True)
class Visit:
    """A request: what came, who sent it, and what the log and the reply are told of it.

    `route`: the template of the path. `body_deadline`: the loop's time by which the body is in. `peer`: the
    address at the other end of the connection.
    `session_id` and `command_id` are for the log; `owner_external_id` stands in replies, also in failures
    that are bound to a session.
    """

    method: str
    route: str
    headers: list[tuple[bytes, bytes]]
    query: bytes
    receive: Receive
    body_limit: int
    body_deadline: float
    peer: str = ""
    wants_json: bool = False
    path_parameter: str = ""
    body: bytes | None = None
    parameters: Parameters | None = None
    caller: Caller | None = None
    session_id: int | None = None
    command_id: int | None = None
    owner_external_id: str | None = None
    status: int = field(default=0)

    @property
    def client(self) -> Client:
        """The client; only handlers behind both factors ask for it."""
        if self.caller is None:
            raise LookupError("A public endpoint asked who its caller is.")
        return self.caller.client

    def header(self, name: bytes) -> bytes | None:
        """Return the value of a header; `None` where it is absent, all values joined where it is repeated."""
        found = [value for known, value in self.headers if known == name]
        return b",".join(found) if found else None
