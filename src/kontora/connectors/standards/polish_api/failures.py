"""From a bank's failed answer to a named failure: by its status, for the code is the bank's own free text."""

from __future__ import annotations

from kontora.connectors.standards.polish_api.dialect import Dialect
from kontora.connectors.standards.problems import Problem, unavailable
from kontora.errors import (
    BankCertificateRefused,
    BankChanged,
    KontoraError,
    ManualActionRequired,
    MultipleAccessLimitExceeded,
    SessionExpired,
)

SWITCHED_OFF = (
    "Your bank wants you to act in your online banking first (look for third-party services, open banking "
    "or PSD2). Do so, or ask your bank, then sign in again."
)
_BY_STATUS: dict[int, type[KontoraError]] = {
    401: SessionExpired,
    403: SessionExpired,
    429: MultipleAccessLimitExceeded,
    501: BankChanged,
}
_BY_OAUTH_CODE: dict[str, type[KontoraError]] = {
    "invalid_grant": SessionExpired,
    "invalid_client": BankCertificateRefused,
    "unauthorized_client": BankCertificateRefused,
}


def failure_of(problem: Problem, dialect: Dialect, where: str) -> KontoraError:
    """Name the failure. The message holds the step and the status, never the bank's own words.

    Source: PolishAPI 2.1.2, class `Error`; RFC 6749 5.2 for the codes of token calls.
    """
    named = dialect.name_failure(problem)
    kind = type(named) if named is not None else _kind(problem)
    friendly = named.friendly_message if named is not None else None
    if kind is ManualActionRequired and friendly is None:
        friendly = SWITCHED_OFF
    return kind(f"{where}: {kind.default_message} ({problem.status})", friendly_message=friendly)


def _kind(problem: Problem) -> type[KontoraError]:
    by_code = _BY_OAUTH_CODE.get(problem.code or "")
    if by_code is not None and problem.status < 500:
        return by_code
    return _BY_STATUS.get(problem.status) or unavailable(problem) or BankChanged
