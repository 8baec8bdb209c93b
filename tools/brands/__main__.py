"""Compile the brands: `python -m tools.brands DATA_DIR` writes `src/kontora/labels/rulebook/brands.tsv`.

`DATA_DIR` holds `merchants_nsi.csv`, names of the name-suggestion-index, and `merchants_seed.json`, our own.
What is left out, and why, stands in `left_out.toml`.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from kontora.labels.brands import BRANDS, Brand
from tools.brands.choosing import chosen, read_choices, unmet
from tools.brands.reading import INDEX, SEED, Named, read_index, read_seed

NOTICES = Path(__file__).parent / "notices.txt"


def compiled(named: Sequence[Named]) -> str:
    """Return the whole file: notices, then one line a brand."""
    lines = [_line(brand) for brand in chosen(named, read_choices())]
    notices = [f"# {line}".rstrip() for line in NOTICES.read_text(encoding="utf-8").splitlines()]
    return "\n".join([*notices, *lines, ""])


def main() -> int:
    """Write the file, and say how many brands each label has; 1, if a choice is about no name."""
    parser = argparse.ArgumentParser(prog="python -m tools.brands")
    parser.add_argument("data", type=Path, help="the folder with the two lists")
    data = parser.parse_args().data
    named = [*read_index(data / INDEX), *read_seed(data / SEED)]
    whole = compiled(named)
    BRANDS.write_text(whole, encoding="utf-8")
    told = Counter(line.split("\t")[0] for line in whole.splitlines() if not line.startswith("#"))
    console = Console()
    for label, number in sorted(told.items()):
        console.print(f"{number:5} {label}", highlight=False)
    needless = unmet(named, read_choices())
    for name in needless:
        console.print(f"[red]left_out.toml: no list has {name}[/red]", highlight=False)
    return 1 if needless else 0


def _line(brand: Brand) -> str:
    return "\t".join((brand.label, ",".join(brand.countries), brand.shown, brand.name, brand.source))


if __name__ == "__main__":
    sys.exit(main())
