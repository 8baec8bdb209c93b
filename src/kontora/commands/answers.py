"""What the command room answers: plain data that the API turns into replies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kontora.model import Import


class CommandState(StrEnum):
    """Where a command stands. The last three are final."""

    SETUP = "setup"
    IN_PROGRESS = "in_progress"
    SUCCESSFUL = "successful"
    ERROR = "error"
    FATAL = "fatal"


FINAL_STATES = (CommandState.SUCCESSFUL, CommandState.ERROR, CommandState.FATAL)


@dataclass(frozen=True, slots=True)
class Client:
    """A company that calls us: its public id, and what it has registered.

    `environment`: `test` or `production`. `ips`: networks as text; empty admits nobody.
    `features`: any of `labels`, `vendors`, `score`, `pdf`, `multiple`.
    """

    id: str
    environment: str
    ips: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    redirect_uris: tuple[str, ...] = ()
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SessionPair:
    """A session id with its signature, as the client gave them."""

    session_id: int
    signature: str


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A session that was opened."""

    session_id: int
    signature: str
    owner_external_id: str
    multiple_access_id: str | None = None


@dataclass(frozen=True, slots=True)
class StartedCommand:
    """A command that was accepted, durably."""

    command_id: int
    name: str
    owner_external_id: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a command ended: the name on the wire and the messages."""

    name: str
    message: str
    friendly_message: str | None = None


@dataclass(frozen=True, slots=True)
class CommandStatus:
    """What a poll tells. `result`: the rendered element `<result>…</result>`, UTF-8, once successful.

    `target` and `institution` are `None` until known. `progress`: per cent, 0 to 100.
    """

    command_id: int
    name: str
    state: CommandState
    progress: int
    target: str | None = None
    institution: str | None = None
    failure: Failure | None = None
    result: bytes | None = None


@dataclass(frozen=True, slots=True)
class OwnerData:
    """All data of one owner, imports oldest first."""

    owner_external_id: str
    created_at: datetime
    last_change_at: datetime
    origin: str
    imports: tuple[Import, ...]
