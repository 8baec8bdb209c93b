"""What a country brings: one frozen record, filled with data by the module of each country."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Phrase:
    """How one kind of money transaction reads. Amounts in cents, unsigned; `{n}` becomes a number.

    Example: Phrase("Zakup PZU polisa {n}", "PZU SA", "PRZELEW ZEWNĘTRZNY", 64000, 64000)
    """

    title: str
    party: str | None
    kind: str
    low: int
    high: int
    mcc: str | None = None
    has_iban: bool = True


@dataclass(frozen=True, eq=False)
class Country:
    """One country of the bank. `phrases` has one entry for each role of `cycles.py`."""

    code: str
    currency: str
    bank: str
    bic: str
    other_banks: tuple[str, ...]
    make_iban: Callable[[Random, str], str]
    first_names: tuple[tuple[str, ...], tuple[str, ...]]
    last_names: tuple[tuple[str, str], ...]
    streets: tuple[str, ...]
    towns: tuple[str, ...]
    address: str
    companies: tuple[str, ...]
    account_names: tuple[str, ...]
    display_names: tuple[str, ...]
    card_names: tuple[str, ...]
    phrases: Mapping[str, tuple[Phrase, ...]]
    symbols: bool = False
    credit_limit: int = 1_000_000
