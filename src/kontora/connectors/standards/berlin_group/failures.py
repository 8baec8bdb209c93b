"""From a bank's failed answer to a named failure."""

from __future__ import annotations

from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.problems import Problem, unavailable
from kontora.errors import (
    AccessBlocked,
    AccessTemporarilyBlocked,
    BankCertificateRefused,
    BankChanged,
    InvalidCredentials,
    KontoraError,
    ManualActionRequired,
    MultipleAccessLimitExceeded,
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
    if (down := unavailable(problem)) is not None:
        return down
    if problem.status == 401:
        return InvalidCredentials if credentials else SessionExpired
    return BankChanged


def _is_ours(code: str | None) -> bool:
    return (
        code is not None
        and code.startswith(("CERTIFICATE_", "SIGNATURE_"))
        and code.replace("_", "").isalpha()
    )
