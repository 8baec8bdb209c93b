"""How one bank differs from the standard, as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kontora.connectors.bank_jws import JoseHeader
from kontora.connectors.standards.details import Details
from kontora.connectors.standards.problems import Problem
from kontora.errors import KontoraError

STANDARD_JOSE = JoseHeader()
_CARD = re.compile(r"\b(credit card|card account|karta kredytowa|rachunek karty)\b", re.IGNORECASE)


def _no_name(_: Problem) -> KontoraError | None:
    return None


def _no_details(_: Mapping[str, str]) -> Details:
    return Details()


def names_a_card(code: str, description: str) -> bool:
    """Tell a card by the words of its account type, e.g. `Rachunek karty kredytowej`.

    The codes are a dictionary of each bank's own; the standard gives none.
    """
    return _CARD.search(f"{code} / {description}") is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The choices of one bank; the defaults are the standard's."""

    # Stands twice in every path.
    version: str = "v2_1_2.1"
    # Used where the operator sets none.
    client_id: str | None = None
    # The header of our signatures.
    jose: JoseHeader = STANDARD_JOSE
    # Where the practice bank publishes its keys; a real bank's keys come from the operator's settings.
    keys_path: str | None = None
    # Sent where the owner's language is not known.
    accept_language: str = "pl"

    # Life of a reusable consent.
    consent_days: int = 180
    # History asked for where the owner named no day, and the longest without a fresh sign-in.
    history_days: int = 90
    per_page: int = 100
    # More pages than this are an error.
    max_pages: int = 1000

    # Booking and trade date stand in each other's place.
    dates_swapped: bool = False
    # Takes code and description of the account type.
    is_card: Callable[[str, str], bool] = names_a_card
    name_failure: Callable[[Problem], KontoraError | None] = _no_name
    # Takes `auxData` of an account.
    parse_details: Callable[[Mapping[str, str]], Details] = _no_details
