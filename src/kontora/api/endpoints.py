"""What an endpoint is: a method, a path, who handles it, and how it is described."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kontora.api.bodies import SMALL_BODY
from kontora.api.visits import Answer, Visit

Handler = Callable[[Visit], Awaitable[Answer]]
Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "string", "enum": ["true", "false"]}
DAY: Schema = {"type": "string", "format": "date"}
WORD: Schema = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$"}
OWNER_ID: Schema = {"type": "string", "minLength": 1, "maxLength": 200}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A parameter as described. A form's parameters may stand in the query as well."""

    name: str
    description: str
    required: bool = False
    schema: Schema = field(default_factory=lambda: TEXT)


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One method of one path.

    `public`: no key, no allow-list; everything else is behind both. `reply`: the name of the schema of a
    success. `failures`: statuses beside those that every endpoint may answer with. `json`: it speaks
    JSON, not XML; `media_type`: a success is of another type than either. `body`: the JSON schema of a JSON
    body. `headers`: those that mean something to it. `upload`: the form brings a PDF as well.
    `described`: it is part of the API that clients are told of. `idempotent`: it takes an Idempotency-Key.
    """

    method: str
    path: str
    handle: Handler
    name: str
    summary: str
    description: str = ""
    query: tuple[Parameter, ...] = ()
    form: tuple[Parameter, ...] = ()
    headers: tuple[Parameter, ...] = ()
    body: Schema | None = None
    status: int = 200
    reply: str = "Reply"
    failures: tuple[int, ...] = ()
    public: bool = False
    json: bool = False
    media_type: str | None = None
    body_limit: int = SMALL_BODY
    upload: bool = False
    described: bool = True
    idempotent: bool = False


SESSION_PAIR = (
    Parameter(
        name="sessionId",
        description="The session id, as the sign-in gave it.",
        required=True,
        schema={"type": "string", "pattern": "^[0-9]{1,19}$"},
    ),
    Parameter(
        name="sessionIdSignature",
        description="The signature that came with the session id: 64 hex characters.",
        required=True,
        schema={"type": "string", "pattern": "^[0-9a-f]{64}$"},
    ),
)
