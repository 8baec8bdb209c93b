"""OAuth 2.0 for third parties: metadata, the way to the pages, tokens.

Source: RFC 6749, RFC 7636 (PKCE, S256 only), RFC 8414.
"""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kontobank.bank import Bank
from kontobank.consents import Consent, ConsentStatus
from kontobank.scenarios import parse_login
from kontobank.tokens import ACCESS_SECONDS
from kontobank.visits import OAuthRequest, Visit

_LONGEST_BODY = 64 * 1024
_NO_STORE = {"cache-control": "no-store", "pragma": "no-cache"}


class OAuth:
    """The OAuth endpoints of one bank."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def routes(self) -> list[Route]:
        """Return the routes."""
        return [
            Route("/.well-known/oauth-authorization-server", self.metadata, methods=["GET"]),
            Route("/oauth/authorize", self.authorize, methods=["GET"]),
            Route("/oauth/token", self.token, methods=["POST"]),
        ]

    async def metadata(self, request: Request) -> Response:
        """Tell the addresses and what is supported."""
        start = self._bank.pages_url
        return _json(
            {
                "issuer": start,
                "authorization_endpoint": f"{start}/oauth/authorize",
                "token_endpoint": f"{start}/oauth/token",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code", "refresh_token"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none", "tls_client_auth"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        """Send the owner to the login page, or back to the third party with what is wrong."""
        query = dict(request.query_params)
        consent = self._consent_of(query.get("scope", ""))
        address = query.get("redirect_uri", "")
        if consent is None or not address or address != consent.redirect_uri:
            return _text(
                "This link is not complete: its consent or its way back is unknown. Start again in the app."
            )
        wrong = _wrong_request(query, consent)
        if wrong is not None:
            error, text = wrong
            return RedirectResponse(
                with_query(address, {"error": error, "error_description": text, **_state(query)}), 303
            )
        authorisations = (self._bank.authorisations.find(one) for one in reversed(consent.authorisation_ids))
        open_one = next((one for one in authorisations if one and not one.is_over()), None)
        if open_one is None:
            return _text("This sign-in has ended. Start again in the app.")
        asked = OAuthRequest(query["client_id"], address, query.get("state"), query["code_challenge"])
        visit = self._bank.visits.add(Visit(open_one.id, asked))
        return enter(self._bank, visit)

    async def token(self, request: Request) -> Response:
        """Give out tokens for a code or a refresh token."""
        form = await _form(request)
        self._bank.calls.token_exchanges += 1
        tokens, client_id = self._bank.tokens, form.get("client_id", "")
        if form.get("grant_type") == "authorization_code":
            found = tokens.take_code(
                form.get("code", ""), client_id, form.get("redirect_uri", ""), form.get("code_verifier", "")
            )
            consent_id = found.consent_id if found else None
        elif form.get("grant_type") == "refresh_token":
            consent_id = tokens.take_refresh_token(form.get("refresh_token", ""), client_id)
        else:
            return _json({"error": "unsupported_grant_type"}, 400)
        consent = self._bank.consents.find(consent_id) if consent_id else None
        if consent is None or consent.status is not ConsentStatus.VALID:
            return _json(
                {"error": "invalid_grant", "error_description": "The grant is wrong, used or expired."}, 400
            )
        is_short = consent.login is not None and consent.login.scenario.has("refresh")
        pair = tokens.new_pair(consent.id, client_id, 1 if is_short else ACCESS_SECONDS)
        return _json(
            {
                "access_token": pair.access_token,
                "token_type": "Bearer",
                "expires_in": pair.expires_in,
                "refresh_token": pair.refresh_token,
                "scope": f"AIS:{consent.id}",
            }
        )

    def _consent_of(self, scope: str) -> Consent | None:
        ids = (part.removeprefix("AIS:") for part in scope.split() if part.startswith("AIS:"))
        return self._bank.consents.find(next(ids, ""))


def _wrong_request(query: dict[str, str], consent: Consent) -> tuple[str, str] | None:
    if query.get("response_type", "").lower() != "code":
        return "unsupported_response_type", "response_type must be code."
    if not query.get("client_id"):
        return "invalid_request", "client_id is missing."
    if query.get("code_challenge_method") != "S256" or not 43 <= len(query.get("code_challenge", "")) <= 128:
        return "invalid_request", "PKCE with S256 is required."
    login = parse_login(consent.psu_id or "")
    if login and login.scenario.quirk == 22 and "localhost" in query.get("state", ""):
        return "invalid_request", "state contains localhost."
    return None


def enter(bank: Bank, visit: Visit) -> Response:
    """Send the owner to the login page, with the visit in a cookie."""
    reply = RedirectResponse(f"{bank.pages_url}/pages/login", 303)
    is_secure = bank.pages_url.startswith("https://")
    reply.set_cookie(
        "kontobank_visit", visit.id, path="/pages", httponly=True, samesite="lax", secure=is_secure
    )
    return reply


def with_query(address: str, more: dict[str, str]) -> str:
    """Return an address with more parameters in its query."""
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True) + list(more.items())
    return parts._replace(query=urlencode(query)).geturl()


def _state(query: dict[str, str]) -> dict[str, str]:
    return {"state": query["state"]} if "state" in query else {}


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LONGEST_BODY:
            return {}
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))


def _json(body: object, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, _NO_STORE, "application/json")


def _text(words: str) -> Response:
    return Response(f"{words}\n", 400, _NO_STORE, "text/plain; charset=utf-8")
