"""`kontora demo`: the whole line at work, on this machine alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def run(
    exit_: Annotated[bool, typer.Option("--exit", help="End after the import.")] = False,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the imported data to a file.")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of the API; 0 takes a free one.")] = 0,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the data folder at the end.")] = False,
) -> None:
    """Start everything, sign in at the practice bank, import, and show what came.

    It uses only 127.0.0.1 and a temporary folder, and no KONTORA_ setting.
    """
    from kontora.demo import Wishes, run_demo

    raise typer.Exit(run_demo(Wishes(stays=not exit_, json_file=json, port=port, keeps_data=keep)))
