"""The door: every request passes it, is refused unless both factors hold, and leaves one line in the log.

Only the paths that are marked public are open. What is unknown is refused to strangers as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from kontora.api.bodies import BODY_SECONDS, SMALL_BODY, ClientGone, check_length, read_parameters
from kontora.api.callers import Callers
from kontora.api.endpoints import Endpoint
from kontora.api.envelope import XML
from kontora.api.failures import Failures
from kontora.api.polls import COMMAND_PATH, SUFFIX, Polls
from kontora.api.visits import Answer, Receive, Send, Visit
from kontora.errors import InvalidParameter, KontoraError, MethodNotAllowed, Unauthorized
from kontora.metrics import Metrics

Scope = MutableMapping[str, Any]
AsgiApp = Callable[[Scope, Receive, Send], Any]
AccessLog = Callable[[Mapping[str, Any]], None]

VISIT = "kontora.visit"
POLL_ROUTE = "/v1/command/{id}.xml"
UNMATCHED = "unmatched"
CHUNK_BYTES = 256 * 1024

_ALWAYS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)
_TLS_ONLY = (b"strict-transport-security", b"max-age=31536000")
_XML_TYPE = (b"content-type", XML.encode())


@dataclass(frozen=True, slots=True)
class Path:
    """What the door knows of a path. `methods`: those that are served, in the order of the table."""

    route: str
    methods: tuple[str, ...]
    public: bool = False
    wants_json: bool = False
    body_limit: int = SMALL_BODY


def known_paths(endpoints: Sequence[Endpoint]) -> dict[str, Path]:
    """Return the paths by their template. A path is public only if all its methods are."""
    grouped: dict[str, list[Endpoint]] = {}
    for endpoint in endpoints:
        grouped.setdefault(endpoint.path, []).append(endpoint)
    return {
        template: Path(
            route=template,
            methods=tuple(endpoint.method for endpoint in group),
            public=all(endpoint.public for endpoint in group),
            wants_json=group[0].json,
            body_limit=max(endpoint.body_limit for endpoint in group),
        )
        for template, group in grouped.items()
    }


@dataclass(frozen=True, slots=True)
class DoorKeeping:
    """What the door works with."""

    callers: Callers
    polls: Polls
    failures: Failures
    metrics: Metrics
    access_log: AccessLog
    clock: Callable[[], float]
    legacy_api_key_parameter: bool
    body_seconds: float = BODY_SECONDS


class Door:
    """The ASGI application that is served: the door, and the router behind it as `app`."""

    def __init__(self, app: AsgiApp, endpoints: Sequence[Endpoint], keeping: DoorKeeping) -> None:
        self.app = app
        self.paths = known_paths(endpoints)
        self._keeping = keeping
        self._unmatched = Path(UNMATCHED, ())
        self._templates = tuple(
            (template.partition("{id}"), known)
            for template, known in self.paths.items()
            if "{id}" in template
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a connection event of the server."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            path: str = scope["path"]
            if (
                scope["method"] == "GET"
                and path.startswith(COMMAND_PATH)
                and path not in self.paths
                and path.endswith(SUFFIX)
                and not (self._keeping.legacy_api_key_parameter and scope["query_string"])
            ):
                await self._poll(scope, receive, send, path)
            else:
                await self._visit(scope, receive, send, path)

    async def _poll(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        """Answer a poll without routing and framework: hundreds of them arrive every second."""
        began = time.perf_counter()
        keeping = self._keeping
        caller = None
        try:
            peer = scope["client"]
            presented = keeping.callers.presented(scope["headers"], peer[0] if peer else "")
            caller = await keeping.callers.identify(presented)
            id_text = path[len(COMMAND_PATH) : -len(SUFFIX)]
            command_id, parts = await keeping.polls.body(caller, id_text, scope["query_string"])
        except Exception as error:  # noqa: BLE001 - the API's edge
            visit = self._visit_of(scope, receive, path)
            visit.caller = caller
            await send_answer(scope, send, self._failed(error, visit), visit)
            self._leave(visit, began)
            return
        length = sum(map(len, parts))
        headers = [_XML_TYPE, (b"content-length", b"%d" % length), *_ALWAYS]
        if scope["scheme"] == "https":
            headers.append(_TLS_ONLY)
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await _send_body(send, parts)
        keeping.access_log(
            {
                "event": "request",
                "at": keeping.clock(),
                "method": "GET",
                "route": POLL_ROUTE,
                "status": 200,
                "milliseconds": round((time.perf_counter() - began) * 1000, 2),
                "client_id": caller.client.id,
                "command_id": command_id,
            }
        )

    async def _visit(self, scope: Scope, receive: Receive, send: Send, path: str) -> None:
        began = time.perf_counter()
        visit = self._visit_of(scope, receive, path)
        scope[VISIT] = visit
        try:
            check_length(visit)
            if not self._path(path).public:
                await self._identify(scope, visit)
            if visit.method in self._path(path).methods or visit.method == "HEAD" or path not in self.paths:
                await self.app(scope, receive, send)
            else:
                await send_answer(scope, send, self.method_refused(path, visit), visit)
        except ClientGone:
            visit.status = 499
        except Exception as error:  # noqa: BLE001 - the API's edge
            await send_answer(scope, send, self._failed(error, visit), visit)
        self._leave(visit, began)

    async def _identify(self, scope: Scope, visit: Visit) -> None:
        peer, callers = scope["client"], self._keeping.callers
        parameter = None
        if self._keeping.legacy_api_key_parameter and visit.header(b"x-api-key") is None:
            with contextlib.suppress(InvalidParameter):
                found = (await read_parameters(visit)).optional("apiKey")
                parameter = None if found is None else found.encode()
        presented = callers.presented(visit.headers, peer[0] if peer else "", parameter)
        visit.caller = await callers.identify(presented)

    def _failed(self, error: Exception, visit: Visit) -> Answer:
        if isinstance(error, KontoraError):
            if isinstance(error, Unauthorized):
                visit.owner_external_id = None
            return self._keeping.failures.answer(error, visit)
        return self._keeping.failures.internal(error, visit)

    def _path(self, path: str) -> Path:
        known = self.paths.get(path)
        if known is None:
            for (before, _, after), template in self._templates:
                if path.startswith(before) and path.endswith(after) and "/" not in path[len(before) :]:
                    return template
        return self._unmatched if known is None else known

    def _visit_of(self, scope: Scope, receive: Receive, path: str) -> Visit:
        known = self._path(path)
        return Visit(
            method=scope["method"],
            route=known.route,
            headers=scope["headers"],
            query=scope["query_string"],
            receive=receive,
            body_limit=known.body_limit,
            body_deadline=asyncio.get_running_loop().time() + self._keeping.body_seconds,
            peer=(scope["client"] or ("",))[0],
            wants_json=known.wants_json,
        )

    def method_refused(self, path: str, visit: Visit) -> Answer:
        """Return the answer to a method that the path does not serve."""
        allow = ", ".join(self._path(path).methods).encode()
        return self._keeping.failures.answer(MethodNotAllowed(), visit, ((b"allow", allow),))

    def _leave(self, visit: Visit, began: float) -> None:
        seconds = time.perf_counter() - began
        self._keeping.metrics.requested(visit.method, visit.route, visit.status, seconds)
        told: dict[str, Any] = {
            "event": "request",
            "at": self._keeping.clock(),
            "method": visit.method,
            "route": visit.route,
            "status": visit.status,
            "milliseconds": round(seconds * 1000, 2),
            "client_id": None if visit.caller is None else visit.caller.client.id,
            "session_id": visit.session_id,
            "command_id": visit.command_id,
        }
        self._keeping.access_log({name: value for name, value in told.items() if value is not None})


def answer_headers(scope: Scope, answer: Answer) -> list[tuple[bytes, bytes]]:
    """Return all headers of an answer; its own come in place of those that every answer has."""
    own = {name for name, _ in answer.headers}
    headers = [
        (b"content-type", answer.media_type.encode()),
        (b"content-length", b"%d" % len(answer.body)),
        *(header for header in _ALWAYS if header[0] not in own),
        *answer.headers,
    ]
    if scope["scheme"] == "https":
        headers.append(_TLS_ONLY)
    return headers


async def send_answer(scope: Scope, send: Send, answer: Answer, visit: Visit) -> None:
    """Send an answer; the visit is told its status."""
    visit.status = answer.status
    await send(
        {"type": "http.response.start", "status": answer.status, "headers": answer_headers(scope, answer)}
    )
    await _send_body(send, [answer.body])


async def _send_body(send: Send, parts: Sequence[bytes]) -> None:
    """Send the parts, large ones in pieces, so that a slow reader holds little of them in buffers."""
    last = len(parts) - 1
    for place, part in enumerate(parts):
        if len(part) <= CHUNK_BYTES:
            await send({"type": "http.response.body", "body": part, "more_body": place < last})
            continue
        for start in range(0, len(part), CHUNK_BYTES):
            more = place < last or start + CHUNK_BYTES < len(part)
            piece = part[start : start + CHUNK_BYTES]
            await send({"type": "http.response.body", "body": piece, "more_body": more})
