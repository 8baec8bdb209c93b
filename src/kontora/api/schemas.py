"""The shapes of replies, for the description: XML elements with their attributes, and the JSON bodies."""

from __future__ import annotations

from typing import Any

from kontora.api.analytics_schemas import ANALYTICS_SCHEMAS
from kontora.api.label_schemas import LABEL_SCHEMAS
from kontora.api.statement_schemas import STATEMENT_SCHEMAS
from kontora.api.upload_schemas import UPLOAD_SCHEMAS

Schema = dict[str, Any]

MONEY: Schema = {"type": "string", "pattern": "^-?[0-9]+\\.[0-9]{2}$"}
DAY: Schema = {"type": "string", "format": "date"}
TEXT: Schema = {"type": "string"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
FLAG: Schema = {"type": "string", "enum": ["true", "false"]}


def _attribute(schema: Schema) -> Schema:
    return schema | {"xml": {"attribute": True}}


def _element(name: str, properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    return {"type": "object", "xml": {"name": name}, "properties": properties, "required": list(required)}


def _list(name: str) -> Schema:
    """Describe a list: an element that wraps one element per item."""
    return {
        "type": "array",
        "xml": {"wrapped": True},
        "items": {"$ref": f"#/components/schemas/{name}"},
    }


def _refer(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_ENVELOPE: Schema = {
    "status": _attribute(TEXT),
    "user": _attribute(TEXT),
    "ownerExternalId": _attribute(TEXT),
    "responseTimestamp": _attribute(MOMENT),
}


def _reply(properties: Schema, required: tuple[str, ...] = ()) -> Schema:
    return _element("reply", _ENVELOPE | properties, ("status", "responseTimestamp", *required))


_OWNER_FIELDS = (
    "name address polishPesel polishNip polishRegon phone email citizenship nationality personalDocumentType "
    "personalDocumentNumber birthDate birthPlace"
)

_REDIRECTION_PARAMS = (
    "sessionId",
    "sessionIdSignature",
    "multipleAccessId",
    "target",
    "officialName",
    "exception",
)

_OF_ROOMS = STATEMENT_SCHEMAS | ANALYTICS_SCHEMAS | UPLOAD_SCHEMAS | LABEL_SCHEMAS

SCHEMAS: Schema = {
    "Reply": _reply({}),
    "SessionReply": _reply({"session": _refer("Session"), "multipleAccessId": TEXT}, ("session",)),
    "CommandReply": _reply({"command": _refer("Command")}, ("command",)),
    "DataReply": _reply({"owner": _refer("DataOwner")}, ("owner",)),
    "CatalogReply": _reply({"targets": _list("CatalogTarget")}, ("targets",)),
    "OwnerScoresReply": _reply(
        {"models": {"type": "object", "properties": {"model": _refer("OwnerScores")}, "required": ["model"]}},
        ("models",),
    ),
    "StatementReply": _reply({"statement": _refer("Statement")}, ("statement",)),
    "ParserCatalogReply": _reply({"target": {"type": "array", "items": _refer("ParserCatalogTarget")}}),
    "FailureReply": _reply({"exception": _refer("Exception")}, ("exception",)),
    "UnauthorizedReply": _reply({"comment": TEXT}, ("comment",)),
    "Exception": _element(
        "exception", {"name": _attribute(TEXT), "message": TEXT, "friendlyMessage": TEXT}, ("name", "message")
    ),
    "Session": _element(
        "session",
        {"id": _attribute(TEXT), "signature": _attribute(TEXT), "multipleAccessId": _attribute(TEXT)},
        ("id", "signature"),
    ),
    "Command": _element(
        "command",
        {
            "id": _attribute(TEXT),
            "state": _attribute(
                {"type": "string", "enum": ["setup", "in_progress", "successful", "error", "fatal"]}
            ),
            "name": _attribute(TEXT),
            "target": _attribute(TEXT),
            "institution": _attribute(TEXT),
            "progress": _element("progress", {"value": {"type": "number"}}, ("value",)),
            "exception": _refer("Exception"),
            "result": _refer("Result"),
        },
        ("id", "state", "name", "progress"),
    ),
    "Result": _element(
        "result",
        {
            "owners": _list("Owner"),
            "accounts": _list("Account"),
            "creditCards": _list("CreditCard"),
            "moneyTransactions": _list("MoneyTransaction"),
            "credentialsMetadata": _list("CredentialMetadata"),
        },
    ),
    "Owner": _element(
        "owner",
        dict.fromkeys(_OWNER_FIELDS.split(), TEXT)
        | {"kind": {"type": "string", "enum": ["OWNER", "CO_OWNER", "COMPANY"]}},
        ("name",),
    ),
    "Account": _element(
        "account",
        {
            "partialDueToTimeout": _attribute(FLAG),
            "name": TEXT,
            "friendlyName": TEXT,
            "iban": TEXT,
            "currencyBalance": MONEY,
            "currencyFundsAvailable": MONEY,
            "currencyName": TEXT,
            "activeSinceAtLeast": DAY,
            "directDebit": _element("directDebit", {"available": _attribute(FLAG)}),
            "moneyTransactions": _list("MoneyTransaction"),
            "owners": _list("Owner"),
        },
        ("name", "iban", "currencyName"),
    ),
    "CreditCard": _element(
        "creditCard",
        {
            "partialDueToTimeout": _attribute(FLAG),
            "name": TEXT,
            "cardId": TEXT,
            "iban": TEXT,
            "number": TEXT,
            "currencyBalance": MONEY,
            "currencyFundsAvailable": MONEY,
            "currencyName": TEXT,
            "owners": _list("Owner"),
            "limit": MONEY,
            "interest": MONEY,
            "dueDate": DAY,
            "moneyTransactions": _list("MoneyTransaction"),
        },
        ("name", "cardId", "currencyName"),
    ),
    "MoneyTransaction": _element(
        "moneyTransaction",
        {
            "transactionOn": DAY,
            "bookedOn": DAY,
            "currencyAmount": MONEY,
            "currencyBalance": MONEY,
            "title": TEXT,
            "party": TEXT,
            "partyIban": TEXT,
            "kind": TEXT,
            "status": {"type": "string", "enum": ["DONE", "PENDING", "PLANNED", "REJECTED"]},
            "variableSymbol": TEXT,
            "constantSymbol": TEXT,
            "specificSymbol": TEXT,
            "labels": {"type": "array", "xml": {"wrapped": True}, "items": TEXT | {"xml": {"name": "label"}}},
            "vendors": {
                "type": "array",
                "xml": {"wrapped": True},
                "items": _element("vendor", {"label": _attribute(TEXT)}, ("label",)),
            },
        },
        ("transactionOn", "currencyAmount", "status"),
    ),
    "CredentialMetadata": _element(
        "credentialMetadata",
        {
            "kind": _attribute(TEXT),
            "name": TEXT,
            "description": TEXT,
            "supported": FLAG,
            "asterisked": FLAG,
            "mask": TEXT,
            "choice": {"type": "array", "xml": {"wrapped": True}, "items": _refer("Option")},
            "url": TEXT,
            "image": TEXT,
        },
        ("kind", "name", "supported", "asterisked"),
    ),
    "Option": {
        "type": "string",
        "xml": {"name": "option"},
        "description": "Attribute `value`: what to send.",
    },
    "DataOwner": _element(
        "owner",
        {
            "externalId": _attribute(TEXT),
            "createdAt": _attribute(MOMENT),
            "updatedAt": _attribute(MOMENT),
            "origin": _attribute({"type": "string", "enum": ["scraper", "pdf", "upload"]}),
            "lastChange": _attribute(MOMENT),
            "target": {"type": "array", "items": _refer("DataTarget")},
        },
        ("externalId", "createdAt", "updatedAt", "origin", "lastChange"),
    ),
    "DataTarget": _element(
        "target",
        {
            "name": _attribute(TEXT),
            "officialName": _attribute(TEXT),
            "institution": _attribute(TEXT),
            "origin": _attribute(TEXT),
            "owners": _list("Owner"),
            "accounts": _list("Account"),
            "creditCards": _list("CreditCard"),
            "deposits": _element("deposits", {}),
        },
        ("name", "owners", "accounts", "creditCards", "deposits"),
    ),
    "Statement": _element(
        "statement",
        {"id": _attribute(TEXT), "isConsistent": _attribute(FLAG), "target": _refer("StatementTarget")},
        ("id", "isConsistent", "target"),
    ),
    "StatementTarget": _element(
        "target",
        {
            "name": _attribute(TEXT),
            "officialName": _attribute(TEXT),
            "institution": _attribute(TEXT),
            "owners": _list("Owner"),
            "accounts": _list("Account"),
            "creditCards": _list("CreditCard"),
        },
        ("name", "owners", "accounts", "creditCards"),
    ),
    "ParserCatalogTarget": _element(
        "target", {"name": _attribute(TEXT), "officialName": _attribute(TEXT)}, ("name", "officialName")
    ),
    "CatalogTarget": _element(
        "target",
        {
            "country": _attribute(TEXT),
            "name": _attribute(TEXT),
            "institution": _attribute(TEXT),
            "officialName": _attribute(TEXT),
            "officialUrl": _attribute(TEXT),
            "loginName": _attribute(TEXT),
            "beta": _attribute(FLAG),
            "psd2": _attribute(FLAG),
            "favicon": _attribute(TEXT),
            "supportedAccountTypes": _list("SupportedAccountType"),
            "commands": _list("CatalogCommand"),
            "credentialsMetadata": _list("CredentialMetadata"),
        },
        ("country", "name", "institution", "officialName"),
    ),
    "SupportedAccountType": _element(
        "supportedAccountType",
        {"name": _attribute({"type": "string", "enum": ["Individual", "SoleTrader", "Corporate"]})},
        ("name",),
    ),
    "CatalogCommand": _element("command", {"name": _attribute(TEXT)}, ("name",)),
    "Health": {
        "type": "object",
        "properties": {"status": {"type": "string", "enum": ["UP", "DOWN"]}},
        "required": ["status"],
        "additionalProperties": False,
    },
    "PracticeClock": {
        "type": "object",
        "properties": {"offset_seconds": {"type": "number"}},
        "required": ["offset_seconds"],
    },
    "Redirection": {
        "type": "object",
        "properties": {
            "redirectionId": {"type": "string", "format": "uuid"},
            "redirectionLink": {"type": "string", "format": "uri"},
        },
        "required": ["redirectionId", "redirectionLink"],
        "additionalProperties": False,
    },
    "RedirectionStatus": {
        "type": "object",
        "properties": {
            "status": {"type": "string", "enum": ["created", "pending", "success", "error", "expired"]},
            "params": {
                "type": "object",
                "properties": {name: {"type": ["string", "null"]} for name in _REDIRECTION_PARAMS},
                "required": list(_REDIRECTION_PARAMS),
                "additionalProperties": False,
            },
        },
        "required": ["status", "params"],
        "additionalProperties": False,
    },
    "OpenApi": {"type": "object", "required": ["openapi", "info", "paths"]},
    "Failure": {
        "type": "object",
        "properties": {
            "exception": {
                "type": "object",
                "properties": {"name": TEXT, "message": TEXT, "friendlyMessage": TEXT},
                "required": ["name", "message"],
            },
            "errors": {
                "type": "array",
                "description": "What is wrong in a JSON body, by path.",
                "items": {
                    "type": "object",
                    "properties": {"path": TEXT, "message": TEXT},
                    "required": ["path", "message"],
                },
            },
        },
        "required": ["exception"],
    },
} | _OF_ROOMS
