"""What a bank tells of an account or card beside the standard's own fields."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Details:
    """What a bank writes in the free text `details` of an account or card."""

    owner_address: str | None = None
    opened_on: date | None = None
    direct_debit: bool | None = None
    iban: str | None = None
    interest: Decimal | None = None
    due_on: date | None = None
    limit: Decimal | None = None
