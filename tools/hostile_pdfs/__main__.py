"""`python -m tools.hostile_pdfs OUT_DIR` writes them all; `--check` reads them and prints how each ended."""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

from kontora.logs import configure_logging
from tools.hostile_pdfs.checking import Checked, check
from tools.hostile_pdfs.cookbook import RECIPES, kitchen
from tools.hostile_pdfs.recipe import Recipe


def main() -> int:
    """Write or check; 1, if something was not as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tools.hostile_pdfs", description=__doc__)
    parser.add_argument("out_dir", nargs="?", type=Path, help="folder to write to")
    parser.add_argument("--check", action="store_true", help="read them through statement children")
    parser.add_argument("--only", default="", help="only recipes whose name contains this")
    parser.add_argument("--port", type=int, default=9, help="of 127.0.0.1, which some files call")
    said = parser.parse_args()
    recipes = [recipe for recipe in RECIPES if said.only in recipe.name]
    if said.out_dir is not None:
        _write(recipes, said.out_dir, said.port)
    if said.check:
        return _check(recipes)
    if said.out_dir is None:
        parser.error("name a folder, or --check")
    return 0


def _write(recipes: list[Recipe], out_dir: Path, port: int) -> None:
    out_dir.mkdir(parents=True, exist_ok=True)
    cook = kitchen(port)
    for recipe in track(recipes, description="Writing", console=Console(stderr=True)):
        (out_dir / f"{recipe.name}.pdf").write_bytes(recipe.make(cook))


def _check(recipes: list[Recipe]) -> int:
    configure_logging("ERROR", stream=io.StringIO())  # every refusal is in the table
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Reading", total=len(recipes))
        checked = asyncio.run(check(recipes, lambda ending: progress.advance(task)))
    console = Console()
    console.print(_table(checked))
    console.print(_summary(checked))
    violations = checked.violations()
    for violation in violations:
        console.print(violation, style="red", markup=False)
    return 1 if violations else 0


def _table(checked: Checked) -> Table:
    table = Table("Recipe", "Ended", "Seconds", "", box=None, pad_edge=False)
    for ending in sorted(checked.endings, key=lambda ending: ending.recipe):
        table.add_row(ending.recipe, ending.outcome, f"{ending.seconds:.2f}", ending.wrong or "")
    return table


def _summary(checked: Checked) -> str:
    outcomes = Counter(ending.outcome for ending in checked.endings)
    counted = ", ".join(f"{name} {count}" for name, count in outcomes.most_common())
    waits = sorted(checked.waits)
    meanwhile = (
        f"{len(waits)} genuine files of another client were read meanwhile: half within "
        f"{waits[len(waits) // 2]:.2f} s, all within {waits[-1]:.2f} s."
        if waits
        else "No genuine file was read meanwhile."
    )
    return f"\n{len(checked.endings)} files: {counted}.\n{meanwhile}\n{checked.calls} calls home."


if __name__ == "__main__":
    sys.exit(main())
