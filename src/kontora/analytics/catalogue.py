"""What a summary may be asked for: specials, operators, and every label and alias. Source: wire.md, 9.7."""

from __future__ import annotations

import msgspec

from kontora.analytics.categories import LABEL, OPERATORS, Special
from kontora.labels.taxonomy import ALIASES, BANK, BY_NAME, INSTEAD_IN, LABELS, stands

COUNTRIES = ("pl", "es", "cz", "pt")


class Operator(msgspec.Struct, frozen=True):
    """A sign between labels."""

    operator: str
    meaning: str


class CatalogueLabel(msgspec.Struct, frozen=True, rename="camel"):
    """A name of an expression. `alias`: clients' name for the labels that it `stands_for`.

    `countries`: where it can be found.
    """

    category: str
    label: str
    group: str
    parent: str | None
    alias: bool
    countries: tuple[str, ...]
    stands_for: tuple[str, ...]


class Catalogue(msgspec.Struct, frozen=True):
    """All that a category may be made of."""

    specials: tuple[str, ...]
    operators: tuple[Operator, ...]
    labels: tuple[CatalogueLabel, ...]


def summary_catalogue() -> Catalogue:
    """List our labels in the order of the taxonomy, then clients' names for some of them."""
    return Catalogue(
        specials=tuple(special.value for special in Special),
        operators=tuple(Operator(sign, meaning) for sign, meaning in OPERATORS.items()),
        labels=(
            *(
                CatalogueLabel(
                    category=LABEL + label.name,
                    label=label.name,
                    group=label.category.value,
                    parent=label.parent,
                    alias=False,
                    countries=COUNTRIES,
                    stands_for=(label.name,),
                )
                for label in LABELS
            ),
            *(_alias(name) for name in ALIASES),
        ),
    )


def _alias(name: str) -> CatalogueLabel:
    meant = tuple(one.name for one in LABELS if stands(name, frozenset({one.name})))
    return CatalogueLabel(
        category=LABEL + name,
        label=name,
        group=BY_NAME[meant[0]].category.value,
        parent=None,
        alias=True,
        countries=tuple(country for country in COUNTRIES if _told_in(name, country)),
        stands_for=meant,
    )


def _told_in(name: str, country: str) -> bool:
    """Tell whether replies about this country carry the name; some stand in one country's alone."""
    of_one_country = {alias for names in INSTEAD_IN.values() for alias in names.values()}
    return name == BANK or name not in of_one_country or name in INSTEAD_IN.get(country, {}).values()
