"""The API put together: endpoints, router and door."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Route

from kontora.api.addresses import Network
from kontora.api.bodies import BODY_SECONDS, ClientGone
from kontora.api.callers import Callers, SecurityEvent
from kontora.api.catalog import Catalog
from kontora.api.commands import Commands
from kontora.api.data import Data
from kontora.api.desk import Desk, Directory
from kontora.api.door import VISIT, AccessLog, Door, DoorKeeping, Scope, answer_headers, send_answer
from kontora.api.endpoints import Endpoint
from kontora.api.envelope import Envelope
from kontora.api.failures import Failures
from kontora.api.health import Health, Probe
from kontora.api.multiple_access import MultipleAccess
from kontora.api.openapi import Description, description_endpoint
from kontora.api.polls import Polls
from kontora.api.practice import Practice
from kontora.api.sessions import Sessions
from kontora.api.visits import Answer, Receive, Send, Visit
from kontora.connectors.catalogue import Catalogue
from kontora.errors import InvalidParameter, KontoraError, NotFound
from kontora.metrics import Metrics


@dataclass(frozen=True, kw_only=True)
class ApiSettings:
    """The settings that the API goes by; the names are those of `Settings`."""

    practice: bool = False
    trusted_proxies: tuple[Network, ...] = ()
    legacy_api_key_parameter: bool = False
    schema_base_url: str = "https://developer.kontomatik.com/schema/v1/"
    support_url: str = "https://kontora.example/support"
    body_seconds: float = BODY_SECONDS


def build_api(
    *,
    desk: Desk,
    directory: Directory,
    catalogue: Catalogue,
    settings: ApiSettings,
    metrics: Metrics,
    access_log: AccessLog,
    probes: Mapping[str, Probe] | None = None,
    notify: Callable[[SecurityEvent], None] = lambda _: None,
    clock: Callable[[], float] = time.time,
    monotonic: Callable[[], float] = time.monotonic,
    more: Sequence[Endpoint] = (),
) -> Door:
    """Return the ASGI application.

    `desk`: the intake of commands. `directory`: finds clients by API key. `probes`: what must work for
    Kontora to be ready, by name. `notify`: is told of refused callers; it must return at once. `clock`: UTC,
    seconds since 1970. `monotonic`: by which keys and health are cached. `more`: endpoints of other rooms.
    """
    envelope = Envelope(settings.schema_base_url, clock)
    failures = Failures(envelope)
    polls = Polls(desk, envelope, metrics)
    description = Description(practice=settings.practice)

    def refused(event: SecurityEvent) -> None:
        metrics.refused(event.reason)
        notify(event)

    endpoints = (
        *Commands(desk, envelope, clock).endpoints(practice=settings.practice),
        *polls.endpoints(),
        *Data(desk, envelope, catalogue).endpoints(),
        *Catalog(envelope, catalogue).endpoints(),
        *Health(probes or {}, monotonic).endpoints(),
        *MultipleAccess(desk, envelope).endpoints(),
        *(Sessions(desk, envelope).endpoints() if settings.practice else ()),
        *(Practice(desk).endpoints() if settings.practice else ()),
        description_endpoint(description, public=settings.practice),
        *more,
    )
    keeping = DoorKeeping(
        callers=Callers(
            directory,
            trusted_proxies=settings.trusted_proxies,
            clock=monotonic,
            notify=refused,
            support_url=settings.support_url,
        ),
        polls=polls,
        failures=failures,
        metrics=metrics,
        access_log=access_log,
        clock=clock,
        legacy_api_key_parameter=settings.legacy_api_key_parameter,
        body_seconds=settings.body_seconds,
    )
    app = FastAPI(title="Kontora", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    door = Door(app, endpoints, keeping)
    app.router.routes.extend(_routes(endpoints, failures))
    _handle_exceptions(app, door, failures)
    description.complete(endpoints)
    return door


def _routes(endpoints: Sequence[Endpoint], failures: Failures) -> list[Route]:
    return [
        Route(endpoint.path, _Handled(endpoint, failures), methods=[endpoint.method], name=endpoint.name)
        for endpoint in endpoints
    ]


class _Handled:
    """An endpoint as the router calls it."""

    def __init__(self, endpoint: Endpoint, failures: Failures) -> None:
        self._endpoint = endpoint
        self._failures = failures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle the request and send the answer, whatever happens."""
        visit: Visit = scope[VISIT]
        visit.path_parameter = scope["path_params"].get("id", "")
        try:
            answer = await self._endpoint.handle(visit)
        except KontoraError as error:
            answer = self._failures.answer(error, visit)
        except ClientGone:
            raise
        except Exception as error:  # noqa: BLE001 - the API's edge
            answer = self._failures.internal(error, visit)
        await send_answer(scope, send, answer, visit)


def _handle_exceptions(app: FastAPI, door: Door, failures: Failures) -> None:
    """Let the framework's own refusals look like all others, and echo nothing of the request."""

    def response(request: Request, answer: Answer) -> Response:
        request.scope[VISIT].status = answer.status
        made = Response(answer.body, answer.status)
        made.raw_headers = answer_headers(request.scope, answer)
        return made

    async def refused(request: Request, error: Exception) -> Response:
        visit: Visit = request.scope[VISIT]
        if isinstance(error, HTTPException) and error.status_code == 405:
            return response(request, door.method_refused(request.url.path, visit))
        if isinstance(error, HTTPException) and error.status_code == 404:
            return response(request, failures.answer(NotFound(), visit))
        return response(
            request, failures.answer(InvalidParameter("A parameter is missing or malformed."), visit)
        )

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, refused)
