"""The pair of consents: to list accounts, then to read those of the list; and what was really granted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from kontora.connectors.standards.json_fields import Json, a_date, a_list, a_text, an_object
from kontora.connectors.standards.polish_api.access import Granted
from kontora.connectors.standards.polish_api.calls import moment
from kontora.errors import BankChanged

LIST_SCOPE, READ_SCOPE = "ais-accounts", "ais"
LISTS = (
    "getHolds",
    "getTransactionsPending",
    "getTransactionsScheduled",
    "getTransactionsRejected",
    "getTransactionsCancelled",
    "getTransactionsDone",
)
LONGEST_HISTORY_DAYS = 1460


class GrantedScope(msgspec.Struct, frozen=True):
    """What a token allows. `accounts` is `None` where the bank does not tell them."""

    consent_id: str | None
    valid_until: date | None
    accounts: tuple[Granted, ...] | None


def list_consent(consent_id: str, until: datetime) -> dict[str, Any]:
    """Return what asks for the list of accounts, once."""
    privileges = [{"ais-accounts:getAccounts": {"scopeUsageLimit": "single"}}]
    return _scope_details(LIST_SCOPE, consent_id, until, privileges)


def read_consent(consent_id: str, until: datetime, numbers: Sequence[str], days: int) -> dict[str, Any]:
    """Return what asks for accounts and the lists of their money transactions, one entry an account.

    Several reads are asked for even where the access ends soon: one import takes many pages, and the
    commands of one session read again.
    """
    days = min(max(days, 1), LONGEST_HISTORY_DAYS)
    history = {"scopeUsageLimit": "multiple", "maxAllowedHistoryLong": days}
    privileges = [
        {
            "accountNumber": number,
            "ais:getAccount": {"scopeUsageLimit": "multiple"},
            **{f"ais:{operation}": history for operation in LISTS},
        }
        for number in numbers
    ]
    return _scope_details(READ_SCOPE, consent_id, until, privileges)


def _scope_details(
    group: str, consent_id: str, until: datetime, privileges: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "privilegeList": privileges,
        "scopeGroupType": group,
        "consentId": consent_id,
        "scopeTimeLimit": moment(until),
        "throttlingPolicy": "psd2Regulatory",
    }


def parse_granted(details: Json) -> GrantedScope:
    """Read what was really granted; several entries of one account are joined.

    Raises: BankChanged.
    Source: PolishAPI 2.1.2, `ScopeDetailsOutput`.
    """
    accounts: dict[str, Granted] = {}
    for index, value in enumerate(a_list(details.get("privilegeList"), "privilegeList")):
        at = f"privilegeList[{index}]"
        entry = an_object(value, at)
        number = a_text(entry.get("accountNumber"), f"{at}.accountNumber")
        if number is not None:
            known = accounts.get(number, Granted(number))
            accounts[number] = msgspec.structs.replace(
                known,
                operations=known.operations + _operations(entry),
                history_days=_history_days(entry, at) or known.history_days,
            )
    return GrantedScope(
        a_text(details.get("consentId"), "consentId"),
        a_date(details.get("scopeTimeLimit"), "scopeTimeLimit"),
        None if details.get("privilegeList") is None else tuple(accounts.values()),
    )


def _operations(entry: Json) -> tuple[str, ...]:
    return tuple(
        name.removeprefix("ais:")
        for name, told in entry.items()
        if name.startswith("ais:") and told is not None
    )


def _history_days(entry: Json, at: str) -> int | None:
    privilege = entry.get("ais:getTransactionsDone")
    if privilege is None:
        return None
    days = an_object(privilege, f"{at}.getTransactionsDone").get("maxAllowedHistoryLong")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool) or days < 1):
        raise BankChanged(f"{at}.maxAllowedHistoryLong is not a number of days")
    return days


def is_masked_form(masked: str, number: str) -> bool:
    """Tell whether a partly masked number, e.g. `PL61********874`, may be this one."""
    masked, number = "".join(masked.split()), "".join(number.split())
    return len(masked) == len(number) and all(
        shown == real or not shown.isalnum() or shown in "xX"
        for shown, real in zip(masked, number, strict=True)
    )
