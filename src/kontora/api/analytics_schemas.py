"""The shapes of replies about owners' labelled data, for the description."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_DAY: Schema = {"type": "string", "format": "date"}
_DAY_OR_NULL: Schema = {"type": ["string", "null"], "format": "date"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_MONEY: Schema = {"type": "number"}
_MONEY_OR_NULL: Schema = {"type": ["number", "null"]}
_COUNT: Schema = {"type": "integer", "minimum": 0}


def _object(properties: Schema, optional: tuple[str, ...] = ()) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
    }


def _refer(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _many(name: str) -> Schema:
    return {"type": "array", "items": _refer(name)}


def _content(properties: Schema) -> Schema:
    """Describe a reply about an owner, under `content`."""
    return _object(
        {"content": _object({"ownerExternalId": _TEXT, "responseTimestamp": _MOMENT} | properties)}
    )


def _attributes(**schemas: Schema) -> Schema:
    return {name: schema | {"xml": {"attribute": True}} for name, schema in schemas.items()}


_ONLY_IF_ASKED = ("activeSinceAtLeast", "balance", "months")
_SUMMED: Schema = {
    "currencyName": _TEXT,
    "firstActiveOn": _DAY_OR_NULL,
    "activeDays": _COUNT,
    "categories": _many("CategoryFlows"),
    "activeSinceAtLeast": _DAY_OR_NULL,
    "balance": _object(
        {
            "current": _MONEY_OR_NULL,
            "averageOverPeriod": _MONEY_OR_NULL,
            "averagePerTransaction": _MONEY_OR_NULL,
        }
    ),
    "months": _many("MonthSummary"),
}
_PERIOD: Schema = {"start": _DAY, "end": _DAY}
_OWNERS: Schema = {"owners": _many("OwnerName")}
_VALUE: Schema = {"type": "object", "properties": {"value": {"type": "number"}}, "required": ["value"]}

ANALYTICS_SCHEMAS: Schema = {
    "OwnerName": _object(
        {"name": _TEXT, "kind": {"type": "string", "enum": ["OWNER", "CO_OWNER", "COMPANY"]}}
    ),
    "Sums": _object({"count": _COUNT, "total": _MONEY, "average": _MONEY_OR_NULL}),
    "CategoryFlows": _object(
        {"category": _TEXT, "all": _refer("Sums"), "incoming": _refer("Sums"), "outgoing": _refer("Sums")}
    ),
    "MonthSummary": _object(
        {
            "month": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
            **_PERIOD,
            "activeDays": _COUNT,
            "categories": _many("CategoryFlows"),
            "balance": _object(
                {
                    "atEnd": _MONEY_OR_NULL,
                    "averageOverPeriod": _MONEY_OR_NULL,
                    "averagePerTransaction": _MONEY_OR_NULL,
                }
            ),
        },
        ("balance",),
    ),
    "AccountsSummary": _content({**_PERIOD, **_OWNERS, "accounts": _many("AccountSummary")}),
    "AccountSummary": _object(
        {
            "kind": {"type": "string", "enum": ["ACCOUNT", "CREDIT_CARD"]},
            "target": _TEXT,
            "institution": _TEXT,
            "origin": _TEXT,
            "name": _TEXT,
            "iban": _TEXT_OR_NULL,
            "cardId": _TEXT_OR_NULL,
            **_SUMMED,
        },
        _ONLY_IF_ASKED,
    ),
    "OwnerSummary": _content({**_PERIOD, **_OWNERS, "currencies": _many("CurrencySummary")}),
    "CurrencySummary": _object({"accountsCount": _COUNT, **_SUMMED}, _ONLY_IF_ASKED),
    "SummaryCatalog": _object(
        {
            "content": _object(
                {
                    "specials": {"type": "array", "items": _TEXT},
                    "operators": {"type": "array", "items": _object({"operator": _TEXT, "meaning": _TEXT})},
                    "labels": _many("CatalogLabel"),
                }
            )
        }
    ),
    "CatalogLabel": _object(
        {
            "category": _TEXT,
            "label": _TEXT,
            "group": _TEXT,
            "parent": _TEXT_OR_NULL,
            "alias": {"type": "boolean"},
            "countries": {"type": "array", "items": _TEXT},
            "standsFor": {"type": "array", "items": _TEXT},
        }
    ),
    "IncomeConfirmation": _content({"dataChangedAt": _MOMENT, **_OWNERS, "incomes": _many("Income")}),
    "Income": _object({"currencyName": _TEXT, "iban": _TEXT_OR_NULL, "periods": _many("IncomePeriod")}),
    "IncomePeriod": _object(
        {
            "period": {"type": "string", "enum": ["M-0", "M-1", "M-2", "LAST_90_DAYS"]},
            **_PERIOD,
            "salary": _MONEY,
            "pension": _MONEY,
            "welfareAndAlimony": _MONEY,
            "invoicePayments": _MONEY,
            "otherIncome": _MONEY,
            "total": _MONEY,
        }
    ),
    "OwnerFeatures": _content(
        {"featureSet": _TEXT, "currencyName": _TEXT_OR_NULL, "features": _many("OwnerFeature")}
    ),
    "OwnerFeature": _object(
        {
            "name": _TEXT,
            "value": _MONEY_OR_NULL,
            "unit": {"type": "string", "enum": ["money", "count", "days", "share", "ratio"]},
        }
    ),
    "Profile": _content({**_PERIOD, "segments": _many("Segment")}),
    "Segment": _object(
        {
            "name": _TEXT,
            "strength": {"type": "number", "minimum": 0.5, "maximum": 1},
            "evidence": {
                "type": "array",
                "items": _object({"label": _TEXT, "count": _COUNT, "total": _MONEY}),
            },
        }
    ),
    "ReplyKeys": _object(
        {
            "keys": {
                "type": "array",
                "items": _object(dict.fromkeys(("kty", "n", "e", "kid", "alg", "use"), _TEXT)),
            }
        }
    ),
    "Markdown": _TEXT,
    "OwnerScores": {
        "type": "object",
        "xml": {"name": "model"},
        "properties": {
            **_attributes(
                id=_TEXT,
                retrainedAt=_MOMENT,
                featuresVersion=_TEXT,
                inputsSha256=_TEXT,
                scoredOn=_DAY,
                card=_TEXT,
            ),
            "scores": {
                "type": "object",
                "properties": {
                    "score": _VALUE,
                    "scorePercentile": _VALUE,
                    "scoreTier": {"type": "object", "properties": {"value": _TEXT}, "required": ["value"]},
                },
                "required": ["score", "scorePercentile", "scoreTier"],
            },
            "explanations": {
                "type": "object",
                "properties": {
                    **_attributes(base={"type": "number"}),
                    "explanation": {"type": "array", "items": _refer("Explanation")},
                },
                "required": ["base"],
            },
            "counterfactuals": {
                "type": "object",
                "properties": {"counterfactual": {"type": "array", "items": _refer("Counterfactual")}},
            },
        },
        "required": ["id", "retrainedAt", "scores", "explanations", "counterfactuals"],
    },
    "Explanation": {
        "type": "object",
        "xml": {"name": "explanation"},
        "properties": _attributes(
            label=_TEXT, feature=_TEXT, value=_TEXT, contribution={"type": "number"}, words=_TEXT
        ),
        "required": ["label", "feature", "value", "contribution", "words"],
    },
    "Counterfactual": {
        "type": "object",
        "xml": {"name": "counterfactual"},
        "properties": _attributes(name=_TEXT, score={"type": "number"}, gain={"type": "number"}, words=_TEXT),
        "required": ["name", "score", "gain", "words"],
    },
}
