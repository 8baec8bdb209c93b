"""Multiple access: a new session of a consent without its owner, and giving the consent up."""

from __future__ import annotations

from kontora.api.bodies import read_parameters
from kontora.api.desk import Desk
from kontora.api.endpoints import Endpoint, Parameter
from kontora.api.envelope import XML, Envelope
from kontora.api.visits import Answer, Visit
from kontora.errors import InvalidMultipleAccessId
from kontora.wire.characters import attribute

MULTIPLE_ACCESS_ID = Parameter(
    name="multipleAccessId",
    description="The id that the sign-in gave. Keep it secret.",
    required=True,
    schema={"type": "string", "pattern": "^[A-Za-z0-9_-]{43}$"},
)


class MultipleAccess:
    """Takes multipleAccessIds."""

    def __init__(self, desk: Desk, envelope: Envelope) -> None:
        self._desk = desk
        self._envelope = envelope

    async def reuse(self, visit: Visit) -> Answer:
        """Open a session."""
        token = await _token(visit)
        opened = await self._desk.reuse_multiple_access(visit.client, token)
        visit.session_id = opened.session_id
        payload = f'<session id="{opened.session_id}" signature="{attribute(opened.signature)}"/>'.encode()
        body = self._envelope.success(
            payload, user=visit.client.id, owner_external_id=opened.owner_external_id
        )
        return Answer(200, body, XML)

    async def delete(self, visit: Visit) -> Answer:
        """End the consent."""
        await self._desk.delete_multiple_access(visit.client, await _token(visit))
        return Answer(200, self._envelope.success(b"", user=visit.client.id), XML)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return both endpoints."""
        return (
            Endpoint(
                method="POST",
                path="/v1/command/reuse-multiple-access.xml",
                name="reuseMultipleAccess",
                handle=self.reuse,
                summary="Open a session without the owner",
                description="For the default import without the owner, up to four times in 24 hours for each"
                " bank account, over all consents that reach it. A 429 tells when to come again.",
                form=(MULTIPLE_ACCESS_ID,),
                reply="SessionReply",
                failures=(404, 429),
            ),
            Endpoint(
                method="POST",
                path="/v1/command/delete-multiple-access.xml",
                name="deleteMultipleAccess",
                handle=self.delete,
                summary="Give multiple access up",
                description="It ends here at once, and at the bank as soon as that answers.",
                form=(MULTIPLE_ACCESS_ID,),
                failures=(404,),
            ),
        )


async def _token(visit: Visit) -> str:
    token = (await read_parameters(visit)).required("multipleAccessId")
    if len(token) > 200 or not token.isascii():
        raise InvalidMultipleAccessId
    return token
