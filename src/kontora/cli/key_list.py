"""`kontora key list`: the keys of a client, by their prefixes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from kontora.cli.composition import administered
from kontora.cli.output import plain_table, say, show_table


def run(ctx: typer.Context, client: Annotated[str, typer.Argument(help="The client's name.")]) -> None:
    """List the API keys of a client: prefix, since when, and whether revoked. Times are UTC."""
    keys = administered(ctx.obj, lambda administration: administration.list_keys(client))
    if not keys:
        say(f"{client} has no key. Make one: kontora key add {client}")
        return
    table = plain_table("Prefix", "Created", "Revoked")
    for key in keys:
        table.add_row(key.prefix, _moment(key.created_at), _moment(key.revoked_at))
    show_table(table)


def _moment(at: datetime | None) -> str:
    return "-" if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
