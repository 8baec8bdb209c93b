"""What the bank remembers of the consents of this API beside the consents themselves."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from kontobank.visits import OAuthRequest

_MOST = 50_000


@dataclass
class Terms:
    """What a consent allows: operations, by account where they are of one, and how far back.

    `used`: the operations of a single use that were begun.
    """

    client_id: str
    scope: str
    operations: frozenset[str]
    single: frozenset[str]
    history_days: int
    used: set[str] = field(default_factory=set)


class PolishConsents:
    """The terms of consents by their id, and the requests of owners on their way to the pages."""

    def __init__(self) -> None:
        self._terms: OrderedDict[str, Terms] = OrderedDict()
        self._asked: OrderedDict[str, OAuthRequest] = OrderedDict()

    def clear(self) -> None:
        """Forget everything."""
        self._terms.clear()
        self._asked.clear()

    def keep(self, consent_id: str, terms: Terms) -> None:
        """Keep the terms of a consent."""
        self._terms[consent_id] = terms
        if len(self._terms) > _MOST:
            self._terms.popitem(last=False)

    def terms(self, consent_id: str) -> Terms | None:
        """Find the terms of a consent."""
        return self._terms.get(consent_id)

    def await_owner(self, authorisation_id: str, asked: OAuthRequest) -> None:
        """Remember what was asked, until the owner comes."""
        self._asked[authorisation_id] = asked
        if len(self._asked) > _MOST:
            self._asked.popitem(last=False)

    def asked(self, authorisation_id: str) -> OAuthRequest | None:
        """Find what was asked."""
        return self._asked.get(authorisation_id)
