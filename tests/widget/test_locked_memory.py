"""The child that sees the owner's password keeps its memory out of swap, wherever the system lets it."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from tests.widget.conftest import Server
from tests.widget.owners import Browser
from tests.widget.test_credentials import at_password, child_of

from kontora.hardening import may_lock_memory

pytestmark = pytest.mark.xdist_group("widget")

PATIENCE_SECONDS = 5


async def locked_kilobytes(pid: int) -> int:
    """How much of a process is locked, once any is; none, if none is until it ends."""
    found = 0
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not found:
            try:
                status = Path(f"/proc/{pid}/status").read_text()
            except (FileNotFoundError, ProcessLookupError):
                break
            told = re.search(r"^VmLck:\s+(\d+) kB$", status, re.MULTILINE)
            found = 0 if told is None else int(told[1])
            await asyncio.sleep(0.02)
    return found


async def test_the_child_locks_its_memory_before_it_takes_the_answers(
    browser: Browser, server: Server
) -> None:
    visit = await at_password(browser, "slow-1.7")
    answering = asyncio.create_task(visit.answer())
    locked = await locked_kilobytes(await child_of(server))
    await answering
    assert (locked > 0) is may_lock_memory()
