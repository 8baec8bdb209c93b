"""Hostile PDFs through statement children: each a named refusal, nobody else notices, nothing is left."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator

import pytest
from tests.harness.logs import kept_log
from tools.hostile_pdfs.checking import READ, check
from tools.hostile_pdfs.cookbook import RECIPES, kitchen

SOME = [recipe for place, recipe in enumerate(RECIPES) if recipe.quick or place % 4 == 0]
"""Of every kind, and the worst; `python -m tools.hostile_pdfs --check` reads all."""


@pytest.fixture(autouse=True)
def log() -> Iterator[io.StringIO]:
    """What is logged meanwhile."""
    with kept_log() as out:
        yield out


async def test_hostile_pdfs_end_as_named_refusals_while_genuine_ones_are_read() -> None:
    checked = await check(SOME)
    assert checked.violations() == []
    assert {ending.recipe for ending in checked.endings} == {recipe.name for recipe in SOME}
    assert len(checked.waits) > 3


async def test_what_only_looks_dangerous_says_what_the_genuine_file_says() -> None:
    checked = await check([recipe for recipe in RECIPES if recipe.name.startswith("active-opens-an-address")])
    assert checked.violations() == []
    assert [ending.outcome for ending in checked.endings].count(READ) == 3


def test_there_are_hundreds_of_every_kind_and_the_same_again_each_time() -> None:
    kinds = Counter(recipe.name.partition("-")[0] for recipe in RECIPES)
    assert sum(kinds.values()) > 300
    assert set(kinds) == {"bomb", "structure", "painting", "font", "image", "active", "broken"}
    assert min(kinds.values()) >= 10
    cook = kitchen(port=9)
    quick = [recipe for recipe in SOME if recipe.quick and not recipe.name.startswith("broken-encrypted")]
    assert [one.make(cook) for one in quick] == [one.make(cook) for one in quick]
