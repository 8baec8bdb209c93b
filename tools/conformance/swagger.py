"""PolishAPI's file, a Swagger 2.0, as the OpenAPI 3.0 that validators read.

Only what the account information and authorisation services use is taken over. Two things are left as they
are in the file and said here: the headers `Authorization`, `Accept` and `Content-Type` are not checked by
OpenAPI 3, and `date-time` wants an offset although the file's own words show none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Node = Any
_ROOMS = ("/auth/", "/accounts/")


class NoSpecification(Exception):
    """The file is not there, or is another one; the message says what to do."""


def read_specification(path: Path) -> dict[str, Any]:
    """Read the file and return it as OpenAPI 3.0.

    Raises: NoSpecification.
    """
    try:
        swagger = json.loads(path.read_text(encoding="utf-8"))
        version = swagger["info"]["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NoSpecification(
            f"PolishAPI's file is not at {path}. Name it with --spec, or in POLISH_API_SPEC."
        ) from error
    if version != "2_1_2":
        raise NoSpecification(f"{path} is PolishAPI {version}, not 2_1_2.")
    return {
        "openapi": "3.0.3",
        "info": swagger["info"],
        "servers": [{"url": "/polish"}],
        "paths": {
            name: {"post": _operation(item["post"], swagger)}
            for name, item in swagger["paths"].items()
            if any(room in name for room in _ROOMS)
        },
        "components": {"schemas": {name: _schema(node) for name, node in swagger["definitions"].items()}},
    }


def _operation(operation: Node, swagger: Node) -> Node:
    parameters = [_resolved(one, swagger) for one in operation["parameters"]]
    (body,) = (one for one in parameters if one["in"] == "body")
    return {
        "operationId": operation["operationId"],
        "parameters": [_header(one) for one in parameters if one["in"] == "header"],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _schema(body["schema"])}},
        },
        "responses": {status: _response(response) for status, response in operation["responses"].items()},
    }


def _resolved(node: Node, swagger: Node) -> Node:
    return swagger["parameters"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node


def _header(parameter: Node) -> Node:
    schema = {name: parameter[name] for name in ("type", "enum") if name in parameter}
    return {"name": parameter["name"], "in": "header", "required": parameter["required"], "schema": schema}


def _response(response: Node) -> Node:
    found: dict[str, Any] = {"description": response["description"]}
    if "schema" in response:
        found["content"] = {"application/json": {"schema": _schema(response["schema"])}}
    return found


def _schema(node: Node) -> Node:
    """Return a schema with its references moved, and what OpenAPI 3 does not know left out."""
    if isinstance(node, list):
        return [_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        name: value.replace("#/definitions/", "#/components/schemas/") if name == "$ref" else _schema(value)
        for name, value in node.items()
        if name not in {"example", "xml", "x-ms-enum"} or not isinstance(value, dict)
    }
