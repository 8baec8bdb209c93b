"""The consent: what is asked for, and whether it is valid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from kontora.connectors.standards.berlin_group.access import State
from kontora.connectors.standards.berlin_group.calls import Calls
from kontora.connectors.standards.berlin_group.dialect import Dialect
from kontora.connectors.standards.json_fields import a_date, a_text
from kontora.errors import BankChanged, KontoraError, ManualActionRequired, SignInCancelled, SignInExpired

_ANOTHER_PERSON = (
    "Another person must confirm the access at your bank as well. Ask them to, then sign in again."
)


def consent_body(dialect: Dialect, today: date, *, offered: bool, recurring: bool) -> dict[str, Any]:
    """Return the body that asks for a consent to everything.

    `offered`: the owner chooses accounts at the bank; else the consent is global. One that is used once
    is valid until tomorrow, for the bank's day may have begun already.
    Source: Berlin Group XS2A 1.3.11, 6.3; `spec/psd2.md` 1.2.
    """
    access: dict[str, Any] = {"allPsd2": "allAccountsWithOwnerName"}
    if offered:
        access = {
            "accounts": [],
            "balances": [],
            "transactions": [],
            "additionalInformation": {"ownerName": []},
        }
    return {
        "access": access,
        "recurringIndicator": recurring,
        "validUntil": (today + timedelta(days=dialect.consent_days if recurring else 1)).isoformat(),
        "frequencyPerDay": 4 if recurring else 1,
        "combinedServiceIndicator": False,
    }


def consent_path(consent_id: str | None) -> str:
    """Return the path of a consent."""
    return f"/v1/consents/{quote(consent_id or '', safe='')}"


@dataclass(frozen=True, slots=True)
class Validity:
    """What the bank says of a valid consent; `None` where it says nothing."""

    until: date | None = None
    recurring: bool | None = None


async def valid_consent(calls: Calls, state: State, headers: Mapping[str, str]) -> Validity:
    """Make sure that the consent is valid; return what the bank tells of it.

    A reusable consent is read whole, for the bank may have shortened it, or given it for once.
    Raises: SignInCancelled, SignInExpired, ManualActionRequired, if it is not valid.
    """
    path = consent_path(state.consent_id)
    operation, url = "getConsentStatus", calls.url(path + "/status")
    if state.recurring:
        operation, url = "getConsentInformation", calls.url(path)
    status, validity = None, Validity()
    for attempt in range(max(calls.dialect.status_polls, 1)):
        if attempt:
            await calls.surroundings.sleep(1.0)
        body, _ = await calls.read(operation, "GET", url, headers)
        with calls.understanding(operation):
            status = a_text(body.get("consentStatus"), "consentStatus")
            recurring = body.get("recurringIndicator")
            validity = Validity(
                a_date(body.get("validUntil"), "validUntil"),
                recurring if isinstance(recurring, bool) else None,
            )
        if status != "received":
            break
    if status == "valid":
        return validity
    raise _not_valid(status, f"{calls.surroundings.line.target}, {operation}")


def _not_valid(status: str | None, where: str) -> KontoraError:
    if status == "partiallyAuthorised":
        return ManualActionRequired(
            f"{where}: another person must authorise.", friendly_message=_ANOTHER_PERSON
        )
    if status == "expired":
        return SignInExpired(f"{where}: the consent expired.")
    if status in {"received", "rejected", "revokedByPsu", "terminatedByTpp"}:
        return SignInCancelled(f"{where}: {SignInCancelled.default_message}")
    return BankChanged(f"{where}: consentStatus is not one of the standard's.")
