"""The shapes of corrections of labels, and of data to be labelled, for the description."""

from __future__ import annotations

from typing import Any

from kontora.api.upload_schemas import shapes_of
from kontora.wire.external_data import ExternalData

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_LABELS: Schema = {"type": "array", "items": _TEXT}
_NAMES: Schema = {"type": "array", "items": _TEXT | {"maxLength": 100}, "maxItems": 20}
_WORDS: Schema = _TEXT_OR_NULL | {"minLength": 1, "maxLength": 500}
_DIRECTION: Schema = {"type": "string", "enum": ["incoming", "outgoing"]}
_SAID: Schema = {
    "party": _WORDS | {"description": "The other side: a name or an account number."},
    "title": _WORDS | {"description": "Words that stand in the title."},
    "direction": _DIRECTION,
    "add": _NAMES,
    "remove": _NAMES,
}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _either(*names: str) -> Schema:
    return {"anyOf": [{"required": [name]} for name in names]}


_VENDORS: Schema = {"type": "array", "items": _object({"label": _TEXT, "name": _TEXT})}
_LABELLED = _object({"id": _TEXT, "labels": _LABELS, "vendors": _VENDORS}, ("vendors",))
_CORRECTION_ID: Schema = {"type": "string", "pattern": "^[0-9]{1,19}$"}

LABEL_SCHEMAS: Schema = shapes_of(ExternalData) | {
    "ExternalLabels": _object(
        {"content": _object({"moneyTransactions": {"type": "array", "items": _LABELLED}})}
    ),
    "LabelCorrection": {
        "type": "object",
        "description": "`party`, `title` or both; `add`, `remove` or both, by Kontora's names or your own.",
        "properties": _SAID,
        "required": ["direction"],
        "allOf": [_either("party", "title"), _either("add", "remove")],
    },
    "LabelCorrectionAdded": _object({"correctionId": _CORRECTION_ID}),
    "LabelCorrections": _object(
        {
            "corrections": {
                "type": "array",
                "items": _object(
                    {"correctionId": _CORRECTION_ID}
                    | _SAID
                    | {"madeAt": {"type": "string", "format": "date-time"}}
                ),
            }
        }
    ),
    "LabelCorrectionRemoved": {"type": "object", "properties": {}},
}
