"""The table of requirements: every id is there, with tests that exist and the change that they caught."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from tools.docs.__main__ import PAGES, ROOT

IDS = (
    *(f"A{n:02}" for n in range(1, 10)),
    *(f"S{n:02}" for n in range(1, 12)),
    "S13",
    *(f"W{n:02}" for n in range(1, 10)),
    *(f"P{n:02}" for n in range(1, 7)),
    *(f"X{n:02}" for n in range(1, 8)),
    "M01",
    *(f"V{n:02}" for n in range(1, 6)),
    *(f"E{n:02}" for n in range(1, 8)),
    *(f"D{n:02}" for n in (1, 2, 5, 10)),
    *(f"U{n:02}" for n in range(1, 11)),
    *(f"J{n:02}" for n in range(1, 6)),
    *(f"N{n:02}" for n in range(1, 5)),
    "R03",
    *(f"L{n:02}" for n in range(1, 6)),
    "V07",
    "D12",
    *(f"C{n:02}" for n in range(1, 13)),
    "O01",
)
ROW = re.compile(r"^\| ([A-Z]\d\d) \|(.*)\|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows() -> dict[str, list[str]]:
    text = (PAGES / "security-requirements.md").read_text(encoding="utf-8")
    return {found[1]: [cell.strip() for cell in found[2].split(" | ")] for found in ROW.finditer(text)}


@cache
def functions_of(file: Path) -> frozenset[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, kinds))


def test_every_requirement_has_its_row_and_no_row_is_made_up() -> None:
    assert tuple(rows()) == IDS


@pytest.mark.parametrize("name", IDS)
def test_a_requirement_names_tests_that_exist_and_the_change_that_they_caught(name: str) -> None:
    requirement, tests, seen = rows()[name]
    assert len(requirement) > 20
    named = TEST.findall(tests)
    assert named, f"{name} names no test"
    for file, test in named:
        assert (ROOT / file).is_file(), f"{name}: there is no {file}"
        assert test in functions_of(ROOT / file), f"{name}: there is no {test} in {file}"
    assert len(seen) > 20, f"{name}: with which change was its test seen to fail?"
