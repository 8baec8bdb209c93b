"""`kontora version`."""

from __future__ import annotations

import platform

from kontora import __version__
from kontora.cli.output import show


def run() -> None:
    """Print the version of Kontora and of Python."""
    show(f"kontora {__version__} (Python {platform.python_version()})")
