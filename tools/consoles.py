"""Where tools print: as wide as the terminal, and wide enough for tables where there is none."""

from __future__ import annotations

import sys

from rich.console import Console

WIDE = 140


def console() -> Console:
    """Return the console of standard output."""
    return Console(width=None if sys.stdout.isatty() else WIDE)
