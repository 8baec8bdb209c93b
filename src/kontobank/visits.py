"""Visits of owners to the bank's pages: where they stand between the login and the way back."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from kontobank.scenarios import Login

_MOST = 10_000


@dataclass(frozen=True)
class OAuthRequest:
    """What the third party asked at the authorization endpoint."""

    client_id: str
    redirect_uri: str
    state: str | None
    challenge: str


@dataclass
class Visit:
    """One visit, from the login to the way back. `csrf` must come with every form."""

    authorisation_id: str
    oauth: OAuthRequest | None = None
    id: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    login: Login | None = None
    chosen: frozenset[str] | None = None


class Visits:
    """All visits by the id in their cookie; the oldest are forgotten beyond 10,000."""

    def __init__(self) -> None:
        self._by_id: OrderedDict[str, Visit] = OrderedDict()

    def clear(self) -> None:
        """Forget everything."""
        self._by_id.clear()

    def add(self, visit: Visit) -> Visit:
        """Keep a new visit."""
        self._by_id[visit.id] = visit
        if len(self._by_id) > _MOST:
            self._by_id.popitem(last=False)
        return visit

    def find(self, visit_id: str) -> Visit | None:
        """Find a visit; `None` where it is unknown or over."""
        return self._by_id.get(visit_id)

    def end(self, visit: Visit) -> None:
        """End a visit."""
        self._by_id.pop(visit.id, None)
