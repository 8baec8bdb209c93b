"""Sign-in by redirection: a link for the client's owner, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol
from uuid import UUID

import msgspec

from kontora.api.bodies import check_media_type, read_body, read_parameters
from kontora.api.endpoints import Endpoint, Parameter
from kontora.api.failures import JSON
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import Client
from kontora.commands.redirections import CreatedRedirection, RedirectionStatus
from kontora.connectors.strict_json import parse_json
from kontora.errors import BankChanged, ConfigurationError, InvalidParameter, NotFound

LONGEST_URI = 2000
OPTIONS = (
    "ownerExternalId",
    "locale",
    "country",
    "target",
    "accessMode",
    "maxImportDate",
    "forceSca",
    "autoImport",
    "since",
    "clientIdentity",
    "forceTestCredentials",
)
NESTED = ("accessMode", "maxImportDate", "forceSca", "autoImport", "since")


class RedirectionDesk(Protocol):
    """Makes links and tells what has become of them."""

    async def create(self, client: Client, redirect_uri: str, given: Mapping[str, str]) -> CreatedRedirection:
        """Make a link."""
        ...

    async def status(self, client: Client, redirection_id: UUID) -> RedirectionStatus:
        """Tell what has become of it."""
        ...


class Redirections:
    """Answers clients. `signin_url`: where owners' browsers find the widget."""

    def __init__(self, desk: RedirectionDesk, signin_url: Callable[[], str | None]) -> None:
        self._desk = desk
        self._signin_url = signin_url

    async def create(self, visit: Visit) -> Answer:
        """Make a link."""
        base = self._signin_url()
        if base is None:
            raise ConfigurationError("KONTORA_SIGNIN_URL is not set: there is no page to link to.")
        check_media_type(visit, b"application/json")
        document = _document(await read_body(visit))
        uri = document.get("redirectUri")
        if not isinstance(uri, str) or not 0 < len(uri) <= LONGEST_URI:
            raise InvalidParameter("redirectUri is missing, or is not text.")
        created = await self._desk.create(visit.client, uri, _options(document))
        told = {"redirectionId": str(created.id), "redirectionLink": base + created.path}
        return Answer(200, msgspec.json.encode(told), JSON)

    async def status(self, visit: Visit) -> Answer:
        """Tell what has become of a link."""
        given = (await read_parameters(visit)).required("redirectionId")
        try:
            redirection_id = UUID(given)
        except ValueError:
            raise NotFound("There is no such redirection.") from None
        status = await self._desk.status(visit.client, redirection_id)
        visit.session_id = status.session_id
        told = {
            "status": status.status,
            "params": {
                "sessionId": None if status.session_id is None else str(status.session_id),
                "sessionIdSignature": status.signature,
                "multipleAccessId": status.multiple_access_id,
                "target": status.target,
                "officialName": status.official_name,
                "exception": status.exception,
            },
        }
        return Answer(200, msgspec.json.encode(told), JSON)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints."""
        text = {"type": "string"}
        nested = dict.fromkeys(NESTED, text) | {"forceSca": {"type": "boolean"}}
        properties = dict.fromkeys(OPTIONS, text) | {
            "redirectUri": {"type": "string", "format": "uri"},
            "forceSca": {"type": "boolean"},
            "psd2": {"type": "object", "properties": nested},
        }
        return (
            Endpoint(
                method="POST",
                path="/v1/signin/redirection",
                name="createRedirection",
                handle=self.create,
                summary="Make a link on which an owner signs in",
                description="The link expires 24 hours after it was made if nobody opens it, and ten minutes "
                "after the owner has stopped. In the end the owner returns to redirectUri.",
                body={"type": "object", "properties": properties, "required": ["redirectUri"]},
                reply="Redirection",
                json=True,
            ),
            Endpoint(
                method="GET",
                path="/v1/signin/redirection-status",
                name="readRedirectionStatus",
                handle=self.status,
                summary="Tell what has become of a link",
                query=(Parameter(name="redirectionId", description="As it was returned.", required=True),),
                reply="RedirectionStatus",
                failures=(404,),
                json=True,
            ),
        )


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = parse_json(body)
    except BankChanged as error:
        raise InvalidParameter(f"The body cannot be read: {error.message}.") from error
    if not isinstance(document, dict):
        raise InvalidParameter('Send an object such as {"redirectUri": "https://shop.example/return"}.')
    return document


def _options(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the options as the widget's page would get them in its query."""
    nested = document.get("psd2")
    found = {name: _text(name, document[name]) for name in OPTIONS if document.get(name) is not None}
    if isinstance(nested, dict):
        for name in NESTED:
            if nested.get(name) is not None:
                found[f"psd2[{name}]"] = _text(name, nested[name])
    return found


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str) or "\0" in value:
        raise InvalidParameter(f"{name} must be text, a number or a boolean.")
    return value
