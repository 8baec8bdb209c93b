"""`kontora serve`: the API, and the worker unless KONTORA_WORKER is off."""

from __future__ import annotations

import typer


def run(ctx: typer.Context) -> None:
    """Serve the API, and run commands in the same process unless KONTORA_WORKER is off."""
    ctx.obj.serve(ctx.obj.settings())
