"""A pool whose children do what the tests tell them."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import date

import pytest
import structlog

from kontora.logs import configure_logging
from kontora.statements.children.pool import StatementPool
from kontora.statements.children.sandbox import Limits
from kontora.statements.children.zygote import WarmUp

PROBES = WarmUp(reader="tests.statements.children.probes:make_reader", limits=Limits(cpu_seconds=1))


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """What the process logs during a test."""
    root = logging.getLogger()
    before = (list(root.handlers), root.level, structlog.get_config())
    out = io.StringIO()
    configure_logging("DEBUG", stream=out)
    yield out
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    structlog.configure(**before[2])


@pytest.fixture
async def pool() -> AsyncIterator[StatementPool]:
    """Two children at once, one CPU second and two seconds of time each."""
    made = StatementPool(PROBES, wall_seconds=2.0, today=lambda: date(2026, 6, 1))
    async with made.running():
        yield made
