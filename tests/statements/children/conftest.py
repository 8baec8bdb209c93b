"""A pool whose children do what the tests tell them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from datetime import date

import pytest
from tests.harness.logs import kept_log

from kontora.statements.children.pool import StatementPool
from kontora.statements.children.sandbox import Limits
from kontora.statements.children.zygote import WarmUp

PROBES = WarmUp(reader="tests.statements.children.probes:make_reader", limits=Limits(cpu_seconds=1))


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """What the process logs during a test."""
    with kept_log() as out:
        yield out


@pytest.fixture
async def pool() -> AsyncIterator[StatementPool]:
    """Two children at once, one CPU second and ten seconds of time each."""
    made = StatementPool(PROBES, wall_seconds=10.0, today=lambda: date(2026, 6, 1))
    async with made.running():
        yield made
