"""How the bank answers the logins `fail-<ExceptionName>`: one entry for each failure of an import."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where in the conversation the failure shows."""

    PASSWORD = "after the password"  # noqa: S105  # a place in the conversation, not a password
    CODE = "after the code"
    READ = "while reading"


@dataclass(frozen=True)
class Failure:
    """What the bank answers. `status` 0 closes the connection in the middle of the answer."""

    stage: Stage
    status: int
    code: str
    text: str
    is_html: bool = False
    retry_after_seconds: int | None = None


_BLOCKED, _SERVICE = "RESOURCE_BLOCKED", "SERVICE_BLOCKED"

FAILURES: dict[str, Failure] = {
    "InvalidCredentials": Failure(
        Stage.PASSWORD, 401, "PSU_CREDENTIALS_INVALID", "The login or the password is wrong."
    ),
    "TargetCredentialsMismatch": Failure(
        Stage.PASSWORD, 403, _SERVICE, "This login belongs to the bank for companies. Use that entrance."
    ),
    "InsufficientIdentificationLevel": Failure(
        Stage.PASSWORD, 403, _SERVICE, "Confirm your identity at a branch before you share your data."
    ),
    "AccessBlocked": Failure(Stage.PASSWORD, 403, _BLOCKED, "Your access is blocked. Call the bank."),
    "AccessTemporarilyBlocked": Failure(
        Stage.PASSWORD, 403, _BLOCKED, "Your access is temporarily blocked. Try again in 30 minutes."
    ),
    "ManualActionRequired": Failure(
        Stage.PASSWORD, 403, _SERVICE, "Accept the new terms in your online banking first."
    ),
    "UnsupportedLoginMethod": Failure(
        Stage.PASSWORD, 403, _SERVICE, "Your login method, the code card, does not work for third parties."
    ),
    "UnsupportedLanguage": Failure(
        Stage.PASSWORD,
        403,
        _SERVICE,
        "Your online banking is set to a language that third parties cannot use.",
    ),
    "SignInCancelled": Failure(Stage.CODE, 400, "SCA_INVALID", "You cancelled the confirmation."),
    "SignInExpired": Failure(
        Stage.CODE, 400, "RESOURCE_EXPIRED", "The time for the confirmation has passed."
    ),
    "IO": Failure(Stage.READ, 0, "", "The connection is closed in the middle of the answer."),
    "ServiceMaintenance": Failure(
        Stage.READ, 503, "", "Scheduled maintenance until 06:00.", is_html=True, retry_after_seconds=600
    ),
    "ServiceTemporarilyUnavailable": Failure(
        Stage.READ, 503, "INTERNAL_SERVER_ERROR", "Try again later.", retry_after_seconds=60
    ),
    "SessionExpired": Failure(Stage.READ, 401, "CONSENT_EXPIRED", "The consent has expired."),
    "BankChanged": Failure(
        Stage.READ, 200, "", "The answer has a shape that no version of the standard has."
    ),
    "MultipleAccessLimitExceeded": Failure(
        Stage.READ, 429, "ACCESS_EXCEEDED", "The four reads of today are used up."
    ),
    "BankCertificateRefused": Failure(
        Stage.READ, 401, "CERTIFICATE_INVALID", "The certificate of the third party is not accepted."
    ),
}


def spoken(name: str, own: str = "") -> str:
    """Return the words of a failure as the bank sends them, with the name that a connector can read.

    `own`: other words than the usual ones.
    """
    return f"KontoBank: {name}. {own or FAILURES[name].text}"
