"""`kontora key add`: one more key for a client."""

from __future__ import annotations

from typing import Annotated

import typer

from kontora.cli.composition import administered
from kontora.cli.output import say, show


def run(ctx: typer.Context, client: Annotated[str, typer.Argument(help="The client's name.")]) -> None:
    """Make one more API key and print it, once, on stdout. The others stay valid."""
    key = administered(ctx.obj, lambda administration: administration.add_key(client))
    say(f"One more API key of {client}, shown this once; send it as the header X-Api-Key:")
    show(key)
