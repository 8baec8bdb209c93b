"""`kontora migrate`: bring the database to this version, or back."""

from __future__ import annotations

from typing import Annotated

import typer

from kontora.cli.output import show


def run(
    ctx: typer.Context,
    revision: Annotated[str, typer.Option(help="Revision to go to, forward or back.")] = "head",
) -> None:
    """Bring the database to the revision of this version."""
    show(ctx.obj.migrate(ctx.obj.settings(), revision))
