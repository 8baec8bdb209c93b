"""From a bank's failed answer to a named failure."""

from __future__ import annotations

from typing import Any

from kontora.connectors.bank_line import BankReply
from kontora.connectors.standards.berlin_group.dialect import Dialect, Problem
from kontora.connectors.strict_json import parse_json
from kontora.errors import (
    AccessBlocked,
    AccessTemporarilyBlocked,
    BankCertificateRefused,
    BankChanged,
    InvalidCredentials,
    KontoraError,
    ManualActionRequired,
    MultipleAccessLimitExceeded,
    ServiceMaintenance,
    ServiceTemporarilyUnavailable,
    SessionExpired,
    TargetCredentialsMismatch,
)

TOKEN_PROBLEMS = frozenset({"TOKEN_UNKNOWN", "TOKEN_INVALID", "TOKEN_EXPIRED"})
SWITCHED_OFF = (
    "Your bank does not let other services read these accounts yet. Allow it in your online banking "
    "(look for third-party services, open banking or PSD2), or ask your bank to, then sign in again."
)

_BY_CODE: dict[str, type[KontoraError]] = {
    "PSU_CREDENTIALS_INVALID": InvalidCredentials,
    "SCA_INVALID": InvalidCredentials,
    "CORPORATE_ID_INVALID": TargetCredentialsMismatch,
    "CONSENT_INVALID": SessionExpired,
    "CONSENT_EXPIRED": SessionExpired,
    "CONSENT_UNKNOWN": SessionExpired,
    "RESOURCE_EXPIRED": SessionExpired,
    "ACCESS_EXCEEDED": MultipleAccessLimitExceeded,
    "SERVICE_BLOCKED": ManualActionRequired,
    "RESOURCE_BLOCKED": AccessBlocked,
    "ROLE_INVALID": BankCertificateRefused,
    **dict.fromkeys(TOKEN_PROBLEMS, SessionExpired),
}
_LONGEST_TEXT = 4096


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


def failure_of(problem: Problem, dialect: Dialect, where: str, *, credentials: bool = False) -> KontoraError:
    """Name the failure. `credentials`: the call carried a password or code of the owner.

    The message holds the step, the status and the standard's code, never the bank's own words.
    """
    named = dialect.name_failure(problem)
    kind = type(named) if named is not None else _kind(problem, credentials)
    known = problem.code if problem.code in _BY_CODE or _is_ours(problem.code) else None
    said = f"{problem.status} {known}" if known else str(problem.status)
    friendly = named.friendly_message if named is not None else None
    if kind is ManualActionRequired and friendly is None:
        friendly = SWITCHED_OFF
    return kind(f"{where}: {kind.default_message} ({said})", friendly_message=friendly)


def _kind(problem: Problem, credentials: bool) -> type[KontoraError]:
    text = problem.text.lower()
    code = problem.code or ""
    if code in {"RESOURCE_BLOCKED", "SERVICE_BLOCKED"} and "temporar" in text:
        return AccessTemporarilyBlocked
    if code in _BY_CODE:
        return _BY_CODE[code]
    if _is_ours(code):
        return BankCertificateRefused
    if problem.status >= 500 or problem.status in {408, 429}:
        return ServiceMaintenance if "maintenance" in text else ServiceTemporarilyUnavailable
    if problem.status == 401:
        return InvalidCredentials if credentials else SessionExpired
    return BankChanged


def _is_ours(code: str | None) -> bool:
    return (
        code is not None
        and code.startswith(("CERTIFICATE_", "SIGNATURE_"))
        and code.replace("_", "").isalpha()
    )
