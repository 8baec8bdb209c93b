"""The shapes of an owner upload, for the description: made from what the body is checked against."""

from __future__ import annotations

from typing import Any

import msgspec

from kontora.wire.uploaded_parts import UploadedData

Schema = dict[str, Any]
_DECIMAL: Schema = {"type": "string", "format": "decimal"}
_MONEY: Schema = {"type": ["number", "string"], "description": "Two decimals at most; also as text."}


def shapes_of(kind: type[msgspec.Struct]) -> Schema:
    """Return the schemas of a body that is checked against a description, and of its parts, by name."""
    _, found = msgspec.json.schema_components((kind,), ref_template="#/components/schemas/{name}")
    return {name: _with_money(schema) for name, schema in found.items()}


def _with_money(schema: Any) -> Any:
    if schema == _DECIMAL:
        return _MONEY
    if isinstance(schema, dict):
        return {name: _with_money(value) for name, value in schema.items() if not _is_name(name, value)}
    return [_with_money(one) for one in schema] if isinstance(schema, list) else schema


def _is_name(key: str, value: Any) -> bool:
    """Tell whether it is the class's name, and not a field that is called so."""
    return key == "title" and isinstance(value, str)


UPLOAD_SCHEMAS: Schema = shapes_of(UploadedData) | {
    "OwnerUploaded": {
        "type": "object",
        "properties": {
            "requestId": {"type": "string", "pattern": "^[0-9]{19}$"},
            "warnings": {
                "type": "array",
                "description": "What was kept but does not hold, or was not kept, by path.",
                "items": {
                    "type": "object",
                    "properties": {"path": {"type": "string"}, "message": {"type": "string"}},
                    "required": ["path", "message"],
                },
            },
        },
        "required": ["requestId"],
        "additionalProperties": False,
    }
}
