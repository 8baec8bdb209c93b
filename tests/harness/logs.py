"""The log of the process, kept for a test and put back afterwards."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from kontora.logs import configure_logging


@contextmanager
def kept_log() -> Iterator[io.StringIO]:
    """Keep what is logged inside the block."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, structlog.get_config())
    out = io.StringIO()
    configure_logging("DEBUG", stream=out)
    try:
        yield out
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        structlog.configure(**before[2])
