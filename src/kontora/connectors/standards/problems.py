"""What a failed answer says, whatever shape a bank gives it, and the failures that its status alone tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kontora.connectors.bank_line import BankReply
from kontora.connectors.strict_json import parse_json
from kontora.errors import BankChanged, KontoraError, ServiceMaintenance, ServiceTemporarilyUnavailable

_LONGEST_TEXT = 4096


@dataclass(frozen=True, slots=True)
class Problem:
    """What a failed answer says. `code`: the standard's message code; `text`: the bank's own words.

    `is_page`: the body is HTML. `retry_after`: whether the bank announces when to come back.
    """

    status: int
    code: str | None = None
    text: str = ""
    is_page: bool = False
    retry_after: bool = False


def problem_of(reply: BankReply) -> Problem:
    """Read what a failed answer says: `tppMessages`, a bare array of them, problem+json, HTML, or nothing.

    Source: Berlin Group XS2A 1.3.11, section 4.13; `spec/psd2.md` 1.6.
    """
    retry_after = "Retry-After" in reply.headers
    body = reply.body.strip()
    if body[:1] not in (b"{", b"["):
        text = body[:_LONGEST_TEXT].decode("utf-8", "replace")
        return Problem(reply.status, None, text, body[:1] == b"<", retry_after)
    try:
        value = parse_json(body)
    except BankChanged:
        return Problem(reply.status, retry_after=retry_after)
    code, text = _message(value)
    return Problem(reply.status, code, text, False, retry_after)


def _message(value: Any) -> tuple[str | None, str]:
    messages = value.get("tppMessages") if isinstance(value, dict) else value
    entries = [item for item in messages if isinstance(item, dict)] if isinstance(messages, list) else []
    entries.sort(key=lambda item: item.get("category") != "ERROR")
    if not entries and isinstance(value, dict):
        more = value.get("additionalErrors")
        entries = (
            [value, *(item for item in more if isinstance(item, dict))] if isinstance(more, list) else [value]
        )
    code = next((item["code"] for item in entries if isinstance(item.get("code"), str)), None)
    texts = (
        item.get(name)
        for item in entries
        for name in ("text", "title", "detail", "error_description", "message")
    )
    return code, " ".join(text for text in texts if isinstance(text, str))[:_LONGEST_TEXT]


def unavailable(problem: Problem) -> type[KontoraError] | None:
    """Return the failure of a bank that is down, busy or under maintenance; `None`, if it is neither."""
    if problem.status >= 500 or problem.status in {408, 429}:
        maintenance = "maintenance" in problem.text.lower()
        return ServiceMaintenance if maintenance else ServiceTemporarilyUnavailable
    return None
