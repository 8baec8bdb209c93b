"""What is kept of a visit to the web bank between steps and reads: small JSON, sealed at rest."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kontora.connectors.protocol import Access, Challenge
from kontora.connectors.standards.web_pages.cookies import Cookie
from kontora.connectors.standards.web_pages.documents import Form


class Waiting(msgspec.Struct, frozen=True, omit_defaults=True):
    """A question that the owner has not answered: its page, and the form for the answer."""

    page: str
    challenge: Challenge
    url: str
    action: str = ""
    hidden: Mapping[str, str] = {}

    @property
    def form(self) -> Form:
        """The form."""
        return Form(self.action, self.hidden)


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a visit stands. `waiting` ends with the sign-in; after it only the cookies are left."""

    cookies: tuple[Cookie, ...] = ()
    waiting: Waiting | None = None

    def sealed(self, *, signed_in: bool = False) -> Access:
        """Return the state as access."""
        return Access(state=msgspec.to_builtins(self), signed_in=signed_in)

    @classmethod
    def opened(cls, access: Access) -> State:
        """Return the state in that access."""
        return msgspec.convert(access.state, type=cls)
