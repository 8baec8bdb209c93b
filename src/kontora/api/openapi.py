"""The description of the API: OpenAPI 3.1, made from the table of endpoints, XML written by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from kontora.api.endpoints import Endpoint, Parameter
from kontora.api.failures import JSON
from kontora.api.schemas import SCHEMAS
from kontora.api.visits import Answer, Visit

XML_TYPE = "application/xml"
_REFERENCE = re.compile(r"#/components/schemas/(\w+)")
JSON_REPLIES = {"Health", "PracticeClock", "OpenApi"}

_WORDS = {
    200: "Done.",
    201: "Kept.",
    202: "Accepted, durably. Poll the command.",
    400: "A parameter is missing, malformed or not allowed, or the command is not possible now.",
    401: "The API key or the source address is not accepted.",
    403: "The signature does not belong to the session.",
    404: "Unknown to this client, expired or deleted.",
    405: "The path does not allow this method.",
    408: "The body did not arrive in time.",
    409: "The Idempotency-Key was used with another request.",
    413: "The body is too large.",
    415: "The body is of a type that is not read here.",
    422: "The PDF is refused; nothing of it is kept.",
    429: "Too many at once; come again after Retry-After seconds.",
    500: "An internal error.",
    503: "The bank, or this server, cannot answer now; come again after Retry-After seconds.",
}


class Description:
    """The document; complete once the endpoints are known."""

    def __init__(self, *, practice: bool) -> None:
        self._practice = practice
        self.document: dict[str, Any] = {}
        self._written = b""

    def complete(self, endpoints: Sequence[Endpoint]) -> None:
        """Describe the endpoints."""
        paths: dict[str, dict[str, Any]] = {}
        for endpoint in (item for item in endpoints if item.described):
            paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
        self.document = {
            "openapi": "3.1.0",
            "info": {
                "title": "Kontora",
                "version": "1",
                "description": "Bank data with the owner's consent: sign in, import, poll, one neutral reply."
                + (" This server runs in practice mode." if self._practice else ""),
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/"}],
            "security": [{"apiKey": []}],
            "paths": paths,
            "components": {
                "schemas": _used(paths),
                "securitySchemes": {
                    "apiKey": {
                        "type": "apiKey",
                        "in": "header",
                        "name": "X-Api-Key",
                        "description": "64 hex characters; works from your registered addresses only.",
                    }
                },
            },
        }
        self._written = msgspec.json.encode(self.document)

    async def read(self, _visit: Visit) -> Answer:
        """Return the document."""
        return Answer(200, self._written, JSON)


def _used(paths: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schemas that the paths refer to, and those that these refer to."""
    found: dict[str, Any] = {}
    told: object = paths
    while True:
        names = set(_REFERENCE.findall(msgspec.json.encode(told).decode())) - found.keys()
        if not names:
            return {name: found[name] for name in SCHEMAS if name in found}
        found |= {name: SCHEMAS[name] for name in names}
        told = [SCHEMAS[name] for name in names]


def description_endpoint(description: Description, *, public: bool) -> Endpoint:
    """Return the endpoint of the document itself."""
    return Endpoint(
        method="GET",
        path="/openapi.json",
        name="readDescription",
        handle=description.read,
        summary="Describe this API",
        reply="OpenApi",
        public=public,
        json=True,
    )


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    parameters = [_parameter(parameter, "query") for parameter in endpoint.query]
    if "{id}" in endpoint.path:
        schema = {"type": "string", "pattern": "^[0-9]{1,19}$"}
        told = Parameter(name="id", description="The id of the command.", required=True, schema=schema)
        parameters.append(_parameter(told, "path"))
    if endpoint.idempotent:
        schema = {"type": "string", "pattern": "^[!-~]{1,255}$"}
        told = Parameter(
            name="Idempotency-Key", description="Makes it safe to send the request again.", schema=schema
        )
        parameters.append(_parameter(told, "header"))
    parameters.extend(_parameter(parameter, "header") for parameter in endpoint.headers)
    described: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": parameters,
        "responses": _responses(endpoint),
    }
    if endpoint.description:
        described["description"] = endpoint.description
    if endpoint.public:
        described["security"] = []
    if endpoint.upload:
        described["requestBody"] = _upload(endpoint)
    elif endpoint.form:
        described["requestBody"] = _form(endpoint)
    elif endpoint.body is not None:
        described["requestBody"] = {"required": True, "content": {JSON: {"schema": endpoint.body}}}
    return described


def _parameter(parameter: Parameter, place: str) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": place,
        "description": parameter.description,
        "required": parameter.required,
        "schema": dict(parameter.schema),
    }


def _upload(endpoint: Endpoint) -> dict[str, Any]:
    """Describe a request that brings a PDF: as a part, or as Base64 among the parameters."""
    properties = {item.name: {**item.schema, "description": item.description} for item in endpoint.form}
    part = {"type": "string", "format": "binary", "description": "The PDF, 10 MiB at most."}
    text = {"type": "string", "format": "byte", "description": "The PDF as Base64, 10 MiB at most."}

    def content(name: str, file: dict[str, Any]) -> dict[str, Any]:
        return {"schema": {"type": "object", "properties": properties | {name: file}, "required": [name]}}

    encoded = content("pdfAsBase64", text)
    in_json = {
        name: told | {"type": ["boolean", "string"], "enum": [True, False, *told["enum"]]}
        for name, told in properties.items()
        if "enum" in told
    }
    kinds = {
        "multipart/form-data": content("pdf", part),
        "application/x-www-form-urlencoded": encoded,
        JSON: {"schema": encoded["schema"] | {"properties": encoded["schema"]["properties"] | in_json}},
    }
    return {"required": True, "content": kinds}


def _form(endpoint: Endpoint) -> dict[str, Any]:
    properties = {item.name: {**item.schema, "description": item.description} for item in endpoint.form}
    schema = {
        "type": "object",
        "properties": properties,
        "required": [item.name for item in endpoint.form if item.required],
    }
    return {
        "description": "The same parameters are accepted in the query string of a request without a body.",
        "required": True,
        "content": {"application/x-www-form-urlencoded": {"schema": schema}},
    }


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    failures = {405, 413, 500, 503} | set(endpoint.failures)
    if not endpoint.public:
        failures |= {400, 401}
    if endpoint.form or endpoint.body is not None:
        failures |= {404, 408, 415} if endpoint.form else {408, 415}
    replies = {endpoint.status: endpoint.reply} | {status: _failure(endpoint, status) for status in failures}
    return {str(status): _response(endpoint, status, replies[status]) for status in sorted(replies)}


def _failure(endpoint: Endpoint, status: int) -> str:
    if endpoint.reply == "Health" and status == 503:
        return "Health"
    if endpoint.json:
        return "PdfFailure" if endpoint.upload and status == 422 else "Failure"
    return "UnauthorizedReply" if status == 401 else "FailureReply"


def _response(endpoint: Endpoint, status: int, schema: str) -> dict[str, Any]:
    media_type = JSON if endpoint.json else XML_TYPE
    if status == endpoint.status and endpoint.media_type is not None:
        media_type = endpoint.media_type
    described: dict[str, Any] = {
        "description": _WORDS[status],
        "content": {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }
    if status in {429, 503}:
        seconds = {"description": "Seconds to wait.", "schema": {"type": "string", "pattern": "^[0-9]+$"}}
        described["headers"] = {"Retry-After": seconds}
    if status == 405:
        methods = {"description": "The methods that are allowed.", "schema": {"type": "string"}}
        described["headers"] = {"Allow": methods}
    return described
