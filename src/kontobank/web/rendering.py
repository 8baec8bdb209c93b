"""How the pages of the web bank are made: templates, cookies, and the headers that keep them safe."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from kontobank.bank import Bank
from kontobank.countries import Country
from kontobank.web import formats
from kontobank.web.obstacles import Obstacle
from kontobank.web.sessions import WebSession

SESSION_COOKIE, DEVICE_COOKIE = "kb_session", "kb_device"
_FOLDER = Path(__file__).parent / "templates"
_DEVICE_SECONDS = 180 * 86_400
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'self'"
)


class WebRenderer:
    """Makes the pages of one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._templates.globals |= {
            "amount": formats.amount,
            "day": formats.day,
            "number": formats.number,
            "symbols": formats.symbols,
        }

    def page(
        self, template: str, country: Country, session: WebSession | None = None, **values: object
    ) -> Response:
        """Return a page. With a session its forms carry the tokens, and it may drift."""
        scenario = session.login.scenario if session and session.login else None
        body = self._templates.get_template(template).render(
            start=self._bank.pages_url,
            root=self.root(country),
            country=country,
            csrf=session.csrf if session else "",
            flow=session.flow if session else "",
            signed_in=session is not None and session.is_signed_in,
            has_documents=country.code == "pl",
            drift=scenario.drift if scenario else "",
            lang="uk" if scenario and scenario.failure == "UnsupportedLanguage" else "en",
            **values,
        )
        return self._secured(HTMLResponse(body))

    def obstacle(self, country: Country, obstacle: Obstacle) -> Response:
        """Return the page of an obstacle."""
        reply = self.page("problem.html", country, obstacle=obstacle)
        reply.status_code = obstacle.status
        if obstacle.code == "maintenance":
            reply.headers["retry-after"] = "600"
        return reply

    def go(self, country: Country, path: str) -> Response:
        """Send the browser to another page."""
        return self._secured(RedirectResponse(f"{self.root(country)}/{path}", 303))

    def picture(self, png: bytes) -> Response:
        """Return a picture."""
        return self._secured(Response(png, media_type="image/png"))

    def download(self, content: bytes, media_type: str, name: str) -> Response:
        """Return a file to keep."""
        reply = Response(content, media_type=media_type)
        reply.headers["content-disposition"] = f'attachment; filename="{name}"'
        return self._secured(reply)

    def root(self, country: Country) -> str:
        """Return the address of the web bank of a country."""
        return f"{self._bank.pages_url}/web/{country.code}"

    def keep(self, reply: Response, session: WebSession) -> Response:
        """Put session and device into cookies."""
        path = f"/web/{session.country.code}"
        is_secure = self._bank.pages_url.startswith("https://")
        for name, value, seconds in (
            (SESSION_COOKIE, session.id, None),
            (DEVICE_COOKIE, session.device, _DEVICE_SECONDS),
        ):
            reply.set_cookie(
                name, value, max_age=seconds, path=path, secure=is_secure, httponly=True, samesite="lax"
            )
        return reply

    def forget(self, reply: Response, country: Country) -> Response:
        """Take the session's cookie away."""
        reply.delete_cookie(SESSION_COOKIE, path=f"/web/{country.code}", httponly=True, samesite="lax")
        return reply

    def _secured(self, reply: Response) -> Response:
        reply.headers["content-security-policy"] = _POLICY
        reply.headers["referrer-policy"] = "no-referrer"
        reply.headers["x-content-type-options"] = "nosniff"
        reply.headers["cache-control"] = "no-store"
        return reply
