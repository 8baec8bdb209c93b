"""`kontora key revoke`: end a key, from the next request on."""

from __future__ import annotations

from typing import Annotated

import typer

from kontora.cli.composition import administered
from kontora.cli.output import say


def run(
    ctx: typer.Context,
    client: Annotated[str, typer.Argument(help="The client's name.")],
    prefix: Annotated[
        str, typer.Argument(help="The first 12 characters of the key; `kontora key list` shows them.")
    ],
) -> None:
    """Revoke an API key; within a second no server accepts it any more."""
    administered(ctx.obj, lambda administration: administration.revoke_key(client, prefix))
    say(f"The key {prefix}… of {client} is revoked.")
