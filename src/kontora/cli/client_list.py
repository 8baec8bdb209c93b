"""`kontora client list`: who may call, and from where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from kontora.cli.composition import administered
from kontora.cli.output import plain_table, say, show_table

if TYPE_CHECKING:
    from rich.table import Table

    from kontora.store.clients import ClientRow


def run(ctx: typer.Context) -> None:
    """List the clients and what they have registered."""
    clients = administered(ctx.obj, lambda administration: administration.list_clients())
    if clients:
        show_table(clients_table(clients))
    else:
        say("There is no client yet. Add one: kontora client add NAME --ip ADDRESS")


def clients_table(clients: Sequence[ClientRow]) -> Table:
    """Return clients as a table, in the order given."""
    table = plain_table("Client", "Environment", "Addresses", "Origins", "Redirect URIs", "Features")
    for client in clients:
        lists = (client.ips, client.origins, client.redirect_uris, client.features)
        table.add_row(client.id, client.environment, *("\n".join(values) or "-" for values in lists))
    return table
