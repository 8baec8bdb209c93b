"""OAuth2 with PKCE: the bank's metadata, the page for the owner, tokens and their refresh."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from yarl import URL

from kontora.connectors.bank_line import BankCall
from kontora.connectors.protocol import Psu
from kontora.connectors.standards.berlin_group.access import Redirect, Tokens
from kontora.connectors.standards.berlin_group.calls import Calls
from kontora.connectors.standards.berlin_group.failures import failure_of
from kontora.connectors.standards.json_fields import Json, a_text, an_object
from kontora.connectors.standards.problems import problem_of
from kontora.connectors.standards.returns import check_state, returned_failure, returned_parameters
from kontora.connectors.strict_json import parse_json
from kontora.errors import (
    BankCertificateRefused,
    BankChanged,
    ConfigurationError,
    InvalidArgument,
    SessionExpired,
)

_EXPIRY_MARGIN = timedelta(seconds=5)


class OAuth:
    """The OAuth2 conversation with one bank."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def begin(
        self, metadata_url: str, scope: str, redirect: Redirect, psu: Psu
    ) -> tuple[str, Redirect]:
        """Read the bank's metadata; return the page for the owner, and what to remember meanwhile.

        Raises: BankChanged, if the metadata lack an endpoint.
        Source: RFC 8414, RFC 7636, `spec/psd2.md` 1.3.
        """
        headers = self._calls.headers(psu)
        metadata, _ = await self._calls.read("oauthMetadata", "GET", metadata_url, headers)
        with self._calls.understanding("oauthMetadata"):
            page = a_text(metadata.get("authorization_endpoint"), "authorization_endpoint")
            token_url = a_text(metadata.get("token_endpoint"), "token_endpoint")
            issuer = a_text(metadata.get("issuer"), "issuer")
            if page is None or token_url is None:
                raise BankChanged("authorization_endpoint or token_endpoint is missing")
            self._calls.surroundings.line.reach.checked(token_url)
            verifier = _unpadded(self._calls.surroundings.random_bytes(32))
            query = {
                "response_type": "code",
                "client_id": self._client_id(),
                "redirect_uri": redirect.redirect_uri,
                "scope": scope,
                "state": redirect.state,
                "code_challenge": _unpadded(hashlib.sha256(verifier.encode()).digest()),
                "code_challenge_method": "S256",
            }
            separator = "&" if URL(page, encoded=True).raw_query_string else "?"
            url = self._calls.surroundings.line.reach.page(
                page + separator + urlencode(query, quote_via=quote)
            )
        remembered = msgspec.structs.replace(
            redirect,
            verifier=verifier,
            token_url=token_url,
            issuer=issuer,
            issuer_is_sent=metadata.get("authorization_response_iss_parameter_supported") is True,
        )
        return url, remembered

    async def tokens(self, code: str, redirect: Redirect, psu: Psu) -> Tokens:
        """Exchange the code; it is sent once.

        Raises: SessionExpired, if the bank does not take it.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect.redirect_uri,
            "code_verifier": redirect.verifier or "",
        }
        return await self._token_call("exchangeToken", redirect.token_url or "", form, psu)

    async def refreshed(self, tokens: Tokens, psu: Psu) -> Tokens:
        """Get new tokens for the refresh token; it is sent once.

        Raises: SessionExpired, if there is none, or the bank does not take it.
        """
        if tokens.refresh is None:
            raise SessionExpired(f"{self._calls.surroundings.line.target}: the access token ended.")
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        new = await self._token_call("refreshToken", tokens.token_url, form, psu)
        return (
            new
            if new.refresh is not None
            else Tokens(new.access, new.token_url, tokens.refresh, new.expires_at)
        )

    def ended(self, tokens: Tokens) -> bool:
        """Tell whether the access token has ended, or is about to."""
        now = self._calls.surroundings.now()
        return tokens.expires_at is not None and now >= tokens.expires_at

    async def _token_call(self, operation: str, url: str, form: dict[str, str], psu: Psu) -> Tokens:
        surroundings = self._calls.surroundings
        headers = self._calls.headers(psu) | {"Content-Type": "application/x-www-form-urlencoded"}
        form = form | {"client_id": self._client_id()}
        if surroundings.client_secret is not None:
            pair = f"{quote(self._client_id(), safe='')}:{quote(surroundings.client_secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        asked_at = surroundings.now()
        reply = await surroundings.line.send(
            BankCall(operation, "POST", url, headers, urlencode(form).encode())
        )
        where = f"{surroundings.line.target}, {operation}"
        if reply.status != 200:
            raise _refusal(reply.body, where) or failure_of(problem_of(reply), self._calls.dialect, where)
        with self._calls.understanding(operation):
            answer = an_object(parse_json(reply.body), "the body")
            access = a_text(answer.get("access_token"), "access_token")
            if access is None or not access.isascii() or not access.isprintable():
                raise BankChanged("access_token is missing")
            seconds = _seconds(answer)
        expires_at = None
        if seconds is not None:
            expires_at = asked_at + max(
                timedelta(seconds=seconds) - _EXPIRY_MARGIN, timedelta(seconds=seconds) / 2
            )
        return Tokens(access, url, a_text(answer.get("refresh_token"), "refresh_token"), expires_at)

    def _client_id(self) -> str:
        found = self._calls.surroundings.client_id or self._calls.dialect.client_id
        if found is None:
            target = self._calls.surroundings.line.target
            raise ConfigurationError(f"{target}: set client_id in the settings of the targets.")
        return found


def parse_return(query: str, redirect: Redirect, where: str) -> tuple[dict[str, str], str | None]:
    """Read the query string the owner came back with; return its parameters and the code, if any.

    Raises: InvalidArgument, if it does not belong to this sign-in; SignInCancelled, if the owner
        refused; ServiceTemporarilyUnavailable, BankCertificateRefused, if the bank failed.
    Source: RFC 6749 4.1.2, RFC 9207.
    """
    parameters = returned_parameters(query, where)
    with_code = redirect.verifier is not None
    if with_code or redirect.state_is_in_uri or "state" in parameters:
        check_state(parameters, redirect.state, where)
    issuer = parameters.get("iss")
    if with_code and (issuer is not None or redirect.issuer_is_sent) and issuer != redirect.issuer:
        raise InvalidArgument(f"{where}: the redirect names another issuer than the bank's.")
    if "error" in parameters:
        raise returned_failure(parameters["error"], where)
    code = parameters.get("code")
    if with_code and not code:
        raise InvalidArgument(f"{where}: the redirect brings no code.")
    return parameters, code


def _refusal(body: bytes, where: str) -> Exception | None:
    """Name the failure of an OAuth2 error answer (RFC 6749 5.2); `None` for any other answer."""
    try:
        answer = parse_json(body)
    except BankChanged:
        return None
    error = answer.get("error") if isinstance(answer, dict) else None
    if error == "invalid_grant":
        return SessionExpired(f"{where}: the bank does not take the code or refresh token any more.")
    if error in {"invalid_client", "unauthorized_client"}:
        return BankCertificateRefused(f"{where}: the bank does not know this client id.")
    return None


def _seconds(answer: Json) -> float | None:
    value: Any = answer.get("expires_in")
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 10 * 366 * 86400:
        raise BankChanged("expires_in is not a number of seconds")
    return float(value)


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
