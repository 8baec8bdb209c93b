"""Sessions of the web bank: where an owner stands between the login page and the logout."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from kontobank.authorisations import Method
from kontobank.clock import Clock
from kontobank.countries import Country
from kontobank.puzzles import Puzzle
from kontobank.scenarios import Login
from kontobank.stumbles import Stumbles

IDLE_SECONDS = 300.0
CODE_SECONDS = 180.0
_MOST = 20_000


class Stage(StrEnum):
    """What the owner must do next; the value is the path of the page."""

    CAPTCHA = "captcha"
    PICTURE = "picture"
    PASSWORD = "password"  # noqa: S105  # a place in the sign-in, not a password
    CONTEXT = "context"
    METHOD = "method"
    CODE = "confirm"
    WAIT = "wait"
    NOTICE = "notice"


def new_token() -> str:
    """Return something nobody guesses."""
    return secrets.token_urlsafe(18)


@dataclass
class WebSession:
    """One session. `csrf` stands in every form, `flow` in the newest form of the sign-in only.

    `name`: the login as typed. `login`: whose it is, once the password was right. `stages`: what is left
    of the sign-in. `polls`: looks at the page that waits for the app. `answered`: what the owner did there.
    """

    country: Country
    device: str
    name: str
    stages: list[Stage]
    id: str = field(default_factory=new_token)
    csrf: str = field(default_factory=new_token)
    flow: str = field(default_factory=new_token)
    login: Login | None = None
    is_signed_in: bool = False
    method: Method | None = None
    puzzle: Puzzle | None = None
    picture: str = ""
    places: tuple[int, ...] = ()
    asked_at: float = 0.0
    touched_at: float = 0.0
    wrong_entries: int = 0
    polls: int = 0
    answered: bool | None = None
    stumbles: Stumbles = field(default_factory=Stumbles)

    def handle(self, number: str) -> str:
        """Return the id of an account or card in this session; another session has another."""
        return sha256(f"{self.csrf}/{number}".encode()).hexdigest()[:14]


class WebSessions:
    """All sessions by the id in their cookie; the oldest are forgotten beyond 20,000."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_id: OrderedDict[str, WebSession] = OrderedDict()

    def clear(self) -> None:
        """Forget everything."""
        self._by_id.clear()

    def add(self, session: WebSession) -> WebSession:
        """Keep a new session."""
        session.touched_at = self._clock.timestamp()
        self._by_id[session.id] = session
        if len(self._by_id) > _MOST:
            self._by_id.popitem(last=False)
        return session

    def find(self, session_id: str) -> WebSession | None:
        """Find a session and note that it is in use; `None` where it is unknown, or idle for too long."""
        session = self._by_id.get(session_id)
        if session is None:
            return None
        now = self._clock.timestamp()
        if now - session.touched_at > IDLE_SECONDS:
            self.end(session)
            return None
        session.touched_at = now
        return session

    def renew(self, session: WebSession) -> None:
        """Give a session another id, so that nobody who knew the old one can use it."""
        self.end(session)
        session.id = new_token()
        self.add(session)

    def end(self, session: WebSession) -> None:
        """End a session."""
        self._by_id.pop(session.id, None)

    def waiting_in_app(self, name: str) -> list[WebSession]:
        """List the sessions of an owner that wait for the app."""
        return [one for one in self._by_id.values() if one.name == name and one.stages[:1] == [Stage.WAIT]]
