"""Pages of banks that were not understood: redacted copies for the operator, the latest of each target."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import structlog

log = structlog.get_logger("kontora.connectors")

MOST_OF_A_TARGET = 20
LONGEST_BYTES = 1_000_000
_ODD = re.compile(r"[^A-Za-z0-9_-]")


class UnknownPages:
    """A folder of copies, mode 0700; each copy holds the structure of a page and nothing of its owner."""

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._now = now

    async def keep(self, target: str, step: str, redacted_html: str) -> None:
        """Keep a copy; a full disk is told in the logs, for the bank's failure matters more."""
        log.error("page_not_understood", target=target, step=step)
        try:
            await asyncio.to_thread(self._write, target, step, redacted_html)
        except OSError as error:
            log.warning("page_not_kept", target=target, step=step, reason=error.strerror)

    def _write(self, target: str, step: str, redacted_html: str) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp = self._now().strftime("%Y%m%dT%H%M%S.%fZ")
        path = self._folder / f"{_ODD.sub('-', target)}.{stamp}.{_ODD.sub('-', step)}.html"
        content = redacted_html.encode("utf-8", "replace")[:LONGEST_BYTES]
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
        copies = sorted(self._folder.glob(f"{_ODD.sub('-', target)}.*.html"))
        for old in copies[:-MOST_OF_A_TARGET]:
            old.unlink(missing_ok=True)
