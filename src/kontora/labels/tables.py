"""Exact tables: what a merchant category code or an account number says by itself.

Source: labels.md, 12, and below it codes of ISO 18245 that name one trade; the numbers of public payers in
`numbers.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import msgspec

from kontora.labels.rules import RulesBroken
from kontora.labels.taxonomy import BY_NAME

NUMBERS = Path(__file__).parent / "rulebook" / "numbers.toml"

_CODES = """
5411 5422 5441 5451 5462 5499: grocery
5541 5542 5552: fuel
5811 5812 5814: restaurant
5813: nightlife
5912 8011-8099: healthcare
5921 5993: alcohol and tobacco
5611-5699 5944: apparel
5732 5734 5722: electronics
7230 5977: beauty
4111 4112 4131: public transport
4121 7523 4784 7531-7549: car
4511 3000-3999 7011 4722: travel
4812 4814 4899: telecom
4900: utilities
6300: insurance
7800-7802 7995: gambling
6010 6011: cash withdrawal
6211: investment
9222: fine
9311: tax
5192 5942 5994: press
7832 7922 7991 7996: leisure
7941 7997: sport
5816 5817: games
4829: person transfer
8211-8299 8351: education and childcare
5933: pawnshop
5200 5211 5231 5251 5261 5310 5311 5331 5712 5713 5714 5719 5995: household
5511 5521 5531-5533: car
5733 5945 7933: leisure
5940 5941: sport
7033: travel
7297 7298: beauty
"""


class Number(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Account numbers of one payer. `begins`: what follows the check digits of the IBAN; `debit`, `credit`:
    the label of money that goes there or comes from there."""

    id: str
    country: str
    begins: str
    debit: str | None = None
    credit: str | None = None


class _Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    number: tuple[Number, ...]


def _expanded() -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _CODES.strip().splitlines():
        codes, _, label = line.partition(": ")
        for code in codes.split():
            first, _, last = code.partition("-")
            found |= {str(number): label for number in range(int(first), int(last or first) + 1)}
    return found


BY_CODE = _expanded()


def label_of_code(mcc: str) -> str | None:
    """Return what a merchant category code says; `None` for codes that say nothing by themselves."""
    return BY_CODE.get(mcc.strip())


@cache
def numbers(file: Path = NUMBERS) -> tuple[Number, ...]:
    """Return the account numbers of public payers.

    Raises: RulesBroken.
    """
    try:
        found = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), _Numbers).number
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise RulesBroken(f"{file.name}: {error}") from error
    for one in found:
        if unknown := {one.debit, one.credit} - {None, *BY_NAME}:
            raise RulesBroken(f"{file.name}: {one.id}: there is no label {unknown}")
    return found


class PublicPayers:
    """Public payers by their account numbers; the longest beginning wins."""

    def __init__(self, known: Iterable[Number]) -> None:
        longest_first = sorted(known, key=lambda one: -len(one.begins))
        countries = {one.country.upper() for one in longest_first}
        self._known = {
            country: tuple(one for one in longest_first if one.country.upper() == country)
            for country in countries
        }
        self._begins = {country: tuple(one.begins for one in known) for country, known in self._known.items()}

    def of(self, iban: str) -> Number | None:
        """Return the public payer behind an IBAN, which has no spaces and is in upper case."""
        country = iban[:2]
        begins = self._begins.get(country)
        if begins is None or not iban.startswith(begins, 4):
            return None
        return next(one for one in self._known[country] if iban.startswith(one.begins, 4))
