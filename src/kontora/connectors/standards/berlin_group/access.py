"""What is kept of a sign-in between its steps, and of a consent between reads: small JSON, sealed at rest."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from kontora.connectors.protocol import Access


class Tokens(msgspec.Struct, frozen=True, omit_defaults=True):
    """The tokens of an OAuth2 sign-in. `token_url`: where they are refreshed."""

    access: str
    token_url: str
    refresh: str | None = None
    expires_at: datetime | None = None


class Redirect(msgspec.Struct, frozen=True, omit_defaults=True):
    """What must be remembered while the owner is at the bank's pages.

    `state_is_in_uri`: the way back names the state even where the bank adds none.
    With OAuth2: `verifier` (PKCE), `token_url`, and the `issuer` that must be named, if it says who it is.
    """

    state: str
    redirect_uri: str
    state_is_in_uri: bool = True
    verifier: str | None = None
    token_url: str | None = None
    issuer: str | None = None
    issuer_is_sent: bool = False


class Method(msgspec.Struct, frozen=True, omit_defaults=True):
    """A way to confirm that the bank offers, e.g. `SMS_OTP`."""

    id: str
    kind: str
    label: str


class Challenged(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the bank tells of the code it wants. `data`: what to type into a device to get it."""

    kind: str = ""
    text: str | None = None
    image_base64: str | None = None
    data: str | None = None
    digits: bool = False
    max_length: int | None = None


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a sign-in stands; when it is done, the consent and the tokens to read with.

    `links`: what the bank offers next, absolute URLs by the standard's names. `sca_status`: how far the
    owner's confirmation is. `resource`: the URL of the authorisation, once known. `psu_id`: the owner's
    login, kept only until the sign-in is done.
    """

    consent_id: str | None = None
    sca_status: str | None = None
    links: dict[str, str] = {}
    resource: str | None = None
    psu_id: str | None = None
    methods: tuple[Method, ...] = ()
    challenge: Challenged = Challenged()
    psu_message: str | None = None
    redirect: Redirect | None = None
    confirmation_code: str | None = None
    tokens: Tokens | None = None
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
