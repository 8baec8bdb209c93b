"""`kontora worker`: runs commands, on any number of machines."""

from __future__ import annotations

import typer


def run(ctx: typer.Context) -> None:
    """Run commands that `kontora serve` accepts; start as many as needed, on any machine."""
    ctx.obj.work(ctx.obj.settings())
