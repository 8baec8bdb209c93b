"""How one bank differs from the standard, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from kontora.errors import KontoraError


@dataclass(frozen=True, slots=True)
class Problem:
    """What a failed answer says. `code`: the standard's message code; `text`: the bank's own words.

    `is_page`: the body is HTML. `retry_after`: whether the bank announces when to come back.
    """

    status: int
    code: str | None = None
    text: str = ""
    is_page: bool = False
    retry_after: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """What a bank writes in the free text `details` of an account."""

    owner_address: str | None = None
    opened_on: date | None = None
    direct_debit: bool | None = None


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


def _no_symbols(_: str) -> Symbols:
    return Symbols()


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """The choices of one bank; the defaults are the standard's.

    Sign-in. `embedded`: login, password and code may be taken by us (practice only). `ask_password_too`:
    ask login and password in one step. `prefer_explicit`: ask for an explicit start of the authorisation.
    `bank_offered`: with a redirect, let the owner choose accounts at the bank. `consent_days`: life of a
    reusable consent. `check_consent`: ask for the consent's status after the sign-in. `status_polls`: how
    often to ask, after a redirect, until the consent is valid. `client_id`: used where the operator sets
    none. `extra_headers`: sent with every call.

    Reading. `with_balance`: the list carries balances on `?withBalance=true`. `booking_statuses`: what to
    ask for, e.g. `("booked", "pending")` where `both` is not known. `window_days`: longest span of one
    read. `history_days`: longest history without a fresh sign-in. `transactions_accept`: media types.
    `max_pages`: more pages than this are an error.

    Meaning. `owner_separator`: how names are joined in `ownerName`. `kinds`: fields for `kind`, best first.
    `remittance_joiner`: between elements of the remittance array. `dates_swapped`: booking and value date
    stand in each other's place. `unsigned`: amounts carry no sign, the sides tell it; `unsigned_pending`:
    so on pending items. `available_is_credit`: `interimAvailable` is the credit left, not a balance.
    """

    embedded: bool = False
    ask_password_too: bool = False
    prefer_explicit: bool = False
    bank_offered: bool = True
    consent_days: int = 180
    check_consent: bool = True
    status_polls: int = 3
    client_id: str | None = None
    extra_headers: Mapping[str, str] = field(default_factory=dict)

    with_balance: bool = False
    booking_statuses: tuple[str, ...] = ("both",)
    window_days: int | None = None
    history_days: int = 90
    transactions_accept: str = "application/json, application/xml;q=0.9"
    max_pages: int = 1000

    owner_separator: str | None = None
    kinds: tuple[str, ...] = ("bankTransactionCode", "proprietaryBankTransactionCode")
    remittance_joiner: str = " "
    dates_swapped: bool = False
    unsigned: bool = False
    unsigned_pending: bool = False
    available_is_credit: bool = False

    name_failure: Callable[[Problem], KontoraError | None] = _no_name
    parse_details: Callable[[str], Details] = _no_details
    parse_symbols: Callable[[str], Symbols] = _no_symbols
