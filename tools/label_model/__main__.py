"""Train the label models: `python -m tools.label_model`, `python -m tools.label_model --country pl`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec
import zstandard
from rich.console import Console
from rich.progress import track
from rich.table import Table

from kontora.labels.model import FOLDER
from tools.label_bench.gold import COUNTRIES
from tools.label_model.examples import taught
from tools.label_model.training import NEVER, Learned, train

LEVEL = 19


def main() -> int:
    """Train, show what each label may be trusted with, write the files."""
    parser = argparse.ArgumentParser(prog="python -m tools.label_model")
    parser.add_argument("--country", choices=COUNTRIES, help="only this country")
    options = parser.parse_args()
    console = Console()
    countries = COUNTRIES if options.country is None else (options.country,)
    for country in track(countries, "training", console=Console(stderr=True)):
        weights, learned = train(country, list(taught(country)))
        file = FOLDER / f"{country}.json.zst"
        FOLDER.mkdir(exist_ok=True)
        packed = zstandard.ZstdCompressor(level=LEVEL).compress(msgspec.json.encode(weights))
        file.write_bytes(packed)
        console.print(
            _table(f"{weights.trained_on}; {Path(file).name}: {len(packed) / 1000:.0f} kB", learned)
        )
    return 0


def _table(title: str, learned: list[Learned]) -> Table:
    shown = Table(title=title)
    for name in ("label", "threshold", "precision left out", "found", "not found"):
        shown.add_column(name, justify="left" if name == "label" else "right")
    for one in learned:
        if one.threshold < NEVER:
            shown.add_row(
                one.label,
                f"{one.threshold:.3f}",
                f"{one.precision:.3f}",
                str(one.hits),
                str(one.misses),
            )
    return shown


if __name__ == "__main__":
    sys.exit(main())
