"""The whole line: a real practice bank behind a gate, a real server with its worker, a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.harness.databases import copied_database, dropped_database
from tests.harness.towns import Town, opened_town

OpenTown = Callable[..., Town]


@pytest.fixture(scope="session")
def town(
    postgres_url: str, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """The town that most tests share: one process serves and works."""
    database_url = copied_database(postgres_url, template_database)
    with opened_town(tmp_path_factory.mktemp("town"), database_url) as found:
        yield found
    dropped_database(postgres_url, database_url)


@pytest.fixture
def open_town(database_url: str, tmp_path: Path) -> Iterator[OpenTown]:
    """Open a town of the test's own, with settings of its own."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(opened_town(tmp_path, database_url, **settings))
