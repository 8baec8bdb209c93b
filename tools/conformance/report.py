"""What the checks found, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

MOST_SHOWN = 20


@dataclass(frozen=True)
class Check:
    """One check: what was done, and what did not conform (empty: all did).

    `cases`: requests that were made up for it.
    """

    name: str
    done: str
    faults: tuple[str, ...] = ()
    cases: int = 0


def show(console: Console, checks: Sequence[Check]) -> None:
    """Print the table, then the faults."""
    table = Table()
    for title in ("check", "what was done", "faults"):
        table.add_column(title)
    for check in checks:
        outcome = f"[red]{len(check.faults)}[/red]" if check.faults else "[green]none[/green]"
        table.add_row(check.name, check.done, outcome)
    console.print(table)
    for check in checks:
        for fault in check.faults[:MOST_SHOWN]:
            console.print(f"{check.name}: {fault}", markup=False, highlight=False)
