"""`kontora client set`: change what a client has registered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from kontora.cli.checks import checked_features, checked_network, checked_origin, checked_redirect_uri
from kontora.cli.client_list import clients_table
from kontora.cli.composition import Administration, administered
from kontora.cli.output import show_table
from kontora.errors import InvalidArgument, InvalidParameter

if TYPE_CHECKING:
    from kontora.store.clients import ClientRow

NOTHING = "none"


def run(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The client's name.")],
    *,
    ip: Annotated[
        list[str] | None, typer.Option(help="Addresses it calls from. Repeatable; replaces all.")
    ] = None,
    origin: Annotated[
        list[str] | None, typer.Option(help="Origins that may embed the widget. Repeatable; replaces all.")
    ] = None,
    redirect_uri: Annotated[
        list[str] | None, typer.Option(help="Where the owner may return to. Repeatable; replaces all.")
    ] = None,
    enable: Annotated[
        list[str] | None, typer.Option(help="Feature: labels, vendors, score, pdf, multiple. Repeatable.")
    ] = None,
    disable: Annotated[list[str] | None, typer.Option(help="Feature to switch off. Repeatable.")] = None,
) -> None:
    """Change what a client has registered. The word `none` empties a list: --origin none."""
    if not any((ip, origin, redirect_uri, enable, disable)):
        raise InvalidParameter("Say what to set: --ip, --origin, --redirect-uri, --enable or --disable.")

    async def changed(administration: Administration) -> ClientRow:
        client = await _found(administration, name)
        test = client.environment == "test"
        return await administration.set_client(
            name,
            ips=_list(ip, checked_network),
            origins=_list(origin, lambda text: checked_origin(text, test=test)),
            redirect_uris=_list(redirect_uri, lambda text: checked_redirect_uri(text, test=test)),
            features=checked_features(enable or [], disable or [], client.features)
            if enable or disable
            else None,
        )

    show_table(clients_table([administered(ctx.obj, changed)]))


async def _found(administration: Administration, name: str) -> ClientRow:
    for client in await administration.list_clients():
        if client.id == name:
            return client
    raise InvalidArgument(f"There is no client {name!r}. `kontora client list` shows them.")


def _list(given: list[str] | None, check: Callable[[str], str]) -> tuple[str, ...] | None:
    if not given:
        return None
    if given == [NOTHING]:
        return ()
    return tuple(dict.fromkeys(check(text) for text in given))
