"""What KontoBankPolish tells of accounts and cards in `auxData`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from kontora.connectors.standards.details import Details

_NUMBER = re.compile(r"\d{1,12}(\.\d{1,4})?", re.ASCII)


def parse_details(told: Mapping[str, str]) -> Details:
    """Read `auxData`; what is not understood is left out.

    {"opened": "2019-03-01", "directDebit": "yes"}
    {"creditLimit": "10000.00", "interest": "18.50", "due": "2026-02-15", "account": "PL61..."}
    """
    return Details(
        opened_on=_day(told.get("opened", "")),
        direct_debit={"yes": True, "no": False}.get(told.get("directDebit", "")),
        iban=told.get("account") or None,
        interest=_number(told.get("interest", "")),
        due_on=_day(told.get("due", "")),
        limit=_number(told.get("creditLimit", "")),
    )


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
