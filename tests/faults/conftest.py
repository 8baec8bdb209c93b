"""Faults run only when they are asked for: `make faults`, or `pytest tests/faults -m slow`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from _pytest.terminal import TerminalReporter
from tests.faults.scene import Scene, opened_scene
from tests.harness.databases import OwnPostgres

ALWAYS = {"test_checker.py"}
MEASURED = "seconds to the final state"
OpenScene = Callable[..., Scene]


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the faults out of an ordinary run: they take minutes and break what others may share."""
    asked = config.getoption("markexpr") == "slow"
    is_fault = collection_path.name.startswith("test_") and collection_path.name not in ALWAYS
    return True if is_fault and not asked else None


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Print each point with the seconds from the fault to the last final state."""
    rows = [
        (report.nodeid.rpartition("::")[2], value)
        for report in terminalreporter.getreports("passed")
        for name, value in report.user_properties
        if name == MEASURED
    ]
    if rows:
        terminalreporter.section(MEASURED)
        for name, seconds in sorted(rows):
            terminalreporter.write_line(f"{seconds:6.1f}  {name}")
        terminalreporter.write_line(f"{max(seconds for _, seconds in rows):6.1f}  the longest of {len(rows)}")


@pytest.fixture
def open_scene(database_url: str, tmp_path: Path) -> Iterator[OpenScene]:
    """Open a scene on a database of its own, on the server that the tests of this process share."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(opened_scene(tmp_path, database_url, **settings))


@pytest.fixture
def own_postgres(tmp_path: Path) -> Iterator[OwnPostgres]:
    """A PostgreSQL server of the test's own, to be broken."""
    server = OwnPostgres(tmp_path / "postgres")
    yield server
    server.end()


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Callable[[float], None]:
    """Write down the seconds from the fault to the final state."""
    return lambda seconds: record_property(MEASURED, round(seconds, 1))
