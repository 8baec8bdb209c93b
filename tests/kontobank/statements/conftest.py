from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kontobank.books import Books
from kontobank.statements.desk import Desk

NOW = datetime(2026, 10, 18, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def books() -> Books:
    return Books(1)


@pytest.fixture
def desk(books: Books) -> Desk:
    return Desk(books, lambda: NOW)
