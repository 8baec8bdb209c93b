"""One request for a page of the web bank, taken apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kontobank.countries import Country
from kontobank.scenarios import Login
from kontobank.web.sessions import WebSession


@dataclass
class WebVisit:
    """One request. `session` is `None` where there is none, or not any more."""

    country: Country
    session: WebSession | None
    device: str
    form: Mapping[str, str]
    query: Mapping[str, str]
    place: str

    @property
    def login(self) -> Login | None:
        """Return whose request it is, as far as the bank knows."""
        return self.session.login if self.session else None

    @property
    def open_session(self) -> WebSession:
        """Return the session; only for pages that are not shown without one."""
        if self.session is None:
            raise RuntimeError("this page is shown to a session only")
        return self.session


class Cut(Exception):
    """The connection is closed in the middle of the answer."""
