"""The way to the bank's page and back, in the window that the owner opened for it."""

from __future__ import annotations

from urllib.parse import parse_qsl

from kontora.api.endpoints import Endpoint
from kontora.api.visits import Answer, Visit
from kontora.commands.bank_choice import CALLBACK_PATH
from kontora.commands.bank_redirects import RedirectDesk
from kontora.errors import InvalidArgument, KontoraError, SignInExpired
from kontora.widget.headers import Header, page_headers
from kontora.widget.pages import HTML, Pages, page_endpoint

COOKIE = "kontora-redirect"
COOKIE_SECONDS = 600
FROM_OUR_PAGE = b"same-origin"


class BankWay:
    """Sends browsers to banks and takes them in again; the cookie binds the browser that began.

    `secure`: HTTPS, where the cookie has the prefix `__Host-`. Plain HTTP is for practice on one machine.
    """

    def __init__(self, pages: Pages, desk: RedirectDesk, *, secure: bool) -> None:
        self._pages = pages
        self._desk = desk
        self._secure = secure
        self._cookie = f"__Host-{COOKIE}" if secure else COOKIE

    async def leave(self, visit: Visit) -> Answer:
        """Redirect to the bank's page."""
        from_our_page = visit.header(b"sec-fetch-site") == FROM_OUR_PAGE
        try:
            opened = await self._desk.open(
                visit.path_parameter, self._browser(visit), from_our_page=from_our_page
            )
        except KontoraError as error:
            return self._refused(error)
        headers: tuple[Header, ...] = (
            (b"location", opened.page.encode()),
            (b"set-cookie", self._set_cookie(opened.browser).encode()),
            *page_headers(opened.origins, has_opener=True),
        )
        return Answer(302, b"", HTML, headers)

    async def come_back(self, visit: Visit) -> Answer:
        """Take the owner in, and let the window close or go on."""
        try:
            query = visit.query.decode("ascii")
            returned = await self._desk.come_back(_state(query), query, self._browser(visit))
        except (KontoraError, ValueError) as error:
            return self._refused(error)
        headers = page_headers(returned.origins, has_opener=True)
        if returned.return_url is not None:
            return Answer(303, b"", HTML, ((b"location", returned.return_url.encode()), *headers))
        outcome = "done" if returned.ok else "refused"
        return self._pages.write("closed.html", 200, headers, locale=_language(visit), outcome=outcome)

    def _refused(self, error: Exception) -> Answer:
        outcome, status = "refused", 503
        if isinstance(error, SignInExpired):
            outcome, status = "expired", 410
        elif isinstance(error, InvalidArgument):
            outcome, status = "wrongBrowser", 403
        elif isinstance(error, ValueError):
            outcome, status = "expired", 400
        return self._pages.write("closed.html", status, page_headers((), has_opener=True), outcome=outcome)

    def _browser(self, visit: Visit) -> str | None:
        """Return the value of our cookie; `None`, if it is absent or stands there twice."""
        cookies = (visit.header(b"cookie") or b"").decode("latin-1").replace(",", ";").split(";")
        found = [
            value
            for name, _, value in (item.strip().partition("=") for item in cookies)
            if name == self._cookie
        ]
        return found[0] if len(found) == 1 else None

    def _set_cookie(self, browser: str) -> str:
        secure = "; Secure" if self._secure else ""
        return f"{self._cookie}={browser}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; SameSite=Lax{secure}"

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints: open, for owners come without a key."""
        return (
            page_endpoint("/signin/redirect/{id}", self.leave),
            page_endpoint(CALLBACK_PATH, self.come_back),
        )


def _state(query: str) -> str | None:
    """Return the `state` of a query. Banks may add theirs to the one in our URI: then they are equal."""
    states = {value for name, value in parse_qsl(query, max_num_fields=50) if name == "state"}
    return states.pop() if len(states) == 1 else None


def _language(visit: Visit) -> str | None:
    """Return the owner's first language, for a page that knows of no other."""
    wanted = (visit.header(b"accept-language") or b"").decode("latin-1")
    return wanted.split(",")[0].split(";")[0].strip() or None
