"""How pages are made: templates, and the headers that keep them safe."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kontobank.bank import Bank
from kontobank.consents import Consent
from kontobank.visits import Visit

_FOLDER = Path(__file__).parent / "templates"
_Reply = TypeVar("_Reply", bound=Response)


class Renderer:
    """Makes the pages of one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._templates = Environment(
            loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._style = (_FOLDER / "style.css").read_bytes()

    async def style(self, request: Request) -> Response:
        """Answer with the style sheet."""
        return Response(self._style, headers={"cache-control": "max-age=300"}, media_type="text/css")

    def page(self, template: str, visit: Visit, consent: Consent, **values: object) -> Response:
        """Return a page of a visit."""
        body = self._render(template, csrf=visit.csrf, **values)
        schemes = "https: http:" if _is_plain(consent) else "https:"
        return self.secured(HTMLResponse(body), forms=f"'self' {schemes}")

    def ended(self, text: str, address: str, party: str) -> Response:
        """Return the last page of a sign-in that failed, with the way back."""
        heading = "You cannot sign in"
        body = self._render(
            "ended.html", step=0, error="", csrf="", heading=heading, text=text, address=address, party=party
        )
        return self.secured(HTMLResponse(body, 403))

    def lost(self) -> Response:
        """Return the page for a visit that is unknown or over."""
        return self._without_visit(
            "This sign-in has ended", "Start again in the app that sent you here.", 410
        )

    def forged(self) -> Response:
        """Return the page for an entry that did not come from our form."""
        return self._without_visit("This did not work", "Go back, reload the page and try again.", 403)

    def secured(self, reply: _Reply, *, forms: str = "'none'") -> _Reply:
        """Return the reply with its safety headers.

        `forms`: where forms may lead. The last one leads to the third party and from there to wherever
        its own customer is, and browsers check this whole way, so it cannot name one host.
        """
        reply.headers["content-security-policy"] = (
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action {forms}"
        )
        reply.headers["referrer-policy"] = "no-referrer"
        reply.headers["x-content-type-options"] = "nosniff"
        reply.headers["cache-control"] = "no-store"
        return reply

    def _without_visit(self, heading: str, text: str, status: int) -> Response:
        body = self._render(
            "ended.html", step=0, error="", csrf="", heading=heading, text=text, address="", party=""
        )
        return self.secured(HTMLResponse(body, status))

    def _render(self, template: str, **values: object) -> str:
        return self._templates.get_template(template).render(start=self._bank.pages_url, **values)


def _is_plain(consent: Consent) -> bool:
    addresses = (consent.redirect_uri, consent.nok_redirect_uri)
    return any(address is not None and address.startswith("http://") for address in addresses)
