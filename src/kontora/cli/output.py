"""What the commands print: results on stdout, words about them on stderr."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table


def complain(name: str, message: str) -> None:
    """Print a failure as one red line on stderr."""
    line = " ".join(f"{name}: {message}".split())
    Console(file=sys.stderr).print(line, style="red", markup=False, highlight=False, soft_wrap=True)


def say(text: str = "") -> None:
    """Print words for a person on stderr."""
    print(text, file=sys.stderr)


def show(text: str) -> None:
    """Print a result on stdout, as it is."""
    print(text)


def show_table(table: Table) -> None:
    """Print a table on stdout; in colour only on a terminal."""
    Console().print(table)


def plain_table(*columns: str) -> Table:
    """Return an empty table with a head and one line under it."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
