"""`kontora client add`: register a company and make its first key."""

from __future__ import annotations

from typing import Annotated

import typer

from kontora.cli.checks import checked_name, checked_network
from kontora.cli.composition import administered
from kontora.cli.output import say, show


def run(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Its name, which is its public id: acme, acme-test.")],
    ip: Annotated[list[str], typer.Option(help="Address or network that it calls from. Repeatable.")],
    test: Annotated[
        bool, typer.Option("--test", help="A test client: practice targets, local origins.")
    ] = False,
) -> None:
    """Register a client and print its first API key, once, on stdout."""
    environment = "test" if test else "production"
    name = checked_name(name)
    ips = tuple(dict.fromkeys(checked_network(text) for text in ip))
    client, key = administered(
        ctx.obj, lambda administration: administration.add_client(name, environment, ips)
    )
    say(f"Client {client.id} ({client.environment}) may call from {', '.join(client.ips)}.")
    say("Its API key, shown this once; send it as the header X-Api-Key:")
    show(key)
