"""Requests for a summary: the owner, the period, and the categories, read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kontora.analytics.categories import LONGEST_CATEGORY, MOST_CATEGORIES, parse_categories
from kontora.analytics.periods import YEARS, Period, latest_end
from kontora.analytics.summary_parts import Question
from kontora.api.endpoints import DAY, OWNER_ID, Schema
from kontora.api.json_bodies import parsed
from kontora.errors import InvalidBody, InvalidParameter

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

SUMMARY_BODY: Schema = {
    "type": "object",
    "properties": {
        "ownerExternalId": OWNER_ID,
        "start": {**DAY, "description": "First day, of transactionOn."},
        "end": {**DAY, "description": f"Last day, included; at most {YEARS} years after the first."},
        "categories": {
            "type": "array",
            "maxItems": MOST_CATEGORIES,
            "items": {"type": "string", "maxLength": LONGEST_CATEGORY},
            "examples": [["allTransactions", "balance", "label:salary", "label:bailiff|debt collection"]],
            "description": "`allTransactions`, `balance`, `activeSinceAtLeast`, or `label:` and labels joined"
            " by `|` (or), `&` (and), `~` (and not).",
        },
    },
    "required": ["ownerExternalId", "start", "end", "categories"],
}


@dataclass(frozen=True, slots=True)
class SummaryRequest:
    """What is asked, and of whom."""

    owner_external_id: str
    question: Question


def parse_summary_request(body: bytes, *, with_months: bool) -> SummaryRequest:
    """Read a request.

    Raises: InvalidParameter, if the body is no JSON object; InvalidBody, with every part that is wrong.
    """
    document = _document(body)
    errors: list[tuple[str, str]] = []

    def read(work: Any, *given: Any) -> Any:
        try:
            return work(*given)
        except InvalidBody as error:
            errors.extend(error.errors)
            return None

    owner = read(_owner, document.get("ownerExternalId"))
    start, end = read(_day, document, "start"), read(_day, document, "end")
    if start is not None and end is not None:
        read(_check_period, start, end)
    categories = read(_categories, document.get("categories"))
    if errors:
        raise InvalidBody(*errors)
    return SummaryRequest(owner, Question(Period(start, end), categories, with_months))


def _document(body: bytes) -> Mapping[str, Any]:
    document = parsed(body)
    if not isinstance(document, dict):
        raise InvalidParameter("Send a JSON object with ownerExternalId, start, end and categories.")
    return document


def _owner(given: object) -> str:
    if not isinstance(given, str) or not given:
        raise InvalidBody(("ownerExternalId", "It is missing, or is not text."))
    return given


def _day(document: Mapping[str, Any], name: str) -> date:
    given = document.get(name)
    if not isinstance(given, str) or not _DAY.fullmatch(given):
        raise InvalidBody((name, "It must be a day such as 2026-01-31."))
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InvalidBody((name, "It is a day that does not exist.")) from None


def _check_period(start: date, end: date) -> None:
    if end < start:
        raise InvalidBody(("end", "It is before start."))
    if end > latest_end(start):
        raise InvalidBody(("end", f"It is more than {YEARS} years after start."))


def _categories(given: object) -> Any:
    if not isinstance(given, list):
        raise InvalidBody(("categories", 'It must be a list such as ["allTransactions", "label:salary"].'))
    return parse_categories(given)
