"""What the web bank shows where an owner cannot go on: a page with a code, words, and perhaps an address."""

from __future__ import annotations

from dataclasses import dataclass

from kontobank.failures import FAILURES
from kontobank.scenarios import Login


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One such page. `action`: the path of the page on which the owner can do what is wanted."""

    code: str
    words: str
    status: int = 200
    action: str = ""


_CODES = {
    "TargetCredentialsMismatch": "other-entrance",
    "InsufficientIdentificationLevel": "identity",
    "AccessBlocked": "blocked",
    "AccessTemporarilyBlocked": "blocked-for-now",
    "ManualActionRequired": "terms",
    "UnsupportedLoginMethod": "login-method",
    "SignInCancelled": "cancelled",
    "SignInExpired": "expired",
    "MultipleAccessLimitExceeded": "limit",
    "BankCertificateRefused": "certificate",
    "ServiceTemporarilyUnavailable": "unavailable",
    "ServiceMaintenance": "maintenance",
}
_STATUSES = {"maintenance": 503, "unavailable": 503, "limit": 429, "certificate": 403}

COMPANY_OFF = Obstacle(
    "switched-off", "Access for programs is switched off for this company.", action="settings/third-parties"
)
ROBOTS = Obstacle("robots", "We have noticed unusual traffic from your address.", 403)
UNAVAILABLE = Obstacle("unavailable", FAILURES["ServiceTemporarilyUnavailable"].text, 503)
MAINTENANCE = Obstacle("maintenance", FAILURES["ServiceMaintenance"].text, 503)
EXPIRED = Obstacle("expired", FAILURES["SignInExpired"].text)
CANCELLED = Obstacle("cancelled", FAILURES["SignInCancelled"].text)
LIMIT = Obstacle("limit", FAILURES["MultipleAccessLimitExceeded"].text, 429)
TOO_MANY_TRIES = Obstacle("blocked-for-now", "Three wrong entries. Try again in 30 minutes.")


def obstacle_of(login: Login) -> Obstacle:
    """Return the page of the failure that a login is made for."""
    scenario = login.scenario
    if scenario.has("ask-change"):
        return Obstacle("change-password", "Your password has expired.", action="password/change")
    code = _CODES[scenario.failure]
    action = "terms" if code == "terms" else ""
    return Obstacle(code, FAILURES[scenario.failure].text, _STATUSES.get(code, 200), action)
