"""Libraries that log what a file holds, or say at length that it is broken, are silenced."""

from __future__ import annotations

import logging

LIBRARIES = ("fontTools", "pikepdf", "pyhanko", "pyhanko_certvalidator")


def silence_libraries() -> None:
    """Keep the contents of files out of logs: what matters is in the findings."""
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
