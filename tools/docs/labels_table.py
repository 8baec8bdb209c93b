"""The tables of labels: from the taxonomy, with a sentence on each from `label_meanings.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from kontora.labels.taxonomy import BESIDE, INSTEAD, INSTEAD_IN, LABELS, Category, Label, Sign

MEANINGS = Path(__file__).parent / "label_meanings.toml"
SIGNS = {Sign.CREDIT: "in", Sign.DEBIT: "out", Sign.EITHER: "in or out"}


def meanings(file: Path = MEANINGS) -> dict[str, dict[str, str]]:
    """Return a sentence for each label, by category."""
    found: dict[str, dict[str, str]] = tomllib.loads(file.read_text(encoding="utf-8"))
    return found


def labels_tables() -> str:
    """Return a table for each category, in the order of replies."""
    told = meanings()
    return "\n\n".join(_category(category, told[category.value]) for category in Category)


def _category(category: Category, told: Mapping[str, str]) -> str:
    labels = [label for label in LABELS if label.category is category]
    head = "| Label | In replies | Under | Money goes | Stands for |\n| --- | --- | --- | --- | --- |"
    rows = [
        f"| `{label.name}` | {_in_replies(label)} | {_code(label.parent)} | {SIGNS[label.sign]} |"
        f" {told[label.name]} |"
        for label in labels
    ]
    return "\n".join((f"### {category.value.title()}: {len(labels)}", "", head, *rows))


def _in_replies(label: Label) -> str:
    """Return what replies call it, where that is another name; and what stands beside it."""
    names = [_code(INSTEAD.get(label.name))] if label.name in INSTEAD else []
    names += [
        f"{_code(instead[label.name])} in {country.upper()}"
        for country, instead in INSTEAD_IN.items()
        if label.name in instead
    ]
    if label.name in BESIDE:
        names.append(f"and {_code(BESIDE[label.name])}")
    return ", ".join(names)


def _code(name: str | None) -> str:
    return "" if name is None else f"`{name}`"
