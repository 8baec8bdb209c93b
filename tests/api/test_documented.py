"""Every failure and every endpoint stands in the documentation."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.api.conftest import RunningApi

from kontora.api.failures import INTERNAL_ERROR
from kontora.errors import (
    BankError,
    ClientError,
    ConfigurationError,
    OperatorError,
    OwnerError,
    StatementError,
    failures,
)

DOCS = Path(__file__).parents[2] / "docs"


def rows() -> dict[str, tuple[str, list[str]]]:
    """Each name of the catalogue with the heading it stands under and its cells."""
    found: dict[str, tuple[str, list[str]]] = {}
    heading = ""
    for line in (DOCS / "errors.md").read_text().splitlines():
        heading = line.removeprefix("## ") if line.startswith("## ") else heading
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0].startswith("`"):
            name = cells[0].strip("`")
            assert name not in found, f"{name} stands twice"
            found[name] = (heading, cells[1:])
    return found


def test_the_error_catalogue_has_every_failure_and_no_other() -> None:
    assert set(rows()) == {*failures(), INTERNAL_ERROR}


def test_every_failure_stands_under_who_can_act_with_cause_and_what_to_do() -> None:
    headings: dict[str, type[Exception]] = {
        "The client acts": ClientError,
        "The owner acts": OwnerError,
        "The owner sends another file": StatementError,
        "The bank acts": BankError,
        "The operator acts": OperatorError,
    }
    for name, failure in failures().items():
        heading, cells = rows()[name]
        assert issubclass(failure, headings[heading]), name
        status, cause, advice = cells
        expected = "none" if failure is ConfigurationError else str(failure.http_status)
        assert expected in status, name
        assert cause.endswith(".") and advice.endswith("."), name


def test_the_api_reference_names_every_path_with_its_method(api: RunningApi) -> None:
    text = (DOCS / "api.md").read_text()
    app: Any = api.door.app
    missing = {
        route.path
        for route in app.routes
        for method in route.methods - {"HEAD"}
        if route.path not in text
        or not re.search(rf"`{method} {re.escape(route.path)}|`{re.escape(route.path)}`", text)
    }
    assert missing == set()
