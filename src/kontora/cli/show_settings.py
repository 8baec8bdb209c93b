"""`kontora settings`: every variable, its meaning, its default and its present value."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

import typer

from kontora.cli.output import complain, show, show_table
from kontora.errors import ConfigurationError
from kontora.settings import Settings

HIDDEN = {"KONTORA_KEYS_MASTER", "KONTORA_SIGNING_KEYS"}
ADDRESSES = {"KONTORA_DATABASE_URL", "KONTORA_KEYS_URL"}


def run(
    ctx: typer.Context,
    markdown: Annotated[bool, typer.Option("--markdown", help="As a Markdown table, for the docs.")] = False,
) -> None:
    """Show every setting: its variable, default, present value (secrets hidden) and meaning."""
    if markdown:
        show(markdown_table())
        return
    _show_present(ctx.obj.environment)
    try:
        ctx.obj.settings()
    except ConfigurationError as error:
        complain(error.name, error.message)
        raise typer.Exit(2) from error


def markdown_table() -> str:
    """Return the settings as a Markdown table."""
    lines = ["| Variable | Default | Meaning |", "|---|---|---|"]
    for variable, default, meaning in Settings.variables():
        lines.append(
            f"| `{variable}` | {f'`{default}`' if default else ''} | {meaning.replace('|', chr(92) + '|')} |"
        )
    return "\n".join(lines)


def _show_present(environment: dict[str, str]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 1, 0))
    table.add_column(min_width=36, overflow="fold", ratio=2)
    table.add_column(overflow="fold", ratio=3)
    for variable, default, meaning in Settings.variables():
        present = environment.get(variable)
        left = Text(variable, style="bold")
        left.append(f"\n  default {default or 'none'}", style="not bold dim")
        if present is not None:
            left.append(f"\n  now {shown_value(variable, present)}", style="not bold green")
        table.add_row(left, meaning)
    show_table(table)


def shown_value(variable: str, value: str) -> str:
    """Return a value as it may be seen by somebody who looks over a shoulder."""
    if variable in HIDDEN:
        return "(hidden)"
    if variable in ADDRESSES:
        return _address(value)
    return value


def _address(url: str) -> str:
    parts = urlsplit(url)
    if not parts.hostname:
        return "(hidden)"
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://…@{parts.hostname}{port}{parts.path}"
