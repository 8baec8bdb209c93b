"""Polls of commands: read hundreds of times a second, so the reply is put together from ready parts."""

from __future__ import annotations

from kontora.api.callers import Caller
from kontora.api.commands import parse_id, parse_pair
from kontora.api.desk import Desk
from kontora.api.endpoints import Endpoint, Parameter
from kontora.api.envelope import XML, Envelope, exception
from kontora.api.parameters import Parameters
from kontora.api.visits import Answer, Visit
from kontora.commands.answers import CommandState, CommandStatus
from kontora.commands.requests import DefaultImport
from kontora.errors import InvalidCommandId
from kontora.metrics import Metrics
from kontora.wire.characters import attribute

COMMAND_PATH = "/v1/command/"
SUFFIX = ".xml"


class Polls:
    """Tells where commands stand."""

    def __init__(self, desk: Desk, envelope: Envelope, metrics: Metrics) -> None:
        self._desk = desk
        self._envelope = envelope
        self._metrics = metrics

    async def body(self, caller: Caller, id_text: str, query: bytes) -> tuple[int, list[bytes]]:
        """Return the command's id and the parts of the reply.

        Raises: InvalidCommandId; InvalidParameter and InvalidSessionIdSignature for a pair that is not whole
        or not right; StoreUnavailable.
        """
        command_id = parse_id(id_text)
        if command_id is None:
            raise InvalidCommandId
        pair = None
        if query:
            parameters = Parameters.of(query, b"")
            if not {"sessionId", "sessionIdSignature"}.isdisjoint(parameters.values):
                pair = parse_pair(parameters)
        status = await self._desk.status(caller.client, command_id, pair)
        self._metrics.polled(status.state)
        return command_id, self._parts(caller, status)

    def _parts(self, caller: Caller, status: CommandStatus) -> list[bytes]:
        finished = status.state is CommandState.SUCCESSFUL and status.name == DefaultImport.wire_name
        schema = "default_import.xsd" if finished else "command_setup.xsd"
        head = caller.poll_heads.get(schema)
        if head is None:
            head = self._envelope.head(200, caller.client.id, schema) + b' responseTimestamp="'
            caller.poll_heads[schema] = head
        target = "" if status.target is None else f' target="{attribute(status.target)}"'
        institution = "" if status.institution is None else f' institution="{attribute(status.institution)}"'
        failure = status.failure
        opening = (
            f'"><command id="{status.command_id}" state="{status.state.value}" name="{status.name}"'
            f"{target}{institution}>"
            f"<progress><value>{status.progress}</value></progress>"
            f"{'' if failure is None else exception(failure.name, failure.message, failure.friendly_message)}"
        ).encode()
        start = head + self._envelope.timestamps.now() + opening
        if status.result is None:
            return [start + b"</command></reply>"]
        return [start, status.result, b"</command></reply>"]

    async def poll(self, visit: Visit) -> Answer:
        """Answer a poll that did not take the short way."""
        if visit.caller is None:
            raise LookupError("A poll without a caller.")
        visit.command_id, parts = await self.body(visit.caller, visit.path_parameter, visit.query)
        return Answer(200, b"".join(parts), XML)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Return the endpoint."""
        pair = (
            Parameter(
                name="sessionId",
                description="Optional; if it is sent, the pair must be right.",
                schema={"type": "string", "pattern": "^[0-9]{1,19}$"},
            ),
            Parameter(
                name="sessionIdSignature",
                description="Optional; the signature of the session id.",
                schema={"type": "string", "pattern": "^[0-9a-f]{64}$"},
            ),
        )
        return (
            Endpoint(
                method="GET",
                path="/v1/command/{id}.xml",
                name="pollCommand",
                handle=self.poll,
                summary="Ask where a command stands",
                description="Poll every 2 to 5 seconds until state is successful, error or fatal.",
                query=pair,
                reply="CommandReply",
                failures=(403, 404),
            ),
        )
