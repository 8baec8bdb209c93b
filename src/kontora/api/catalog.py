"""The catalogue of targets, as XML."""

from __future__ import annotations

import re

from kontora.api.bodies import read_parameters
from kontora.api.endpoints import FLAG, Endpoint, Parameter
from kontora.api.envelope import XML, Envelope
from kontora.api.visits import Answer, Visit
from kontora.connectors.catalogue import Catalogue, Target
from kontora.connectors.protocol import Challenge, CredentialKind
from kontora.errors import InvalidParameter
from kontora.wire.characters import attribute
from kontora.wire.xml import credential_metadata

PATHS = {
    "/v1/catalog.xml": "readCatalog",
    "/v1/command-catalog.xml": "readCommandCatalog",
    "/v1/ais-catalog": "readAisCatalog",
}
ACCESS_MODES = ("SINGLE", "MULTIPLE", "MIXED")
# One transparent pixel: no bank has given us its logo.
FAVICON = (
    "data:image/png;base64,"
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
)

_COUNTRY = re.compile(r"[a-z]{2}|all")


def render_targets(catalogue: Catalogue, *, country: str, favicons: bool, access_mode: str) -> bytes:
    """Render `targets`; `MULTIPLE` leaves those that are not reached through PSD2."""
    written = "".join(
        _target(target, favicons)
        for target in catalogue
        if country in {"all", target.country} and (access_mode != "MULTIPLE" or target.facts.psd2)
    )
    return f"<targets>{written}</targets>".encode()


def _target(target: Target, favicons: bool) -> str:
    facts, institution = target.facts, target.institution
    attributes: dict[str, str | None] = {
        "country": target.country,
        "name": target.name,
        "institution": institution.name,
        "officialName": institution.official_name,
        "officialUrl": institution.official_url,
        "loginName": facts.login_name,
        "beta": "true" if facts.beta else None,
        "psd2": "true" if facts.psd2 else None,
        "favicon": FAVICON if favicons else None,
    }
    told = "".join(f' {name}="{attribute(value)}"' for name, value in attributes.items() if value is not None)
    types = "".join(f'<supportedAccountType name="{attribute(kind)}"/>' for kind in facts.account_types)
    commands = "".join(f'<command name="{attribute(command)}"/>' for command in target.commands)
    asked = "".join(
        credential_metadata(
            Challenge(kind, name="" if kind is CredentialKind.API_SETUP else facts.login_name or "")
        )
        for kind in facts.credential_kinds
    )
    return (
        f"<target{told}><supportedAccountTypes>{types}</supportedAccountTypes><commands>{commands}</commands>"
        f"<credentialsMetadata>{asked}</credentialsMetadata></target>"
    )


def _lowered(value: str | None, default: str) -> str:
    return (default if value is None else value).lower()


class Catalog:
    """Tells the targets."""

    def __init__(self, envelope: Envelope, catalogue: Catalogue) -> None:
        self._envelope = envelope
        self._catalogue = catalogue

    async def read(self, visit: Visit) -> Answer:
        """Return the targets, filtered."""
        parameters = await read_parameters(visit)
        country = _lowered(parameters.optional("country"), "all")
        if not _COUNTRY.fullmatch(country):
            raise InvalidParameter("Parameter country must be all, or two letters such as pl.")
        access_mode = _lowered(parameters.optional("accessMode"), "MIXED").upper()
        if access_mode not in ACCESS_MODES:
            raise InvalidParameter("Parameter accessMode must be SINGLE, MULTIPLE or MIXED.")
        payload = render_targets(
            self._catalogue,
            country=country,
            favicons=parameters.flag("favicons", default=False),
            access_mode=access_mode,
        )
        body = self._envelope.success(payload, user=visit.client.id, schema="get_command_catalog.xsd")
        return Answer(200, body, XML)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoint and its aliases."""
        query = (
            Parameter(
                name="country",
                description="`all`, or two letters such as `pl`.",
                schema={"type": "string", "pattern": "^([A-Za-z]{2}|all)$", "default": "all"},
            ),
            Parameter(name="favicons", description="Add the banks' logos.", schema=FLAG),
            Parameter(
                name="accessMode",
                description="Only targets that offer this access.",
                schema={"type": "string", "enum": list(ACCESS_MODES), "default": "MIXED"},
            ),
        )
        return tuple(
            Endpoint(
                method="GET",
                path=path,
                name=name,
                handle=self.read,
                summary="List the targets: banks, and the ways into them",
                query=query,
                reply="CatalogReply",
            )
            for path, name in PATHS.items()
        )
