"""Run benchmarks: `python -m bench` runs all, `python -m bench polls import_overhead` some."""

from __future__ import annotations

import asyncio
import sys
import time
from importlib import import_module
from pathlib import Path

import msgspec
import uvloop
from rich.table import Table
from tools import consoles

from bench.rows import Row

BENCHMARKS = (
    "import_overhead",
    "start_delay",
    "large_reply",
    "polls",
    "cold_start",
    "many_imports",
    "fallback",
    "extraction",
    "statements",
    "hostile_statements",
    "analytics_load",
    "labels",
    "score",
)
RESULTS = Path(__file__).parent / "results" / "bench.json"
SECONDS_EACH = 300


def main() -> int:
    """Run the named benchmarks, print the table, write the results; 1, if a target is missed."""
    wanted = sys.argv[1:] or list(BENCHMARKS)
    console = consoles.console()
    unknown = set(wanted) - set(BENCHMARKS)
    if unknown:
        console.print(
            f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}."
        )
        return 2
    rows: list[Row] = []
    for name in wanted:
        began = time.monotonic()
        console.print(f"[bold]{name}[/bold] …")
        benchmark = import_module(f"bench.{name}")
        rows += uvloop.run(_bounded(benchmark.run(lambda text: console.print(f"  {text}", highlight=False))))
        console.print(f"  {time.monotonic() - began:.0f} s", style="dim")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_bytes(msgspec.json.format(msgspec.json.encode(rows)))
    console.print(_table(rows))
    missed = [row.name for row in rows if not row.holds]
    console.print(f"Missed: {'; '.join(missed)}" if missed else "Every target is met.", highlight=False)
    return 1 if missed else 0


async def _bounded(work) -> list[Row]:
    async with asyncio.timeout(SECONDS_EACH):
        return await work


def _table(rows: list[Row]) -> Table:
    table = Table()
    for title in ("", "value", "compared to", "ratio", "target", "holds"):
        table.add_column(title, justify="left" if not title else "right")
    for row in rows:
        table.add_row(
            row.name,
            f"{row.value:g} {row.unit}",
            "" if row.compared_to is None else f"{row.compared_to:g} {row.unit}",
            "" if row.ratio is None else f"{row.ratio:g}",
            row.target or "",
            "" if row.target is None else "[green]yes[/green]" if row.holds else "[red]NO[/red]",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
