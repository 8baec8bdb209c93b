"""The table of scenarios: for the terminal, as JSON, and as the page of the documentation."""

from __future__ import annotations

import msgspec

from kontobank.scenarios import PASSWORD, listed

_INTRODUCTION = f"""# KontoBank, the practice bank

KontoBank is a bank of invented people. It speaks Berlin Group NextGenPSD2 1.3.11 at `/v1` (Poland), `/cz/v1`
(Czechia) and `/es/v1` (Spain), has pages on which an owner signs in, and a [web bank](web-bank.md) at
`/web/pl/login`, `/web/cz/login` and `/web/es/login`. Start it with `kontobank serve`.

The login chooses what you find. Password and SMS code are `{PASSWORD}`. `<login>.<n>`, for example
`many.17`, is somebody else in the same scenario: other names, other account numbers. Data depend on the seed
and the bank's day only, so the same seed on the same day gives the same bytes.

This page is made by `kontobank scenarios --markdown`.

| Login | What it is | What an import ends with |
|---|---|---|
"""


def as_markdown() -> str:
    """Return the page of the documentation."""
    rows = (f"| `{one.name}` | {_cell(one.description)} | {_cell(one.outcome)} |\n" for one in listed())
    return _INTRODUCTION + "".join(rows)


def as_text() -> str:
    """Return lines for a terminal."""
    lines = (f"{one.name:<42}{one.description}\n{'':<42}-> {one.outcome}\n" for one in listed())
    return f"Password and code: {PASSWORD}\n\n" + "".join(lines)


def as_json() -> str:
    """Return a JSON list of login, description and outcome."""
    rows = [{"login": one.name, "description": one.description, "outcome": one.outcome} for one in listed()]
    return msgspec.json.format(msgspec.json.encode(rows), indent=2).decode() + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
