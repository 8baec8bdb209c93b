"""What is kept of a sign-in between its steps, and of consents between reads: small JSON, sealed at rest."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from kontora.connectors.protocol import Access


class Tokens(msgspec.Struct, frozen=True, omit_defaults=True):
    """The tokens of a consent. `expires_at`: when to get a new one; a margin is taken off already."""

    access: str
    expires_at: datetime
    refresh: str | None = None


class Redirect(msgspec.Struct, frozen=True, omit_defaults=True):
    """What must be remembered while the owner is at the bank's pages; `url` is where they were sent."""

    state: str
    redirect_uri: str
    url: str


class Granted(msgspec.Struct, frozen=True, omit_defaults=True):
    """An account that the owner gave access to, by the number that the bank wants to hear.

    `operations`: what may be asked of it, e.g. `getHolds`; empty where the bank does not tell.
    `history_days`: how far back its money transactions may be read. `is_card`: `None`, if not known yet.
    """

    number: str
    operations: tuple[str, ...] = ()
    history_days: int | None = None
    is_card: bool | None = None

    def allows(self, operation: str) -> bool:
        """Tell whether an operation may be asked."""
        return not self.operations or operation in self.operations


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a sign-in stands; when it is done, the accounts and the tokens to read with.

    `consent_ids`: those that were asked for, oldest first. `bank_keys`: the keys that the practice bank
    published. `history_days`: how much history the owner is asked for.
    """

    consent_ids: tuple[str, ...] = ()
    redirect: Redirect | None = None
    tokens: Tokens | None = None
    accounts: tuple[Granted, ...] = ()
    bank_keys: str | None = None
    history_days: int = 90
    valid_until: date | None = None
    sca_at: datetime | None = None
    recurring: bool = False

    def sealed(self, *, signed_in: bool = False) -> Access:
        """Return the state as access."""
        until = self.valid_until if signed_in and self.recurring else None
        return Access(state=msgspec.to_builtins(self), signed_in=signed_in, reusable_until=until)

    @classmethod
    def opened(cls, access: Access) -> State:
        """Return the state in that access."""
        return msgspec.convert(access.state, type=cls)
