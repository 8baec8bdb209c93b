"""Tax numbers: who is paid, where a bank tells the other side's NIP, CIF, IČO or NIPC.

Source: labels.md, 10; `rulebook/tax_numbers.tsv`.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

import msgspec

from kontora.labels.normalising import plain
from kontora.labels.rules import FOLDER, Example, Rule, RulesBroken
from kontora.labels.taxonomy import BY_NAME

TAX_NUMBERS = FOLDER / "tax_numbers.tsv"
TABLE = "number"
STRONGER = 20


class Company(msgspec.Struct, frozen=True):
    """A company or public payer. `label`: what money that goes to it, or comes from it, is for."""

    country: str
    tax_number: str
    label: str
    name: str


@cache
def companies(file: Path = TAX_NUMBERS) -> tuple[Company, ...]:
    """Read all companies.

    Raises: RulesBroken, with the line.
    """
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        told = line.split("\t")
        if len(told) != len(Company.__struct_fields__) or told[2] not in BY_NAME:
            raise RulesBroken(f"{file.name}: line {number}: country, number, label, name are wanted")
        found.append(Company(*told))
    return tuple(found)


def company_rules(country: str, file: Path = TAX_NUMBERS) -> tuple[Rule, ...]:
    """Return the tax numbers of a country as rules, one for each label.

    Raises: RulesBroken.
    """
    numbers: defaultdict[str, list[str]] = defaultdict(list)
    for one in companies(file):
        if one.country == country:
            numbers[one.label].extend(writings(one))
    return tuple(
        Rule(
            id=f"{TABLE}.tax.{label.replace(' ', '-')}",
            label=label,
            phrases=tuple(found),
            examples=(Example(title=found[0]),),
            weight=STRONGER,
            decides=True,
        )
        for label, found in numbers.items()
    )


@cache
def company_names(country: str, file: Path = TAX_NUMBERS) -> dict[tuple[str | None, str], str]:
    """Return the names behind the tax numbers of a country, by label and normalised number.

    Raises: RulesBroken.
    """
    return {
        (one.label, plain(written)): one.name
        for one in companies(file)
        if one.country == country
        for written in writings(one)
    }


def writings(company: Company) -> tuple[str, ...]:
    """Return a tax number as banks write it: bare, behind its country, and in groups ("779-101-13-27")."""
    number, country = company.tax_number, company.country.upper()
    groups = {"pl": ((3, 3, 2, 2), (3, 2, 2, 3)), "pt": ((3, 3, 3),), "es": ((1, 8),)}
    return (number, f"{country}{number}", *(_grouped(number, one) for one in groups.get(company.country, ())))


def _grouped(number: str, sizes: tuple[int, ...]) -> str:
    parts, begin = [], 0
    for size in sizes:
        parts.append(number[begin : begin + size])
        begin += size
    return "-".join(parts)
