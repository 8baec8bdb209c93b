"""`python -m tools.statement_samples OUT_DIR [--layout L] [--seeds 0-9]`: writes samples."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tools.statement_samples.chromium import ChromiumIsMissing
from tools.statement_samples.committed import by_hand, committed
from tools.statement_samples.making import LAYOUTS, make
from tools.statement_samples.sample import Sample


def run(
    out_dir: Annotated[Path, typer.Argument(help="Where to write <layout>/<name>.pdf and .json.")],
    layout: Annotated[list[str] | None, typer.Option(help="Only this layout; may be repeated.")] = None,
    seeds: Annotated[str, typer.Option(help="Seeds, as 7 or 0-9.")] = "0-9",
    rows: Annotated[int | None, typer.Option(help="Booked money transactions in each; else by seed.")] = None,
    only_committed: Annotated[
        bool, typer.Option("--committed", help="The samples that lie beside the tests, and no others.")
    ] = False,
) -> None:
    """Write samples of bank statements and confirmations with the data that stands in them."""
    low, _, high = seeds.partition("-")
    numbers = range(int(low), int(high or low) + 1)
    names = layout or list(LAYOUTS)
    unknown = sorted(set(names) - set(LAYOUTS))
    if unknown:
        raise typer.BadParameter(f"no generator for {', '.join(unknown)}; there are {', '.join(LAYOUTS)}")
    if only_committed:
        _write(out_dir, committed())
        _write(out_dir, by_hand(), with_json=False)
        return
    many = ((name, make(name, seed, rows=rows)) for name in names for seed in numbers)
    _write(out_dir, many, total=len(names) * len(numbers))


def _write(
    out_dir: Path,
    many: Iterable[tuple[str, Sample]],
    *,
    total: int | None = None,
    with_json: bool = True,
) -> None:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns) as progress:
        task = progress.add_task("Samples", total=total)
        for name, sample in many:
            folder = out_dir / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{sample.name}.pdf").write_bytes(sample.pdf)
            if with_json:
                (folder / f"{sample.name}.json").write_bytes(sample.json)
            progress.update(task, description=sample.name, advance=1)


if __name__ == "__main__":
    try:
        typer.run(run)
    except ChromiumIsMissing as error:
        sys.exit(f"statement_samples: {error}")
