"""How one bank differs from the standard, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kontora.connectors.standards.details import Details
from kontora.connectors.standards.problems import Problem
from kontora.errors import KontoraError


@dataclass(frozen=True, slots=True)
class Symbols:
    """Czech and Slovak payment symbols."""

    variable: str | None = None
    constant: str | None = None
    specific: str | None = None


def _no_name(_: Problem) -> KontoraError | None:
    return None


def _no_details(_: str) -> Details:
    return Details()


def _no_symbols(_: Sequence[tuple[str, str]]) -> Symbols:
    return Symbols()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The choices of one bank; the defaults are the standard's."""

    # Sign-in.
    # Login, password and code may be taken by us: practice only.
    embedded: bool = False
    # Ask for login and password in one step.
    ask_password_too: bool = False
    # Ask for an explicit start of the authorisation.
    prefer_explicit: bool = False
    # With a redirect, let the owner choose accounts at the bank; else ask for all.
    bank_offered: bool = True
    # The way back may carry our state in its query; not where the bank knows one exact address only.
    state_in_redirect_uri: bool = True
    # Life of a reusable consent.
    consent_days: int = 180
    # Ask for the consent's status after every sign-in, not only where it is in doubt.
    check_consent: bool = True
    # How often to ask, after a redirect, until the consent is valid.
    status_polls: int = 3
    # Used where the operator sets none.
    client_id: str | None = None
    # Sent with every call.
    extra_headers: Mapping[str, str] = field(default_factory=dict)

    # Reading.
    # The list carries balances on `?withBalance=true`.
    with_balance: bool = False
    # What to ask for, e.g. `("booked", "pending")` where `both` is not known.
    booking_statuses: tuple[str, ...] = ("both",)
    # Longest span of one read, if it is known beforehand.
    window_days: int | None = None
    # Longest history without a fresh sign-in.
    history_days: int = 90
    transactions_accept: str = "application/json, application/xml;q=0.9"
    # More pages than this are an error.
    max_pages: int = 1000

    # Meaning.
    # How names are joined in `ownerName`, e.g. `", "`; `None`: it is one name.
    owner_separator: str | None = None
    # Fields for `kind`, best first.
    kinds: tuple[str, ...] = ("bankTransactionCode", "proprietaryBankTransactionCode")
    # Between elements of the remittance array, where the cut text does not show it.
    remittance_joiner: str = " "
    # Booking and value date stand in each other's place.
    dates_swapped: bool = False
    # Amounts carry no sign; the sides tell it.
    unsigned: bool = False
    # A pending amount without a minus is a debit if only the creditor's side is told.
    unsigned_pending: bool = False
    # `interimAvailable` is the credit that is left, not a balance.
    available_is_credit: bool = False

    name_failure: Callable[[Problem], KontoraError | None] = _no_name
    parse_details: Callable[[str], Details] = _no_details
    # Takes the structured references as pairs of type and reference.
    parse_symbols: Callable[[Sequence[tuple[str, str]]], Symbols] = _no_symbols
