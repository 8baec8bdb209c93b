"""The tables of labels: from the taxonomy, with a sentence on each from `label_meanings.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from kontora.labels.taxonomy import BESIDE, INSTEAD, INSTEAD_IN, LABELS, Category, Label, Sign

MEANINGS = Path(__file__).parent / "label_meanings.toml"
SIGNS = {Sign.CREDIT: "in", Sign.DEBIT: "out", Sign.EITHER: "both"}


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
    head = "| Label | Stands for | Money | Beside it |\n| --- | --- | --- | --- |"
    rows = [
        f"| `{label.name}` | {told[label.name]} | {SIGNS[label.sign]} | {', '.join(_beside(label))} |"
        for label in labels
    ]
    return "\n".join((f"### {category.value.title()}: {len(labels)}", "", head, *rows))


def _beside(label: Label) -> Iterator[str]:
    """Tell what it stands under, what replies call it if that is another name, and what they add."""
    if label.parent is not None:
        yield f"under `{label.parent}`"
    if label.name in INSTEAD:
        yield f"told as `{INSTEAD[label.name]}`"
    for country, instead in INSTEAD_IN.items():
        if label.name in instead:
            yield f"told as `{instead[label.name]}` in {country.upper()}"
    if label.name in BESIDE:
        yield f"and `{BESIDE[label.name]}`"
