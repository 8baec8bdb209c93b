"""The table of scenarios: for the terminal, as JSON, and as the page of the documentation."""

from __future__ import annotations

from pathlib import Path

import msgspec

from kontobank.scenarios import PASSWORD, listed

_INTRODUCTION = Path(__file__).with_name("introduction.md")


def as_markdown() -> str:
    """Return the page of the documentation."""
    rows = (f"| `{one.name}` | {_cell(one.description)} | {_cell(one.outcome)} |\n" for one in listed())
    return _INTRODUCTION.read_text("utf-8").replace("PASSWORD", PASSWORD) + "".join(rows)


def as_text() -> str:
    """Return lines for a terminal."""
    lines = (f"{one.name:<42}{one.description}\n{'':<42}-> {one.outcome}\n" for one in listed())
    return f"Password and code: {PASSWORD}\n\n" + "".join(lines)


def as_json() -> str:
    """Return a JSON list of login, description, outcome, and the failure that an import ends with or null."""
    rows = [
        {"login": one.name, "description": one.description, "outcome": one.outcome, "failure": one.ends_with}
        for one in listed()
    ]
    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
