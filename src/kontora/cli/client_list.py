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
    """Return clients as a table, in the order given; a column that all leave empty is left out."""
    lists = {
        "Addresses": [client.ips for client in clients],
        "Origins": [client.origins for client in clients],
        "Redirect URIs": [client.redirect_uris for client in clients],
        "Features": [client.features for client in clients],
    }
    used = {name: values for name, values in lists.items() if any(values)}
    table = plain_table("Client", "Environment", *used)
    for index, client in enumerate(clients):
        row = ("\n".join(values[index]) or "-" for values in used.values())
        table.add_row(client.id, client.environment, *row)
    return table
