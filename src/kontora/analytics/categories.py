"""Categories of the summaries: three specials, and expressions of labels with `|`, `&` and `~`.

    category = "allTransactions" | "balance" | "activeSinceAtLeast" | "label:" expression
    expression = group { "|" group }
    group = name { ("&" | "~") name }

`&` and `~` (and not) go from left to right and bind tighter than `|`. Names are ours, and those that clients
use. Source: wire.md, 9.6.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from enum import StrEnum

import msgspec

from kontora.errors import InvalidBody
from kontora.labels.taxonomy import ALIASES, BY_NAME, descendants, stands

LABEL = "label:"
OPERATORS = {"|": "or", "&": "and", "~": "and not"}
MOST_CATEGORIES = 100
LONGEST_CATEGORY = 2000
CATALOGUE = "GET /v1/data-summary-catalog lists what is known."

_KNOWN = (*BY_NAME, *ALIASES)
OWN_TRANSFER = "own transfer"
# An expression with one of these asks for money between the owner's own accounts.
OWN_MONEY = frozenset({OWN_TRANSFER, "internal"}) | descendants(OWN_TRANSFER)

_BETWEEN = re.compile("([&~])")


class Special(StrEnum):
    """Categories that are no labels."""

    ALL = "allTransactions"
    BALANCE = "balance"
    ACTIVE_SINCE = "activeSinceAtLeast"


_SPECIALS = tuple(special.value for special in Special)


class Term(msgspec.Struct, frozen=True):
    """A name in a group. `excluded`: what carries it is left out."""

    name: str
    excluded: bool = False


class Category(msgspec.Struct, frozen=True):
    """A category that was asked for. `text`: as it was asked; `groups`: of an expression, joined by or."""

    text: str
    special: Special | None = None
    groups: tuple[tuple[Term, ...], ...] = ()

    def holds(self, labels: frozenset[str]) -> bool:
        """Tell whether a money transaction with these labels, ours, belongs to it."""
        if self.special is not None:
            return self.special is Special.ALL
        return any(
            all(stands(term.name, labels) is not term.excluded for term in group) for group in self.groups
        )

    @property
    def counts_own_money(self) -> bool:
        """Whether money between the owner's own accounts counts."""
        return self.special is Special.ALL or any(
            term.name in OWN_MONEY for group in self.groups for term in group
        )


def parse_categories(texts: Sequence[object]) -> tuple[Category, ...]:
    """Read categories in the order asked.

    Raises: InvalidBody, with the place of each that is unknown or malformed.
    """
    if len(texts) > MOST_CATEGORIES:
        raise InvalidBody(("categories", f"There are more than {MOST_CATEGORIES}."))
    found, errors = [], []
    for place, text in enumerate(texts):
        try:
            found.append(_category(text))
        except ValueError as error:
            errors.append((f"categories[{place}]", str(error)))
    if errors:
        raise InvalidBody(*errors)
    return tuple(found)


def _category(text: object) -> Category:
    if not isinstance(text, str):
        raise ValueError("Send text, such as label:salary.")
    if len(text) > LONGEST_CATEGORY:
        raise ValueError(f"It is over {LONGEST_CATEGORY} characters.")
    if text.startswith(LABEL):
        return Category(text, groups=_groups(text))
    if text not in _SPECIALS:
        near = get_close_matches(text[:100], _SPECIALS, 1)
        hint = f"Did you mean {near[0]}?" if near else "Labels begin with label:, such as label:salary."
        raise ValueError(f"It is not known. {hint} {CATALOGUE}")
    return Category(text, Special(text))


def _groups(text: str) -> tuple[tuple[Term, ...], ...]:
    """Read what follows `label:`; places are counted from 1."""
    place, found = len(LABEL) + 1, []
    for group in text[len(LABEL) :].split("|"):
        found.append(_group(group, place))
        place += len(group) + 1
    return tuple(found)


def _group(text: str, place: int) -> tuple[Term, ...]:
    found, operator = [], "&"
    for part in _BETWEEN.split(text):
        if part in OPERATORS:
            operator = part
        else:
            found.append(Term(_name(part, place), excluded=operator == "~"))
        place += len(part)
    return tuple(found)


def _name(written: str, place: int) -> str:
    name = written.strip(" ")
    if not name:
        raise ValueError(f"A label is missing at character {place}.")
    if name not in _KNOWN:
        place += len(written) - len(written.lstrip(" "))
        near = get_close_matches(name[:100].lower(), _KNOWN, 1)
        hint = f"Did you mean {near[0]}? " if near else ""
        raise ValueError(f"The label at character {place} is not known. {hint}{CATALOGUE}")
    return name
