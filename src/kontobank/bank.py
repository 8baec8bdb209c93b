"""The bank in memory: everything that the API, the pages and the control API share."""

from __future__ import annotations

from dataclasses import dataclass

from kontobank.authorisations import Authorisations
from kontobank.books import Books
from kontobank.calls import CallLog
from kontobank.clock import Clock
from kontobank.consents import Consents
from kontobank.polish_api.consents import PolishConsents
from kontobank.settings import Settings
from kontobank.tokens import Tokens
from kontobank.visits import Visits
from kontobank.web.sessions import WebSessions


@dataclass
class Behaviour:
    """What the control API can switch: a delay of every call; the API, or the web bank, down.

    `has_web_maintenance`: the web bank announces maintenance.
    """

    delay_ms: float = 0.0
    is_down: bool = False
    is_web_down: bool = False
    has_web_maintenance: bool = False


class Bank:
    """One bank. `address` is where it listens, known once it does."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = Clock(settings.now)
        self.books = Books(settings.seed)
        self.consents = Consents(self.clock)
        self.polish_consents = PolishConsents()
        self.authorisations = Authorisations()
        self.tokens = Tokens(self.clock)
        self.visits = Visits()
        self.calls = CallLog()
        self.web_sessions = WebSessions(self.clock)
        self.web_calls = CallLog()
        self.behaviour = Behaviour(delay_ms=settings.delay_ms)
        self.known_parties: set[str] = set()
        self.address = f"http://{settings.host}:{settings.port}"

    @property
    def public_url(self) -> str:
        """Return the start of every link of the API."""
        return self.settings.public_url or self.address

    @property
    def pages_url(self) -> str:
        """Return the start of every link to the pages and to OAuth."""
        return self.settings.pages_url or self.public_url

    def reset(self) -> None:
        """Forget all consents, sign-ins, tokens and calls; set clock and behaviour back."""
        self.clock.offset_seconds = 0.0
        for store in (self.consents, self.authorisations, self.tokens, self.visits, self.calls):
            store.clear()
        self.polish_consents.clear()
        self.web_sessions.clear()
        self.web_calls.clear()
        self.behaviour = Behaviour(delay_ms=self.settings.delay_ms)
        self.known_parties.clear()
