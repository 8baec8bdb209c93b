"""What the API answers: bodies, refusals in both published shapes, and answers that break off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

JSON = b"application/json"
PROBLEM = b"application/problem+json"
_encode = msgspec.json.Encoder().encode


@dataclass(slots=True)
class Answer:
    """One answer. `cut_after`: the connection closes after that many bytes of the body."""

    status: int
    body: bytes = b""
    content_type: bytes = JSON
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None


class Refusal(Exception):
    """The bank refuses. `code` is a message code of the standard, `path` the parameter it is about.

    Source: Berlin Group 1.3.11, 14.11 return codes.
    """

    def __init__(self, status: int, code: str, text: str, path: str | None = None) -> None:
        super().__init__(text)
        self.status, self.code, self.text, self.path = status, code, text, path
        self.headers: dict[str, str] = {}


class Broken(Exception):
    """The bank answers with something that no standard knows: a page, garbage, half an answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(str(answer.status))
        self.answer = answer


def json_answer(status: int, body: Mapping[str, Any], headers: dict[str, str] | None = None) -> Answer:
    """Return a JSON answer."""
    return Answer(status, _encode(body), JSON, headers or {})


def refusal_answer(refusal: Refusal, *, as_problem: bool) -> Answer:
    """Return a refusal as `tppMessages`, or as problem details (RFC 7807) where the party prefers them."""
    if as_problem:
        problem = {
            "type": f"https://kontobank.example/errors/{refusal.code.lower()}"[:70],
            "title": refusal.code,
            "detail": refusal.text[:500],
            "code": refusal.code,
        }
        return Answer(refusal.status, _encode(problem), PROBLEM, refusal.headers)
    message = {"category": "ERROR", "code": refusal.code, "text": refusal.text[:500]}
    if refusal.path is not None:
        message["path"] = refusal.path
    return Answer(refusal.status, _encode({"tppMessages": [message]}), JSON, refusal.headers)
