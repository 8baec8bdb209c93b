"""What the API needs of the rooms below: the desk that takes requests, and the list of clients."""

from __future__ import annotations

from typing import Protocol

from kontora.commands.answers import (
    Client,
    CommandStatus,
    OpenedSession,
    OwnerData,
    SessionPair,
    StartedCommand,
)
from kontora.commands.intake import Idempotency
from kontora.commands.labelled_owners import LabelledOwner
from kontora.commands.requests import CommandRequest
from kontora.connectors.protocol import Psu, Secret


class Desk(Protocol):
    """Takes requests of authenticated clients; every method raises a KontoraError that says what to do."""

    async def open_session(
        self, client: Client, *, target: str, owner_external_id: str | None, psu: Psu
    ) -> OpenedSession:
        """Open a session at a practice target."""
        ...

    async def mock_session(
        self,
        client: Client,
        *,
        login: str,
        country: str,
        owner_external_id: str | None,
        multiple_access: bool,
    ) -> OpenedSession:
        """Sign a practice owner in."""
        ...

    async def reuse_multiple_access(self, client: Client, multiple_access_id: str) -> OpenedSession:
        """Open a session without the owner."""
        ...

    async def delete_multiple_access(self, client: Client, multiple_access_id: str) -> None:
        """End a consent that is used again."""
        ...

    async def enter_credential(
        self, client: Client, pair: SessionPair, *, kind: str, credential: Secret
    ) -> StartedCommand:
        """Send a credential to the bank, once."""
        ...

    async def check_session(self, client: Client, pair: SessionPair) -> None:
        """Raise InvalidSessionId or InvalidSessionIdSignature, unless it is a live session of this client."""
        ...

    async def start(
        self,
        client: Client,
        pair: SessionPair,
        request: CommandRequest,
        *,
        idempotency: Idempotency | None = None,
    ) -> StartedCommand:
        """Accept a command, durably."""
        ...

    async def status(self, client: Client, command_id: int, pair: SessionPair | None) -> CommandStatus:
        """Read where a command stands."""
        ...

    async def owner_data(self, client: Client, owner_external_id: str) -> OwnerData:
        """Read all data of an owner, as it is stored."""
        ...

    async def labelled_owner(self, client: Client, owner_external_id: str) -> LabelledOwner:
        """Read all data of an owner, merged and labelled."""
        ...

    async def delete_owner(self, client: Client, owner_external_id: str) -> None:
        """Delete all data of an owner."""
        ...

    async def session_owner_external_id(self, client: Client, session_id: int) -> str | None:
        """Tell whose live session of this client it is; `None` if there is none."""
        ...

    async def set_clock(self, offset_seconds: float) -> None:
        """Move the practice clock."""
        ...


class Directory(Protocol):
    """Finds clients by their API keys."""

    async def find_by_key_prefix(self, prefix: str) -> tuple[bytes, Client] | None:
        """Return the SHA-256 of the live key with this prefix, and its client; `None` if there is none."""
        ...
