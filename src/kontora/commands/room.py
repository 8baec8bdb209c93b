"""What the commands share: the store, the keys, the ways into banks, and the limits."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import msgspec

from kontora.commands.label_work import LabelWork
from kontora.commands.signatures import SigningKeys
from kontora.commands.turns import Turns
from kontora.connectors.catalogue import Catalogue, Target
from kontora.connectors.protocol import Access, Connector, Psu, SignInRequest
from kontora.store.database import Database
from kontora.store.sessions import Life
from kontora.store.vault import Vault

OWNERS_AT_ONCE, OWNERS_EACH = 6, 2


class SessionState(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is kept, sealed, of a session: whose it is, and the bank's access.

    `since`: the earliest day that the owner agreed to; `None` where no widget asked them. `sign_in`: how the
    widget signs in. `auto_import`: the default import starts by itself. `consent_id`: the consent that holds
    the access instead; `reused`: it is used without the owner.
    """

    owner_external_id: str
    access: Access | None = None
    psu: Psu = Psu()
    tries: int = 0
    since: date | None = None
    sign_in: SignInRequest | None = None
    auto_import: bool = False
    consent_id: int | None = None
    reused: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers that bound what clients and commands may use."""

    commands_per_client: int
    sessions_per_client: int
    import_seconds: float
    retention_seconds: float
    life: Life


@dataclass(frozen=True)
class CommandRoom:
    """The parts that commands are accepted and run with.

    `now`: the time by which retention is decided (UTC). `index_key`: keys the digest that owners are
    found by. `announce`: called when a command has ended (metrics). `note_outcome`: is told how a sign-in or
    import of a target ended, by the failure's name, or `None` for success (health). `label_work`: labels.
    `owner_turns`: how many owners' whole data are in memory at once to be asked about.
    """

    database: Database
    vault: Vault
    catalogue: Catalogue
    connect: Callable[[Target], Connector]
    signing: SigningKeys
    index_key: bytes
    limits: Limits
    now: Callable[[], datetime]
    announce: Callable[[str, str, float], None]
    note_outcome: Callable[[str, str, str | None], None] = lambda target, product, failure: None
    label_work: LabelWork = field(default_factory=LabelWork)
    owner_turns: Turns = field(default_factory=lambda: Turns(OWNERS_AT_ONCE, each=OWNERS_EACH))

    @property
    def turns(self) -> Turns:
        """The places for work that keeps a processor busy."""
        return self.label_work.turns

    def owner_digest(self, client_id: str, owner_external_id: str) -> bytes:
        """Return the keyed digest an owner is found by."""
        message = client_id.encode() + b"\x00" + owner_external_id.encode()
        return hmac.new(self.index_key, message, hashlib.sha256).digest()

    def hour(self) -> str:
        """Return the name of the present hour for the key store."""
        return self.now().strftime("%Y%m%d%H")

    async def seal_session(self, session_id: int, owner_id: int, state: SessionState) -> bytes:
        """Seal a session's state."""
        return await self.vault.seal(
            msgspec.msgpack.encode(state),
            owner_id=owner_id,
            hour=self.hour(),
            context=f"session/{session_id}",
        )

    async def open_session(self, session_id: int, owner_id: int, sealed: bytes) -> SessionState:
        """Open a session's state."""
        plain = await self.vault.open(sealed, owner_id=owner_id, context=f"session/{session_id}")
        return msgspec.msgpack.decode(plain, type=SessionState)
