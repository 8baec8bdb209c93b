"""Sessions without the widget, in practice mode only: opened step by step, or signed in at once."""

from __future__ import annotations

import re

from kontora.api.addresses import parse_address
from kontora.api.bodies import read_parameters
from kontora.api.desk import Desk
from kontora.api.endpoints import FLAG, OWNER_ID, WORD, Endpoint, Parameter
from kontora.api.envelope import XML, Envelope
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import OpenedSession
from kontora.connectors.protocol import Psu
from kontora.errors import InvalidParameter
from kontora.wire.characters import attribute, text

_COUNTRY = re.compile(r"[a-z]{2}")
_OWNER = Parameter(
    name="ownerExternalId",
    description="Your id of the owner; one is made if you send none.",
    schema=OWNER_ID,
)


class Sessions:
    """Opens sessions."""

    def __init__(self, desk: Desk, envelope: Envelope) -> None:
        self._desk = desk
        self._envelope = envelope

    async def open(self, visit: Visit) -> Answer:
        """Open a session at a target; the credentials are entered by commands."""
        parameters = await read_parameters(visit)
        target = parameters.word("target", 100)
        address = parse_address(parameters.word("ip", 64))
        if address is None:
            raise InvalidParameter("Parameter ip must be the IP address of the owner, who is signing in.")
        opened = await self._desk.open_session(
            visit.client,
            target=target,
            owner_external_id=parameters.optional("ownerExternalId"),
            psu=Psu(ip_address=str(address)),
        )
        return self._answer(visit, opened)

    async def mock(self, visit: Visit) -> Answer:
        """Sign a practice owner in."""
        parameters = await read_parameters(visit)
        given = parameters.optional("country")
        country = "pl" if given is None else given.lower()
        if not _COUNTRY.fullmatch(country):
            raise InvalidParameter("Parameter country must be two letters such as pl.")
        opened = await self._desk.mock_session(
            visit.client,
            login=parameters.word("login", 100),
            country=country,
            owner_external_id=parameters.optional("ownerExternalId"),
            multiple_access=parameters.flag("multipleAccess", default=False),
        )
        return self._answer(visit, opened)

    def _answer(self, visit: Visit, opened: OpenedSession) -> Answer:
        visit.session_id = opened.session_id
        attributes = f'id="{opened.session_id}" signature="{attribute(opened.signature)}"'
        element = ""
        if opened.multiple_access_id is not None:
            attributes += f' multipleAccessId="{attribute(opened.multiple_access_id)}"'
            element = f"<multipleAccessId>{text(opened.multiple_access_id)}</multipleAccessId>"
        payload = f"<session {attributes}/>{element}".encode()
        body = self._envelope.success(
            payload, user=visit.client.id, owner_external_id=opened.owner_external_id
        )
        return Answer(200, body, XML)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoints; practice mode only."""
        return (
            Endpoint(
                method="POST",
                path="/v1/session.xml",
                name="openSession",
                handle=self.open,
                summary="Open a session at a practice target",
                description="Practice mode only. Enter the credentials with enter-credential.xml afterwards.",
                form=(
                    Parameter(
                        name="target", description="A target of the catalogue.", required=True, schema=WORD
                    ),
                    Parameter(
                        name="ip",
                        description="The owner's IP address; the bank is told.",
                        required=True,
                        schema={"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]},
                    ),
                    Parameter(
                        name="sessionIdSignatureRequired",
                        description="Accepted for old clients; sessions are always signed.",
                        schema=FLAG,
                    ),
                    _OWNER,
                ),
                reply="SessionReply",
                failures=(429,),
            ),
            Endpoint(
                method="POST",
                path="/v1/mock-session.xml",
                name="openMockSession",
                handle=self.mock,
                summary="Sign a practice owner in",
                description="Practice mode only. It really goes through the sign-in of KontoBank.",
                form=(
                    Parameter(
                        name="login",
                        description="A login of KontoBank; it chooses the scenario, e.g. test1.",
                        required=True,
                        schema=WORD,
                    ),
                    Parameter(
                        name="country",
                        description="The country of the bank.",
                        schema={"type": "string", "pattern": "^[A-Za-z]{2}$", "default": "pl"},
                    ),
                    _OWNER,
                    Parameter(name="multipleAccess", description="Ask for multiple access.", schema=FLAG),
                    Parameter(name="ownerEmail", description="Accepted and ignored."),
                ),
                reply="SessionReply",
                failures=(429,),
            ),
        )
