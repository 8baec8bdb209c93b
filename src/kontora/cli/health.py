"""`kontora health`: how the ways into banks do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from kontora.cli.composition import administered
from kontora.cli.output import plain_table, say, show_table

if TYPE_CHECKING:
    from rich.table import Table

    from kontora.administration import TargetFigures


def run(ctx: typer.Context) -> None:
    """List the targets that were used in the last hour, with what came of it, and those that fail."""
    figures = administered(ctx.obj, lambda administration: administration.target_figures())
    if figures:
        show_table(figures_table(figures))
    else:
        say("No bank was asked anything in the last hour.")


def figures_table(figures: Sequence[TargetFigures]) -> Table:
    """Return figures as a table, in the order given."""
    table = plain_table("Target", "Product", "Success", "Bank", "Ours", "Owner", "Standing")
    for one in figures:
        counts = (one.successes, one.bank_errors, one.our_errors, one.owner_errors)
        standing = "answers" if one.reason is None else f"fails: {one.reason}"
        table.add_row(one.target, one.product, *map(str, counts), standing)
    return table
